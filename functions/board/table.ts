import type { Day } from '../core/day.ts';
import { type AreaCode, levelOf, parentOf } from '../core/division.ts';
import { addTallies, countVillage, type Figures, type Tally } from '../core/figure.ts';
import { encodeFigures } from '../core/figure-codec.ts';
import type { Roster, VillageProfile } from '../core/roster.ts';
import { readRoster } from '../core/roster-item.ts';
import { StoredProfile } from '../core/village.ts';
import { absent, atVersion, getItem, type Key, putItem, queryAll } from '../lib/dynamo.ts';
import { ROW_SHAPE, type Row, rowOf, tallyOf } from './row.ts';

/** A summary lies in the partition of the area above it (`0` above provinces), so that a board is one query. */
function keyOf(area: AreaCode): Required<Key> {
  return { pk: `S#${parentOf(area) ?? '0'}`, sk: area };
}

/** The summary of an area; consistent unless told otherwise. */
export async function getRow(
  table: string,
  area: AreaCode,
  consistent = true,
): Promise<Row | undefined> {
  const item = await getItem(table, keyOf(area), consistent);
  return item && rowOf(item);
}

/** The summaries directly inside an area (`0`: of the provinces), by code. */
export async function getRows(
  table: string,
  area: AreaCode,
  consistent = false,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const item of queryAll(table, { pk: `S#${area}`, consistent })) rows.push(rowOf(item));
  return rows;
}

/** Puts a summary on condition that the row is still the one that was read; false when it is not. */
export function putRow(
  table: string,
  before: Row | undefined,
  after: Omit<Row, 'version' | 'figures'> & { readonly figures: Figures },
): Promise<boolean> {
  const { area, day, until, figures } = after;
  const version = (before?.version ?? 0) + 1;
  const item = {
    ...keyOf(area),
    v: ROW_SHAPE,
    version,
    day,
    until,
    figures: encodeFigures(figures),
  };
  return putItem(table, item, before ? atVersion(before.version) : absent);
}

/** What a village's partition says: its households and, where it was described, its profile. Consistent. */
export interface VillageContent {
  readonly rosters: readonly Roster[];
  readonly profile: VillageProfile | undefined;
}

export async function getVillage(table: string, village: AreaCode): Promise<VillageContent> {
  const rosters: Roster[] = [];
  let profile: VillageProfile | undefined;
  const query = { pk: `V#${village}`, between: ['0', '1~'] as const, consistent: true };
  for await (const item of queryAll(table, query)) {
    if (item.sk === '0') profile = StoredProfile.parse(item);
    else rosters.push(readRoster(item));
  }
  return { rosters, profile };
}

export interface CountTables {
  readonly household: string;
  readonly summary: string;
}

/** Figures of an area from what they are made of: a village from its rosters, any other area from the summaries of its parts. */
export async function countArea(tables: CountTables, area: AreaCode, day: Day): Promise<Tally> {
  if (levelOf(area) === 'village') {
    const { rosters, profile } = await getVillage(tables.household, area);
    return countVillage(rosters, profile, day);
  }
  return addTallies((await getRows(tables.summary, area, true)).map(tallyOf));
}
