import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { countIn } from '../../functions/core/coverage.ts';
import { ancestorsOf, parentOf } from '../../functions/core/division.ts';
import { getCoverage, getHouseholdRows } from '../../functions/coverage/table.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { home } from '../snapshot/ground.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { Desk, itIs, published } from './ground.ts';
import { policyItem } from './item.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const Body = z.looseObject({ step: z.string().optional(), area: z.string().optional() });
const LAST = '2017-10-23';
const AFTER = '2017-10-24';
let tables: Tables;
let queue: TestQueue;
let entitle: Worker;
let evaluate: Worker;
let sum: Worker;
let next = 0;
let village = '';
let above: readonly string[] = [];

beforeAll(async () => {
  itIs(LAST);
  tables = await freshTables();
  queue = await startQueue('evaluation');
  ({ entitle, evaluate, sum } = await coverageWorkers(queue.url));
});
afterAll(() => queue.close());

/** A province of one village, evaluated and added up on the last day on which its one item is in force. */
beforeEach(async () => {
  itIs(LAST);
  next += 1;
  village = `${60 + next}0122101201`;
  above = ancestorsOf(village);
  await published(tables, [policyItem({ id: 'young', area: village.slice(0, 6), validTo: LAST })]);
  await home(tables, village);
  await new Desk(tables).bringUp(village);
  await sum(batchOf({ area: village.slice(0, 9) }));
});

const batchOf = (body: object) => ({
  Records: [{ messageId: '1', body: JSON.stringify(body) }],
});

/** The hourly look of the day, and all it asks for; no change is told by the stream. Gives what was asked of whom. */
async function look(): Promise<readonly string[]> {
  const asked: string[] = [];
  await evaluate({ schedule: 'entitlement', area: village.slice(0, 2) });
  for (let batch = queue.take(); batch; batch = queue.take()) {
    const body = Body.parse(JSON.parse(batch.Records[0]?.body ?? ''));
    const worker = body.step ? evaluate : body.area ? sum : entitle;
    asked.push(`${body.step ?? (body.area ? 'sum' : 'village')} ${body.area ?? body.village}`);
    expect(await worker(batch)).toEqual({ batchItemFailures: [] });
  }
  return asked;
}

async function missed(area: string): Promise<number> {
  const row = await getCoverage(tables.policy, area);
  const [item] = row?.coverage.items ?? [];
  return item ? countIn(item, 'missed').wide : 0;
}

const missedAbove = () => Promise.all(above.map(missed));

it('an area that is due while no part of it is, is added up, and all above it', async () => {
  const town = village.slice(0, 9);
  itIs(AFTER);
  // The village has been brought up to date, and what it told its town was lost.
  await new Desk(tables).bringUp(village);
  expect([await missed(village), await missedAbove()]).toEqual([0, [1, 1, 1, 1]]);
  const asked = await look();
  expect(asked).toContain(`sum ${town}`);
  expect(asked).not.toContain(`village ${village}`);
  expect(await missedAbove()).toEqual([0, 0, 0, 0]);
  expect(await look()).toEqual([`due ${village.slice(0, 2)}`, `sum ${village.slice(0, 2)}`]);
});

it('rows of a former shape are put anew by the hourly look, village and sums', async () => {
  for (const [household, { version }] of await getHouseholdRows(tables.policy, village))
    await putItem(tables.policy, { pk: `V#${village}`, sk: household, v: 1, version });
  for (const area of [village, ...above]) {
    const row = { pk: `G#${parentOf(area) ?? '0'}`, sk: area, v: 1, version: 1 };
    await putItem(tables.policy, row);
  }
  expect([await missed(village), await missedAbove()]).toEqual([0, [0, 0, 0, 0]]);
  expect(await look()).toContain(`village ${village}`);
  expect(await missed(village)).toBe(1);
  await look();
  expect(await missedAbove()).toEqual([1, 1, 1, 1]);
});
