import * as z from 'zod';
import { busyVillage } from '../case/table.ts';
import { type Actor, mayEnter } from '../core/access.ts';
import { aboveOf, areaView } from '../core/area-view.ts';
import { type AreaCode, ancestorsOf, liesWithin } from '../core/division.ts';
import { codesNamed } from '../core/division-change.ts';
import type { Occasion } from '../core/division-event.ts';
import { type ChangeJob, type ChangeMessage, viewOf } from '../core/division-job.ts';
import { remadeBy } from '../core/division-plan.ts';
import { isOpen } from '../core/division-register.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { exitYearOf } from '../core/village.ts';
import { now, today } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type Answer, remember, replay } from '../lib/idempotency.ts';
import { faultFields, log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import type { Request } from '../lib/request.ts';
import { unfinished } from '../snapshot/table.ts';
import { getProfile, profileEvents } from '../village/table.ts';
import { countyVillages } from './around.ts';
import { dropPlan, loadChunks, loadJob, newJob, newReminder, storePlan } from './change-table.ts';
import { maySee, type PlannedChange, prepare } from './service.ts';
import { ask, children, profile, progress, read, resume } from './spec.ts';
import {
  areaResolver,
  childrenOf,
  divisionsUnder,
  eventsOf,
  getDivision,
  getDivisions,
  saveActions,
} from './table.ts';

const settings = env({
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  CASE_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  JOB_QUEUE: z.string(),
});
const { AREA_TABLE, JOB_TABLE, CASE_TABLE, ACCESS_TABLE, HOUSEHOLD_TABLE, JOB_QUEUE } = settings;
const resolve = areaResolver(AREA_TABLE);
const around = countyVillages(AREA_TABLE);
const register = {
  get: (codes: readonly AreaCode[]) => getDivisions(AREA_TABLE, codes),
  under: (code: AreaCode) => divisionsUnder(AREA_TABLE, code),
};

/** A closed division is shown to whom its successors belong: its code stands in old papers. */
async function mayShow(actor: Actor, code: AreaCode): Promise<boolean> {
  if (mayEnter(actor, code)) return true;
  const successors = await resolve([code]);
  return successors.every((one) => mayEnter(actor, one));
}

async function showArea({ params, actor }: Request<typeof read>): Promise<Answer | Refusal> {
  const { code } = params;
  if (!(await mayShow(actor, code))) return refuse('not-found');
  const [known, events] = await Promise.all([
    getDivisions(AREA_TABLE, [code, ...ancestorsOf(code)]),
    eventsOf(AREA_TABLE, code),
  ]);
  const division = known.get(code);
  if (!division) return refuse('not-found');
  return {
    body: { ...areaView(division), above: aboveOf(code, known), events },
    version: division.version,
  };
}

async function listChildren(request: Request<typeof children>): Promise<Answer | Refusal> {
  const { code } = request.params;
  const [area, inside] = await Promise.all([
    getDivision(AREA_TABLE, code),
    childrenOf(AREA_TABLE, code),
  ]);
  if (!area) return refuse('not-found');
  const shown = request.query.closed === 'true' ? inside : inside.filter(isOpen);
  return { body: { area, children: shown.map(areaView) } };
}

async function showProfile({ params }: Request<typeof profile>): Promise<Answer | Refusal> {
  const found = await getProfile(HOUSEHOLD_TABLE, params.code);
  if (!found) return refuse('not-found');
  const events = await profileEvents(HOUSEHOLD_TABLE, params.code);
  return { body: { ...found, exitYear: exitYearOf(found), events }, version: found.version };
}

function newChange(request: Request<typeof ask>, planned: PlannedChange): ChangeJob {
  return {
    id: `dc_${crypto.randomUUID()}`,
    change: request.body,
    state: 'opening',
    actor: request.actor.sub,
    role: request.actor.role,
    at: now().toISOString(),
    doneAt: null,
    chunks: planned.plan.moves.length,
    version: 1,
  };
}

/** Stores the change, takes hold of its divisions and keeps the answer, all in one transaction. */
async function begin(
  request: Request<typeof ask>,
  planned: PlannedChange,
): Promise<Answer | Refusal> {
  const job = newChange(request, planned);
  const { effective, reason } = job.change;
  const occasion: Occasion = {
    actor: job.actor,
    at: job.at,
    heldOn: effective,
    reason,
    source: job.id,
  };
  const steps = planned.claims.map((before) => ({
    before,
    after: { ...before, change: job.id, version: before.version + 1 },
  }));
  const answer = { status: 202, body: viewOf(job, []) };
  await storePlan(JOB_TABLE, job.id, planned.plan);
  const obstacles = await transact([
    remember(ACCESS_TABLE, request.idempotency, { answer, now: now() }),
    newJob(JOB_TABLE, job),
    newReminder(JOB_TABLE, job.id),
    ...steps.flatMap((step) => saveActions(AREA_TABLE, step, occasion)),
  ]);
  if (obstacles.length > 0) {
    await dropPlan(JOB_TABLE, job.id);
    const given = await replay(ACCESS_TABLE, request.idempotency, now());
    const [busy] = planned.claims;
    return given ?? refuse('division-change-running', { code: busy?.code ?? '' });
  }
  await tellFirst(job.id);
  return answer;
}

/** The change exists by now and is on the list of unfinished ones; a queue that fails only makes it begin later. */
async function tellFirst(id: string): Promise<void> {
  try {
    await send([{ job: id, step: 'open' }]);
  } catch (fault) {
    log.error('division-change.untold', { change: id, ...faultFields(fault) });
  }
}

async function send(messages: readonly ChangeMessage[]): Promise<void> {
  await sendAll(JOB_QUEUE, messages);
}

/** While a county is being frozen its households must not change their village: some would be frozen twice and others not at all. */
async function refuseFreezing(change: Request<typeof ask>['body']): Promise<Refusal | undefined> {
  const codes = codesNamed(change);
  const running = (await unfinished(JOB_TABLE)).find(({ county }) =>
    codes.some((code) => liesWithin(code, county) || liesWithin(county, code)),
  );
  return running && refuse('snapshot-running', { year: running.year });
}

/** What was proven of a village must not end as the exit of another: of one it became part of, or of a part of it. */
async function refuseRemaking({ plan }: PlannedChange): Promise<Refusal | undefined> {
  for (const village of remadeBy(plan)) {
    const codes = (await around(village)).origins(village).map(({ code }) => code);
    const area = await busyVillage(CASE_TABLE, codes);
    if (area !== undefined) return refuse('village-case-open', { area });
  }
  return undefined;
}

async function askChange(request: Request<typeof ask>): Promise<Answer | Refusal> {
  const { body: change, actor } = request;
  const planned = await prepare(register, { change, actor, today: today() });
  if (isRefused(planned)) return planned;
  const refused = (await refuseFreezing(change)) ?? (await refuseRemaking(planned.ok));
  return refused ?? begin(request, planned.ok);
}

async function jobFor(
  request: Request<typeof progress> | Request<typeof resume>,
): Promise<ChangeJob | undefined> {
  const job = await loadJob(JOB_TABLE, request.params.id);
  return job && maySee(request.actor, job.change) ? job : undefined;
}

async function showChange(request: Request<typeof progress>): Promise<Answer | Refusal> {
  const job = await jobFor(request);
  if (!job) return refuse('not-found');
  return { body: viewOf(job, await loadChunks(JOB_TABLE, job.id)) };
}

/** The first step looks at what is left and goes on from there; sending it once more harms nothing. */
async function resumeChange(request: Request<typeof resume>): Promise<Answer | Refusal> {
  const job = await jobFor(request);
  if (!job) return refuse('not-found');
  if (job.state !== 'done') await send([{ job: job.id, step: 'open' }]);
  return { body: viewOf(job, await loadChunks(JOB_TABLE, job.id)) };
}

export const handler = api(
  [
    endpoint(read, showArea),
    endpoint(children, listChildren),
    endpoint(profile, showProfile),
    endpoint(ask, askChange),
    endpoint(progress, showChange),
    endpoint(resume, resumeChange),
  ],
  { answers: ACCESS_TABLE, resolve },
);
