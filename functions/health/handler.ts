import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { endContract, renewContract, signContract } from '../core/health.ts';
import { correctFollowUp, withdrawFollowUp } from '../core/health-follow-up.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { commit, loadFile, openStore, storeEnv } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { type Action, transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { newId } from '../lib/id.ts';
import { type Answer, once, type Remembered } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import {
  type Asking,
  changeContract,
  changeFile,
  changeFollowUp,
  enterFollowUp,
  type HealthDecision,
  type Ports,
} from './service.ts';
import * as spec from './spec.ts';
import { followUpId, followUpsOf, getRecord, recordActions } from './table.ts';

const settings = env({
  CARE_TABLE: z.string(),
  ...storeEnv,
  AREA_TABLE: z.string(),
});
const { CARE_TABLE, HOUSEHOLD_TABLE, ACCESS_TABLE, AREA_TABLE } = settings;
const store = openStore(settings);
const ports: Ports = {
  now,
  newId,
  file: (household) => loadFile(store, household),
  record: (person) => getRecord(CARE_TABLE, person),
  followUps: (person) => followUpsOf(CARE_TABLE, person),
};

/** How often a change is decided anew that others overtook between reading and writing. */
const TURNS = 5;

type Decide = () => Promise<Decided<HealthDecision>>;

/** Writes a decision with its answer; a household that changed meanwhile is no concern of who acts on a record of health. */
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
  for (let turn = 1; turn <= TURNS; turn += 1) {
    const decided = await decide();
    if (isRefused(decided)) return decided;
    const answer = answerOf(decided.ok, status);
    const refused = await write(decided.ok, remembered(answer));
    if (!refused) return answer;
    if (refused.refused !== 'busy' && refused.refused !== 'version-stale') return refused;
  }
  return refuse('busy');
}

/** Contract and file have a version together; a follow-up that was put right has its own. */
function answerOf({ record, followUp, was }: HealthDecision, status: number): Answer {
  const { person } = record;
  const { version } = followUp && was ? followUp : record;
  return { status, version, body: { person, version, ...(followUp && { id: followUp.id }) } };
}

/** The refusal of a write that was overtaken; the household is as it was when the decision was taken, whether or not it changes. */
async function write(
  decision: HealthDecision,
  also: readonly Action[],
): Promise<Refusal | undefined> {
  const { before, file, change } = decision;
  if (decision.isDone) return undefined;
  const own = [...also, ...recordActions(CARE_TABLE, before, decision)];
  if (change) {
    const done = await commit(store, { before: file, ...change }, own);
    return isRefused(done) ? done : done.ok === 'written' ? undefined : refuse('busy');
  }
  const { id, version } = file.household;
  const check: Action = {
    table: HOUSEHOLD_TABLE,
    check: { pk: `H#${id}`, sk: '0' },
    when: { expression: 'version = :version', values: { ':version': version } },
  };
  return (await transact([...own, check])).length > 0 ? refuse('busy') : undefined;
}

type OfMember = Pick<Request, 'actor' | 'ifMatch'> & {
  readonly params: { readonly id: string; readonly personId: string };
};

function askingOf({ actor, params, ifMatch: version }: OfMember): Asking {
  return { actor, household: params.id, person: params.personId, version };
}

/** Added to the record, whatever that has become; one request is one follow-up, however often it is sent. */
function enter(request: Request<typeof spec.followUp>): Promise<Answer | Refusal> {
  const { actor, params, body, idempotency } = request;
  const id = followUpId(idempotency.id);
  const asking = { actor, household: params.id, person: params.personId, id };
  return save(request, () => enterFollowUp(ports, asking, body), 201);
}

type OfFollowUp = OfMember & { readonly params: { readonly followUpId: string } };

function followUpOf(request: OfFollowUp) {
  const { actor, params, ifMatch: version } = request;
  return { actor, household: params.id, person: params.personId, id: params.followUpId, version };
}

export const handler = api(
  [
    endpoint(spec.sign, (request) =>
      save(
        request,
        () =>
          changeContract(ports, askingOf(request), (on, context) =>
            signContract(on, request.body, context),
          ),
        201,
      ),
    ),
    endpoint(spec.renew, (request) =>
      save(request, () =>
        changeContract(ports, askingOf(request), (on, context) =>
          renewContract(on, request.body, context),
        ),
      ),
    ),
    endpoint(spec.end, (request) =>
      save(request, () =>
        changeContract(ports, askingOf(request), (on, context) =>
          endContract(on, request.body, context),
        ),
      ),
    ),
    endpoint(spec.setUp, (request) =>
      save(request, () => changeFile(ports, askingOf(request), request.body)),
    ),
    endpoint(spec.followUp, enter),
    endpoint(spec.correctFollowUp, (request) =>
      save(request, () =>
        changeFollowUp(ports, followUpOf(request), (found, context) =>
          correctFollowUp(found, request.body, context),
        ),
      ),
    ),
    endpoint(spec.withdrawFollowUp, (request) =>
      save(request, () =>
        changeFollowUp(ports, followUpOf(request), (found, context) =>
          withdrawFollowUp(found, request.body.reason, context),
        ),
      ),
    ),
  ],
  { answers: ACCESS_TABLE, resolve: areaResolver(AREA_TABLE) },
);
