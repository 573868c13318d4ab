import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import { mayEnter } from '../core/access.ts';
import type { Case } from '../core/case.ts';
import { caseTaken } from '../core/case-view.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { checkProcedure, type Procedure } from '../core/procedure.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import {
  allEvents,
  commit,
  findPersons,
  loadFile,
  openStore,
  storeEnv,
} from '../household/table.ts';
import { now, today } from '../lib/clock.ts';
import { type Action, transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, once, type Remembered } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { publishedFor } from './former.ts';
import { type ApplicationPorts, applyForIdentification } from './identify.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';
import { caseActions, getCase, publishAction } from './table.ts';
import { commitVillage, villagePorts } from './village.ts';
import * as village from './village-service.ts';

const settings = env({
  CASE_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
});
const { CASE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const tables = { cases: CASE_TABLE, area: AREA_TABLE };
const store = openStore(settings);
const ports: ApplicationPorts = {
  now,
  newId,
  file: (id) => loadFile(store, id),
  events: (id) => allEvents(store, id),
  found: (id) => getCase(CASE_TABLE, id),
  published: (county, kind) => publishedFor(tables, county, kind),
  division: (code) => getDivision(AREA_TABLE, code),
  holders: (identities) => findPersons(store, identities),
};

const villageTables = {
  cases: CASE_TABLE,
  household: settings.HOUSEHOLD_TABLE,
  area: AREA_TABLE,
};
const villages = villagePorts(villageTables);

/** How often a household is read again that others changed between reading and writing, while its case stayed as it was. */
const TURNS = 4;

/** A step that was decided: the case before and after, and how it is written with what goes along. */
interface Decision {
  readonly was: Case | undefined;
  readonly found: Case;
  readonly write: (also: readonly Action[]) => Promise<Decided<'written' | 'repeated'>>;
}
type Decide = () => Promise<Decided<Decision>>;

function ofHousehold(decided: Decided<service.CaseDecision>): Decided<Decision> {
  if (isRefused(decided)) return decided;
  const { was, found } = decided.ok;
  const write: Decision['write'] = (also) =>
    commit(store, decided.ok, [...also, ...caseActions(CASE_TABLE, was, found)]);
  return { ok: { was, found, write } };
}

function ofVillage(decided: Decided<village.VillageDecision>): Decided<Decision> {
  if (isRefused(decided)) return decided;
  const { was, found } = decided.ok;
  return { ok: { was, found, write: (also) => commitVillage(villageTables, decided.ok, also) } };
}

/** Writes a decision with its answer, so that the same POST is answered the same and done once. */
function save(
  { idempotency }: Pick<Request, 'idempotency'>,
  decide: Decide,
  status = 200,
): Promise<Answer | Refusal> {
  return once(ACCESS_TABLE, { idempotency, now: now() }, (remembered) =>
    saveWith(remembered, decide, status),
  );
}

async function saveWith(
  remembered: Remembered,
  decide: Decide,
  status: number,
): Promise<Answer | Refusal> {
  for (let turn = 1; ; turn += 1) {
    const decided = await decide();
    if (isRefused(decided)) return decided;
    const { was, found, write } = decided.ok;
    const answer = { status, version: found.version, body: caseTaken(was, found) };
    const done = await write(remembered(answer));
    if (!isRefused(done) && done.ok === 'written') return answer;
    const refused = isRefused(done) ? done : refuse('busy');
    // The household changed, which is no concern of who acts on the case, or the case did, which deciding again will tell.
    const isOther = !isRefused(done) || done.refused === 'version-stale';
    if (!isOther || turn === TURNS) return refused;
  }
}

/** What an act means for the case of a household, and for that of a village. */
interface Act {
  readonly household: (
    loaded: service.Loaded,
  ) => Decided<service.CaseDecision> | Promise<Decided<service.CaseDecision>>;
  readonly village: (
    loaded: village.LoadedVillage,
  ) => Decided<village.VillageDecision> | Promise<Decided<village.VillageDecision>>;
}

type Acting = Pick<Request, 'actor' | 'ifMatch' | 'idempotency'> & {
  readonly params: { readonly id: string };
};

/** Acts on a case as it stands, and writes what came of it. */
function actOn(request: Acting, act: Act, status = 200): Promise<Answer | Refusal> {
  const { actor, params, ifMatch: version } = request;
  const acting = { actor, id: params.id, version };
  return save(
    request,
    async () => {
      const found = await getCase(CASE_TABLE, params.id);
      if (found?.subject.type === 'village') {
        const loaded = await village.loadVillage(villages, acting);
        return isRefused(loaded) ? loaded : ofVillage(await act.village(loaded.ok));
      }
      const loaded = await service.load(ports, acting);
      return isRefused(loaded) ? loaded : ofHousehold(await act.household(loaded.ok));
    },
    status,
  );
}

async function openCase({ actor, body }: Request<typeof spec.open>): Promise<Decided<Decision>> {
  switch (body.kind) {
    case 'identification':
      return ofHousehold(await applyForIdentification(ports, actor, body));
    case 'household-exit':
    case 'return':
    case 'strike-off':
      return ofHousehold(await service.openHousehold(ports, actor, body));
    case 'village-exit':
      return ofVillage(await village.openVillage(villages, actor, body));
  }
}

/** The next version of a county's procedure. */
async function nextVersion(
  area: AreaCode,
  body: Request<typeof spec.publish>['body'],
): Promise<Decided<Procedure>> {
  const { kind, validFrom, source, steps } = body;
  if (validFrom < today()) return refuse('date-past', { field: 'validFrom' });
  if (levelOf(area) !== 'county') return refuse('not-found');
  const known = await publishedFor(tables, area, kind);
  const version = Math.max(0, ...known.map((one) => one.version)) + 1;
  return checkProcedure({ kind, version, validFrom, validTo: null, scope: area, source, steps });
}

async function publish({
  actor,
  body,
  idempotency,
}: Request<typeof spec.publish>): Promise<Answer | Refusal> {
  const { area } = body;
  if (!mayEnter(actor, area)) return refuse('not-found');
  const next = await nextVersion(area, body);
  if (isRefused(next)) return next;
  const answer = { status: 201, body: next.ok };
  return once(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    const action = publishAction(CASE_TABLE, next.ok);
    const obstacles = await transact([...remembered(answer), action]);
    return obstacles.length === 0
      ? answer
      : refuse('procedure-published', { version: next.ok.version });
  });
}

export const handler = api(
  [
    endpoint(spec.open, (request) => save(request, () => openCase(request), 201)),
    endpoint(spec.step, (request) =>
      actOn(request, {
        household: (loaded) => service.stepOn(ports, loaded, request.body),
        village: (loaded) => village.stepVillage(villages, loaded, request.body),
      }),
    ),
    endpoint(spec.object, (request) =>
      actOn(
        request,
        {
          household: (loaded) => service.objectOn(ports, loaded, request.body),
          village: (loaded) => village.objectVillage(villages, loaded, request.body),
        },
        201,
      ),
    ),
    endpoint(spec.settle, (request) => {
      const { params, body } = request;
      return actOn(request, {
        household: (loaded) => service.settleOn(loaded, params.objectionId, body),
        village: (loaded) => village.settleVillage(loaded, params.objectionId, body),
      });
    }),
    endpoint(spec.withdraw, (request) =>
      actOn(request, {
        household: (loaded) => service.withdrawOn(loaded, request.body.reason),
        village: (loaded) => village.withdrawVillage(loaded),
      }),
    ),
    endpoint(spec.publish, publish),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
