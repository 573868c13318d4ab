import { beforeAll, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { receipt } from '../support/receipt.ts';
import { keyFile, settle, storeOf } from '../support/store.ts';

const office: Caller = { sub: 'county-office', role: 'office', areas: '350122' };
const auditor: Caller = { sub: 'auditor', role: 'auditor', areas: '350122' };
let tables: Tables;
let file: HouseholdFile;
let writer: Parameters<typeof callOf>[0];
let reader: Parameters<typeof callOf>[0];

beforeAll(async () => {
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  tables = await freshTables();
  const places = ['35', '3501', '350122', '350122101', '350122101201'].map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  const occasion = { actor: 'seed', at: 'x', heldOn: 'x', reason: 'seed', source: 'imp_0' };
  await saveDivisions(tables.area, places, occasion);
  file = await settle(storeOf(tables));
  const { id: household, members } = file.household;
  const [head] = members;
  const told = [
    receipt({ id: 'rc_1', household, on: '2016-02-01' }),
    receipt({ id: 'rc_2', household, on: '2017-02-01', person: head?.id ?? '', amountFen: 1_000 }),
  ].map((after) => ({ before: null, after, reason: '导入' }));
  await saveReceipts(tables.policy, told);
  ({ handler: writer } = await import('../../functions/receipt/handler.ts'));
  ({ handler: reader } = await import('../../functions/receipt/reader.ts'));
});

const list = (query: Record<string, string> = {}) =>
  callOf(reader, {
    route: 'GET /households/{id}/receipts',
    by: auditor,
    params: { id: file.household.id },
    query,
  });

const correct = (body: object, asked: { id?: string; ifMatch?: number } = {}) =>
  callOf(writer, {
    route: 'PATCH /households/{id}/receipts/{receiptId}',
    by: office,
    params: { id: file.household.id, receiptId: asked.id ?? 'rc_1' },
    ifMatch: asked.ifMatch ?? 1,
    body,
  });

it('a household’s receipts are shown latest first, of all years or of one', async () => {
  const { status, body } = await list();
  expect(status).toBe(200);
  expect(body.receipts).toMatchObject([
    {
      id: 'rc_2',
      person: { name: '陈样本' },
      amountFen: 1_000,
      department: '民政局',
      source: { import: 'imp_0', row: 4 },
    },
    { id: 'rc_1', person: null, item: { id: 'spring-visit', name: null } },
  ]);
  expect(body).toMatchObject({ household: file.household.id, totalFen: 51_000, history: [] });
  expect((await list({ year: '2016' })).body).toMatchObject({
    receipts: [{ id: 'rc_1' }],
    totalFen: 50_000,
  });
});

it('the county corrects an amount, withdraws and brings back; every step stays to be read', async () => {
  expect(await correct({ amountFen: 60_000, reason: '录入有误' })).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { id: 'rc_1', version: 2 },
  });
  expect(await correct({ withdrawn: true, reason: '发错户' })).toMatchObject({ status: 412 });
  expect(await correct({ withdrawn: true, reason: '发错户' }, { ifMatch: 2 })).toMatchObject({
    body: { version: 3 },
  });
  const { body } = await list({ year: '2016' });
  expect(body).toMatchObject({
    totalFen: 0,
    receipts: [{ amountFen: 60_000, withdrawn: { actor: 'county-office', reason: '发错户' } }],
    history: [
      { reason: '发错户', before: { withdrawn: false }, after: { withdrawn: true } },
      { reason: '录入有误', before: { amountFen: 50_000 }, after: { amountFen: 60_000 } },
    ],
  });
  expect(await correct({ withdrawn: false, reason: '没有发错' }, { ifMatch: 3 })).toMatchObject({
    body: { version: 4 },
  });
  expect((await list({ year: '2016' })).body.totalFen).toBe(60_000);
});

it('nothing is corrected without a change, a reason, or the receipt of that very household', async () => {
  const two = { id: 'rc_2', ifMatch: 1 };
  expect((await correct({ reason: '看看' }, two)).body.code).toBe('receipt-nothing');
  expect((await correct({ amountFen: 1 }, two)).body.code).toBe('request-invalid');
  expect((await correct({ amountFen: 10 ** 9, reason: '录错' }, two)).body.code).toBe(
    'receipt-amount-large',
  );
  expect((await correct({ withdrawn: true, reason: '发错' }, { id: 'rc_9' })).status).toBe(404);
});

it('of two corrections at once one is told to look again', async () => {
  const both = await Promise.all(
    ['先改', '后改'].map((reason, at) =>
      correct({ amountFen: 2_000 + at, reason }, { id: 'rc_2', ifMatch: 1 }),
    ),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
});
