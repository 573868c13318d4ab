import { describe, expect, it } from 'vitest';
import { isDrift, listingOf, sumOf } from '../../functions/core/drift.ts';
import { recountView } from '../../functions/core/drift-view.ts';
import { addTallies, countVillage, type Figures } from '../../functions/core/figure.ts';
import { type WalkPorts, walk } from '../../functions/core/figure-walk.ts';
import { entryKeysOf } from '../../functions/core/list-entry.ts';
import { HouseholdQuery, householdRow, personRow } from '../../functions/core/list-view.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { readRoster } from '../../functions/core/roster-item.ts';
import { hasAll, placesOf, VillageQuery, villageRow } from '../../functions/core/village-list.ts';
import { member, profile, roster } from '../support/roster.ts';

const day = '2017-10-23';
const tally = countVillage([roster()], undefined, day);

describe('drift', () => {
  it('is any difference between a summary and what it is made of', () => {
    expect(isDrift(tally, tally)).toBe(false);
    expect(isDrift({ ...tally, until: '2000-01-01' }, tally)).toBe(true);
    expect(isDrift({ ...tally, figures: addTallies([]).figures }, tally)).toBe(true);
    expect(isDrift({ ...tally, figures: undefined }, tally)).toBe(true);
  });

  it('a summary that was never written may only stand for nothing', () => {
    expect(isDrift(undefined, tally)).toBe(true);
    expect(isDrift(undefined, addTallies([]))).toBe(false);
  });

  it('of lists is told apart from age', () => {
    const one = roster({ members: [member({ birth: '2012-05-01' })] });
    const held = { village: one.village, keys: entryKeysOf(one, day) };
    expect(listingOf(one, held, day)).toBe('true');
    expect(listingOf(one, held, '2018-05-01')).toBe('aged');
    expect(listingOf(one, undefined, day)).toBe('drift');
    expect(listingOf(one, { ...held, village: '350122101299' }, day)).toBe('drift');
    expect(listingOf(one, { ...held, keys: held.keys.slice(1) }, day)).toBe('drift');
    expect(listingOf(one, { ...held, keys: [...held.keys.slice(1), 'cause#land'] }, day)).toBe(
      'drift',
    );
  });

  it('of a county is that of its towns and of the sums above them', () => {
    const chunk = {
      chunk: 0,
      area: '350122101',
      isDone: true,
      villages: 3,
      households: 9,
      driftedAreas: 1,
      driftedLists: 2,
      named: ['350122101201'],
      parts: [],
    };
    const other = { ...chunk, chunk: 1, isDone: false };
    expect(sumOf([chunk, other])).toMatchObject({ done: 1, villages: 6, driftedLists: 4 });
    const recount = {
      id: 'rc_1',
      county: '350122',
      area: '350122',
      day,
      startedAt: '2017-10-23T00:00:00Z',
      finishedAt: null,
      chunks: 2,
      drifted: ['3501'],
      version: 1,
    };
    expect(recountView(recount, [chunk], '3501')).toMatchObject({
      driftedAreas: 2,
      named: ['3501', '350122101201'],
    });
    expect(recountView(recount, [chunk], '350122')).toMatchObject({
      driftedAreas: 1,
      named: ['350122101201'],
    });
  });
});

interface Step {
  readonly area: string;
  readonly figures: Figures | undefined;
}

describe('a walk down the summaries', () => {
  const { figures } = tally;
  const nobody = addTallies([]).figures;
  const tree: Readonly<Record<string, readonly Step[]>> = {
    '35': [{ area: '3501', figures }],
    '3501': [
      { area: '350122', figures },
      { area: '350123', figures: nobody },
      { area: '350124', figures: undefined },
    ],
    '350122': [{ area: '350122101', figures }],
  };
  const ports: WalkPorts<Step> = {
    rows: (area) => Promise.resolve(tree[area] ?? []),
    row: (area) => Promise.resolve(area === '350122' ? { area, figures } : undefined),
  };
  const collect = async (asked: Omit<Parameters<typeof walk>[1], 'passes'>) => {
    const found: string[] = [];
    const passes = (some: Figures) => some[0] !== 0;
    for await (const { area } of walk(ports, { ...asked, passes })) found.push(area);
    return found;
  };

  it('leads to the places that count something, and to those that wait for their recount', async () => {
    expect(await collect({ area: '35', to: 'county' })).toEqual(['350122', '350124']);
  });

  it('goes on after a place it has been to', async () => {
    expect(await collect({ area: '35', to: 'county', after: '350122' })).toEqual(['350124']);
    expect(await collect({ area: '35', to: 'county', after: '360000' })).toEqual([]);
  });

  it('of an area at its goal is that area, of no area nothing', async () => {
    expect(await collect({ area: '350122', to: 'county' })).toEqual(['350122']);
    expect(await collect({ area: '350199', to: 'county' })).toEqual([]);
    expect(await collect({ area: 'x', to: 'county' })).toEqual([]);
  });
});

describe('villages in a list', () => {
  const facts = { population: 1000, hamlets: 2, poweredHamlets: 1, road: true };

  it('are those in which everything asked for is counted', () => {
    const query = VillageQuery.parse({ area: '350122', poor: 'true', criterion: 'power:not-met' });
    const poor = countVillage([roster()], profile(facts), day).figures;
    expect(hasAll(poor, placesOf(query))).toBe(true);
    expect(hasAll(tally.figures, placesOf(query))).toBe(false);
    expect(hasAll(tally.figures, placesOf({}))).toBe(true);
  });

  it('show what is known of them, and null where it is not', () => {
    const poor = countVillage([roster()], profile(facts), day).figures;
    expect(villageRow({ area: '350122101201' }, '样村', poor)).toMatchObject({
      name: '样村',
      households: 1,
      population: 1000,
      poor: true,
      passing: false,
      criteria: { power: 'not-met', road: 'met', network: 'unknown', incidence: 'met' },
    });
    const unknown = villageRow({ area: '350122101201' }, undefined, tally.figures);
    expect(unknown).toMatchObject({ population: null, poor: null, passing: null, criteria: {} });
  });
});

describe('rows of lists', () => {
  const income = {
    to: '2016-09-30',
    wagesFen: 100_001,
    businessFen: 0,
    propertyFen: 0,
    transferFen: 0,
    businessCostFen: 0,
  };

  it('a household shows its net income per head, null where it is unknown', () => {
    const two = roster({ income, members: [member(), member({ id: 'per_2' })] });
    expect(householdRow(two, day)).toMatchObject({ persons: 2, netPerPersonFen: 50_001 });
    expect(householdRow(roster(), day).netPerPersonFen).toBeNull();
    expect(householdRow(roster({ income, members: [] }), day).netPerPersonFen).toBeNull();
  });

  it('a person shows the year of birth, not the day', () => {
    const row = personRow(roster(), member({ birth: '1970-05-04' }), {
      name: '样',
      identityMasked: null,
    });
    expect(row.birthYear).toBe(1970);
    expect(JSON.stringify(row)).not.toContain('05-04');
  });

  it('a query names a division and a limit of at most a hundred', () => {
    expect(HouseholdQuery.safeParse({ area: '350122' }).data).toMatchObject({ limit: 20 });
    expect(HouseholdQuery.safeParse({ area: '350122', limit: '101' }).success).toBe(false);
    expect(HouseholdQuery.safeParse({ area: '1' }).success).toBe(false);
  });

  it('a roster item becomes the roster of its key', () => {
    const one = roster();
    const item = { pk: `V#${one.village}`, sk: `1#${one.id}`, b: encodeRoster(one) };
    expect(readRoster(item)).toEqual(one);
  });
});
