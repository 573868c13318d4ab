import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restore } from '../../functions/core/ledger-formula.ts';
import { householdSheet } from '../../functions/core/sheet-household.ts';
import { entitlementSheet } from '../../functions/core/sheet-policy.ts';
import { listEntitlements } from '../../functions/entitlement/listing.ts';
import { entitlements } from '../../functions/entitlement/spec.ts';
import { api } from '../../functions/lib/http.ts';
import { type PageAsked, type SheetBounds, sheetsBy } from '../../functions/lib/sheet-list.ts';
import { listings } from '../../functions/list/listing.ts';
import { listHouseholdsRoute } from '../../functions/list/spec.ts';
import { listsWithSheets } from '../access/expected-sheet.ts';
import { seedWorld, type World } from '../access/world.ts';
import { answerOf, type Caller, callOf } from '../support/call.ts';
import { type Ask, answersOf, askSheet, type Cells, type Json, sheetOf } from './desk.ts';

const COUNTY = '350122';
const VILLAGE = '350122101201';
const office: Caller = { sub: 'office-li', role: 'office', areas: COUNTY };
const paired: Caller = { sub: 'helper-paired', role: 'helper', areas: COUNTY };
const HOSTILE = '=HYPERLINK("http://x","陈")';

let world: World;
let household = '';
let helper = '';

/** What each list is asked. */
function asked(id: (typeof listsWithSheets)[number], by = office): Ask {
  if (id === 'policy.entitlements') return { by, params: { id: household } };
  if (id === 'helper.read') return { by, params: { id: helper } };
  const query: Record<string, string> = { area: COUNTY };
  if (id === 'health.persons') query.which = 'unknown';
  if (id === 'coverage.names')
    return { by, params: { id: 'world-grant' }, query: { ...query, result: 'missed' } };
  return { by, query };
}

beforeAll(async () => {
  world = await seedWorld();
  household = world.households.get(VILLAGE)?.household.id ?? '';
  helper = `hp_a${VILLAGE}`;
  const { handler } = await import('../../functions/pairing/handler.ts');
  const body = {
    kind: 'enterprise',
    area: COUNTY,
    name: HOSTILE,
    contact: '+86',
    phone: '13800000000',
  };
  const made = await callOf(handler, { route: 'POST /helpers', by: office, body });
  expect([made.status, made.body]).toEqual([201, made.body]);
});
afterAll(() => world.close());

const itemsOf = (answers: readonly Json[], name = 'items') =>
  answers.flatMap((answer): readonly Json[] => {
    const { [name]: items } = answer;
    return Array.isArray(items) ? items : [];
  });
const cell = (rows: readonly Cells[], heading: Cells | undefined, name: string) =>
  rows.map((row) => row[heading?.indexOf(name) ?? -1] ?? null);

/** For a row of each list: what must stand under some headings. */
const says: Readonly<Record<string, (row: never) => Record<string, unknown>>> = {
  'household.list': (row: { number: string; village: string; persons: number }) => ({
    ...{ 户编号: row.number, 区划代码: row.village, 人数: row.persons },
  }),
  'person.list': (row: { name: string; birthYear: number; identityMasked: string }) => ({
    ...{ 姓名: row.name, 出生年份: row.birthYear, 证件号码: row.identityMasked },
  }),
  'helper.list': (row: { name: string; phoneMasked: string | null; households: number }) => ({
    ...{ 帮扶力量名称: row.name, 联系电话: row.phoneMasked, 结对户数: row.households },
  }),
  'helper.read': (row: { from: string; subject: { number: string } }) => ({
    ...{ 结对开始: row.from, 户编号: row.subject.number },
  }),
  'pairing.gaps': (row: { village: string }) => ({ 区划代码: row.village, 缺口: '村缺少帮扶力量' }),
  'visit.overdue': (row: {
    household: { number: string };
    dueOn: string;
    overdueDays: number;
  }) => ({
    ...{ 户编号: row.household.number, 应走访日期: row.dueOn, 逾期天数: row.overdueDays },
  }),
  'measure.list': (row: { household: { number: string }; startedOn: string }) => ({
    ...{ 户编号: row.household.number, 开始日期: row.startedOn },
  }),
  'measure.loans': () => ({}),
  'health.persons': (row: { person: { name: string }; household: { number: string } }) => ({
    ...{ 姓名: row.person.name, 户编号: row.household.number },
  }),
  'coverage.names': (row: { household: { number: string }; dueFen: number }) => ({
    ...{ 户编号: row.household.number, '本期应享（元）': row.dueFen / 100 },
  }),
  'policy.entitlements': (row: { name: { zh: string }; reason: { zh: string } }) => ({
    ...{ 政策项目: row.name.zh, 理由: row.reason.zh },
  }),
};
const listNames: Record<string, string> = { 'helper.read': 'pairings', 'pairing.gaps': 'villages' };

describe('a list as a spreadsheet', () => {
  it.each(listsWithSheets)('%s has the rows of the list, in its order', async (id) => {
    const [answers, sheet] = await Promise.all([answersOf(id, asked(id)), sheetOf(id, asked(id))]);
    const items = itemsOf(answers, listNames[id]);
    expect([id, items.length > 0]).toEqual([id, id !== 'measure.loans']);
    const expected = items.map((row) => Reflect.apply(says[id] ?? Object, undefined, [row]));
    const names = Object.keys(expected[0] ?? {});
    const told = sheet.rows.map((row) =>
      Object.fromEntries(
        names.map((name) => {
          const one = row[sheet.heading?.indexOf(name) ?? -1] ?? null;
          return [name, typeof one === 'string' ? restore(one) : one];
        }),
      ),
    );
    expect(told).toEqual(expected);
    expect(String(sheet.origin?.[0])).toContain(`制表人：office-li　共 ${items.length} 行`);
  });

  it('says what it is, of where, and how it was asked for; an empty one too', async () => {
    const query = { area: COUNTY, overdue: 'yes' };
    const { title, origin, heading, rows } = await sheetOf('measure.loans', { by: office, query });
    expect(title).toEqual(['未还清的小额信贷']);
    expect(origin?.[0]).toMatch(
      /^区划：名350122　日期：\d{4}-\d\d-\d\d　制表人：office-li　共 0 行　条件：是否逾期：是$/,
    );
    expect(heading?.slice(0, 4)).toEqual(['所在地', '区划代码', '户编号', '户主姓名']);
    expect(rows).toEqual([]);
  });

  it('is saved under a Chinese name, from an address that soon is none', async () => {
    const { location = '' } = await askSheet('visit.overdue', asked('visit.overdue'));
    expect(new URL(location).searchParams.get('X-Amz-Expires')).toBe('120');
    const { headers } = await fetch(location);
    const saved = headers.get('content-disposition') ?? '';
    expect(saved).toMatch(/^attachment; filename\*=UTF-8''[\w.%~!-]+$/);
    expect(decodeURIComponent(saved.split("''")[1] ?? '')).toMatch(
      /^待走访的户_名350122_.*\.xlsx$/,
    );
    expect(headers.get('content-type')).toContain('spreadsheetml');
  });

  it('never lets a name calculate', async () => {
    const { rows, heading } = await sheetOf('helper.list', asked('helper.list'));
    expect(cell(rows, heading, '帮扶力量名称')).toContain(`'${HOSTILE}`);
    expect(cell(rows, heading, '联系电话').filter((one) => /\d{11}/.test(String(one)))).toEqual([]);
  });

  it('calls an industry mode what its county calls it', async () => {
    const { handler } = await import('../../functions/measure/handler.ts');
    const { modes } =
      (await answersOf('measure.modes', { by: office, params: { code: COUNTY } }))[0] ?? {};
    const renamed = (Array.isArray(modes) ? modes : []).map((mode) =>
      mode.code === 'cooperative' ? { ...mode, zh: '村社共建' } : mode,
    );
    const change = { params: { code: COUNTY }, body: { modes: renamed }, ifMatch: 0, by: office };
    const done = await callOf(handler, { route: 'PUT /areas/{code}/measure-modes', ...change });
    expect([done.status, done.body]).toEqual([200, done.body]);
    const { rows, heading } = await sheetOf('measure.list', asked('measure.list'));
    expect(new Set(cell(rows, heading, '产业模式'))).toEqual(new Set(['村社共建']));
    const query = { area: COUNTY, mode: 'cooperative' };
    const { origin } = await sheetOf('household.list', { by: office, query });
    expect(origin?.[0]).toMatch(/条件：产业模式：村社共建$/);
  });
});

/** Today's lines of the access log about somebody. */
async function linesOf(sub: string): Promise<readonly Json[]> {
  const auditor: Caller = { sub: 'a', role: 'auditor', areas: COUNTY };
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const query = { area: COUNTY, day, limit: '100' };
  const answers = await answersOf('access.log', { by: auditor, query });
  return itemsOf(answers, 'lines').filter((line) => line.sub === sub);
}

/** What sheets are drawn by where nothing has a name. */
const ports = () => ({
  ...{ bucket: process.env.BUCKET ?? '', access: world.tables.access },
  places: () => Promise.resolve(new Map()),
  home: () => Promise.resolve(undefined),
  modes: () => Promise.resolve(new Map()),
});

describe('who gets a sheet', () => {
  it('a helper gets the own households alone, and a town nothing of another', async () => {
    const own = await sheetOf('visit.overdue', asked('visit.overdue', paired));
    expect(own.rows.map((row) => row[2])).toEqual(['990000']);
    const town: Caller = { ...office, areas: '350122102' };
    const other = await sheetOf('household.list', { by: town, query: { area: '350122102' } });
    expect(other.rows.map((row) => row[1])).toEqual(['350122102201']);
    expect(await askSheet('household.list', asked('household.list', town))).toMatchObject({
      ...{ status: 404, code: 'not-found' },
    });
    expect(await askSheet('policy.entitlements', asked('policy.entitlements', town))).toMatchObject(
      {
        status: 404,
      },
    );
  });

  it('stands in the access log before the sheet can be fetched', async () => {
    const by = { ...office, sub: 'office-on-record' };
    await askSheet('visit.overdue', asked('visit.overdue', by));
    await askSheet('policy.entitlements', asked('policy.entitlements', by));
    await askSheet('helper.read', asked('helper.read', by));
    const lines = await linesOf(by.sub);
    expect(
      lines.toSorted((one, two) => (String(one.reference) < String(two.reference) ? -1 : 1)),
    ).toMatchObject([
      { kind: 'sheet', household: null, reference: `helper.read ${helper}` },
      { kind: 'sheet', role: 'office', area: VILLAGE, household, reference: 'policy.entitlements' },
      { kind: 'sheet', role: 'office', area: COUNTY, household: null, reference: 'visit.overdue' },
    ]);
  });

  it('is on record with the office a household is under now, though its sheet is of a day in another village', async () => {
    const now = '350122102201';
    const sub = 'office-of-a-past-day';
    const sheet = sheetsBy({ ...ports(), home: () => Promise.resolve(now) });
    const list = sheet(entitlements, entitlementSheet, (given) =>
      listEntitlements(world.tables, given),
    );
    const route = 'GET /households/{id}/entitlements.xlsx';
    const call = { route, by: { ...office, sub }, params: { id: household } };
    expect((await answerOf(api([list]), call)).status).toBe(303);
    expect(await linesOf(sub)).toMatchObject([{ kind: 'sheet', area: now, household }]);
  });

  it('takes the filters of the list, and no page', async () => {
    const query = { area: COUNTY, cursor: 'x', limit: '5' };
    expect(await askSheet('household.list', { by: office, query })).toMatchObject({
      ...{ status: 400, code: 'request-invalid' },
    });
    const none = { area: COUNTY, status: 'exited' };
    expect((await sheetOf('household.list', { by: office, query: none })).rows).toEqual([]);
    const wrong = { area: COUNTY, status: 'nonsense' };
    expect((await askSheet('household.list', { by: office, query: wrong })).status).toBe(400);
  });
});

/** The list of households as a sheet that reads it household by household, within these bounds. */
async function inSteps(bounds: SheetBounds) {
  const pages: PageAsked[] = [];
  const { households } = listings(world.tables, process.env.BUCKET ?? '');
  const sheet = sheetsBy({ ...ports(), bounds });
  const list = sheet(listHouseholdsRoute, householdSheet, ({ actor, query }, page) => {
    pages.push(page);
    return households({ actor, query: { ...query, ...page, limit: 1 } });
  });
  const call = { route: 'GET /households.xlsx', by: office, query: { area: COUNTY } };
  const { status, text } = await answerOf(api([list]), call);
  return { status, code: JSON.parse(text).code, pages: pages.length };
}

describe('a long list', () => {
  it('is read to its end, page after page', async () => {
    expect(await inSteps({ rows: 3, ms: 20_000 })).toMatchObject({ status: 303, pages: 3 });
  });

  it('is refused whole where it is longer than a sheet may be or takes too long, never cut', async () => {
    expect(await inSteps({ rows: 2, ms: 20_000 })).toMatchObject({
      status: 422,
      code: 'sheet-too-long',
    });
    expect(await inSteps({ rows: 3, ms: -1 })).toMatchObject({
      status: 422,
      code: 'sheet-too-long',
      pages: 1,
    });
  });
});
