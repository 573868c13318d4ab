import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { correctReceipt } from '../../functions/core/receipt-correct.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { noteMove, villageReceipts } from '../../functions/receipt/village-table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { villageReceipt } from '../support/receipt.ts';
import { item } from '../support/receipt-items.ts';
import { type Value, workbook } from '../support/sheet.ts';

const COUNTY = '350122';
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const transport = { sub: 'transport', role: 'department', areas: [COUNTY] } as const;
const [upper, lower, twin, renamed] = [
  '350122101201',
  '350122101202',
  '350122102201',
  '350122101301',
];
const named: Readonly<Record<string, string>> = {
  ...{ 35: '福建省', 3501: '福州市', 350122: '样县', 350122101: '样东镇', 350122102: '样西镇' },
  ...{ [upper]: '上洋村', [lower]: '下洋村', [twin]: '上洋村' },
};
const road = item({
  ...{ id: 'road', name: { zh: '通村公路', en: 'Road' }, aliases: ['村道硬化'] },
  ...{ subject: 'village', department: '县交通局' },
  benefit: { kind: 'project', period: 'once', amountFen: null },
});

let bucket: TestBucket;
let tables: Tables;
let county: Importer;
const occasion = { actor: 'seed', at: 'x', heldOn: '2016-01-01', reason: 'seed', source: 'imp_0' };

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, undefined, { items: async () => [road, item()] });
  const places = Object.entries(named).map(([code, name]) => ({
    before: null,
    after: newDivision(code, name, null),
  }));
  await saveDivisions(tables.area, places, occasion);
});
afterAll(() => bucket.close());

const header = ['村编码', '乡镇', '村', '户编号', '补助项目', '金额(万元)', '发放日期', '文号'];
type Row = Readonly<Record<string, Value>>;

async function plan(rows: readonly Row[], area = COUNTY) {
  const full = rows.map((row) => ({ 补助项目: '村道硬化', 发放日期: '2017-03-01', ...row }));
  const cells = full.map((row) => header.map((name) => Reflect.get(row, name) ?? null));
  const book = workbook({ sheets: [{ rows: [header, ...cells] }] });
  const found = await county.plan(
    book,
    { kind: 'receipts', fileName: '项目.xlsx', area },
    transport,
  );
  return { found, entries: await county.entries(found) };
}

async function take(rows: readonly Row[]) {
  const { found } = await plan(rows);
  return county.entries(await county.applyBy(office, found));
}
const outcomes = (entries: Awaited<ReturnType<typeof take>>) => entries.map((one) => one.outcome);
const of = async (village: string) =>
  (await villageReceipts(tables.policy, village)).map(({ receipt }) => receipt);

describe('rows of what villages received', () => {
  it('name the village by code, or by name with its town, and no person', async () => {
    const entries = await take([
      { 村编码: upper, '金额(万元)': 12.5, 文号: '交〔2017〕1号' },
      { 乡镇: '样西镇', 村: '上洋', '金额(万元)': 1 },
      { 村: '下洋村委会' },
    ]);
    expect(outcomes(entries)).toEqual(['new', 'new', 'new']);
    expect(await of(upper)).toMatchObject([
      {
        ...{
          village: upper,
          item: 'road',
          amountFen: 12_500_000,
          period: 'once',
          on: '2017-03-01',
        },
        ...{ department: '县交通局', actor: 'county-office' },
        source: { row: 2, document: '交〔2017〕1号' },
      },
    ]);
    expect(await of(twin)).toMatchObject([{ amountFen: 1_000_000 }]);
    expect(await of(lower)).toMatchObject([{ amountFen: null }]);
  });

  it('that match nothing, or several, come back with row, field and reason', async () => {
    const { entries } = await plan([
      { 村: '上洋村' },
      { 村: '中洋村' },
      { 村编码: '350122101999' },
      { 村编码: upper, 补助项目: '春节慰问金', '金额(万元)': 0.05 },
      {},
    ]);
    expect(outcomes(entries)).toEqual(entries.map(() => 'refused'));
    const told = entries.map(({ rows, faults }) => [
      rows,
      faults.map((one) => [one.field, one.code]),
    ]);
    expect(told).toEqual([
      [[2], [['village', 'village-ambiguous']]],
      [[3], [['village', 'village-unknown']]],
      [[4], [['village', 'area-unknown']]],
      [[5], [['item', 'receipt-item-household']]],
      [[6], [['householdNumber', 'receipt-nobody-named']]],
    ]);
  });

  it('of a village outside the area of the file are refused', async () => {
    const { entries } = await plan([{ 村编码: twin }], '350122101');
    expect(entries).toMatchObject([{ faults: [{ field: 'village', code: 'village-outside' }] }]);
  });

  it('that say the same again change nothing, and what was withdrawn does not come back', async () => {
    const row = { 村编码: lower, 发放日期: '2017-05-01', '金额(万元)': 2 };
    expect(outcomes(await take([row]))).toEqual(['new']);
    expect(outcomes((await plan([row, row])).entries)).toEqual(['unchanged', 'refused']);
    const before = (await of(lower)).find(({ on }) => on === '2017-05-01');
    if (!before) throw new Error('no receipt');
    const by = { at: '2017-10-23T02:00:00.000Z', actor: 'office', place: COUNTY };
    const after = granted(correctReceipt(before, { withdrawn: true, reason: '未建' }, by));
    await saveReceipts(tables.policy, [{ before, after, reason: '未建' }]);
    const { entries } = await plan([row]);
    expect(entries).toMatchObject([
      { outcome: 'conflicting', faults: [{ code: 'receipt-withdrawn' }] },
    ]);
  });

  it('of money, where some is known of the item and period, are told as a remark, under whichever code', async () => {
    const [before, after] = ['350122101205', '350122101305'];
    const known = (id: string, given: object) =>
      villageReceipt({ id, village: before, period: 'once', department: '县交通局', ...given });
    const withdrawn = { at: '2017-10-20T17:00:00.000Z', actor: 'office', reason: '发错' };
    const all = [
      known('rc_again', { on: '2017-03-01' }),
      known('rc_void', { on: '2017-05-01', withdrawn }),
    ];
    await saveReceipts(
      tables.policy,
      all.map((one) => ({ before: null, after: one, reason: '导入' })),
    );
    await saveDivisions(
      tables.area,
      [{ before: null, after: newDivision(after, '后洋村', null) }],
      occasion,
    );
    await noteMove(tables.policy, { from: before, to: after, hamlets: {} }, '2017-07-01');
    const { entries } = await plan([
      { 村编码: after, '金额(万元)': 6 },
      { 村编码: after, 发放日期: '2017-08-01' },
      { 村编码: twin, '金额(万元)': 6, 补助项目: '村道硬化', 发放日期: '2016-03-01' },
    ]);
    const told = { day: '2017-03-01', yuan: 500, department: '县交通局' };
    expect(entries.map(({ remarks }) => remarks)).toEqual([
      [{ code: 'receipt-again', values: told }],
      [],
      [{ code: 'receipt-again', values: { ...told, yuan: 10_000 } }],
    ]);
  });

  it('are the same receipt after the village got another code, by whichever name it is called', async () => {
    const row = { 村编码: lower, 发放日期: '2017-06-01' };
    expect(outcomes(await take([row]))).toEqual(['new']);
    const before = newDivision(lower, '下洋村', null);
    const steps = [
      { before: null, after: newDivision(renamed, '新洋村', '2017-07-01') },
      {
        before,
        after: {
          ...before,
          validTo: '2017-06-30',
          successors: [renamed],
          version: before.version + 1,
        },
      },
    ];
    await saveDivisions(tables.area, steps, occasion);
    await noteMove(tables.policy, { from: lower, to: renamed, hamlets: {} }, '2017-07-01');
    for (const village of [{ 村编码: lower }, { 村编码: renamed }, { 村: '新洋村' }])
      expect(outcomes((await plan([{ ...row, ...village }])).entries)).toEqual(['unchanged']);
    expect(
      (await take([{ ...row, 村: '新洋村', 村编码: null, '金额(万元)': 3 }]))[0]?.outcome,
    ).toBe('new');
    expect((await of(renamed)).map(({ village }) => village).toSorted()).toEqual([
      ...[lower, lower, lower],
      renamed,
    ]);
  });
});
