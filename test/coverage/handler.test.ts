import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import {
  CoverageView,
  EvaluationView,
  ItemCoverageView,
  NamesView,
} from '../../functions/core/coverage-view.ts';
import { parentOf } from '../../functions/core/division.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { messageOf } from '../../functions/dispatch/message.ts';
import { queryAll } from '../../functions/lib/dynamo.ts';
import { correct, home, open, poor } from '../snapshot/ground.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { itIs, published, received } from './ground.ts';
import { policyItem } from './item.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const TODAY = '2017-10-23';
const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const town: Caller = { sub: 'town', role: 'office', areas: '350122101' };
const bureau: Caller = { sub: 'bureau', role: 'department', areas: '350122' };
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '35' };
const admin: Caller = { sub: 'admin', role: 'admin', areas: '350122' };
const villages = ['350122101201', '350122101202', '350122102201'] as const;
const areas = ['350122101', '350122102', '350122', '3501', '35'] as const;

type Handler = Parameters<typeof callOf>[0];
let tables: Tables;
let queue: TestQueue;
let look: Handler;
let ask: Handler;
let entitle: Worker;
let evaluate: Worker;
let sum: Worker;
const homes: HouseholdFile[] = [];

const Body = z.looseObject({ step: z.string().optional(), area: z.string().optional() });

function workerOf({ step, area }: z.infer<typeof Body>): Worker {
  if (step !== undefined) return evaluate;
  return area === undefined ? entitle : sum;
}

/** Works off the one queue the functions are told through; what is held back is left there. */
async function drain(): Promise<number> {
  let worked = 0;
  for (let batch = queue.take(); batch; batch = queue.take()) {
    const [record] = batch.Records;
    const body = Body.parse(JSON.parse(record?.body ?? ''));
    expect(await workerOf(body)(batch)).toEqual({ batchItemFailures: [] });
    worked += 1;
  }
  return worked;
}

const tell = (message: object) => queue.put(JSON.stringify(message));

/** Adds up from the towns to the province, in one batch as it comes when many villages have changed. */
async function addUp(): Promise<void> {
  const towns = [...areas, ...areas, 'nonsense'].filter(({ length }) => length > 6);
  const Records = towns.map((area, at) => ({
    messageId: `${at}`,
    body: JSON.stringify(area === 'nonsense' ? { town: area } : { area }),
  }));
  expect(await sum({ Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '4' }] });
}

/** What the stream says of the latest act on an area's policies. */
async function tellPublication(area = '350122'): Promise<void> {
  const acts: string[] = [];
  for await (const { sk } of queryAll(tables.policy, { pk: `E#${area}` })) acts.push(String(sk));
  tell({ pk: `E#${area}`, sk: acts.at(-1) ?? '' });
}

const shown = async (by: Caller, area: string) => {
  const answer = await callOf(look, { by, route: 'GET /coverage', query: { area } });
  return CoverageView.parse(answer.body);
};
const item = async (id: string, area: string, by = county) => {
  const given = { by, route: 'GET /policies/{id}/coverage', params: { id }, query: { area } };
  return ItemCoverageView.parse((await callOf(look, given)).body);
};
const names = (id: string, query: Record<string, string>, by = county) =>
  callOf(look, { by, route: 'GET /policies/{id}/coverage/households', params: { id }, query });

beforeAll(async () => {
  itIs(TODAY);
  tables = await freshTables();
  queue = await startQueue('both');
  ({ entitle, evaluate, sum } = await coverageWorkers(queue.url));
  await open(tables, villages);
  for (const village of villages) homes.push(await home(tables, village));
  homes.push(await home(tables, villages[0], { waterSafe: false }));
  const store = summaryStore(tables);
  for (const area of [...villages, ...areas]) await recompute(store, area, TODAY);
  look = (await import('../../functions/coverage/handler.ts')).handler;
  ask = (await import('../../functions/coverage/ask.ts')).handler;
  await published(tables, [
    policyItem({ id: 'young' }),
    policyItem({
      id: 'water',
      subject: 'household',
      condition: { fact: 'household.waterSafe', op: 'is', value: false },
      benefit: { kind: 'cash', amountFen: 5000, unit: 'household', period: 'year', capFen: null },
    }),
    policyItem({
      id: 'road',
      subject: 'village',
      condition: { fact: 'village.poor', op: 'is', value: true },
    }),
  ]);
});
afterAll(() => queue.close());

describe('a publication', () => {
  it('has every household of its area evaluated, once however often it is told', async () => {
    await tellPublication();
    await tellPublication();
    await drain();
    expect(queue.delayed()).toBe(2);
    expect((await shown(county, '350122')).households).toBe(0);
    queue.hurry();
    await drain();
    await addUp();
    const coverage = await shown(county, '350122');
    expect(coverage).toMatchObject({ households: 4, persons: 8, isCurrent: true });
    expect(coverage.items.map((one) => one.item.id)).toEqual(['road', 'water', 'young']);
    const answer = await callOf(look, {
      by: county,
      route: 'GET /areas/{code}/evaluations',
      params: { code: '350122101' },
    });
    expect(answer.body).toMatchObject({
      evaluations: [
        { area: '350122', state: 'done', villages: 3, households: 4, done: 1, chunks: 1 },
      ],
    });
  });

  it('shows a part of its area that it is under way, not how many there are elsewhere nor why', async () => {
    const { body } = await callOf(look, {
      by: town,
      route: 'GET /areas/{code}/evaluations',
      params: { code: '350122101' },
    });
    expect(body).toMatchObject({
      evaluations: [
        { area: '350122', state: 'done', villages: null, households: null, reason: null },
      ],
    });
  });

  it('shows in every part, and adds up to the whole', async () => {
    const { figures, parts } = await item('water', '350122');
    expect(figures).toMatchObject({
      missed: { households: 1, persons: 2 },
      unknown: { households: 3, persons: 6 },
      missedFen: 5000,
    });
    expect(parts.map((part) => [part.area, part.figures.missed])).toEqual([
      ['350122101', { households: 1, persons: 2 }],
      ['350122102', { households: 0, persons: 0 }],
    ]);
    const above = await callOf(look, {
      by: auditor,
      route: 'GET /policies/{id}/coverage',
      params: { id: 'young' },
      query: { area: '35' },
    });
    expect(above.status).toBe(404);
  });
});

describe('the names behind a figure', () => {
  it('are as many as it counts, a page at a time', async () => {
    const asked = { area: '350122', result: 'unknown', limit: '2' };
    const first = NamesView.parse((await names('water', asked)).body);
    expect(first.items).toHaveLength(2);
    const { cursor = '' } = first;
    const second = NamesView.parse((await names('water', { ...asked, cursor })).body);
    expect(second.items).toHaveLength(1);
    const all = [...first.items, ...second.items].map(({ household }) => household?.id);
    expect(new Set(all)).toEqual(new Set(homes.slice(0, 3).map(({ household }) => household.id)));
    expect(second.cursor).toBeUndefined();
  });

  it('name the persons an item is for, and those it is not for', async () => {
    const query = { area: villages[1], result: 'missed' };
    const { items } = NamesView.parse((await names('young', query)).body);
    expect(items).toMatchObject([
      {
        household: { id: homes[1]?.household.id },
        persons: [{ id: homes[1]?.household.members[1]?.id }],
      },
    ]);
    const rest = NamesView.parse((await names('young', { ...query, result: 'not-eligible' })).body);
    expect(rest.items[0]?.persons).toMatchObject([{ id: homes[1]?.household.members[0]?.id }]);
    const nobody = await names('water', { area: villages[1], result: 'not-eligible' });
    expect(nobody.body).toMatchObject({ items: [] });
  });

  it('of a village’s item are villages', async () => {
    await poor(tables, villages[0]);
    tell({ village: villages[0] });
    await drain();
    await addUp();
    const { figures } = await item('road', '350122');
    expect(figures).toMatchObject({ missed: { villages: 1 }, unknown: { villages: 2 } });
    const found = await names('road', { area: '350122', result: 'missed' });
    expect(found.body).toMatchObject({ items: [{ village: villages[0], household: null }] });
    const others = await names('road', { area: '350122', result: 'unknown' });
    expect(NamesView.parse(others.body).items.map(({ village }) => village)).toEqual([
      villages[1],
      villages[2],
    ]);
  });

  it('are shown to whoever may see the households: departments see figures alone', async () => {
    expect((await names('water', { area: '350122', result: 'missed' }, bureau)).status).toBe(403);
    expect((await shown(bureau, '350122')).households).toBe(4);
    expect((await names('water', { area: '350122', result: 'missed' }, town)).status).toBe(404);
    const own = await names('water', { area: '350122101', result: 'missed' }, town);
    expect(NamesView.parse(own.body).items).toHaveLength(1);
  });

  it('the address of each list stands beside its figure, at every level', async () => {
    for (const area of ['350122', '350122101', villages[0] ?? '']) {
      const { figures, lists } = await item('water', area);
      for (const [figure, address] of Object.entries(lists)) {
        const [path = '', query = ''] = address.split('?');
        expect(path).toBe('/policies/water/coverage/households');
        const { body } = await names('water', Object.fromEntries(new URLSearchParams(query)));
        const { households } = z
          .looseObject({ households: z.number() })
          .parse(Object.entries(figures).find(([name]) => name === figure)?.[1]);
        expect([area, figure, NamesView.parse(body).items.length]).toEqual([
          area,
          figure,
          households,
        ]);
      }
    }
  });

  it('a cursor of another question, or an item nobody knows, is refused', async () => {
    const { cursor = '' } = NamesView.parse(
      (await names('water', { area: '350122', result: 'unknown', limit: '1' })).body,
    );
    const other = await names('water', { area: '350122', result: 'missed', cursor });
    expect(other.body).toMatchObject({ code: 'cursor-invalid' });
    expect((await names('no-such', { area: '350122', result: 'missed' })).status).toBe(404);
  });
});

describe('a change of a household', () => {
  it('shows in the coverage of its village once its message is worked off, in a batch with others', async () => {
    const [first] = homes;
    if (!first) throw new Error('no home');
    homes[0] = await correct(tables, first, {
      facts: { waterSafe: false },
      heldFrom: '2017-01-01',
    });
    const { id } = first.household;
    const bodies = [
      { village: villages[0], household: id },
      { village: villages[0], household: homes[3]?.household.id },
      { village: villages[0] },
    ];
    const Records = bodies.map((body, at) => ({ messageId: `${at}`, body: JSON.stringify(body) }));
    expect(await entitle({ Records })).toEqual({ batchItemFailures: [] });
    await addUp();
    expect((await item('water', '350122')).figures.missed).toEqual({ households: 2, persons: 4 });
  });

  it('and what it received since', async () => {
    const id = homes[0]?.household.id ?? '';
    await received(tables, { household: id, item: 'water', on: '2017-09-01', amountFen: 5000 });
    tell({ pk: `R#${id}`, sk: 'water#0' });
    tell({ pk: 'R#hh_nobody', sk: 'water#0' });
    await drain();
    await addUp();
    expect((await item('water', '350122')).figures).toMatchObject({
      ...{ missed: { households: 1, persons: 2 }, received: { households: 1, persons: 2 } },
      ...{ dueFen: 10_000, receivedFen: 5000, missedFen: 5000 },
    });
  });

  it('a message nobody can read comes again', async () => {
    const Records = ['{"pk":"Q#1","sk":"0"}', '{}'].map((body, at) => ({
      messageId: `${at}`,
      body,
    }));
    expect(await entitle({ Records })).toEqual({
      batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '1' }],
    });
  });
});

describe('an evaluation anew', () => {
  const asked = (by: Caller, code: string, key?: string) =>
    callOf(ask, {
      ...{
        by,
        route: 'POST /areas/{code}/evaluations',
        params: { code },
        body: { reason: '核对' },
      },
      ...(key !== undefined && { key }),
    });

  it('is asked for by the county and by administrators, and answered the same when asked again', async () => {
    const first = await asked(county, '350122', 'key-1');
    const again = await asked(county, '350122', 'key-1');
    expect(first.status).toBe(202);
    expect(again.body).toEqual(first.body);
    expect(EvaluationView.parse(first.body)).toMatchObject({ state: 'planning', chunks: 0 });
    expect((await asked(town, '350122101')).status).toBe(403);
    expect((await asked(admin, '350122101')).status).toBe(202);
    expect((await asked(county, '350121')).status).toBe(404);
    await drain();
  });

  it('goes on by the hourly look, which also finds what the day has made untrue', async () => {
    await asked(county, '350122102');
    while (queue.take());
    expect(await evaluate({ schedule: 'entitlement' })).toEqual({ resumed: 1 });
    await drain();
    itIs('2018-01-02');
    expect((await shown(county, '350122')).isCurrent).toBe(false);
    expect(await evaluate({ schedule: 'entitlement' })).toEqual({ resumed: 0 });
    await drain();
    await addUp();
    expect((await shown(county, '350122')).isCurrent).toBe(true);
    expect((await item('water', '350122')).figures).toMatchObject({
      ...{ missed: { households: 2, persons: 4 }, receivedFen: 0 },
    });
  });
});

describe('what consumers are told of coverage', () => {
  const image = (items: string, version: string) => ({
    items: { S: items },
    version: { N: version },
  });
  const record = (before: string, after: string, area: string = villages[0]) => ({
    eventSourceARN: 'arn:aws:dynamodb:local:0:table/t/stream/now',
    dynamodb: {
      SequenceNumber: '1',
      Keys: { pk: { S: `G#${parentOf(area) ?? '0'}` }, sk: { S: area } },
      ...{ OldImage: image(before, '1'), NewImage: image(after, '2') },
    },
  });

  it('the town of a village, unless nothing it adds up has changed', () => {
    expect(messageOf(record('a', 'b'))).toEqual({ area: '350122101' });
    expect(messageOf(record('a', 'a'))).toBeUndefined();
  });

  it('nothing of a town and above, since whoever adds up a town goes on to the province', () => {
    expect(messageOf(record('a', 'b', '350122101'))).toBeUndefined();
    expect(messageOf(record('a', 'b', '35'))).toBeUndefined();
  });
});
