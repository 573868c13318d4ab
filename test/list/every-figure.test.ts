import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { settingOf } from '../../functions/core/figure.ts';
import { filtersOf, isIn, membersIn } from '../../functions/core/list-filter.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { dynamo, useDynamo } from '../../functions/lib/dynamo.ts';
import { figuresOf, inParallel, membersOf } from '../support/figures.ts';
import { readOnce } from '../support/read-once.ts';
import { SAMPLE_COUNTY, SAMPLE_DAY } from '../support/sample.ts';
import { type Shown, showSample } from './answer.ts';

const Board = z.looseObject({
  children: z.array(z.object({ area: z.object({ code: z.string() }) })),
});
const Home = z.object({ village: z.string() });
const Row = z.union([
  z.object({ code: z.string() }).transform(({ code }) => ({ id: code, village: code })),
  z
    .object({ id: z.string(), household: Home })
    .transform(({ id, household }) => ({ id, ...household })),
  Home.extend({ id: z.string() }),
]);
type Row = z.infer<typeof Row>;

let shown: Shown;
let towns: readonly string[];
let villages: readonly string[];
let withNoughts: ReadonlySet<string>;
/** The county's list of each query: identifiers by the place they are in, that is by county, town and village. */
const whole = new Map<string, ReadonlyMap<string, readonly string[]>>();

const ask = async (path: string): Promise<unknown> => JSON.parse((await shown.answer(path)).body);
const boardOf = async (area: string) => Board.parse(await ask(`/areas/${area}/board`));
const partsOf = async (area: string) =>
  (await boardOf(area)).children.map((child) => child.area.code);

/** Households are asked for in pages of 34, which reads the index as a page of 100 of their persons does: one query serves both. */
async function listOf(link: string): Promise<readonly Row[]> {
  const limit = link.startsWith('/households') ? 34 : 100;
  return z.array(Row).parse(await membersOf({ ask }, link, { limit }));
}

/** The query of a link, whatever its area. */
function queryOf(link: string): string {
  const { pathname, searchParams } = new URL(link, 'http://localhost');
  searchParams.delete('area');
  return `${pathname}?${searchParams}`;
}

function byPlace(rows: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const { id, village } of rows)
    for (const place of [village.slice(0, 6), village.slice(0, 9), village]) {
      const found = places.get(place);
      if (found) found.push(id);
      else places.set(place, [id]);
    }
  return places;
}

/** Who must be in a list of the county, by looking at every household. */
function truth(link: string): readonly string[] {
  const { pathname, searchParams } = new URL(link, 'http://localhost');
  const kind = pathname === '/persons' ? 'persons' : 'households';
  const filters = filtersOf(kind, Object.fromEntries(searchParams));
  if (isRefused(filters)) throw new Error(link);
  return shown.rosters.flatMap((one) => {
    const setting = settingOf(shown.profiles.get(one.village), SAMPLE_DAY);
    if (!isIn(one, filters.ok, setting)) return [];
    return kind === 'persons' ? membersIn(one, filters.ok, setting).map(({ id }) => id) : [one.id];
  });
}

/**
 * Follows the figures of some areas; the figures followed, and those whose list is not what the county's list holds there. Lists of a figure
 * of nought are most of all lists and read nothing; `noughts` says in which areas they are followed as well.
 */
async function follow(areas: readonly string[], noughts: ReadonlySet<string>) {
  const wrong: unknown[] = [];
  let followed = 0;
  await inParallel(8, areas, async (area) => {
    for (const { path, value, list } of figuresOf(await ask(`/areas/${area}/board`))) {
      if (value === 0 && !noughts.has(area)) continue;
      const ids = (await listOf(list)).map(({ id }) => id);
      const wanted = whole.get(queryOf(list))?.get(area) ?? [];
      followed += 1;
      if (ids.length !== value || ids.join() !== wanted.join())
        wrong.push({ area, path, value, list, listed: ids.length, wanted: wanted.length });
    }
  });
  return { wrong, followed };
}

beforeAll(async () => {
  shown = await showSample();
  useDynamo(readOnce(dynamo()));
  towns = await partsOf(SAMPLE_COUNTY);
  const all = (await Promise.all(towns.map(partsOf))).flat();
  const homes = new Set([...shown.rosters.map(({ village }) => village), ...shown.profiles.keys()]);
  const empty = all.filter((village) => !homes.has(village));
  // All villages where nobody is registered in the long run, one of them here: their figures are all zero.
  villages = [...homes, ...(process.env.SOAK ? empty : empty.slice(0, 1))];
  // In one village of each town and in an empty one; in all of them in the long run.
  const oneOfEach = new Map([...homes].map((village) => [village.slice(0, 9), village])).values();
  withNoughts = new Set(process.env.SOAK ? villages : [...oneOfEach, ...empty.slice(0, 1)]);
}, 240_000);

describe('every figure has a list with exactly its members', () => {
  it('in the county: as many as the figure says, nobody twice, and all whom the ledgers say', async () => {
    const figures = figuresOf(await boardOf(SAMPLE_COUNTY));
    expect(figures.length).toBeGreaterThan(300);
    await inParallel(8, figures, async ({ value, list }) => {
      const rows = await listOf(list);
      const ids = rows.map(({ id }) => id);
      expect(ids.length, list).toBe(value);
      expect(new Set(ids).size, list).toBe(value);
      if (!list.startsWith('/villages'))
        expect(ids.toSorted(), list).toEqual(truth(list).toSorted());
      whole.set(queryOf(list), byPlace(rows));
    });
  }, 240_000);

  it('in every town: as many as the figure says, and those of the county who are there', async () => {
    const { wrong, followed } = await follow(towns, new Set(towns));
    expect(wrong).toEqual([]);
    expect(followed).toBeGreaterThan(towns.length * 250);
  }, 240_000);

  it('in every village, also one where nobody is registered', async () => {
    const { wrong, followed } = await follow(villages, withNoughts);
    expect(wrong).toEqual([]);
    expect(followed).toBeGreaterThan(villages.length * (process.env.SOAK ? 250 : 100));
  }, 240_000);
});
