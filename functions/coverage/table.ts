import type { AreaCode } from '../core/division.ts';
import {
  absent,
  atVersion,
  type Condition,
  deleteItem,
  getItem,
  putItem,
  queryAll,
  queryPage,
} from '../lib/dynamo.ts';
import {
  type CoverageRow,
  coverageItem,
  coverageRowOf,
  type HouseholdRow,
  householdItem,
  householdRowOf,
  keyOf,
} from './item.ts';

const unchanged = (before: { readonly version: number } | undefined): Condition =>
  before ? atVersion(before.version) : absent;

/** What was found of the households of a village, by household; consistent. */
export async function getHouseholdRows(
  table: string,
  village: AreaCode,
): Promise<ReadonlyMap<string, HouseholdRow>> {
  const rows = new Map<string, HouseholdRow>();
  for await (const item of queryAll(table, { pk: keyOf.village(village), consistent: true })) {
    const row = householdRowOf(item);
    rows.set(row.household, row);
  }
  return rows;
}

export async function getHouseholdRow(
  table: string,
  village: AreaCode,
  household: string,
): Promise<HouseholdRow | undefined> {
  const item = await getItem(table, keyOf.household(village, household));
  return item && householdRowOf(item);
}

/** Puts what was found of a household on condition that the row is still the one that was read; false when it is not. */
export function putHouseholdRow(
  table: string,
  village: AreaCode,
  {
    before,
    after,
  }: {
    readonly before: HouseholdRow | undefined;
    readonly after: Omit<HouseholdRow, 'version'>;
  },
): Promise<boolean> {
  const version = (before?.version ?? 0) + 1;
  return putItem(table, householdItem(village, { ...after, version }), unchanged(before));
}

/** Takes away the row of a household that is gone, unless somebody has put it anew. */
export function dropHouseholdRow(
  table: string,
  village: AreaCode,
  row: HouseholdRow,
): Promise<boolean> {
  return deleteItem(table, keyOf.household(village, row.household), atVersion(row.version));
}

/** A page of what was found in a village, in the order of households. */
export async function householdPage(
  table: string,
  village: AreaCode,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly rows: readonly HouseholdRow[]; readonly isEnd: boolean }> {
  const { after, limit } = page;
  const { items, next } = await queryPage(table, {
    pk: keyOf.village(village),
    limit,
    ...(after !== undefined && { after }),
  });
  return { rows: items.map(householdRowOf), isEnd: next === undefined };
}

/** Coverage of an area; consistent unless told otherwise. */
export async function getCoverage(
  table: string,
  area: AreaCode,
  consistent = true,
): Promise<CoverageRow | undefined> {
  const item = await getItem(table, keyOf.area(area), consistent);
  return item && coverageRowOf(item);
}

/** Coverage of the areas directly inside an area (`0`: of the provinces), by code. */
export async function getCoverages(
  table: string,
  area: AreaCode,
  consistent = false,
): Promise<readonly CoverageRow[]> {
  const rows: CoverageRow[] = [];
  for await (const item of queryAll(table, { pk: keyOf.inside(area), consistent }))
    rows.push(coverageRowOf(item));
  return rows;
}

/** Puts the coverage of an area on condition that the row is still the one that was read; false when it is not. */
export function putCoverage(
  table: string,
  area: AreaCode,
  given: {
    readonly before: CoverageRow | undefined;
    readonly after: Omit<CoverageRow, 'area' | 'version'>;
  },
): Promise<boolean> {
  const { before, after } = given;
  const version = (before?.version ?? 0) + 1;
  return putItem(table, coverageItem({ area, version, ...after }), unchanged(before));
}
