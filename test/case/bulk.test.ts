import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BulkResult } from '../../functions/core/case-bulk.ts';
import { readStored, type Store } from '../../functions/household/table.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { VILLAGE } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import {
  caseDesk,
  county,
  otherTown,
  provenHousehold,
  seedPlaces,
  setDay,
  town,
  village,
} from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { keyFile, settle, storeOf } from '../support/store.ts';

let tables: Tables;
let store: Store;
let client: DynamoDBClient;
/** As many as one action takes in the long run. */
const ROWS = process.env.SOAK ? 500 : 24;
const ids: string[] = [];
const unproven: string[] = [];

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { LOCAL_KEY_FILE: keyFile });
  setDay('2017-10-23');
  store = storeOf(tables);
  client = dynamo();
  await seedPlaces(tables);
  const lists = listStore({ household: tables.household, list: tables.list });
  for (let at = 0; at < ROWS; at += 1) {
    const facts = at % 8 === 0 ? { housingGrade: 'D', housingRenewed: false } : {};
    const { household } = await settle(store, provenHousehold({ facts }));
    (at % 8 === 0 ? unproven : ids).push(household.id);
    await relist(lists, { village: VILLAGE, household: household.id }, '2017-10-23');
  }
});
beforeEach(() => setDay('2017-10-23'));
afterEach(() => client.middlewareStack.remove('fault'));

const propose = { kind: 'propose', procedure: 'household-exit', reason: '达到脱贫标准' };
const filters = { planYear: '2017' };

async function bulk(
  given: object,
  about: { by?: Caller; key?: string } = {},
): Promise<{ status: number; body: BulkResult & { code?: string } }> {
  const { handler } = await import('../../functions/case/bulk.ts');
  const { by = village, key = crypto.randomUUID() } = about;
  const body = { area: VILLAGE, filters, act: propose, ...given };
  return callOf(handler, { route: 'POST /bulk-actions', by, key, body });
}

async function openCases(): Promise<readonly (string | undefined)[]> {
  const files = await Promise.all([...ids, ...unproven].map((id) => readStored(store, id)));
  return files.map((file) => file?.household.openCase?.act);
}

/** Lets so many transactions through and fails the connection of all later ones. */
function dieAfter(transactions: number): void {
  let count = 0;
  client.middlewareStack.add(
    (next, at) => async (input) => {
      if (at.commandName === TransactWriteItemsCommand.name) {
        count += 1;
        if (count > transactions) throw new Error('the function died');
      }
      return next(input);
    },
    { step: 'initialize', name: 'fault' },
  );
}

/** Lets every write through but those of answers. */
function loseAnswers(): void {
  client.middlewareStack.add(
    (next, at) => async (input) => {
      const isWrite = at.commandName === TransactWriteItemsCommand.name;
      if (isWrite && JSON.stringify(input.input).includes('"X#'))
        throw new Error('the function died');
      return next(input);
    },
    { step: 'initialize', name: 'fault' },
  );
}

describe('an action on the households of a list', () => {
  it('that died half-way and is sent again does the rest, and says of all what became of them', async () => {
    dieAfter(9);
    const { body: half } = await bulk({}, { key: 'k-exit' });
    client.middlewareStack.remove('fault');
    const begun = (await openCases()).filter(Boolean).length;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThan(ids.length);
    expect(half.done).toBe(begun);
    const faulty = half.rows.filter(({ code }) => code === 'busy');
    expect(faulty).toHaveLength(ids.length - begun);
    const { status, body } = await bulk({}, { key: 'k-exit' });
    expect([status, body.done, body.refused, body.waiting, body.more]).toEqual([
      ...[200, ids.length, unproven.length, 0, false],
    ]);
    expect(
      body.rows
        .filter(({ outcome }) => outcome === 'done')
        .map((row) => row.household)
        .toSorted(),
    ).toEqual(ids.toSorted());
    const [refused] = body.rows.filter(({ outcome }) => outcome === 'refused');
    expect(refused).toMatchObject({
      code: 'exit-not-proven',
      errors: [{ field: 'housing', code: 'criterion-not-met' }],
    });
    const versions = await Promise.all(
      ids.map(async (id) => (await readStored(store, id))?.household.version),
    );
    expect(new Set(versions)).toEqual(new Set([2]));
    expect((await bulk({}, { key: 'k-exit' })).body).toEqual(body);
  });

  it('that is sent again does nothing anew, whatever others did since, and is about the same households', async () => {
    const lists = listStore({ household: tables.household, list: tables.list });
    const add = async () => {
      const facts = { planYear: 2019 };
      const { household } = await settle(store, provenHousehold({ facts }));
      await relist(lists, { village: VILLAGE, household: household.id }, '2017-10-23');
      return household.id;
    };
    const [stepped, withdrawn] = [await add(), await add()];
    const asked = { filters: { planYear: '2019' } };
    loseAnswers();
    expect(await bulk(asked, { key: 'k-lost' })).toMatchObject({ status: 500 });
    client.middlewareStack.remove('fault');
    const desk = caseDesk();
    const caseOf = async (id: string) =>
      (await readStored(store, id))?.household.openCase?.id ?? '';
    const [first, second] = [await caseOf(stepped), await caseOf(withdrawn)];
    const review = await desk.step(await desk.show(first));
    expect(review.status).toBe(200);
    const gone = await desk.call({
      ...{ route: 'POST /cases/{id}/withdrawal', by: village, params: { id: second } },
      ...{ ifMatch: 1, body: { reason: '提错了户' } },
    });
    expect(gone.status).toBe(200);
    const later = await add();
    const { body } = await bulk(asked, { key: 'k-lost' });
    expect(new Map(body.rows.map((row) => [row.household, [row.outcome, row.case]]))).toEqual(
      new Map([
        [stepped, ['done', first]],
        [withdrawn, ['done', second]],
      ]),
    );
    expect(await caseOf(withdrawn)).toBe('');
    expect(await caseOf(later)).toBe('');
  });

  it('keeps its key for what it was used for, even before it was answered', async () => {
    const [household = ''] = unproven;
    const one = { filters: undefined, households: [household] };
    loseAnswers();
    expect(await bulk(one, { key: 'k-two' })).toMatchObject({ status: 500 });
    client.middlewareStack.remove('fault');
    const other = { ...one, act: { ...propose, procedure: 'return' } };
    expect(await bulk(other, { key: 'k-two' })).toMatchObject({
      ...{ status: 422, body: { code: 'idempotency-key-reused' } },
    });
  });

  it('names the households it had no time for, and does them when it is sent for those', async () => {
    const began = performance.now();
    let looks = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      looks += 1;
      return looks > 20 ? began + 60_000 : began;
    });
    const act = {
      kind: 'step',
      procedure: 'household-exit',
      step: 'home-check',
      outcome: 'passed',
    };
    const all = { filters: undefined, households: ids, act };
    const { body } = await bulk(all).finally(() => clock.mockRestore());
    expect([body.done, body.refused + body.waiting]).toEqual([0, ids.length]);
    expect(body.waiting).toBeGreaterThan(0);
    const left = body.rows
      .filter(({ outcome }) => outcome === 'waiting')
      .map((row) => row.household);
    const rest = await bulk({ ...all, households: left });
    expect(rest.body).toMatchObject({ waiting: 0, refused: left.length });
  });

  it('is done by none who may not: of another level, outside, or with a list that is none', async () => {
    const step = {
      kind: 'step',
      procedure: 'household-exit',
      step: 'village-review',
      outcome: 'passed',
    };
    const higher = await bulk({ act: step }, { by: county });
    expect(new Set(higher.body.rows.map(({ code }) => code))).toEqual(
      new Set(['step-wrong-level', 'case-none']),
    );
    expect((await bulk({ act: step }, { by: otherTown })).body.code).toBe('not-found');
    const foreign = {
      area: '350122102',
      filters: undefined,
      households: ids.slice(0, 2),
      act: step,
    };
    const stolen = await bulk(foreign, { by: otherTown });
    expect(stolen.body.rows.map(({ code }) => code)).toEqual(['not-found', 'not-found']);
    expect(await bulk({ filters: { planYear: 'never' } })).toMatchObject({ status: 400 });
    expect(await bulk({ households: ids.slice(0, 1) })).toMatchObject({ status: 400 });
  });

  it('takes every household of the list through its steps, the head confirming', async () => {
    const take = (step: string, given: object = {}, by = village) => {
      const act = { kind: 'step', procedure: 'household-exit', step, outcome: 'passed', ...given };
      return bulk({ filters: { case: 'household-exit' }, act }, { by });
    };
    const lists = listStore({ household: tables.household, list: tables.list });
    for (const household of ids) await relist(lists, { village: VILLAGE, household }, '2017-10-23');
    expect((await take('home-check')).body).toMatchObject({ done: 0, refused: ids.length });
    for (const step of ['village-review', 'home-check'])
      expect((await take(step)).body).toMatchObject({ done: ids.length, refused: 0 });
    expect((await take('household-confirmation', { confirmedBy: 'head' })).body.done).toBe(
      ids.length,
    );
    expect((await take('notice')).body.done).toBe(ids.length);
    setDay('2017-10-29');
    expect((await take('town-review', {}, town)).body.rows[0]).toMatchObject({
      code: 'notice-running',
    });
    setDay('2017-10-30');
    expect((await take('town-review', {}, town)).body.done).toBe(ids.length);
    expect((await take('county-decision', {}, county)).body.done).toBe(ids.length);
    expect(new Set(await openCases())).toEqual(new Set(['announce', undefined]));
  });
});
