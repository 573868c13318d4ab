import { beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { readRoster } from '../../functions/core/roster-item.ts';
import { allEvents, loadFile, type Store } from '../../functions/household/table.ts';
import { getItem, putItem } from '../../functions/lib/dynamo.ts';
import { identityOf, VILLAGE, wantedMember } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { county, otherTown, seedPlaces, setDay, town, village } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { keyFile, settle, storeOf } from '../support/store.ts';
import { auditor, helpedBy, helper, tellOf } from '../support/visit-desk.ts';

const other = '350122102203';
const city: Caller = { sub: 'city', role: 'office', areas: '3501' };
let tables: Tables;
let store: Store;
let home: HouseholdFile;
let person: string;
let spouse: string;

function familyOf(order: number, familyDoctor: boolean | undefined) {
  const facts = familyDoctor === undefined ? {} : { familyDoctor };
  const births = ['1950-01-02', '1952-03-04'];
  return births.map((birth, at) =>
    wantedMember({
      ...{ name: `样${order}${at}`, birth, identity: identityOf(birth, order * 2 + at), facts },
      relation: at === 0 ? 'head' : 'spouse',
    }),
  );
}

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  await seedPlaces(tables);
  setDay('2017-10-23');
  const first = await settle(store, { number: '61', members: familyOf(1, true) });
  home = await helpedBy(store, first.household.id, [helper.sub]);
  [person = '', spouse = ''] = home.household.members.map(({ id }) => id);
  const files = [
    home,
    await settle(store, { number: '62', members: familyOf(2, false) }),
    await settle(store, { number: '63', members: familyOf(3, undefined), village: other }),
  ];
  await tellOf(tables, files);
});

async function call(asked: Parameters<typeof callOf>[1]) {
  const { handler } = asked.route.startsWith('GET')
    ? await import('../../functions/health/reader.ts')
    : await import('../../functions/health/handler.ts');
  return callOf(handler, asked);
}

const ofMember = '/households/{id}/members/{personId}';

function act(
  route: string,
  body: object,
  given: { by?: Caller; of?: string; version?: number } = {},
) {
  const { by = town, of = person, version = 0 } = given;
  const params = { id: home.household.id, personId: of };
  return call({
    route: `${route.split(' ')[0]} ${ofMember}/${route.split(' ')[1]}`,
    by,
    params,
    body,
    ifMatch: version,
  });
}

async function healthOf(by: Caller = town, id = home.household.id) {
  const { body, status } = await call({ route: 'GET /households/{id}/health', by, params: { id } });
  return { status, body, members: body.members };
}

async function coverage(by: Caller, code = by.areas) {
  return (await call({ route: 'GET /areas/{code}/health', by, params: { code } })).body;
}

async function listed(by: Caller, which: string) {
  const query = { area: by.areas, which };
  const { body } = await call({ route: 'GET /health-files', by, query });
  return body.items.map((row: { person: { name: string } }) => row.person.name);
}

const contract = { team: '一队', doctor: '林医生', from: '2017-05-01', to: '2018-04-30' };
const file = {
  setUpOn: '2017-06-01',
  diseases: [{ disease: 'hypertension', since: '2016-01-01' }],
};

describe('coverage of the registered persons', () => {
  it('counts what ledgers say apart from contracts, and unknown is not no', async () => {
    const all = await coverage(county);
    expect(all).toMatchObject({ persons: 6, covered: 2, rule: { illustrative: true } });
    expect(all.counts).toMatchObject({ contract: 0, ledger: 2, none: 2, unknown: 2, lapsed: 0 });
    expect(all.counts).toMatchObject({ file: 0, 'no-file': 6, chronic: 0, due: 0, overdue: 0 });
    expect(await coverage(town)).toMatchObject({ persons: 4, covered: 2 });
    expect(await coverage(village)).toMatchObject({ persons: 4, covered: 2 });
  });

  it('above counties says what boards say, and names the counties', async () => {
    expect(await coverage(city)).toMatchObject({
      ...{ persons: 6, covered: 2, counts: null },
      parts: [{ area: '350122', href: '/areas/350122/health' }],
    });
  });

  it('every figure opens its list', async () => {
    const { counts, lists } = await coverage(county);
    for (const [figure, href] of Object.entries(lists)) {
      if (figure === 'persons') continue;
      const { searchParams } = new URL(String(href), 'http://local');
      const names = await listed(county, searchParams.get('which') ?? '');
      expect([figure, names.length]).toEqual([figure, counts[figure]]);
    }
  });
});

describe('a contract with a family doctor', () => {
  it('is signed with the fact of the person in one write, so that boards follow', async () => {
    const [second] = (await loadFile(store, home.household.id))?.household.members.slice(1) ?? [];
    expect(second?.id).toBe(spouse);
    const answer = await act('POST doctor-contracts', contract, { of: spouse });
    expect(answer).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: { version: 1 } });
    expect((await coverage(town)).counts).toMatchObject({ contract: 1, ledger: 1 });
    const ended = await act(
      'POST doctor-contracts/end',
      { on: '2017-10-20', reason: '换团队' },
      { of: spouse, version: 1 },
    );
    expect(ended).toMatchObject({ status: 200, body: { version: 2 } });
    const item = await getItem(tables.household, {
      pk: `V#${VILLAGE}`,
      sk: `1#${home.household.id}`,
    });
    const roster = readRoster(item ?? {});
    expect(roster.members.find(({ id }) => id === spouse)?.familyDoctor).toBe(false);
    expect((await coverage(town)).counts).toMatchObject({ contract: 0, none: 3 });
    const events = await allEvents({ tables }, home.household.id);
    const [latest] = events.toSorted((one, two) => two.version - one.version);
    expect(latest).toMatchObject({ kind: 'changed', reason: '家庭医生解约', actor: 'town' });
    expect(latest?.changes).toMatchObject([
      { field: 'familyDoctor', person: spouse, after: false },
    ]);
  });

  it('one who has a fact already gets the contract without a change of the file', async () => {
    const before = (await loadFile(store, home.household.id))?.household.version;
    expect(await act('POST doctor-contracts', contract)).toMatchObject({ status: 201 });
    const then = (await loadFile(store, home.household.id))?.household.version;
    // The fact is known from the registration of the household on, which is earlier than the contract.
    expect(then).toBe(before);
    const renewed = await act(
      'POST doctor-contracts/renewal',
      { to: '2019-04-30' },
      { version: 1 },
    );
    expect(renewed).toMatchObject({ status: 200, body: { version: 2 } });
    const { members } = await healthOf();
    expect(members[0]).toMatchObject({ doctor: 'contract', version: 2 });
    expect(members[0].contracts).toMatchObject([
      { to: '2019-04-30', renewals: [{ until: '2018-04-30' }] },
    ]);
  });

  it('of two at once one is entered, and the other is told', async () => {
    const answers = await Promise.all(
      ['2018-09-30', '2018-10-31'].map((to) =>
        act(
          'POST doctor-contracts',
          { ...contract, from: '2017-10-21', to },
          { of: spouse, version: 2 },
        ),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 412]);
    expect((await healthOf()).members[1].contracts).toHaveLength(2);
  });

  it('is lapsed once it has run out, and then no longer covers', async () => {
    setDay('2020-01-01');
    const { counts, covered } = await coverage(town);
    expect(counts).toMatchObject({ lapsed: 2, contract: 0 });
    expect(covered).toBe(0);
    setDay('2017-10-23');
  });

  it('is nobody’s who is no live member, or out of reach', async () => {
    const stranger = await act('POST doctor-contracts', contract, { of: 'per_nobody' });
    expect(stranger).toMatchObject({ body: { code: 'member-unknown' } });
    expect(await act('POST doctor-contracts', contract, { by: otherTown })).toMatchObject({
      status: 404,
    });
    expect(await act('POST doctor-contracts', contract, { by: helper })).toMatchObject({
      status: 403,
    });
  });
});

describe('a health file with follow-ups', () => {
  it('is set up by offices of towns and above, which alone see the disease', async () => {
    expect(await act('PUT health-file', file, { by: village, version: 2 })).toMatchObject({
      status: 403,
    });
    expect(await act('PUT health-file', file, { version: 1 })).toMatchObject({ status: 412 });
    expect(await act('PUT health-file', file, { version: 2 })).toMatchObject({ status: 200 });
    expect((await healthOf(county)).members[0].file).toEqual(file);
    for (const reader of [village, helper]) {
      const { body, members } = await healthOf(reader);
      expect(members[0]).toMatchObject({ file: { setUpOn: '2017-06-01', diseases: null } });
      expect(members[0].followUp).toEqual({ dueOn: '2017-09-01', state: 'overdue' });
      expect(JSON.stringify(body)).not.toContain('hypertension');
    }
    expect((await healthOf(auditor)).status).toBe(403);
    expect((await healthOf(otherTown)).status).toBe(404);
  });

  it('is overdue for whoever may see it, without a disease', async () => {
    for (const reader of [county, town, village, helper])
      expect(await listed(reader, 'overdue')).toEqual(['样10']);
    expect(await listed(otherTown, 'overdue')).toEqual([]);
    expect((await coverage(county)).counts).toMatchObject({ file: 1, chronic: 1, overdue: 1 });
    const query = { area: county.areas, which: 'chronic' };
    const { body } = await call({ route: 'GET /health-files', by: county, query });
    expect(JSON.stringify(body)).not.toContain('hypertension');
  });

  it('a follow-up puts the next one off, and the same request sent again is the same follow-up', async () => {
    const body = { on: '2017-10-10', by: '林医生', way: 'home' };
    const params = { id: home.household.id, personId: person };
    const asked = { route: `POST ${ofMember}/follow-ups`, by: village, params, body, key: 'k1' };
    const first = await call(asked);
    expect(first).toMatchObject({ status: 201 });
    expect((await call(asked)).body).toEqual(first.body);
    // Its answer is kept for a day; a phone may be out of reach for longer.
    setDay('2017-10-25');
    expect(await call(asked)).toMatchObject({ status: 201, body: { id: first.body.id } });
    const others = { ...asked, body: { ...body, on: '2017-10-11' } };
    expect((await call(others)).body.code).toBe('idempotency-key-reused');
    setDay('2017-10-23');
    expect(await act('POST follow-ups', { ...body, on: '2017-08-10' })).toMatchObject({
      status: 201,
    });
    expect((await healthOf()).members[0]).toMatchObject({
      lastFollowUp: '2017-10-10',
      followUp: { dueOn: '2018-01-10', state: 'in-time' },
    });
    const page = async (query: Record<string, string>) =>
      (await call({ route: `GET ${ofMember}/follow-ups`, by: helper, params, query })).body;
    const one = await page({ limit: '1' });
    const two = await page({ limit: '1', cursor: one.cursor });
    const days = [...one.items, ...two.items].map(({ on }: { on: string }) => on);
    expect(days).toEqual(['2017-10-10', '2017-08-10']);
    expect((await page({ cursor: 'x' })).code).toBe('cursor-invalid');
    expect(await listed(county, 'overdue')).toEqual([]);
  });

  it('follow-ups entered at once are all kept', async () => {
    const days = ['2017-10-11', '2017-10-12', '2017-10-13'];
    const answers = await Promise.all(
      days.map((on) => act('POST follow-ups', { on, by: '林医生', way: 'phone' })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await healthOf()).members[0].lastFollowUp).toBe('2017-10-13');
  });

  const actOn = async (
    act: 'PUT' | 'POST',
    body: object,
    given: { version: number; by?: Caller; of: string; key?: string },
  ) => {
    const path = `${ofMember}/follow-ups/{followUpId}${act === 'POST' ? '/withdrawal' : ''}`;
    const { version, by = village, of, ...key } = given;
    const params = { id: home.household.id, personId: person, followUpId: of };
    return call({ route: `${act} ${path}`, by, params, body, ifMatch: version, ...key });
  };
  const latest = async () => {
    const params = { id: home.household.id, personId: person };
    return (await call({ route: `GET ${ofMember}/follow-ups`, by: helper, params, query: {} })).body
      .items;
  };

  it('a follow-up is put right with the former entry kept, and what is due follows', async () => {
    const [{ id: of, on }] = await latest();
    expect(on).toBe('2017-10-13');
    const right = { on: '2017-09-14', by: '林医生', way: 'home', reason: '登错日期' };
    expect((await actOn('PUT', right, { of, version: 1, by: village })).body.code).toBe(
      'follow-up-not-yours',
    );
    expect((await actOn('PUT', right, { of, version: 2, by: town })).status).toBe(412);
    expect((await actOn('PUT', right, { of, version: 1, by: otherTown })).status).toBe(404);
    const done = await actOn('PUT', right, { of, version: 1, by: town });
    expect(done).toMatchObject({ status: 200, headers: { etag: '"2"' }, body: { id: of } });
    expect((await actOn('PUT', right, { of, version: 1, by: town })).status).toBe(412);
    expect((await healthOf()).members[0].lastFollowUp).toBe('2017-10-12');
    expect((await latest()).map((one: { on: string }) => one.on)).toEqual([
      ...['2017-10-12', '2017-10-11', '2017-10-10', '2017-09-14', '2017-08-10'],
    ]);
    const params = { id: home.household.id, personId: person, followUpId: of };
    const route = `GET ${ofMember}/follow-ups/{followUpId}`;
    const shown = await call({ route, by: helper, params });
    expect(shown).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(shown.body).toMatchObject({
      ...{ version: 2, on: '2017-09-14', corrected: { actor: 'town', reason: '登错日期' } },
      earlier: [{ version: 1, on: '2017-10-13', corrected: null }],
    });
    expect((await call({ route, by: otherTown, params })).status).toBe(404);
    const left = { pk: `N#${person}`, sk: `F#2017-10-13#${of}` };
    expect(await getItem(tables.care, left)).toMatchObject({ version: 2, movedTo: '2017-09-14' });
    // Back to its first day: where nothing stood, it stands again.
    const again = { ...right, on: '2017-10-13', reason: '原来没错' };
    expect((await actOn('PUT', again, { of, version: 2, by: town })).status).toBe(200);
    expect((await healthOf()).members[0].lastFollowUp).toBe('2017-10-13');
    expect(await latest()).toHaveLength(5);
  });

  it('of two who put the same follow-up right one wins, and the other is told', async () => {
    const [{ id: of, version }] = await latest();
    const answers = await Promise.all(
      ['甲', '乙'].map((by) =>
        actOn(
          'PUT',
          { on: '2017-10-13', by: `${by}医生`, way: 'home', reason: '换人' },
          { of, version, by: county },
        ),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });

  it('a follow-up entered by mistake is withdrawn, stays to be read and counts no longer', async () => {
    const [{ id: of, version }] = await latest();
    const asked = { of, version, by: county, key: 'k-gone' };
    const gone = await actOn('POST', { reason: '登记在别人名下' }, asked);
    expect(gone).toMatchObject({ status: 200, body: { id: of, version: version + 1 } });
    expect((await actOn('POST', { reason: '登记在别人名下' }, asked)).body).toEqual(gone.body);
    expect((await healthOf()).members[0].lastFollowUp).toBe('2017-10-12');
    expect((await latest())[0]).toMatchObject({
      id: of,
      withdrawn: { actor: 'county', reason: '登记在别人名下' },
    });
  });

  it('a follow-up stored before any could be put right is read as its first version', async () => {
    const id = `fu_${'1'.repeat(24)}`;
    const row = { v: 1, id, on: '2017-07-02', by: '林医生', way: 'home', next: null };
    const at = '2017-07-02T01:00:00.000Z';
    const key = { pk: `N#${person}`, sk: `F#2017-07-02#${id}` };
    await putItem(tables.care, { ...key, ...row, actor: 'village', at });
    const found = (await latest()).find((one: { id: string }) => one.id === id);
    expect(found).toMatchObject({ version: 1, corrected: null, withdrawn: null });
    const body = { reason: '误登' };
    expect((await actOn('POST', body, { of: id, version: 1 })).status).toBe(200);
  });

  it('goes with the person, and nothing of a disease stands in the file or its events', async () => {
    const events = await allEvents({ tables }, home.household.id);
    expect(JSON.stringify(events)).not.toContain('hypertension');
    const was = await getItem(tables.care, { pk: `N#${person}`, sk: 'W#000002' });
    expect(was).toMatchObject({ version: 2, file: null });
  });
});
