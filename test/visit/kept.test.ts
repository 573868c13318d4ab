import { beforeAll, describe, expect, it } from 'vitest';
import { moveHousehold } from '../../functions/core/household-close.ts';
import { loadFile, type Store } from '../../functions/household/table.ts';
import { granted, identityOf, VILLAGE, wantedMember } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { county, otherTown, seedPlaces, setDay, town } from '../support/case-desk.ts';
import { freshTables } from '../support/database.ts';
import { doing, keyFile, settle, storeOf, write } from '../support/store.ts';
import { helpedBy, helper, visitBody, visitDesk } from '../support/visit-desk.ts';

const other = '350122102203';
const { enter, listed } = visitDesk();
let store: Store;
let home: string;
let persons: readonly string[];

function pair() {
  return ['1950-01-02', '1952-03-04'].map((birth, at) =>
    wantedMember({
      birth,
      identity: identityOf(birth, at + 1),
      relation: at === 0 ? 'head' : 'son',
    }),
  );
}

const health = async (route: string, by: Caller, asked: object = {}) => {
  const { handler } = route.startsWith('GET')
    ? await import('../../functions/health/reader.ts')
    : await import('../../functions/health/handler.ts');
  return callOf(handler, { route, by, ...asked });
};

beforeAll(async () => {
  const tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, BUCKET: 'bucket' });
  await seedPlaces(tables);
  setDay('2017-10-23');
  const file = await settle(store, { members: pair() });
  home = file.household.id;
  persons = file.household.members.map(({ id }) => id);
  await helpedBy(store, home, [helper.sub]);
  expect(await enter(home, visitBody())).toMatchObject({ status: 201 });
  const contract = { team: '一队', doctor: '林医生', from: '2017-05-01', to: '2018-04-30' };
  const params = { id: home, personId: persons[1] ?? '' };
  const route = 'POST /households/{id}/members/{personId}/doctor-contracts';
  expect(await health(route, town, { params, body: contract, ifMatch: 0 })).toMatchObject({
    status: 201,
  });
});

describe('visits, contracts and health files', () => {
  it('come along when a household moves or its division does, and are seen from there', async () => {
    const file = await loadFile(store, home);
    if (!file) throw new Error('no household');
    const move = { village: other, heldFrom: '2017-10-20', reason: '区划调整' };
    granted(await write(store, file, granted(moveHousehold(file, move, doing()))));
    expect(await listed(home, town)).toMatchObject({ status: 404 });
    expect((await listed(home, otherTown)).body.items).toHaveLength(1);
    expect((await listed(home, helper)).body.items).toHaveLength(1);
    const asked = { params: { id: home } };
    expect(await health('GET /households/{id}/health', town, asked)).toMatchObject({ status: 404 });
    const { body } = await health('GET /households/{id}/health', otherTown, asked);
    expect(body.members[1]).toMatchObject({ doctor: 'contract', version: 1 });
  });

  it('stay with the household and go with the person when a household is split', async () => {
    const { handler } = await import('../../functions/life/handler.ts');
    const file = await loadFile(store, home);
    const [, son = ''] = persons;
    const answer = await callOf(handler, {
      route: 'POST /households/{id}/split',
      by: county,
      params: { id: home },
      ifMatch: file?.household.version ?? 0,
      body: { persons: { [son]: 'head' }, number: '3501220099', reason: 'own-household' },
    });
    expect(answer).toMatchObject({ status: 201 });
    const id =
      JSON.stringify(answer.body)
        .match(/hh_\w+/g)
        ?.find((one) => one !== home) ?? '';
    const asked = { params: { id } };
    const { body } = await health('GET /households/{id}/health', otherTown, asked);
    expect(body.members).toMatchObject([{ person: son, doctor: 'contract', version: 1 }]);
    expect((await listed(home, otherTown)).body.items).toHaveLength(1);
    expect((await listed(id, otherTown)).body.items).toEqual([]);
    expect(VILLAGE.startsWith(town.areas)).toBe(true);
  });
});
