import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { ancestorAt } from '../core/division.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { AskedChange } from '../core/request-input.ts';
import { requestView } from '../core/request-view.ts';
import { commitTogether, homesOf, openStore, storeEnv } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { type Action, TOO_LARGE, transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, once, type Remembered } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { householdPort } from './household-port.ts';
import type { NewlyAsked, StoredRequest } from './item.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';
import { endActions, fileActions, loadRequest } from './table.ts';

const settings = env({
  CASE_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
});
const { CASE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const store = openStore(settings);

const ports: service.Ports = {
  now,
  load: (id) => loadRequest(CASE_TABLE, id),
  open: async ({ request, sealed }) => {
    const plain = await store.keys.open(request.id, sealed);
    return AskedChange.safeParse(JSON.parse(Buffer.from(plain).toString('utf8'))).data;
  },
  home: async (household) => (await homesOf(store, [household])).get(household),
  decide: householdPort(store, AREA_TABLE),
};

/** The shape of a sealed body: that of the routes' bodies, which take what they took before. */
const SHAPE = 1;

async function sealedOf({ request, change }: NewlyAsked): Promise<StoredRequest> {
  const about = { record: request.id, county: ancestorAt(request.village, 'county'), shape: SHAPE };
  const plain = Buffer.from(JSON.stringify(change), 'utf8');
  return { request, sealed: await store.keys.seal(about, plain) };
}

type Posted = Pick<Request, 'idempotency'>;
/** Does something once and answers it the same each time. */
function doOnce(
  { idempotency }: Posted,
  act: (remembered: Remembered) => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  return once(ACCESS_TABLE, { idempotency, now: now() }, act);
}

function answerOf({ next, home }: Pick<service.Step, 'next' | 'home'>, status = 200): Answer {
  return { status, version: next.version, body: requestView(next, home.version) };
}

/** Somebody else was faster, with this request or under this key. */
async function overtaken({ next }: service.Step): Promise<Refusal> {
  const present = await loadRequest(CASE_TABLE, next.id);
  const state = present?.request.state ?? 'open';
  return state === 'open' ? refuse('busy') : refuse('request-not-open', { state });
}

/** Writes the end of a request; undefined once it is written. */
async function writeEnd(
  step: service.Step,
  also: readonly Action[] = [],
): Promise<Refusal | undefined> {
  const actions = [...endActions(CASE_TABLE, step.stored, step.next), ...also];
  return (await transact(actions)).length === 0 ? undefined : overtaken(step);
}

/** The household is not the one that was asked about any more, unless somebody has just decided. */
async function lapse(step: service.Step): Promise<Refusal> {
  return (await writeEnd(step)) ?? refuse('request-stale');
}

function file(request: Request<typeof spec.file>): Promise<Answer | Refusal> {
  const { actor, body } = request;
  return doOnce(request, async (remembered) => {
    const filed = await service.file(ports, actor, { id: newId('cr'), body });
    if (isRefused(filed)) return filed;
    const next = filed.ok.request;
    const answer = { status: 201, version: 1, body: requestView(next, body.version) };
    const actions = fileActions(CASE_TABLE, await sealedOf(filed.ok));
    const obstacles = await transact([...actions, ...remembered(answer)]);
    if (obstacles.some(({ code }) => code === TOO_LARGE)) return refuse('record-too-large');
    return obstacles.length === 0 ? answer : refuse('busy');
  });
}

/** The change and the end of the request in one transaction. */
function approve(request: Request<typeof spec.approve>): Promise<Answer | Refusal> {
  const { actor, params } = request;
  return doOnce(request, async (remembered) => {
    const approved = await service.approve(ports, actor, params.id);
    if (isRefused(approved)) return approved;
    const { decided, ...step } = approved.ok;
    const [first, ...others] = decided;
    if (!first) return lapse(step);
    const home = { ...step.home, version: first.next.household.version };
    const answer = answerOf({ next: step.next, home });
    const also = [...endActions(CASE_TABLE, step.stored, step.next), ...remembered(answer)];
    const done = await commitTogether(store, [first, ...others], also);
    if (!isRefused(done)) return done.ok === 'written' ? answer : overtaken(step);
    return service.isStale(done) ? lapse(service.lapse(ports, actor, step)) : done;
  });
}

function end(request: Posted, decide: () => Promise<Decided<service.Step>>) {
  return doOnce(request, async (remembered) => {
    const step = await decide();
    if (isRefused(step)) return step;
    const answer = answerOf(step.ok);
    return (await writeEnd(step.ok, remembered(answer))) ?? answer;
  });
}

export const handler = api(
  [
    endpoint(spec.file, file),
    endpoint(spec.approve, approve),
    endpoint(spec.reject, (request) => {
      const { actor, params, body } = request;
      return end(request, () => service.reject(ports, actor, { ...params, ...body }));
    }),
    endpoint(spec.withdraw, (request) =>
      end(request, () => service.withdraw(ports, request.actor, request.params.id)),
    ),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
