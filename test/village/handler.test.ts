import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { getVillageLock, lockAction } from '../../functions/case/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { ExitSheetShape } from '../../functions/core/exit-sheet.ts';
import { exitVillage } from '../../functions/core/village-leave.ts';
import { villageSheet } from '../../functions/core/village-sheet.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import {
  evidenceOf,
  getProfile,
  profileEvents,
  saveProfiles,
} from '../../functions/village/table.ts';
import { granted, identityOf, TODAY, wantedMember } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { settle, storeOf } from '../support/store.ts';

const county = { sub: 'county-office', role: 'office', areas: '350122' } as const;
const town = { sub: 'town-office', role: 'office', areas: '350122101' } as const;
const clerk = { sub: 'village-clerk', role: 'office', areas: '350122101201' } as const;
const village = '350122101201';
const facts = {
  poor: true,
  population: 1000,
  hamlets: 4,
  poweredHamlets: 4,
  road: true,
  network: true,
  dropouts: 0,
  collectiveIncomeFen: 10_000_000,
  industries: ['茶叶'],
};
let tables: Tables;
let handler: typeof import('../../functions/village/handler.ts')['handler'];
let boards: typeof import('../../functions/board/handler.ts')['handler'];

beforeAll(async () => {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse(`${TODAY}T02:00:00Z`) - Date.now());
  tables = await freshTables();
  const villages = ['201', '202', '203', '204'].map((end) => `350122101${end}`);
  const codes = [...villages, ...ancestorsOf(village)];
  await saveDivisions(
    tables.area,
    codes.map((code) => ({ before: null, after: newDivision(code, `名${code}`, null) })),
    { actor: 'seed', at: '2016-01-01T00:00:00Z', heldOn: '2016-01-01', reason: 's', source: 's' },
  );
  ({ handler } = await import('../../functions/village/handler.ts'));
  ({ handler: boards } = await import('../../functions/board/handler.ts'));
});
afterAll(() => {
  delete process.env.CLOCK_OFFSET_MS;
});

const entry = (given: object, heldOn = '2017-10-01') => ({ heldOn, reason: '核查', facts: given });

const enterBy = (by: Caller) => (code: string, ifMatch: number, body: unknown) =>
  callOf(handler, {
    route: 'PATCH /areas/{code}/village-profile',
    by,
    params: { code },
    ifMatch,
    body,
  });
const enter = enterBy(county);

const road = {
  criterion: 'road',
  text: '道路验收报告',
  document: '连交建〔2017〕12号',
  heldOn: '2017-05-01',
};

function record(code: string, body: unknown, key?: string) {
  const route = 'POST /areas/{code}/exit-evidence';
  return callOf(handler, { route, by: clerk, params: { code }, body, ...(key && { key }) });
}

function sheetOf(code: string, query: Record<string, string> = {}) {
  const route = 'GET /areas/{code}/exit-sheet';
  return callOf(handler, { route, by: county, params: { code }, query });
}

describe('facts of a village', () => {
  it('are entered for the first time on version 0, and changed on the version that was read', async () => {
    expect(await enter(village, 0, entry(facts))).toMatchObject({
      status: 200,
      body: { village, version: 1 },
      headers: { etag: '"1"' },
    });
    const changed = await enterBy(town)(village, 1, entry({ dropouts: 2 }, '2017-10-10'));
    expect(changed.body).toEqual({ village, version: 2 });
    const profile = await getProfile(tables.household, village);
    expect(profile).toMatchObject({ ...facts, dropouts: 2, heldOn: '2017-10-10' });
    expect(profile?.origins?.dropouts).toMatchObject({ by: 'town-office', source: 'by-hand' });
    const [event] = await profileEvents(tables.household, village);
    expect(event).toMatchObject({
      kind: 'changed',
      fields: ['dropouts'],
      reason: '核查',
      heldOn: '2017-10-10',
      actor: 'town-office',
    });
  });

  it('leave the list of poor villages to the county, which does not touch it while a case is open', async () => {
    const off = entry({ poor: false }, '2017-10-10');
    expect(await enterBy(town)(village, 2, off)).toMatchObject({
      status: 403,
      body: { code: 'village-list-above' },
    });
    const lock = { before: undefined, case: 'cs_1', isOpen: true };
    await transact([lockAction(tables.case, village, lock)]);
    expect(await enter(village, 2, off)).toMatchObject({
      status: 409,
      body: { code: 'case-open' },
    });
    expect(await enterBy(town)(village, 2, entry({ poor: true }, '2017-10-10'))).toMatchObject({
      status: 200,
      body: { version: 2 },
    });
    const before = await getVillageLock(tables.case, village);
    await transact([lockAction(tables.case, village, { ...lock, before, isOpen: false })]);
  });

  it('that are known already change nothing and leave no event', async () => {
    const again = await enter(village, 2, entry({ dropouts: 2 }, '2017-10-20'));
    expect(again).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await profileEvents(tables.household, village)).toHaveLength(2);
  });

  it('of two clerks who change the same version, one wins and the other is told', async () => {
    const both = await Promise.all([
      enterBy(town)(village, 2, entry({ homes: 300 }, '2017-10-11')),
      enterBy(county)(village, 2, entry({ homes: 301 }, '2017-10-11')),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect(both.find(({ status }) => status === 412)?.body).toMatchObject({
      code: 'version-stale',
      title: expect.stringContaining('第 3 版'),
    });
    expect(await profileEvents(tables.household, village)).toHaveLength(3);
  });

  it('are refused with a reason a clerk can act on', async () => {
    const refusals = await Promise.all([
      enter(village, 3, entry({})),
      enter(village, 3, entry({ homes: 1 }, '2017-10-24')),
      enter(village, 3, entry({ homes: 1 }, '2017-10-09')),
      enter(village, 3, entry({ exitedOn: '2017-10-01' })),
      enter('350122101', 0, entry({ homes: 1 })),
      enterBy(county)('350122101209', 0, entry({ homes: 1 })),
    ]);
    expect(refusals.map(({ body }) => body.code)).toEqual([
      'village-facts-none',
      'date-future',
      'village-facts-older',
      'request-invalid',
      'area-not-village',
      'area-unknown',
    ]);
  });
});

describe('evidence of a criterion of exit', () => {
  it('is recorded once however often it is sent, and never changed', async () => {
    const first = await record(village, road, 'once');
    expect(first).toMatchObject({ status: 201, body: { village } });
    expect((await record(village, road, 'once')).body).toEqual(first.body);
    expect(await evidenceOf(tables.household, village)).toMatchObject([
      { id: first.body.id, criterion: 'road', by: 'village-clerk', heldOn: '2017-05-01' },
    ]);
  });

  it('of two clerks at once stands twice: nothing of it is lost', async () => {
    const both = await Promise.all(
      ['甲', '乙'].map((who) => record(village, { ...road, text: `${who}验收` })),
    );
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    const texts = (await evidenceOf(tables.household, village)).map(({ text }) => text);
    expect(texts.toSorted()).toEqual(['乙验收', '甲验收', '道路验收报告'].toSorted());
  });

  it('sent twice in the same moment under one key is recorded once', async () => {
    const network = { ...road, criterion: 'network' };
    const both = await Promise.all([
      record(village, network, 'same'),
      record(village, network, 'same'),
    ]);
    expect(both[0]?.body).toEqual(both[1]?.body);
    const all = await evidenceOf(tables.household, village);
    expect(all.filter(({ criterion }) => criterion === 'network')).toHaveLength(1);
  });

  it('is of a village that is described, and of no day to come', async () => {
    const by = { ...clerk, areas: '350122101202' };
    const route = 'POST /areas/{code}/exit-evidence';
    const undescribed = await callOf(handler, {
      route,
      by,
      params: { code: by.areas },
      body: road,
    });
    expect(undescribed).toMatchObject({ status: 404, body: { code: 'village-undescribed' } });
    expect(await evidenceOf(tables.household, by.areas)).toEqual([]);
    const future = await record(village, { ...road, heldOn: '2017-10-24' });
    expect(future.body.code).toBe('date-future');
    const number = await record(village, { ...road, text: '电话 10012345678' });
    expect(number).toMatchObject({ status: 400, body: { errors: [{ field: 'text' }] } });
  });
});

describe('the exit sheet of a village', () => {
  it('counts who has not exited from the rosters, and shows evidence and sources beside each criterion', async () => {
    const store = storeOf(tables);
    for (const order of [1, 2]) {
      const member = wantedMember({
        birth: '1950-01-01',
        identity: identityOf('1950-01-01', order),
      });
      await settle(store, { village, number: `99000${order}`, members: [member] });
    }
    const { status, body } = await sheetOf(village);
    expect(status).toBe(200);
    const sheet = ExitSheetShape.parse(body);
    expect(sheet).toMatchObject({ kind: 'village', on: TODAY, passes: false });
    expect(sheet.items.filter(({ answer }) => answer !== 'met')).toMatchObject([
      { criterion: 'dropout', answer: 'not-met', sources: [{ by: 'town-office' }] },
    ]);
    const [incidence, roads] = sheet.items;
    expect(incidence?.parts).toMatchObject({ unexitedPersons: 2, population: 1000 });
    expect(roads?.evidence).toHaveLength(3);
    expect(roads?.evidence?.at(-1)).toMatchObject({ document: '连交建〔2017〕12号', village });
  });

  it('of a past day is what is known now about that day', async () => {
    const then = ExitSheetShape.parse((await sheetOf(village, { on: '2017-10-05' })).body);
    expect(then).toMatchObject({ on: '2017-10-05', passes: true });
    const before = await sheetOf(village, { on: '2017-09-30' });
    expect(before.body.code).toBe('village-undescribed');
  });

  it('is of a village, described, and not of a day to come', async () => {
    const refusals = await Promise.all([
      sheetOf('350122101'),
      sheetOf('350122101204'),
      sheetOf(village, { on: '2017-10-24' }),
      sheetOf(village, { on: '2017-02-29' }),
    ]);
    expect(refusals.map(({ body }) => body.code)).toEqual([
      'area-not-village',
      'village-undescribed',
      'date-future',
      'request-invalid',
    ]);
  });
});

it('a village that has exited stays among the poor ones and is counted and listed as exited', async () => {
  const other = '350122101203';
  await enter(other, 0, entry(facts));
  const profile = await getProfile(tables.household, other);
  if (!profile) throw new Error('not described');
  const occasion = {
    actor: 'county-office',
    at: `${TODAY}T02:00:00.000Z`,
    heldOn: TODAY,
    reason: '公告退出',
    source: 'cs_1',
  };
  const proof = { exitedOn: TODAY, sheet: villageSheet(profile, 0, TODAY) };
  const step = granted(exitVillage(profile, proof, occasion));
  expect(await saveProfiles(tables.household, [step], occasion)).toBe(true);
  const [event] = await profileEvents(tables.household, other);
  expect(event).toMatchObject({ kind: 'changed', fields: ['exitedOn'], heldOn: TODAY });

  const upwards = [village, other, ...ancestorsOf(village)];
  for (const area of upwards.toSorted((a, b) => b.length - a.length))
    await recompute(summaryStore(tables), area, TODAY);
  const board = await callOf(boards, {
    route: 'GET /areas/{code}/board',
    by: county,
    params: { code: '350122' },
  });
  expect(board.body.villages).toMatchObject({ poor: 2, exited: 1, passing: 1 });
  const link = new URL(board.body.villages.lists.exited, 'http://localhost');
  const query = Object.fromEntries(link.searchParams);
  expect(query).toEqual({ area: '350122', exited: 'yes' });
  const listed = await callOf(boards, { route: 'GET /villages', by: county, query });
  expect(listed.body.items).toMatchObject([{ code: other, poor: true, exited: true }]);
  const poor = await callOf(boards, {
    route: 'GET /villages',
    by: county,
    query: { area: '350122', poor: 'yes' },
  });
  expect(poor.body.items.map((one: { exited: boolean }) => one.exited)).toEqual([false, true]);
});
