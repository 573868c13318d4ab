import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { recountChunk, start } from '../../functions/board/recount.ts';
import { latestOf } from '../../functions/board/recount-service.ts';
import { getRow } from '../../functions/board/table.ts';
import { catalogue } from '../../functions/catalogue.ts';
import { personDimensions } from '../../functions/core/dimension-person.ts';
import { personsIn } from '../../functions/core/figure.ts';
import { deleteItem, dynamo } from '../../functions/lib/dynamo.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { member, roster } from '../support/roster.ts';
import { County } from './county.ts';

const villages = ['350122101201', '350122101202', '350122102201', '350181101201'];
let tables: Tables;
let county: County;

function household(at: number, village: string) {
  const child = member({ id: `per_${at}b`, birth: '2012-02-29', relation: 'son' });
  return roster({
    id: `hh_${at}`,
    village,
    mainCause: 'illness',
    members: [member({ id: `per_${at}a` }), child],
  });
}

async function latest(area: string) {
  const { row, latest: last, chunks } = county.ports;
  const rows = (one: string) =>
    county.ports.inside(one).then((codes) => Promise.all(codes.map(row)));
  return latestOf(
    {
      row,
      rows: async (one) => (await rows(one)).filter((found) => found !== undefined),
      latest: last,
      chunks,
    },
    area,
  );
}

async function band(area: string, value: string): Promise<number> {
  const dimension = personDimensions.find(({ id }) => id === 'ageBand');
  const row = await getRow(tables.summary, area);
  if (!dimension || !row?.figures) throw new Error('no figures');
  return personsIn(row.figures, dimension, value);
}

beforeEach(async () => {
  tables = await freshTables();
  county = new County(tables, '2017-10-23');
  for (const [at, village] of villages.entries()) await county.write(household(at, village));
  await county.settle();
});

describe('a recount', () => {
  it('of a county whose messages all arrived finds no drift', async () => {
    await county.recount('a', '350122');
    const found = await latest('350122');
    expect(found).toMatchObject({ drift: 0, recounts: [{ villages: 3, households: 3 }] });
    expect(found.recounts[0]?.finishedAt).not.toBeNull();
    expect(county.summary).toEqual([]);
    expect(county.listing).toEqual([]);
  });

  it('finds what lost messages left behind, has it repaired, and finds nothing the next time', async () => {
    const lost = { ...household(0, '350122101201'), version: 2, status: 'exited', exitYear: 2017 };
    await county.write(lost, false);
    await county.recount('b', '350122');
    const found = await latest('350122');
    expect(found.recounts[0]).toMatchObject({ driftedAreas: 1, driftedLists: 1 });
    expect(found.recounts[0]?.named).toEqual(['350122101201', 'hh_0']);
    expect(county.drifts).toEqual(['350122101']);
    await county.settle();
    await county.recount('c', '350122');
    expect((await latest('350122')).drift).toBe(0);
  });

  it('finds who still stands in the lists of a village where nobody has such a file', async () => {
    const [village = ''] = villages;
    await deleteItem(tables.household, { pk: `V#${village}`, sk: '1#hh_0' });
    await county.recount('k', '350122');
    const found = await latest('350122');
    expect(found.recounts[0]).toMatchObject({ driftedAreas: 1, driftedLists: 1 });
    expect(found.recounts[0]?.named).toEqual([village, 'hh_0']);
    expect(await county.ports.listed(village)).toHaveLength(1);
    await county.settle();
    expect(await county.ports.listed(village)).toEqual([]);
    await county.recount('l', '350122');
    expect((await latest('350122')).drift).toBe(0);
  });

  it('counts a household once that moved within its town unheard', async () => {
    const [from = '', to = ''] = villages;
    await deleteItem(tables.household, { pk: `V#${from}`, sk: '1#hh_0' });
    await county.write({ ...household(0, to), version: 2 }, false);
    await county.recount('m', '350122');
    expect((await latest('350122')).recounts[0]).toMatchObject({ driftedLists: 1 });
    await county.settle();
    await county.recount('n', '350122');
    expect((await latest('350122')).drift).toBe(0);
  });

  it('waits for all villages of a town together, however many differ', async () => {
    const many = Array.from({ length: 12 }, (_, at) => `3501221012${at + 10}`);
    for (const [at, village] of many.entries()) await county.write(household(at + 20, village));
    await county.settle();
    for (const [at, village] of many.entries())
      await county.write({ ...household(at + 20, village), version: 2, status: 'exited' }, false);
    let waits = 0;
    const wait = async () => {
      waits += 1;
    };
    await start({ ...county.ports, wait }, 'o', '350122101');
    const [message] = county.recounts.splice(0);
    if (!message || !('recount' in message)) throw new Error('no chunk');
    await recountChunk({ ...county.ports, wait }, message.recount, message.chunk);
    expect((await latest('350122101')).recounts[0]).toMatchObject({ driftedAreas: many.length });
    expect(waits).toBeLessThan(many.length);
  });

  it('is kept for a season and then removed, with all that belongs to it', async () => {
    await county.recount('p', '350122');
    expect(catalogue.flatMap((one) => one.tables ?? [])).toContainEqual(
      expect.objectContaining({ name: 'job', ttl: 'expiresAt' }),
    );
    const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: tables.job }));
    const days = Items.map(
      ({ expiresAt }) => (Number(expiresAt?.N) - Date.now() / 1000) / (24 * 3600),
    );
    expect(days.length).toBeGreaterThan(2);
    expect(days.filter((left) => !(left > 60 && left < 100))).toEqual([]);
  });

  it('finds a village that no summary knows, and sums that differ from their parts', async () => {
    await county.write(household(9, '350122102299'), false);
    await deleteItem(tables.summary, { pk: 'S#3501', sk: '350122' });
    await county.recount('d', '350122');
    const [found] = (await latest('350122')).recounts;
    expect(found?.named).toContain('350122');
    // The village is in neither the register of divisions nor a summary; only one of them can lead there.
    expect(found?.named).not.toContain('350122102299');
    await county.settle();
    expect((await getRow(tables.summary, '350122'))?.figures).toBeDefined();
  });

  it('of everything goes down to every county, and each is accounted for', async () => {
    await county.recount('e', '0');
    const found = await latest('35');
    expect(found.recounts.map((one) => one.county)).toEqual(['350122', '350181']);
    expect(found.drift).toBe(0);
  });

  it('of one village looks at that village alone', async () => {
    await county.recount('f', '350122101202');
    expect((await latest('350122101202')).recounts).toMatchObject([{ villages: 1, chunks: 1 }]);
  });

  it('tells a town what lies in the town and a village what lies in the village, of whatever the county drifted', async () => {
    for (const [at, village] of villages.entries())
      await county.write({ ...household(at, village), version: 2, status: 'exited' }, false);
    await deleteItem(tables.summary, { pk: 'S#3501', sk: '350122' });
    await county.recount('q', '350122');
    const [first = '', second = '', third = ''] = villages;
    const told = async (area: string) => {
      const { drift, recounts } = await latest(area);
      const [one] = recounts;
      return [drift, one?.villages, one?.chunks, one?.done, one?.named.toSorted()];
    };
    const inFirst = [first, 'hh_0'];
    const inTown = [first, second, 'hh_0', 'hh_1'];
    expect(await told(first)).toEqual([2, 1, 1, 1, inFirst.toSorted()]);
    expect(await told('350122101')).toEqual([4, 2, 1, 1, inTown.toSorted()]);
    const everything = ['350122', ...inTown, third, 'hh_2'];
    expect(await told('350122')).toEqual([7, 3, 2, 2, everything.toSorted()]);
    expect(await told('350122101299')).toEqual([0, 0, 1, 1, []]);
  });

  it('tells a town of the last recount that looked at it', async () => {
    await county.recount('r', '350122101');
    await county.recount('s', '350122102201');
    const asked = async (area: string) => (await latest(area)).recounts.map((one) => one.area);
    expect(await asked('350122101')).toEqual(['350122101']);
    expect(await asked('350122102')).toEqual(['350122102201']);
    expect(await asked('350122')).toEqual(['350122102201']);
    expect(await asked('350122103')).toEqual([]);
  });

  it('told twice and killed half-way it is one recount that ends once', async () => {
    await start(county.ports, 'g', '350122');
    await start(county.ports, 'g', '350122');
    const first = county.recounts.find((one) => 'recount' in one);
    if (!first || !('recount' in first)) throw new Error('no chunk');
    const { recount: id, chunk } = first;
    await recountChunk(county.ports, id, chunk);
    expect((await latest('350122')).recounts[0]?.finishedAt).toBeNull();
    await county.recount('g', '350122');
    await recountChunk(county.ports, id, chunk);
    expect((await latest('350122')).recounts).toMatchObject([{ done: 2, chunks: 2, villages: 3 }]);
  });

  it('does not call drift what a change under way explains', async () => {
    const under = { ...household(0, '350122101201'), version: 2, mainCause: 'schooling' };
    await county.write(under);
    const { wait } = county.ports;
    const ports = {
      ...county.ports,
      wait: async () => {
        await county.settle();
        await wait();
      },
    };
    await start(ports, 'h', '350122');
    for (const message of county.recounts.splice(0))
      if ('recount' in message) await recountChunk(ports, message.recount, message.chunk);
    expect((await latest('350122')).drift).toBe(0);
  });
});

describe('when a day changes ages', () => {
  it('children reach the next band on the night of their birthday, in figures and lists', async () => {
    expect(await band('350122', '0-5')).toBe(3);
    county.day = '2018-03-01';
    await county.recount('i', '350122');
    expect((await latest('350122')).drift).toBe(0);
    await county.settle();
    expect(await band('350122', '0-5')).toBe(0);
    expect(await band('350122', '6-15')).toBe(3);
    await county.recount('j', '350122');
    expect((await latest('350122')).drift).toBe(0);
    expect(county.listing).toEqual([]);
  });

  it('after nights that were missed, and on 31 August, figures still follow', async () => {
    const coverage = personDimensions.find(({ id }) => id === 'coverage');
    if (!coverage) throw new Error('no coverage');
    const pupils = async () => {
      const row = await getRow(tables.summary, '350122');
      return row?.figures && personsIn(row.figures, coverage, 'compulsory-age:yes');
    };
    county.day = '2018-08-30';
    await county.recount('k', '350122');
    await county.settle();
    expect(await pupils()).toBe(0);
    county.day = '2018-08-31';
    await county.recount('l', '350122');
    await county.settle();
    expect(await pupils()).toBe(3);
    county.day = '2018-12-31';
    await county.recount('m', '350122');
    expect((await latest('350122')).drift).toBe(0);
  });
});
