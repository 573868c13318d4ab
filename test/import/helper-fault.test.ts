import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isCurrent } from '../../functions/core/pairing.ts';
import { loadFile } from '../../functions/household/table.ts';
import { helpersKind } from '../../functions/import/helpers.ts';
import { allDeliveries, loadHelper } from '../../functions/pairing/store.ts';
import { pairingsOf } from '../../functions/pairing/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { type Importer, importer } from '../support/importer.ts';
import { type PairingDesk, pairingDesk, VILLAGES } from '../support/pairing-desk.ts';
import { type Value, workbook } from '../support/sheet.ts';

const [first, second, , strong] = VILLAGES;
let bucket: TestBucket;
let desk: PairingDesk;
let county: Importer;
const numbers: string[] = [];
const ids: string[] = [];

beforeAll(async () => {
  bucket = await freshBucket();
  desk = await pairingDesk();
  county = importer(desk.tables);
  for (let count = 0; count < 7; count += 1) {
    const { household } = await desk.household();
    numbers.push(household.number);
    ids.push(household.id);
  }
});
afterAll(() => bucket.close());

type Sheets = Readonly<Record<string, readonly (readonly Value[])[]>>;

function plan(sheets: Sheets) {
  const bytes = workbook({
    sheets: Object.entries(sheets).map(([name, rows]) => ({
      name,
      rows: rows.map((row) => [...row]),
    })),
  });
  return county.plan(bytes, { kind: 'helpers', fileName: 'helpers.xlsx' });
}

const ENTERPRISE = [
  '企业名称',
  '统一社会信用代码',
  '联系电话',
  '挂钩村编码',
  '挂钩村',
  '承诺投入(万元)',
  '到位投入(万元)',
];
const company = (given: Partial<Record<number, Value>> = {}) =>
  ['野荠公司', '91350199563191437M', '10020000393', first, null, 20, 10].map((value, at) =>
    at in given ? (given[at] ?? null) : value,
  );

describe('a workbook of helpers', () => {
  test('gives every faulty row back with its sheet, its row, its field and the reason', async () => {
    const planned = await plan({
      龙头企业: [
        ENTERPRISE,
        company({ 1: '91350199563191437A' }),
        company({ 0: '无村公司', 1: null, 3: '350122999999' }),
        company({ 0: '名错公司', 1: null, 4: '马鼻镇文峰村' }),
        company({ 0: '金额公司', 1: null, 5: '若干' }),
      ],
      帮扶责任人: [
        ['姓名', '单位', '户编号', '帮扶户数'],
        ['林某', '镇政府', numbers.slice(0, 6).join('、'), 6],
        ['陈某', '镇政府', '9999', 1],
        ['黄某', '镇政府', numbers.slice(0, 2).join('、'), 3],
      ],
      县直单位帮扶户: [
        ['单位名称', '户编号', '户主', '帮扶金额(元)'],
        ['县某局', numbers[0] ?? '', '陈样本', 100],
      ],
      县直单位: [
        ['单位名称', '挂钩村编码', '2016年投入资金(万元)'],
        ['县乙局', first, 0.5],
      ],
      县直单位帮扶项目: [
        ['单位名称', '项目编号', '村编码', '投入资金(万元)'],
        ['县乙局', 'P1', first, 0.4],
      ],
      名单: [
        ['姓名', '户编号'],
        ['王某', numbers[0] ?? ''],
      ],
    });
    const refused = await county.entries(planned, 'refused');
    const told = refused.flatMap(({ faults }) =>
      faults.map(({ sheet, row, field, code }) => [sheet, row, field, code]),
    );
    expect(told).toEqual([
      ['龙头企业', 2, 'creditCode', 'credit-code-invalid'],
      ['龙头企业', 3, 'village', 'area-unknown'],
      ['龙头企业', 4, 'village', 'village-name-differs'],
      ['龙头企业', 5, 'promised', 'number-invalid'],
      ['帮扶责任人', 2, undefined, 'pairing-over-limit'],
      ['帮扶责任人', 3, undefined, 'helper-household-unknown'],
      ['帮扶责任人', 4, 'households', 'helper-count-differs'],
      [undefined, undefined, undefined, 'helper-unknown'],
      ['县直单位', 2, 'yearTotal', 'helper-total-differs'],
      ['名单', 2, undefined, 'helper-sheet-unknown'],
    ]);
    expect(planned.counts?.entries).toMatchObject({ new: 0, refused: 10 });
    expect(JSON.stringify(refused)).not.toContain('10020000393');
  });

  test('a head called otherwise is not the household that was meant', async () => {
    const planned = await plan({
      县直单位: [
        ['单位名称', '挂钩村编码'],
        ['县丙局', first],
      ],
      县直单位帮扶户: [
        ['单位名称', '户编号', '户主', '帮扶金额(元)'],
        ['县丙局', numbers[0] ?? '', '别人', 100],
      ],
    });
    const [refused] = await county.entries(planned, 'refused');
    expect(refused?.faults).toMatchObject([
      { code: 'helper-head-differs', sheet: '县直单位帮扶户', row: 2 },
    ]);
  });

  test('taken in again changes nothing; another amount is a change, and what came is the difference', async () => {
    const sheets = (given: Partial<Record<number, Value>>) => ({
      龙头企业: [ENTERPRISE, company(given)],
    });
    await county.apply(await plan(sheets({})));
    const [paired] = await pairingsOf(desk.tables.pairing, first);
    const known = paired && (await loadHelper(desk.tables.pairing, paired.helper));
    expect(known?.helper).toMatchObject({ phoneMasked: '100******93' });
    const same = await plan(sheets({}));
    expect(same.counts?.entries).toMatchObject({ unchanged: 1, changed: 0 });
    const more = await plan(sheets({ 0: '野荠集团', 5: 21, 6: 12 }));
    const [entry] = await county.entries(more, 'changed');
    expect(entry?.changes.map(({ field }) => field)).toEqual(['name', 'promised', 'delivered']);
    await county.apply(more);
    const [now] = await pairingsOf(desk.tables.pairing, first);
    expect(now).toMatchObject({
      promised: { moneyFen: 21_000_000 },
      delivered: { moneyFen: 12_000_000, count: 2 },
    });
    const came = await allDeliveries(desk.tables.pairing, now?.helper ?? '');
    expect(came.map(({ contribution }) => contribution.moneyFen)).toEqual([10_000_000, 2_000_000]);
  });

  test('a town’s ledger leaves alone who another town or the county keeps', async () => {
    const planned = await plan({
      帮扶责任人: [
        ['姓名', '职务'],
        ['郑同名', '主任'],
        ['蔡县管', '主任'],
      ],
    });
    await desk.helper({ name: '郑同名', area: '350122102' });
    const own = await desk.helper({ name: '蔡县管' });
    const kind = helpersKind({
      store: county.store,
      area: desk.tables.area,
      pairing: desk.tables.pairing,
    });
    const entries = ['郑同名', '蔡县管'].map((name) => ({
      ...{ key: `responsible ${name}`, label: name, place: '', rows: [], faults: [] },
      wanted: {
        helper: {
          ...{ kind: 'responsible', name, organisation: null, post: '主任' },
          ...{ contact: null, details: {} },
        },
        ...{ phone: null, isNamesake: false, isDetailOnly: false, pairings: [] },
      },
    }));
    const ofTown = await kind.match({ ...planned, area: '350122101' }, entries);
    expect(ofTown).toMatchObject([
      { outcome: 'new' },
      { outcome: 'refused', faults: [{ code: 'helper-above-right' }] },
    ]);
    const [, byCounty] = await kind.match(planned, entries);
    expect(byCounty).toMatchObject({ outcome: 'changed', target: { id: own } });
  });

  test('applied again after a crash half-way goes on where it stopped', async () => {
    const planned = await plan({
      帮扶责任人: [
        ['姓名', '单位', '联系电话', '户编号'],
        ['吴某', '镇政府', '10020000500', numbers.slice(0, 3).join('、')],
      ],
    });
    const decided = { ...planned, decidedAt: '2017-10-23T03:00:00.000Z', decidedBy: 'approver' };
    const kind = helpersKind({
      store: county.store,
      area: desk.tables.area,
      pairing: desk.tables.pairing,
    });
    const [entry] = await county.entries(planned);
    const rows = numbers.slice(0, 3).map((household) => ({
      ...{
        household,
        village: null,
        head: null,
        from: null,
        duty: null,
        promisedFen: null,
        totals: [],
      },
      ...{ sheet: '帮扶责任人', row: 2 },
    }));
    const staged = (pairings: typeof rows) => ({
      ...{ key: entry?.key ?? '', label: '吴某', place: '', rows: [], faults: [] },
      wanted: {
        helper: {
          kind: 'responsible',
          name: '吴某',
          organisation: '镇政府',
          post: null,
          contact: null,
          details: {},
        },
        ...{ phone: '10020000500', isNamesake: false, isDetailOnly: false, pairings },
      },
    });
    if (!entry) throw new Error('no entry');
    // As if it had stopped after the first household.
    expect(await kind.apply(decided, [{ staged: staged(rows.slice(0, 1)), plan: entry }])).toEqual(
      [],
    );
    expect((await county.apply(planned)).applied?.entries).toMatchObject({
      new: 1,
      conflicting: 0,
    });
    for (const id of ids.slice(0, 3)) {
      expect((await pairingsOf(desk.tables.pairing, id)).filter(isCurrent)).toHaveLength(1);
      expect((await loadFile(desk.store, id))?.household.paired).toBe(true);
    }
  });

  test('a helper somebody changed meanwhile is in conflict, and stays as it is', async () => {
    const team = ['驻村队', second];
    const sheets = (post: string) => ({
      驻村工作队: [
        ['姓名', '挂钩村编码', '职务'],
        [...team, post],
      ],
    });
    await county.apply(await plan(sheets('队长')));
    const [paired] = await pairingsOf(desk.tables.pairing, second);
    const id = paired?.helper ?? '';
    const planned = await plan(sheets('书记'));
    const known = await loadHelper(desk.tables.pairing, id);
    await desk.call({
      route: 'PATCH /helpers/{id}',
      params: { id },
      body: { post: '第一书记' },
      ifMatch: known?.helper.version ?? 0,
    });
    const applied = await county.apply(planned);
    expect(applied.applied?.entries).toMatchObject({ conflicting: 1 });
    expect((await desk.show(id)).helper.post).toBe('第一书记');
  });

  test('two of one name are told apart by phone, and an ended pairing is not begun again', async () => {
    const sheets = {
      帮扶责任人: [
        ['姓名', '单位', '联系电话', '户编号'],
        ['郑某', '镇政府', '10020000601', numbers[5] ?? ''],
        ['郑某', '镇政府', '10020000602', numbers[6] ?? ''],
      ],
      经济强村: [
        ['强村', '强村编码', '结对贫困村编码'],
        ['强村', strong, first],
      ],
    };
    await county.apply(await plan(sheets));
    const [one] = await pairingsOf(desk.tables.pairing, ids[5] ?? '');
    const [other] = await pairingsOf(desk.tables.pairing, ids[6] ?? '');
    expect(one?.helper).not.toBe(other?.helper);
    await desk.act(
      'POST /helpers/{id}/pairings/{pairingId}/end',
      { id: one?.helper ?? '', pairing: one?.id ?? '' },
      { reason: '调离' },
    );
    const again = await plan(sheets);
    expect(again.counts?.entries).toMatchObject({ unchanged: 3 });
    const [entry] = await county.entries(again, 'unchanged');
    expect(entry?.remarks).toMatchObject([{ code: 'pairing-ended' }]);
  });
});
