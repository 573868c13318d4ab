import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { openStore, storeEnv } from '../household/table.ts';
import { writeAccess } from '../lib/access-log.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type Answer, once, type Remembered } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import * as helpers from './helper-service.ts';
import { type Asking, type Decision, findHelper } from './ports.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';
import { openPhone } from './store.ts';
import { portsOf, write } from './write.ts';

const settings = env({
  PAIRING_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
});
const { ACCESS_TABLE, AREA_TABLE } = settings;
const store = openStore(settings);
const ground = { pairing: settings.PAIRING_TABLE, area: AREA_TABLE, store };
const ports = portsOf(ground);

/** How often a decision is taken again that others overtook. */
const TURNS = 4;

type Decide = () => Promise<Decided<Decision | undefined>>;
type Acting = Pick<Request, 'actor' | 'ifMatch' | 'idempotency'>;

function helperAnswer(status: number, asked: { readonly id: string; readonly version: number }) {
  return ({ changes }: Decision | { readonly changes: readonly [] }): Answer => {
    const [own] = changes;
    const { id, version } = own?.change.helper ?? asked;
    return { status, version, body: { id, version } };
  };
}

function pairingAnswer(status: number, asked: { readonly id: string; readonly version: number }) {
  return ({ changes }: Decision | { readonly changes: readonly [] }): Answer => {
    const change = changes[0]?.change;
    const { id, version } = change?.pairings[0] ?? asked;
    const delivery = change?.deliveries[0]?.id ?? null;
    return { status, version, body: { id, version, helper: change?.helper.id ?? '', delivery } };
  };
}

/** Writes a decision with its answer, so that the same POST is answered the same and done once. */
function save(
  { idempotency }: Acting,
  decide: Decide,
  answerOf: ReturnType<typeof helperAnswer>,
): Promise<Answer | Refusal> {
  return once(ACCESS_TABLE, { idempotency, now: now() }, (remembered) =>
    saveWith(remembered, decide, answerOf),
  );
}

async function saveWith(
  remembered: Remembered,
  decide: Decide,
  answerOf: ReturnType<typeof helperAnswer>,
): Promise<Answer | Refusal> {
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const decided = await decide();
    if (isRefused(decided)) return decided;
    if (!decided.ok) return answerOf({ changes: [] });
    const answer = answerOf(decided.ok);
    const done = await write(ground, decided.ok, remembered(answer));
    if (isRefused(done)) return done;
    if (done.ok === 'written') return answer;
  }
  return refuse('busy');
}

function onHelper({
  actor,
  params,
  ifMatch,
}: Acting & { readonly params: { readonly id: string } }): Asking {
  return { actor, id: params.id, version: ifMatch };
}

function onPairing(
  request: Acting & { readonly params: { readonly id: string; readonly pairingId: string } },
) {
  return { ...onHelper(request), pairing: request.params.pairingId };
}

/** The full number, after a line in the access log that says who saw whose, and why. Never stored as an idempotent answer. */
async function disclose({
  actor,
  params,
  body,
}: Request<typeof spec.disclose>): Promise<Answer | Refusal> {
  const found = await findHelper(ports, actor, params.id);
  if (isRefused(found)) return found;
  const { helper, sealed } = found.ok;
  await writeAccess(ACCESS_TABLE, {
    kind: 'disclosure',
    sub: actor.sub,
    role: actor.role,
    area: helper.area,
    household: null,
    person: helper.id,
    reason: body.reason,
    reference: null,
    fields: ['phone'],
  });
  return { body: { id: helper.id, phone: await openPhone(store.keys, helper.id, sealed) } };
}

const none = { id: '', version: 0 };

export const handler = api(
  [
    endpoint(spec.register, (request) =>
      save(
        request,
        () => helpers.register(ports, request.actor, request.body),
        helperAnswer(201, none),
      ),
    ),
    endpoint(spec.patch, (request) => {
      const asking = onHelper(request);
      return save(
        request,
        () => helpers.change(ports, asking, request.body),
        helperAnswer(200, asking),
      );
    }),
    endpoint(spec.end, (request) => {
      const asking = onHelper(request);
      return save(
        request,
        () => helpers.end(ports, asking, request.body),
        helperAnswer(200, asking),
      );
    }),
    endpoint(spec.disclose, disclose),
    endpoint(spec.pair, (request) =>
      save(
        request,
        () => service.pair(ports, onHelper(request), request.body),
        pairingAnswer(201, none),
      ),
    ),
    endpoint(spec.agree, (request) => {
      const acting = onPairing(request);
      const known = { id: acting.pairing, version: acting.version };
      return save(
        request,
        () => service.agree(ports, acting, request.body),
        pairingAnswer(200, known),
      );
    }),
    endpoint(spec.bring, (request) =>
      save(
        request,
        () => service.bring(ports, onPairing(request), request.body),
        pairingAnswer(201, none),
      ),
    ),
    endpoint(spec.takeBack, (request) => {
      const order = { delivery: request.params.deliveryId, reason: request.body.reason };
      return save(
        request,
        () => service.takeBack(ports, onPairing(request), order),
        pairingAnswer(201, none),
      );
    }),
    endpoint(spec.unpair, (request) =>
      save(
        request,
        () => service.unpair(ports, onPairing(request), request.body),
        pairingAnswer(200, none),
      ),
    ),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
