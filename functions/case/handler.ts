import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import { mayEnter } from '../core/access.ts';
import { caseTaken } from '../core/case-view.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { checkProcedure, type Procedure } from '../core/procedure.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { allEvents, commit, findPersons, loadFile, openStore } from '../household/table.ts';
import { now, today } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, remember, replay } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { type ApplicationPorts, applyForIdentification } from './identify.ts';
import * as service from './service.ts';
import * as spec from './spec.ts';
import { caseActions, getCase, publishAction, publishedIn } from './table.ts';

const settings = env({
  CASE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { CASE_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const store = openStore({
  household: settings.HOUSEHOLD_TABLE,
  identity: settings.IDENTITY_TABLE,
  access: ACCESS_TABLE,
});
const ports: ApplicationPorts = {
  now,
  newId,
  file: (id) => loadFile(store, id),
  events: (id) => allEvents(store, id),
  found: (id) => getCase(CASE_TABLE, id),
  published: (county, kind) => publishedIn(CASE_TABLE, county, kind),
  division: (code) => getDivision(AREA_TABLE, code),
  holders: (identities) => findPersons(store, identities),
};

/** How often a household is read again that others changed between reading and writing, while its case stayed as it was. */
const TURNS = 4;

type Decide = () => Promise<Decided<service.CaseDecision>>;

/** Writes a decision with its answer, so that the same POST is answered the same and done once. */
async function save(
  { idempotency }: Pick<Request, 'idempotency'>,
  decide: Decide,
  status = 200,
): Promise<Answer | Refusal> {
  const done = await saveOnce({ idempotency }, decide, status);
  if (!('refused' in done)) return done;
  // What is refused may be refused because the first try was written meanwhile: then its answer counts.
  return (await replay(ACCESS_TABLE, idempotency, now())) ?? done;
}

async function saveOnce(
  { idempotency }: Pick<Request, 'idempotency'>,
  decide: Decide,
  status: number,
): Promise<Answer | Refusal> {
  for (let turn = 1; ; turn += 1) {
    const decided = await decide();
    if (isRefused(decided)) return decided;
    const { was, found } = decided.ok;
    const answer = { status, version: found.version, body: caseTaken(was, found) };
    const done = await commit(store, decided.ok, [
      remember(ACCESS_TABLE, idempotency, { answer, now: now() }),
      ...caseActions(CASE_TABLE, was, found),
    ]);
    if (!isRefused(done) && done.ok === 'written') return answer;
    const refused = isRefused(done) ? done : refuse('busy');
    // The household changed, which is no concern of who acts on the case, or the case did, which deciding again will tell.
    const isOther = !isRefused(done) || done.refused === 'version-stale';
    if (!isOther || turn === TURNS) return refused;
  }
}

/** Decides on a case and its household as they stand. */
async function onCase(
  { actor, params, ifMatch }: Pick<Request, 'actor' | 'ifMatch'> & { params: { id: string } },
  decide: (
    loaded: service.Loaded,
  ) => Decided<service.CaseDecision> | Promise<Decided<service.CaseDecision>>,
): Promise<Decided<service.CaseDecision>> {
  const loaded = await service.load(ports, { actor, id: params.id, version: ifMatch });
  return isRefused(loaded) ? loaded : decide(loaded.ok);
}

function openCase({
  actor,
  body,
}: Request<typeof spec.open>): Promise<Decided<service.CaseDecision>> {
  switch (body.kind) {
    case 'identification':
      return applyForIdentification(ports, actor, body);
    case 'household-exit':
    case 'return':
    case 'strike-off':
      return service.openHousehold(ports, actor, body);
    case 'village-exit':
      return Promise.resolve(refuse('not-found'));
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
  const known = await publishedIn(CASE_TABLE, area, kind);
  const version = (known.at(-1)?.version ?? 0) + 1;
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
  const obstacles = await transact([
    remember(ACCESS_TABLE, idempotency, { answer, now: now() }),
    publishAction(CASE_TABLE, next.ok),
  ]);
  if (obstacles.length === 0) return answer;
  const given = await replay(ACCESS_TABLE, idempotency, now());
  return given ?? refuse('procedure-published', { version: next.ok.version });
}

export const handler = api(
  [
    endpoint(spec.open, (request) => save(request, () => openCase(request), 201)),
    endpoint(spec.step, (request) =>
      save(request, () => onCase(request, (loaded) => service.stepOn(ports, loaded, request.body))),
    ),
    endpoint(spec.object, (request) =>
      save(
        request,
        () => onCase(request, (loaded) => service.objectOn(ports, loaded, request.body)),
        201,
      ),
    ),
    endpoint(spec.settle, (request) => {
      const { objectionId } = request.params;
      return save(request, () =>
        onCase(request, (loaded) => service.settleOn(loaded, objectionId, request.body)),
      );
    }),
    endpoint(spec.withdraw, (request) =>
      save(request, () =>
        onCase(request, (loaded) => service.withdrawOn(loaded, request.body.reason)),
      ),
    ),
    endpoint(spec.publish, publish),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
