import { beforeAll, describe, expect, it } from 'vitest';
import { getRow, putRow } from '../../functions/board/table.ts';
import { nothing, registeredIn } from '../../functions/core/figure.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { type Caller, callOf } from '../support/call.ts';
import { county, seedPlaces, setDay } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';

const city: Caller = { sub: 'city', role: 'office', areas: '3501' };
let tables: Tables;

/** Figures of so many registered households and persons. */
function figuresOf(households: number, persons: number) {
  const figures = nothing.slice();
  [figures[0], figures[1]] = [households, persons];
  expect(registeredIn(figures)).toMatchObject({ households, persons });
  return figures;
}

async function count(area: string, households: number, persons: number): Promise<void> {
  const before = await getRow(tables.summary, area);
  const figures = figuresOf(households, persons);
  const row = { area, day: '2017-10-23', until: '2017-12-31', figures };
  expect(await putRow(tables.summary, before, row)).toBe(true);
}

async function coverage(by: Caller) {
  const { handler } = await import('../../functions/health/reader.ts');
  return callOf(handler, {
    ...{ route: 'GET /areas/{code}/health', by, params: { code: by.areas } },
  });
}

beforeAll(async () => {
  tables = await freshTables();
  await seedPlaces(tables);
  setDay('2017-10-23');
});

describe('coverage of very many persons', () => {
  it('a county of more than can be counted while somebody waits is told by its board, with its towns', async () => {
    await count('350122101', 40_000, 100_001);
    await count('350122102', 0, 0);
    await count(county.areas, 40_000, 100_000);
    expect((await coverage(county)).body).toMatchObject({ persons: 0, counts: { persons: 0 } });
    await count(county.areas, 40_000, 100_001);
    expect((await coverage(county)).body).toMatchObject({
      ...{ persons: 100_001, covered: 0, counts: null },
      parts: [{ area: '350122101', href: '/areas/350122101/health' }],
    });
  });

  it('is refused, rather than told as nobody, while the figures wait for a recount', async () => {
    await putItem(tables.summary, {
      ...{ pk: 'S#35', sk: '3501', v: 1, version: 1, day: '2017-10-23', until: '2017-12-31' },
      figures: new Uint8Array(8),
    });
    expect((await coverage(city)).body.code).toBe('figures-being-recounted');
  });
});
