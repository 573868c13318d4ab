import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import { type Decided, isRefused, type Refusal } from '../core/refusal.ts';
import {
  allEvents,
  commitTogether,
  loadForChange,
  openStore,
  storeEnv,
} from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, answerOnce } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';

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
  events: (household) => allEvents(store, household),
  division: (code) => getDivision(AREA_TABLE, code),
};

type Changing = Pick<Request, 'actor' | 'ifMatch' | 'idempotency'> & {
  readonly params: { readonly id: string };
};

function askingOf({ actor, params, ifMatch }: Changing): service.Asking {
  return { actor, id: params.id, version: ifMatch };
}

function answerOf([first, second]: service.Decisions, status: number): Answer {
  const [body, other] = [first, second].map((one) => {
    return one && { id: one.next.household.id, version: one.next.household.version };
  });
  const { version } = first.next.household;
  return { status, version, body: other ? { ...body, other } : body };
}

/** Writes what was decided, both households at once, together with the answer. */
function save(
  { idempotency }: Pick<Request, 'idempotency'>,
  decided: Decided<service.Decisions>,
  status = 200,
): Promise<Answer | Refusal> {
  return answerOnce(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    if (isRefused(decided)) return decided;
    const answer = answerOf(decided.ok, status);
    const done = await commitTogether(store, decided.ok, remembered(answer));
    return isRefused(done) ? done : { ok: { answer, isRepeated: done.ok === 'repeated' } };
  });
}

export const handler = api(
  [
    endpoint(spec.split, async (request) =>
      save(request, await service.split(ports, askingOf(request), request.body), 201),
    ),
    endpoint(spec.merge, async (request) =>
      save(request, await service.merge(ports, askingOf(request), request.body)),
    ),
    endpoint(spec.relocate, async (request) =>
      save(request, await service.move(ports, askingOf(request), request.body)),
    ),
    endpoint(spec.reinstate, async (request) =>
      save(request, await service.comeBack(ports, askingOf(request), request.body)),
    ),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
