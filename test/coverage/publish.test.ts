import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { evaluationsOf, newEvaluation, unfinished } from '../../functions/coverage/job-table.ts';
import { getCoverage } from '../../functions/coverage/table.ts';
import { now } from '../../functions/lib/clock.ts';
import { queryAll } from '../../functions/lib/dynamo.ts';
import { home } from '../snapshot/ground.ts';
import { callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { itIs, published } from './ground.ts';
import { policyItem } from './item.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const TODAY = '2017-10-23';
let tables: Tables;
let queue: TestQueue;
let entitle: Worker;
let evaluate: Worker;
let next = 0;
let county = '';
let village = '';

beforeAll(async () => {
  itIs(TODAY);
  tables = await freshTables();
  queue = await startQueue('evaluation');
  ({ entitle, evaluate } = await coverageWorkers(queue.url));
});
afterAll(() => queue.close());

/** Another county, in which nothing has been published. */
beforeEach(async () => {
  next += 1;
  county = `35${1000 + next}`;
  village = `${county}101201`;
  await home(tables, village);
  const store = summaryStore(tables);
  for (const area of [village, village.slice(0, 9), county]) await recompute(store, area, TODAY);
});

const acts = new Set<string>();

/** Publishes an item, and gives what the stream tells of it. */
async function act(id: string) {
  await published(tables, [policyItem({ id, area: county })]);
  const pk = `E#${county}`;
  const found: string[] = [];
  for await (const { sk } of queryAll(tables.policy, { pk })) found.push(String(sk));
  const [sk] = found.filter((one) => !acts.has(one));
  acts.add(sk ?? '');
  return { Records: [{ messageId: id, body: JSON.stringify({ pk, sk }) }] };
}

async function publish(id: string): Promise<void> {
  expect(await entitle(await act(id))).toEqual({ batchItemFailures: [] });
}

/** Does the next step that is not held back; false where there is none. */
async function step(): Promise<boolean> {
  const batch = queue.take();
  if (!batch) return false;
  expect(await evaluate(batch)).toEqual({ batchItemFailures: [] });
  return true;
}

async function drain(): Promise<void> {
  for (queue.hurry(); await step(); queue.hurry());
}

const counted = async () =>
  (await getCoverage(tables.policy, village))?.coverage.items.map(({ item }) => item) ?? [];

/** Evaluations as the county is shown them. */
async function shown(): Promise<unknown> {
  Object.assign(process.env, { HOUSEHOLD_TABLE: tables.household, AREA_TABLE: tables.area });
  const { handler } = await import('../../functions/coverage/handler.ts');
  const { body } = await callOf(handler, {
    by: { sub: 'office', role: 'office', areas: county },
    route: 'GET /areas/{code}/evaluations',
    params: { code: county },
  });
  return body.evaluations;
}

const evaluations = async () =>
  (await evaluationsOf(tables.job, county, 10)).map(({ state }) => state);

it('publications close together are evaluated once, and not before a pause', async () => {
  for (const id of ['first', 'second', 'third']) await publish(id);
  expect(await step()).toBe(false);
  expect(queue.delayed()).toBe(1);
  expect(await evaluations()).toEqual(['planning']);
  await drain();
  expect(await evaluations()).toEqual(['done']);
  expect(await counted()).toEqual(['first', 'second', 'third']);
});

it('of one batch ask for one evaluation, by the last of them', async () => {
  const both = [...(await act('first')).Records, ...(await act('second')).Records];
  const inOrder = both.toSorted((one, other) => (one.body < other.body ? -1 : 1));
  expect(await entitle({ Records: inOrder.toReversed() })).toEqual({ batchItemFailures: [] });
  expect(queue.delayed()).toBe(1);
  await drain();
  expect(await counted()).toEqual(['first', 'second']);
  await entitle({ Records: inOrder.slice(1) });
  await drain();
  expect(await evaluations()).toEqual(['done']);
});

it('told at the same moment ask for one evaluation', async () => {
  const acts = [await act('first'), await act('second'), await act('third')];
  await Promise.all(acts.map(entitle));
  expect(await evaluations()).toEqual(['planning']);
  expect(queue.delayed()).toBe(1);
  await drain();
  expect(await counted()).toEqual(['first', 'second', 'third']);
});

it('one that comes after an evaluation is the newer, also where the clock of that was ahead', async () => {
  const startedAt = new Date(now().getTime() + 3000).toISOString();
  await newEvaluation(tables.job, {
    ...{ id: `ev_${county}`, area: county, state: 'running', plan: 'none', isWhole: true },
    ...{ chunks: 1, villages: 1, households: 1, actor: 'office', role: 'office', reason: '核对' },
    ...{ startedAt, finishedAt: null, version: 1 },
  });
  await publish('first');
  expect(await evaluations()).toEqual(['planning', 'running']);
  await drain();
  expect(await counted()).toEqual(['first']);
  await evaluate({ schedule: 'entitlement' });
  await drain();
});

it('one that comes when villages may have been evaluated by the rules before has an evaluation of its own', async () => {
  await publish('first');
  queue.hurry();
  await step();
  expect(await evaluations()).toEqual(['running']);
  await publish('second');
  expect(await evaluations()).toEqual(['planning', 'running']);
  await step();
  // What the first has left is the second's: nothing is read twice.
  expect(await evaluations()).toEqual(['planning', 'done']);
  expect(await counted()).toEqual([]);
  await drain();
  expect(await evaluations()).toEqual(['done', 'done']);
  expect(await shown()).toMatchObject([
    { state: 'done', chunks: 1, done: 1 },
    { state: 'done', chunks: 1, done: 0 },
  ]);
  expect(await counted()).toEqual(['first', 'second']);
});

it('one that is told while an evaluation is being planned is not missed', async () => {
  await publish('first');
  const second = await act('second');
  // Told while the evaluation of the first is planned: whichever is faster, the second is evaluated.
  queue.hurry();
  await Promise.all([step(), entitle(second)]);
  await drain();
  expect(await counted()).toEqual(['first', 'second']);
  expect(new Set(await evaluations())).toEqual(new Set(['done']));
});

it('whose message is lost goes on with the hourly look', async () => {
  await publish('first');
  queue.hurry();
  while (queue.take());
  expect(await counted()).toEqual([]);
  expect(await evaluate({ schedule: 'entitlement' })).toEqual({ resumed: 1 });
  await drain();
  expect(await counted()).toEqual(['first']);
  expect(await unfinished(tables.job)).toEqual([]);
});
