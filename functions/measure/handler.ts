import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { ancestorAt, levelOf } from '../core/division.ts';
import { changeModes } from '../core/measure-mode.ts';
import { measureTaken } from '../core/measure-view.ts';
import { itemsInForce } from '../core/policy.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { allEvents, commitTogether, loadFile, openStore, storeEnv } from '../household/table.ts';
import { now, today } from '../lib/clock.ts';
import { type Action, transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, once } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { helpersOf } from '../pairing/table.ts';
import { policiesFor } from '../policy/table.ts';
import { modesFor } from './former.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';
import { getDigest, getMeasure, getPost, measureActions, putModes } from './table.ts';

const settings = env({
  CARE_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
  PAIRING_TABLE: z.string(),
  POLICY_TABLE: z.string(),
});
const { CARE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const tables = { care: CARE_TABLE, area: AREA_TABLE };
const store = openStore(settings);

const ports: service.Ports = {
  now,
  newId,
  file: (id) => loadFile(store, id),
  successors: async (household) => {
    const told = (await allEvents(store, household)).flatMap(({ changes }) => changes);
    const into = told.filter(({ field }) => field === 'splitInto' || field === 'mergedInto');
    return into.map(({ after }) => String(after));
  },
  digest: (household) => getDigest(CARE_TABLE, household),
  measure: (household, id) => getMeasure(CARE_TABLE, household, id),
  modes: async (village) => (await modesFor(tables, village)).list,
  post: (person) => getPost(CARE_TABLE, person),
  hasPolicy: async (id, village, day) => {
    const { items } = await policiesFor(settings.POLICY_TABLE, village);
    const found = itemsInForce(items, day, village).find((item) => item.id === id);
    return found !== undefined && found.subject !== 'village';
  },
  pairings: async (household, village) => {
    const paired = await helpersOf(settings.PAIRING_TABLE, household, village);
    return paired.map(({ helper, pairing }) => ({
      ...{ id: pairing.id, helper: helper.id },
      ...{ name: helper.name, organisation: helper.organisation },
    }));
  },
};

/** How often a decision is taken anew that others overtook between reading and writing, while the measure itself stayed as it was. */
const TURNS = 4;

type Decide = () => Promise<Decided<service.MeasureStep>>;

/** Writes a step: with the household where its facts follow, by itself otherwise. `stale`: somebody was faster, or has done it. */
async function write(
  step: service.MeasureStep,
  also: readonly Action[],
): Promise<Decided<'written' | 'stale'>> {
  const actions = [...also, ...measureActions(CARE_TABLE, step)];
  if (!step.household) {
    const obstacles = await transact(actions);
    return { ok: obstacles.length === 0 ? 'written' : 'stale' };
  }
  const others = step.elsewhere ? [step.elsewhere] : [];
  const done = await commitTogether(store, [step.household, ...others], actions);
  if (isRefused(done)) return done.refused === 'version-stale' ? { ok: 'stale' } : done;
  return { ok: done.ok === 'written' ? 'written' : 'stale' };
}

/** Writes a decision with its answer, so that the same POST is answered the same and done once. */
function save(
  { idempotency }: Pick<Request, 'idempotency'>,
  decide: Decide,
  status = 200,
): Promise<Answer | Refusal> {
  return once(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    for (let turn = 1; turn <= TURNS; turn += 1) {
      const decided = await decide();
      if (isRefused(decided)) return decided;
      const { measure } = decided.ok.decision;
      const answer = { status, version: measure.version, body: measureTaken(measure, today()) };
      const done = await write(decided.ok, remembered(answer));
      if (isRefused(done)) return done;
      if (done.ok === 'written') return answer;
    }
    return refuse('busy');
  });
}

type Asking = Pick<Request, 'actor' | 'ifMatch'> & {
  readonly params: { readonly id: string; readonly measureId: string };
};

function actingOf({ actor, params, ifMatch: version }: Asking): service.Acting {
  return { actor, household: params.id, id: params.measureId, version };
}

async function changeList({
  actor,
  params,
  body,
  ifMatch: version,
}: Request<typeof spec.changeModesRoute>): Promise<Answer | Refusal> {
  const { code } = params;
  if (levelOf(code) !== 'county') return refuse('not-found');
  const { list: before, isOwn } = await modesFor(tables, code);
  const changed = changeModes(before, { version, modes: body.modes });
  if (isRefused(changed)) return changed;
  const { version: next, modes } = changed.ok;
  const after = {
    version: next,
    modes: [...modes],
    actor: actor.sub,
    role: actor.role,
    at: now().toISOString(),
  };
  const isWritten = await putModes(CARE_TABLE, code, { before: isOwn ? before : undefined, after });
  if (isWritten)
    return { version: next, body: { area: ancestorAt(code, 'county'), version: next, modes } };
  const { list: present } = await modesFor(tables, code);
  return refuse('version-stale', { version: present.version });
}

export const handler = api(
  [
    endpoint(spec.openRoute, (request) => {
      const { actor, params, body } = request;
      return save(request, () => service.open(ports, { actor, household: params.id }, body), 201);
    }),
    endpoint(spec.changeRoute, (request) =>
      save(request, () => service.change(ports, actingOf(request), request.body)),
    ),
    endpoint(spec.endRoute, (request) =>
      save(request, () => service.end(ports, actingOf(request), request.body)),
    ),
    endpoint(spec.repayRoute, (request) =>
      save(request, () => service.repay(ports, actingOf(request), request.body), 201),
    ),
    endpoint(spec.renewRoute, (request) =>
      save(request, () => service.renew(ports, actingOf(request), request.body), 201),
    ),
    endpoint(spec.changeModesRoute, changeList),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
