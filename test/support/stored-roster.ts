import type { Roster } from '../../functions/core/roster.ts';
import { readRoster } from '../../functions/core/roster-item.ts';
import { keyOf } from '../../functions/household/item.ts';
import { getItem, queryAll } from '../../functions/lib/dynamo.ts';

/** Rosters of a village by consistent Query. */
export async function listRosters(table: string, village: string): Promise<readonly Roster[]> {
  const rosters: Roster[] = [];
  const query = { pk: `V#${village}`, prefix: '1#', consistent: true };
  for await (const item of queryAll(table, query)) rosters.push(readRoster(item));
  return rosters;
}

/** The roster of one household; undefined when it is not in that village. */
export async function getRoster(
  table: string,
  village: string,
  id: string,
): Promise<Roster | undefined> {
  const item = await getItem(table, keyOf.roster(village, id));
  return item && readRoster(item);
}
