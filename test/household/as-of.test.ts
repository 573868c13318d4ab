import { beforeAll, describe, expect, it } from 'vitest';
import { noteArrivals, saveDivisions } from '../../functions/area/table.ts';
import { type Division, newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { moveHousehold } from '../../functions/core/household-close.ts';
import { decideVillage } from '../../functions/core/village.ts';
import { type AsOfPorts, asOfPorts, villageOn } from '../../functions/household/as-of.ts';
import type { Store } from '../../functions/household/table.ts';
import { saveProfiles } from '../../functions/village/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';

const occasion = {
  actor: 'seed',
  at: '2017-10-23T01:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'seed',
  source: 'imp_0',
};
let tables: Tables;
let store: Store;
let ports: AsOfPorts;
let count = 0;

const closed = (code: string, ...successors: readonly string[]): Division => {
  return { ...newDivision(code, `名${code}`, null), validTo: '2017-12-31', successors };
};
const open = (code: string): Division => newDivision(code, `名${code}`, null);

/** A household in a village since the beginning of 2016. */
function home(village: string): Promise<HouseholdFile> {
  count += 1;
  const members = [
    wantedMember({ birth: '1950-01-01', identity: identityOf('1950-01-01', count) }),
  ];
  return settle(store, { village, number: `35012291${String(count).padStart(4, '0')}`, members });
}

async function move(file: HouseholdFile, village: string, heldFrom: string) {
  const change = granted(moveHousehold(file, { village, heldFrom, reason: '搬迁' }, doing()));
  granted(await write(store, file, change));
  return change?.next ?? file;
}

const idsOn = async (village: string, day: string) =>
  (await villageOn(ports, village, day)).rosters.map(({ id }) => id);

/** Divisions of the tests, each in a town of its own. */
const divisions = [
  ...['35', '3501', '350122', '350181', '350122101', '350122102', '350122103'].map(open),
  ...['350122101201', '350122101202', '350122102201', '350122103201', '350122103202'].map(open),
  closed('350122201', '350122102'),
  closed('350122201201', '350122102201'),
  closed('350122103200', '350122103201', '350122103202'),
  closed('350181301', '350122102'),
  open('36'),
  open('3601'),
  open('360101'),
  open('360101101'),
  closed('360101101201', '350181301201'),
  closed('350181301201', '350122102201'),
  open('350181302'),
];

beforeAll(async () => {
  tables = await freshTables();
  store = storeOf(tables);
  ports = asOfPorts(tables);
  await saveDivisions(
    tables.area,
    divisions.map((after) => ({ before: null, after })),
    occasion,
  );
  await noteArrivals(tables.area, [
    { to: '350122102201', from: '350181301201' },
    { to: '350181301201', from: '360101101201' },
  ]);
});

describe('a village on a past day', () => {
  const [here, there] = ['350122101201', '350122101202'];

  it('has those who have moved away since, and not those who have come', async () => {
    const stayed = await home(here);
    const left = await move(await home(here), there, '2017-03-01');
    const came = await move(await home(there), here, '2017-03-01');
    const ids = [stayed, left, came].map(({ household }) => household.id);
    expect(await idsOn(here, '2017-02-28')).toEqual(ids.slice(0, 2).toSorted());
    expect(await idsOn(there, '2017-02-28')).toEqual(ids.slice(2));
    expect(await idsOn(here, '2017-03-01')).toEqual([ids[0], ids[2]].toSorted());
    expect(await idsOn(here, '2015-12-31')).toEqual([]);
    const { residents } = await villageOn(ports, here, '2017-02-28');
    expect(residents.find(({ roster }) => roster.id === ids[1])?.now.village).toBe(there);
  });

  it('has a household whose stay there was entered late, for past days only', async () => {
    const file = await home('350122103202');
    const facts = { village: '350122103201' };
    const about = { heldFrom: '2016-05-01', heldTo: '2016-07-01', reason: '核实', facts };
    const patch = { ...about, cleared: [], contact: {}, members: [] };
    granted(await write(store, file, granted(changeHousehold(file, patch, doing()))));
    expect(await idsOn('350122103201', '2016-06-30')).toEqual([file.household.id]);
    expect(await idsOn('350122103202', '2016-06-30')).toEqual([]);
    expect(await idsOn('350122103201', '2016-07-01')).toEqual([]);
  });

  it('has those of the villages whose place it has taken, also of one that came alone from elsewhere', async () => {
    const own = await home('350122201201');
    const gone = await move(await home('350122201201'), here, '2016-09-01');
    const beside = await move(await home('350181301201'), here, '2016-09-01');
    const afar = await move(await home('360101101201'), here, '2016-09-01');
    const ids = [own, gone, beside, afar].map(({ household }) => household.id);
    expect(await idsOn('350122102201', '2016-06-01')).toEqual(expect.arrayContaining(ids));
    expect(await idsOn('350122102201', '2016-10-01')).not.toContain(gone.household.id);
    const { rosters } = await villageOn(ports, '350122102201', '2016-06-01');
    expect(new Set(rosters.map(({ village }) => village))).toEqual(new Set(['350122102201']));
  });

  it('has those who went there when a village was divided, and the first part those who had left', async () => {
    const [first, second, left] = [
      await move(await home('350122103200'), '350122103201', '2017-01-01'),
      await move(await home('350122103200'), '350122103202', '2017-01-01'),
      await move(await home('350122103200'), here, '2016-03-01'),
    ].map(({ household }) => household.id);
    expect(await idsOn('350122103201', '2016-02-01')).toEqual([first, left].toSorted());
    expect(await idsOn('350122103202', '2016-02-01')).toContain(second);
    expect(await idsOn('350122103202', '2016-02-01')).not.toContain(first);
  });

  it('has the profile that was known of it, or of the village before it', async () => {
    const about = (village: string) => {
      const row = { village, heldOn: '2016-10-23', facts: { poor: true, population: 800 } };
      return { before: null, after: granted(decideVillage(undefined, row)).profile };
    };
    const then = { ...occasion, heldOn: '2016-10-23' };
    await saveProfiles(tables.household, [about('350122201201'), about('350122103200')], then);
    const profileOf = async (village: string, day: string) =>
      (await villageOn(ports, village, day)).profile;
    expect(await profileOf('350122102201', '2016-10-23')).toMatchObject({
      village: '350122102201',
      population: 800,
    });
    expect(await profileOf('350122102201', '2016-10-22')).toBeUndefined();
    expect(await profileOf('350122103202', '2016-10-23')).toMatchObject({
      poor: true,
      population: null,
    });
  });
});
