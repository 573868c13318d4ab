import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { writeAccess } from '../lib/access-log.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, answerOnce } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';
import {
  commit,
  findPersons,
  loadFile,
  loadForChange,
  openStore,
  readFile,
  storeEnv,
} from './table.ts';

const settings = env({
  ...storeEnv,
  AREA_TABLE: z.string(),
});
const { AREA_TABLE, ACCESS_TABLE } = settings;
const store = openStore(settings);
const ports: service.Ports = {
  now,
  newId,
  load: (actor, asked) => loadForChange(store, actor, asked),
  holders: (identities) => findPersons(store, identities),
  division: (code) => getDivision(AREA_TABLE, code),
};

/** A request that changes a household: who asks, which version they have read, and how a repetition is known. */
type Changing = Pick<Request, 'actor' | 'ifMatch' | 'idempotency'> & {
  readonly params: { readonly id: string };
};

function askingOf({ actor, params, ifMatch }: Changing): service.Asking {
  return { actor, id: params.id, version: ifMatch };
}

function answerOf(
  { household: { id, version } }: HouseholdFile,
  about: { readonly status: number; readonly person: string | null },
): Answer {
  const { status, person } = about;
  return { status, version, body: { id, version, person } };
}

/** Writes a decision together with its answer; one that says nothing new is answered with the file as it stands. */
function save(
  { idempotency }: Pick<Request, 'idempotency'>,
  decided: Decided<service.Decision | HouseholdFile>,
  status = 200,
): Promise<Answer | Refusal> {
  return answerOnce(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    if (isRefused(decided)) return decided;
    if (!('event' in decided.ok))
      return { ok: { answer: answerOf(decided.ok, { status, person: null }), isRepeated: false } };
    const { next, event } = decided.ok;
    const person = event.changes.find(({ field }) => field === 'member')?.person ?? null;
    const answer = answerOf(next, { status, person });
    const done = await commit(store, decided.ok, remembered(answer));
    return isRefused(done) ? done : { ok: { answer, isRepeated: done.ok === 'repeated' } };
  });
}

/** Full values, after a line in the access log that says who saw what of whom, and why. Never stored as an idempotent answer. */
async function disclose({
  actor,
  params,
  body,
}: Request<typeof spec.disclose>): Promise<Answer | Refusal> {
  const seen = await readFile(store, actor, params.id);
  if (isRefused(seen)) return seen;
  const file = await loadFile(store, params.id);
  if (!file) return refuse('not-found');
  const { personId, reason } = body;
  const { members, past } = file.household;
  const isKnown = [...members, ...past].some((member) => member.id === personId);
  if (personId !== undefined && !isKnown) return refuse('member-unknown');
  await logDisclosure(actor, file, { personId: personId ?? null, reason });
  const { phone, bankAccount, identities } = file.secrets;
  return {
    body:
      personId === undefined
        ? { personId: null, identityNumber: null, phone, bankAccount }
        : {
            personId,
            identityNumber: identities[personId] ?? null,
            phone: null,
            bankAccount: null,
          },
  };
}

async function logDisclosure(
  actor: Actor,
  { household }: HouseholdFile,
  asked: { readonly personId: string | null; readonly reason: string },
): Promise<void> {
  await writeAccess(ACCESS_TABLE, {
    kind: 'disclosure',
    sub: actor.sub,
    role: actor.role,
    area: villageOf(household),
    household: household.id,
    person: asked.personId,
    reason: asked.reason,
    reference: null,
    fields: asked.personId === null ? ['phone', 'bankAccount'] : ['identityNumber'],
  });
}

export const handler = api(
  [
    endpoint(spec.register, async (request) =>
      save(request, await service.register(ports, request.actor, request.body), 201),
    ),
    endpoint(spec.patch, async (request) =>
      save(request, await service.change(ports, askingOf(request), request.body)),
    ),
    endpoint(spec.addMember, async (request) =>
      save(request, await service.join(ports, askingOf(request), request.body), 201),
    ),
    endpoint(spec.endMember, async (request) => {
      const asking = { ...askingOf(request), person: request.params.personId };
      return save(request, await service.leave(ports, asking, request.body));
    }),
    endpoint(spec.changeHead, async (request) =>
      save(request, await service.head(ports, askingOf(request), request.body)),
    ),
    endpoint(spec.strikeOff, async (request) =>
      save(request, await service.close(ports, askingOf(request), request.body)),
    ),
    endpoint(spec.disclose, disclose),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
