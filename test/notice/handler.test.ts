import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { caseActions } from '../../functions/case/table.ts';
import { CaseTaken } from '../../functions/core/case-view.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import { endMember } from '../../functions/core/member.ts';
import type { NoticeView } from '../../functions/core/notice.ts';
import { loadFile, type Store } from '../../functions/household/table.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { MOST_ON_SHEET } from '../../functions/notice/service.ts';
import { saveProfiles } from '../../functions/village/table.ts';
import { granted, identityOf, VILLAGE, wantedMember } from '../support/build.ts';
import { answerOf, type Call, callOf } from '../support/call.ts';
import { proposed, upTo } from '../support/case.ts';
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
import { doing, keyFile, settle, storeOf, write } from '../support/store.ts';

const NEAR = '350122101202';
const FAR = '350122102203';
const POOR = '350122102204';
const auditor = { sub: 'audit', role: 'auditor', areas: '350122' } as const;
const helper = { sub: 'help', role: 'helper', areas: '350122' } as const;

let tables: Tables;
let store: Store;
const desk = caseDesk();

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { LOCAL_KEY_FILE: keyFile });
  store = storeOf(tables);
  setDay('2017-10-23');
  await seedPlaces(tables, [NEAR, FAR, POOR]);
});
beforeEach(() => setDay('2017-10-23'));

const handlerOf = async () => (await import('../../functions/notice/handler.ts')).handler;
const read = async (call: Omit<Call, 'by'> & Partial<Pick<Call, 'by'>>) =>
  callOf(await handlerOf(), { by: village, ...call });
const paper = async (call: Omit<Call, 'by'> & Partial<Pick<Call, 'by'>>) =>
  answerOf(await handlerOf(), { by: village, ...call });

const one = (id: string, step = 'notice', by: Call['by'] = village) =>
  read({ route: 'GET /cases/{id}/notices/{step}', params: { id, step }, by });
const all = (query: object = {}, by: Call['by'] = town) => {
  const asked = { area: VILLAGE, case: 'household-exit', step: 'notice', ...query };
  return read({ route: 'GET /notices', query: asked, by });
};

async function listed({ household }: HouseholdFile): Promise<void> {
  const file = await loadFile(store, household.id);
  const home = file?.household.facts.findLast(({ values }) => values.village)?.values.village;
  const lists = listStore({ household: tables.household, list: tables.list });
  await relist(lists, { village: home ?? VILLAGE, household: household.id }, '2017-10-23');
}

let relatives = 100;

/** A household of three whose exit has come to the step named. */
async function upToStep(act: string, given: Parameters<typeof provenHousehold>[0] = {}) {
  relatives += 1;
  const wanted = provenHousehold(given);
  const [head = wantedMember()] = wanted.members ?? [];
  const cover = { basicMedical: true, seriousIllness: true, familyDoctor: true };
  const others = ['1965-02-03', '1938-11-20'].map((birth, at) =>
    wantedMember({
      ...{ birth, name: `样${at}`, relation: at === 0 ? 'spouse' : 'mother', facts: cover },
      ...{ sex: 'female', identity: identityOf(birth, 2 * relatives) },
    }),
  );
  const income = { from: '2016-10-01', to: '2017-09-30', wagesFen: 3_000_000, businessFen: 0 };
  const rest = { propertyFen: 0, transferFen: 0, businessCostFen: 0 };
  const facts = { ...wanted.facts, income: { ...income, ...rest } };
  const file = await settle(store, { ...wanted, facts, members: [head, ...others] });
  const areas = (wanted.village ?? VILLAGE).slice(0, 9);
  const by = (sub: string) => ({ sub, role: 'office' as const, areas });
  const opened = await desk.propose(file.household.id, {}, by('proposer'));
  expect(opened.status).toBe(201);
  let found = CaseTaken.parse(opened.body);
  while (found.awaits && ![found.awaits.act, found.awaits.id].includes(act)) {
    if (found.dueOn !== null) setDay(found.dueOn);
    const confirmedBy = file.household.members[0]?.id;
    const given = found.awaits.act === 'confirm' ? { confirmedBy } : {};
    const isTown = found.awaits.levels.some((level) => level === 'town');
    const taken = await desk.step(found, given, isTown ? by(found.awaits.id) : county);
    expect(taken.status).toBe(200);
    found = CaseTaken.parse(taken.body);
  }
  await listed(file);
  return { file, found, id: found.id };
}

describe('the notice of a case', () => {
  it('names household, place, number of persons, type, result and days, in JSON and on paper', async () => {
    const { id } = await upToStep('town-review');
    const { status, body } = await one(id);
    expect([status, body]).toMatchObject([200, { kind: 'household-exit', level: 'village' }]);
    expect(body.rows).toEqual([['1', '陈样本', `名${VILLAGE}`, '3', '一般贫困户', '拟脱贫退出']]);
    expect(body.closing[0]).toContain('2017年10月23日至2017年10月29日（7天，含张贴当天）');
    expect(body.title).toContain(`名350122101名${VILLAGE}`);
    const route = 'GET /cases/{id}/notices/{step}/page';
    const page = await paper({ route, params: { id, step: 'notice' } });
    expect(page).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; .*; frame-ancestors 'none'$/,
    );
    expect(page.text).toContain('<td>陈样本</td>');
    expect(page.text).toContain(body.closing[0]);
  });

  it('is none before it is posted, under another name, elsewhere, or for a helper', async () => {
    const { id } = await upToStep('notice');
    expect((await one(id)).body).toMatchObject({ status: 409, code: 'notice-not-posted' });
    expect((await one(id, 'village-review')).body.code).toBe('not-found');
    expect((await one('cs_none')).body.code).toBe('not-found');
    expect((await one(id, 'notice', otherTown)).body.code).toBe('not-found');
    expect((await one(id, 'notice', helper)).body.code).toBe('role-not-allowed');
    expect((await one(id, 'Notice!')).status).toBe(400);
    const route = 'GET /cases/{id}/notices/{step}/page';
    const page = await paper({ route, params: { id, step: 'notice' } });
    expect([page.status, page.headers['content-type']]).toEqual([
      409,
      'application/problem+json; charset=utf-8',
    ]);
  });

  it('says so while an objection is open, and when it hangs the longer for it', async () => {
    const { found, id } = await upToStep('town-review');
    const about = { by: village, params: { id } };
    const note = { note: '家中有小车' };
    const route = 'POST /cases/{id}/objections';
    const objected = await desk.call({ ...about, route, ifMatch: found.version, body: note });
    expect((await one(id)).body).toMatchObject({ lastDay: null, paused: 0 });
    expect((await one(id)).body.text).toContain('截止日期另行公布');
    expect((await one(id)).body.text).not.toContain('小车');
    setDay('2017-10-25');
    await desk.call({
      ...{ route: `${route}/{objectionId}/settlement`, by: town, ifMatch: objected.body.version },
      params: { id, objectionId: objected.body.objection },
      body: { upheld: false, resolution: '系借用' },
    });
    expect((await one(id)).body).toMatchObject({ lastDay: '2017-10-31', paused: 2 });
  });

  it('printed again later says what it said: the household of the day it was posted', async () => {
    const { file, id } = await upToStep('end');
    const before = (await one(id)).body;
    const [, , mother] = file.household.members;
    const now = await loadFile(store, file.household.id);
    if (!now || !mother) throw new Error('nobody');
    const left = { person: mother.id, heldTo: '2017-11-05', endReason: 'death' };
    const gone = endMember(now, left, doing({ today: '2017-11-06' }));
    granted(await write(store, now, granted(gone)));
    expect((await one(id)).body).toEqual(before);
    expect((await one(id, 'announcement')).body).toMatchObject({
      ...{ act: 'announce', days: null, lastDay: null },
      rows: [[expect.anything(), '陈样本', expect.anything(), '3', '一般贫困户', '脱贫退出']],
    });
  });

  it('of a family that applied shows it, in each of the two rounds', async () => {
    const [head] = provenHousehold().members ?? [];
    const members = [{ name: '陈样申', relation: 'head', identityNumber: head?.identity }];
    const facts = { type: 'low-income' };
    const application = { number: 'A-1', village: VILLAGE, facts, members };
    const body = { kind: 'identification', reason: '农户申请', application };
    const opened = await desk.call({ route: 'POST /cases', by: village, body });
    const { id } = opened.body;
    await desk.upTo(id, 'town-review', '');
    const first = (await one(id, 'first-notice')).body;
    expect(first.title).toContain('第一次公示');
    expect(first.rows).toEqual([
      ['1', '陈样申', expect.anything(), '1', '低保贫困户', '拟识别为贫困户'],
    ]);
    expect((await one(id, 'second-notice')).body.code).toBe('notice-not-posted');
  });
});

describe('what hangs in a village or town', () => {
  const titles = (notices: readonly NoticeView[]) =>
    notices.map(({ title, rows, postedOn }) => [title, rows.length, postedOn]);

  it('is one sheet for all who were posted together, and another for each place and day', async () => {
    for (const at of [1, 2, 3]) await upToStep('town-review', { village: NEAR, number: `N${at}` });
    await upToStep('notice', { village: NEAR, number: 'N4' });
    setDay('2017-10-25');
    await upToStep('town-review', { village: NEAR, number: 'N5' });
    await upToStep('town-review', { village: FAR, number: 'F1' });
    const near = (await all({ area: NEAR })).body;
    const name = `名350122101名${NEAR}拟脱贫退出贫困户名单公示`;
    expect(titles(near.notices)).toEqual([
      [name, 3, '2017-10-23'],
      [name, 1, '2017-10-25'],
    ]);
    setDay('2017-10-30');
    expect(titles((await all({ area: NEAR })).body.notices)).toEqual([[name, 1, '2017-10-25']]);
    setDay('2017-10-25');
    const wide = titles((await all({ area: '350122101' })).body.notices);
    expect(wide.filter(([title]) => title === name)).toHaveLength(2);
    expect(wide.flat()).not.toContain(`名350122102名${FAR}拟脱贫退出贫困户名单公示`);
    const route = 'GET /notices/page';
    const query = { area: NEAR, case: 'household-exit', step: 'notice' };
    const page = await paper({ route, query, by: auditor });
    expect(page).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(page.text.match(/<section class="sheet">/g)).toHaveLength(2);
    expect(page.text).toContain('（共3户9人）');
  });

  it('is nothing where nothing hangs, and is asked for by village or town, inside one’s area', async () => {
    expect(await all({ step: 'announcement' })).toMatchObject({
      status: 200,
      body: { notices: [] },
    });
    const route = 'GET /notices/page';
    const query = { area: VILLAGE, case: 'return', step: 'notice' };
    expect((await read({ route, query, by: county })).body.code).toBe('notice-not-posted');
    expect((await all({}, otherTown)).body.code).toBe('not-found');
    expect((await all({ area: '350122' }, county)).body).toMatchObject({
      code: 'request-invalid',
      errors: [{ field: 'area' }],
    });
    expect((await all({ case: 'wedding' })).status).toBe(400);
    expect((await all({}, helper)).body.code).toBe('role-not-allowed');
  });

  it('is asked for village by village where a town has more than one answer takes', async () => {
    const { noticesHanging } = await import('../../functions/notice/service.ts');
    const query = { area: '350122101', case: 'return', step: 'notice' } as const;
    const asked: number[] = [];
    const ports = {
      under: async (_: unknown, { limit }: { readonly limit: number }) => {
        asked.push(limit);
        return { ids: ['cs_1'], more: true };
      },
    };
    const found = Reflect.apply(noticesHanging, undefined, [
      ports,
      { ...town, areas: [town.areas] },
      { query, today: '2017-10-23' },
    ]);
    expect(await found).toMatchObject({ refused: 'notice-too-many' });
    expect(asked).toEqual([MOST_ON_SHEET]);
  });
});

describe('the notice of a village that is to leave the list', () => {
  const villages = { areas: '350122102', sub: 'far-town', role: 'office' } as const;

  beforeAll(async () => {
    setDay('2017-10-23');
    const profile = {
      ...{ village: POOR, version: 1, heldOn: '2017-01-01', poor: true, planExitYear: 2017 },
      ...{ homes: 100, population: 400, hamlets: 4, poweredHamlets: 4, road: true, network: true },
      ...{ dropouts: 0, collectiveIncomeFen: 20_000_000, industries: ['茶'], exitedOn: null },
    };
    const occasion = {
      ...{ actor: 'seed', at: '2017-01-01T00:00:00.000Z', heldOn: '2017-01-01' },
      ...{ reason: '建档', source: 'by-hand' },
    };
    await saveProfiles(tables.household, [{ before: null, after: profile }], occasion);
    await settle(store, provenHousehold({ village: POOR, number: 'V1' }));
    const exited = { status: 'exited', exitYear: 2016 };
    await settle(store, provenHousehold({ village: POOR, number: 'V2', facts: exited }));
    const found = upTo(
      proposed('village-exit', { id: 'cs_village', openedOn: '2017-10-20' }),
      'decide',
    );
    const subject = { type: 'village', code: POOR } as const;
    await transact(caseActions(tables.case, undefined, { ...found, subject, village: POOR }));
  });

  it('hangs in the town and says what the exit is judged by', async () => {
    const notice = (await one('cs_village', 'notice', villages)).body;
    expect(notice.title).toBe('名350122名350122102拟退出贫困村名单公示');
    expect(notice.rows).toEqual([
      ['1', '名350122102', `名${POOR}`, '2户2人', '1', '0.25%', '拟退出贫困村'],
    ]);
    const query = { area: '350122102', case: 'village-exit', step: 'notice' };
    expect((await all(query, villages)).body.notices).toEqual([notice]);
    expect((await all({ ...query, area: POOR }, county)).body.notices).toEqual([notice]);
    expect((await all({ ...query, area: FAR }, county)).body.notices).toEqual([]);
  });

  it('is seen inside its area alone', async () => {
    expect((await one('cs_village', 'notice', town)).body.code).toBe('not-found');
    expect((await one('cs_village', 'notice', auditor)).status).toBe(200);
  });
});

describe('a household that moves while its notice hangs', () => {
  it('is named where it was posted', async () => {
    const { file, id } = await upToStep('town-review');
    const before = (await one(id, 'notice', county)).body;
    const now = await loadFile(store, file.household.id);
    if (!now) throw new Error('nobody');
    const move = { village: FAR, heldFrom: '2017-10-20', reason: '搬迁' };
    granted(await write(store, now, granted(moveHousehold(now, move, doing()))));
    expect((await one(id, 'notice', county)).body).toEqual(before);
    expect((await one(id)).body.code).toBe('not-found');
  });
});
