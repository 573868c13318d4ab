import { beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { sameness } from '../../functions/core/receipt-decide.ts';
import { lettersFrom } from '../../functions/lib/id.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import {
  noteMove,
  villageReceipts,
  villagesToTell,
} from '../../functions/receipt/village-table.ts';
import { itIs, published } from '../coverage/ground.ts';
import { policyItem } from '../coverage/item.ts';
import { type Call, type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { villageReceipt } from '../support/receipt.ts';

const office: Caller = { sub: 'county-office', role: 'office', areas: '350122' };
const town: Caller = { sub: 'town', role: 'office', areas: '350122101' };
const auditor: Caller = { sub: 'auditor', role: 'auditor', areas: '350122' };
const [old, present, other] = ['350122101201', '350122101301', '350122102201'];
let tables: Tables;
let handler: Parameters<typeof callOf>[0];

beforeAll(async () => {
  itIs('2017-10-23');
  tables = await freshTables();
  const codes = ['35', '3501', '350122', '350122101', '350122102', old, present, other];
  const places = codes.map((code) => ({
    before: null,
    after: {
      ...newDivision(code, `名${code}`, null),
      ...(code === old && { validTo: '2017-06-30', successors: [present] }),
    },
  }));
  const occasion = { actor: 'seed', at: 'x', heldOn: 'x', reason: 'seed', source: 'imp_0' };
  await saveDivisions(tables.area, places, occasion);
  const road = policyItem({
    ...{ id: 'road', name: { zh: '通村路', en: 'road' }, subject: 'village' },
    benefit: { kind: 'project', amountFen: null, unit: 'village', period: 'once', capFen: null },
  });
  await published(tables, [road, policyItem({ id: 'gift', subject: 'household' })]);
  ({ handler } = await import('../../functions/receipt/village.ts'));
});

const path = '/villages/{code}/receipts';
const list = (code: string, by = auditor, query: Record<string, string> = {}) =>
  callOf(handler, { route: `GET ${path}`, by, params: { code }, query });
const enter = (code: string, body: object, more: Partial<Call> = {}) =>
  callOf(handler, {
    ...{ route: `POST ${path}`, by: office, params: { code } },
    body: { item: 'road', on: '2017-03-01', ...body },
    ...more,
  });
const correct = (code: string, [id, ifMatch]: readonly [string, number], body: object) =>
  callOf(handler, {
    ...{ route: `PATCH ${path}/{receiptId}`, by: office, params: { code, receiptId: id } },
    ...{ body, ifMatch },
  });

describe('what a village received', () => {
  it('is entered by the county, shown latest first, corrected and withdrawn; every step stays to be read', async () => {
    const entered = await enter(other, { amountFen: 5_000_000_000, document: '交〔2017〕1号' });
    expect(entered).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: { version: 1 } });
    const { id } = entered.body;
    await enter(other, { on: '2016-05-01' });
    expect((await list(other)).body).toMatchObject({
      village: other,
      totalFen: 5_000_000_000,
      receipts: [
        {
          ...{ id, on: '2017-03-01', period: 'once', department: '教育局', isPart: false },
          item: { id: 'road', name: { zh: '通村路' } },
          source: { import: null, row: null, document: '交〔2017〕1号' },
        },
        { on: '2016-05-01', amountFen: null },
      ],
    });
    const changed = await correct(other, [id, 1], { amountFen: 4_000_000_000, reason: '结算' });
    expect(changed).toMatchObject({ status: 200, body: { version: 2 } });
    expect((await correct(other, [id, 1], { withdrawn: true, reason: '未完工' })).status).toBe(412);
    await correct(other, [id, 2], { withdrawn: true, reason: '未完工' });
    const { body } = await list(other, auditor, { year: '2017' });
    expect(body).toMatchObject({
      totalFen: 0,
      receipts: [{ id, withdrawn: { reason: '未完工', actor: 'county-office' } }],
      history: [
        { reason: '未完工', after: { withdrawn: true } },
        { reason: '结算', before: { amountFen: 5_000_000_000 } },
      ],
    });
  });

  it('is entered once, however often it is sent or typed', async () => {
    const key = crypto.randomUUID();
    const body = { reference: 'JT0001' };
    const first = await enter(other, body, { key });
    expect(await enter(other, body, { key })).toMatchObject({ status: 201, body: first.body });
    expect((await enter(other, body)).body.code).toBe('receipt-known');
  });

  it('is refused of a village that is unknown, of an item for households, and of a day to come', async () => {
    expect((await enter('350122101999', {})).body.code).toBe('area-unknown');
    expect((await enter(other, { item: 'gift', amountFen: 1 })).body.code).toBe(
      'receipt-item-household',
    );
    expect((await enter(other, { on: '2017-10-24' })).body.code).toBe('date-future');
  });

  it('is entered by the county alone and read by those in whose area it lies', async () => {
    expect((await enter(other, {}, { by: town })).status).toBe(403);
    expect((await list(other, town)).status).toBe(404);
    expect((await list('350122101999', office)).status).toBe(404);
  });
});

describe('after a village got another code', () => {
  let id: string;
  beforeAll(async () => {
    const after = villageReceipt({
      ...{ village: old, reference: null, period: 'once', on: '2017-01-20' },
    });
    id = `rc_${lettersFrom(sameness(after, '350122'))}`;
    await saveReceipts(tables.policy, [{ before: null, after: { ...after, id }, reason: '导入' }]);
    const move = { from: old, to: present, hamlets: {} };
    for (let twice = 0; twice < 2; twice += 1) await noteMove(tables.policy, move, '2017-07-01');
  });

  it('what it received under the old one is found, and put right, under the new one', async () => {
    expect((await list(present)).body.receipts).toMatchObject([
      { id, village: old, isPart: false },
    ]);
    expect((await correct(present, [id, 1], { amountFen: 50_001, reason: '更正' })).status).toBe(
      200,
    );
    expect((await list(present)).body.history).toMatchObject([{ reason: '更正' }]);
    expect(await villageReceipts(tables.policy, present)).toHaveLength(1);
    expect((await correct(other, [id, 2], { amountFen: 2, reason: '更正' })).status).toBe(404);
  });

  it('what is entered under the old one is entered of the new one, and the same is not entered again', async () => {
    expect((await enter(old, { on: '2017-09-01' })).status).toBe(201);
    expect((await list(present)).body.receipts).toMatchObject([{ village: present }, { id }]);
    const again = { on: '2017-01-20', amountFen: 50_000, department: '民政局' };
    expect((await enter(present, again)).body.code).toBe('receipt-known');
  });
});

it('a part that left, and that the rest joins later, has what the whole received, until then and after', async () => {
  const [rest, part] = ['350122102301', '350122102302'];
  const both = ['2017-01-20', '2017-08-01'].map((on) =>
    villageReceipt({ id: `rc_joined_${on.slice(5, 7)}`, village: rest, on }),
  );
  await saveReceipts(
    tables.policy,
    both.map((after) => ({ before: null, after, reason: '导入' })),
  );
  const split = { from: rest, to: rest, hamlets: { 东头: part } };
  await noteMove(tables.policy, split, '2017-07-01');
  const [before] = both;
  expect(await villageReceipts(tables.policy, part)).toEqual([{ receipt: before, isPart: true }]);
  await noteMove(tables.policy, { from: rest, to: part, hamlets: {} }, '2017-09-01');
  expect(await villageReceipts(tables.policy, part)).toEqual(
    both.map((receipt) => ({ receipt, isPart: false })),
  );
  expect(await villagesToTell(tables.policy, rest)).toEqual([rest, part]);
});
