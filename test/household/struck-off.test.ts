import { beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { moveHousehold, strikeOff } from '../../functions/core/household-close.ts';
import type { Store } from '../../functions/household/table.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { granted, identityOf, TODAY, VILLAGE, wantedMember } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, keyFile, settle, storeOf, write } from '../support/store.ts';

type Handler = Parameters<typeof callOf>[0];

const other = '350122102203';
const county = '350122';
const clerk: Caller = { sub: 'clerk', role: 'office', areas: county };
const births = ['1950-01-01', '1951-01-01'];
const identities = births.map((birth, place) => identityOf(birth, place + 1));

let tables: Tables;
let store: Store;
let handlers: { readonly list: Handler; readonly board: Handler; readonly person: Handler };
let gone: HouseholdFile;
let kept: HouseholdFile;

/** What the streams tell after a change. */
async function tell(): Promise<void> {
  const areas = [VILLAGE, other].flatMap((village) => [village, ...ancestorsOf(village)]);
  const upwards = [...new Set(areas)].toSorted((one, two) => two.length - one.length);
  for (const area of upwards) await recompute(summaryStore(tables), area, TODAY);
  for (const { household } of [gone, kept])
    for (const village of [VILLAGE, other])
      await relist(listStore(tables), { village, household: household.id }, TODAY);
}

async function listed(query: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const asked = { route: 'GET /households', by: clerk, query };
  const { body } = await callOf(handlers.list, asked);
  return body.items.map(({ id }: { id: string }) => id);
}

async function counted(code: string) {
  const asked = { route: 'GET /areas/{code}/board', by: clerk, params: { code } };
  const { body } = await callOf(handlers.board, asked);
  return body;
}

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, RECOUNT_QUEUE: 'none' });
  const codes = [VILLAGE, other].flatMap((village) => [village, ...ancestorsOf(village)]);
  const steps = [...new Set(codes)].map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  const seeding = { actor: 'seed', at: `${TODAY}T01:00:00.000Z`, heldOn: TODAY, source: 'imp_0' };
  await saveDivisions(tables.area, steps, { ...seeding, reason: 'seed' });
  handlers = {
    list: (await import('../../functions/list/handler.ts')).handler,
    board: (await import('../../functions/board/handler.ts')).handler,
    person: (await import('../../functions/person/handler.ts')).handler,
  };
  const [first = '', second = ''] = identities;
  const alone = (identity: string, birth = '') => [wantedMember({ birth, identity })];
  gone = await settle(store, { number: '1', members: alone(first, births[0]) });
  kept = await settle(store, { number: '2', members: alone(second, births[1]) });
  const order = { heldFrom: '2017-03-01', reason: 'error' };
  const closed = granted(strikeOff(gone, order, doing()));
  granted(await write(store, gone, closed));
  gone = closed.next;
  await tell();
});

describe('a household struck off', () => {
  it('is listed where its status is asked for, and nowhere else', async () => {
    expect(await listed({ area: county, status: 'struck-off' })).toEqual([gone.household.id]);
    expect(await listed({ area: county })).toEqual([kept.household.id]);
  });

  it('counts on the board under its status, and in no other figure', async () => {
    const { byStatus, ...rest } = await counted(VILLAGE);
    const isOne = { households: 1, persons: 1 };
    // Who is off the register has no share in it.
    const shares = { households: null, persons: null };
    expect(byStatus['struck-off']).toMatchObject({ ...isOne, shares });
    expect(byStatus.unexited).toMatchObject(isOne);
    expect(rest.households.registered).toBe(1);
    expect(rest.bySize['1']).toMatchObject(isOne);
    expect(rest.byCause.illness).toMatchObject(isOne);
  });

  it('is named by a look-up of its person, with its status', async () => {
    const [identityNumber] = identities;
    const asked = { route: 'POST /persons/lookup', by: clerk, body: { identityNumber } };
    expect(await callOf(handlers.person, asked)).toMatchObject({
      status: 200,
      body: { household: { id: gone.household.id, status: 'struck-off' } },
    });
  });

  it('is listed and counted in the village to which a change of divisions takes it', async () => {
    const move = { village: other, heldFrom: TODAY, reason: '并村' };
    const moved = granted(moveHousehold(gone, move, doing()));
    granted(await write(store, gone, moved));
    await tell();
    expect(await listed({ area: VILLAGE, status: 'struck-off' })).toEqual([]);
    expect(await listed({ area: other, status: 'struck-off' })).toEqual([gone.household.id]);
  });
});
