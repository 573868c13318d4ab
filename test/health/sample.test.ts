import { beforeAll, describe, expect, it } from 'vitest';
import { Meter } from '../../bench/meter.ts';
import { getRow } from '../../functions/board/table.ts';
import { personDimensions } from '../../functions/core/dimension-person.ts';
import { personsIn } from '../../functions/core/figure.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { settleSample } from '../list/sample-county.ts';
import { callOf } from '../support/call.ts';
import { county, setDay } from '../support/case-desk.ts';
import { freshTables, type Tables, testClient } from '../support/database.ts';
import { inParallel } from '../support/figures.ts';
import { helper } from '../support/visit-desk.ts';

let tables: Tables;
let rosters: readonly Roster[];
let meter: Meter;

beforeAll(async () => {
  tables = await freshTables();
  ({ rosters } = await settleSample(tables));
  setDay('2017-10-23');
  meter = new Meter(dynamo(), await testClient());
  await inParallel(8, rosters, async ({ id }) => {
    const digest = { v: 1, version: 1, lastOn: '2017-09-10', count: 1 };
    await putItem(tables.care, { pk: `H#${id}`, sk: '0#visit', ...digest });
  });
});

async function ask(file: 'health' | 'visit', route: string, given: object) {
  const { handler } = await import(`../../functions/${file}/reader.ts`);
  return (await callOf(handler, { route, by: county, ...given })).body;
}

const coverage = (code: string) => ask('health', 'GET /areas/{code}/health', { params: { code } });

/** Units read by a task. */
async function unitsOf(task: () => Promise<unknown>): Promise<number> {
  return (await meter.of(task)).read;
}

describe('the sample county', () => {
  it('has a family doctor for every registered person, as its ledger says and its board counts', async () => {
    const all = await coverage('350122');
    expect(all).toMatchObject({ persons: 2352, covered: 2352 });
    expect(all.counts).toMatchObject({ ledger: 2352, contract: 0, none: 0, unknown: 0 });
    const dimension = personDimensions.find(({ id }) => id === 'coverage');
    const row = await getRow(tables.summary, '350122');
    if (!dimension || !row?.figures) throw new Error('nothing was counted');
    expect(personsIn(row.figures, dimension, 'signed-doctor:yes')).toBe(2352);
    const towns = [...new Set(rosters.map(({ village }) => village.slice(0, 9)))];
    const parts = await Promise.all(towns.map(coverage));
    const sum = parts.reduce((total: number, { persons }) => total + persons, 0);
    expect(sum).toBe(2352);
  });

  it('six weeks after all were visited, those not yet exited are overdue and no others', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    let read = 0;
    do {
      const query = { area: '350122', limit: '100', ...(cursor !== undefined && { cursor }) };
      const page = await ask('visit', 'GET /visits/overdue', { query });
      found.push(...page.items.map(({ household }: { household: { id: string } }) => household.id));
      read += page.read;
      cursor = page.cursor;
    } while (cursor !== undefined);
    const wanted = rosters.filter(({ status }) => status !== 'exited').map(({ id }) => id);
    expect(found.toSorted()).toEqual(wanted.toSorted());
    expect(found).toHaveLength(159);
    expect(read).toBeLessThan(rosters.length * 1.4);
  });

  it('a page of overdue visits reads a few hundred households, whatever the county', async () => {
    const query = { area: '350122', limit: '20' };
    const units = await unitsOf(() => ask('visit', 'GET /visits/overdue', { query }));
    // Entries of the index, rosters and digests of two hundred households, and who answers for the twenty.
    expect(units).toBeLessThan(400);
    const own = { query: { ...query, area: helper.areas }, by: helper };
    expect(await unitsOf(() => ask('visit', 'GET /visits/overdue', own))).toBeLessThan(10);
  });
});
