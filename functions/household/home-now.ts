import { householdNow } from '../core/household-as-of.ts';
import type { Roster } from '../core/roster.ts';
import { batchGet } from '../lib/dynamo.ts';
import { inLanes } from '../lib/lanes.ts';
import type { HomeOn } from './home-on.ts';
import { keyOf } from './item.ts';
import { storedFileOf } from './seal.ts';

/** Items of one read, and reads under way at once. */
const TOGETHER = 100;
const LANES = 16;

type Named = Pick<Roster, 'id' | 'members'>;

/** Households whose items fit in one read, in their order; one that is larger stands alone. */
function groupsOf(rosters: readonly Named[]): readonly (readonly Named[])[] {
  const groups: Named[][] = [];
  let room = 0;
  for (const roster of rosters) {
    const size = 1 + roster.members.length;
    const group = groups.at(-1);
    if (group && size <= room) group.push(roster);
    else groups.push([roster]);
    room = (group && size <= room ? room : TOGETHER) - size;
  }
  return groups;
}

/**
 * Files of many households as they stand now, without who has left and without events, read some twenty at a time instead of one by one;
 * those that are gone are missing. Eventually consistent, as lists are.
 */
export async function homesNow(
  table: string,
  rosters: readonly Named[],
): Promise<readonly HomeOn[]> {
  const found = await inLanes(groupsOf(rosters), LANES, async (group) => {
    const keys = group.flatMap(({ id, members }) => [
      keyOf.household(id),
      ...members.map((member) => keyOf.member(id, member.id)),
    ]);
    const items = Map.groupBy(await batchGet(table, keys), ({ pk }) => String(pk));
    return group.flatMap(({ id }) => {
      const own = items.get(keyOf.file(id)) ?? [];
      const file = storedFileOf(
        own.toSorted((one, other) => (`${one.sk}` < `${other.sk}` ? -1 : 1)),
      );
      return file ? [{ household: file.household, on: householdNow(file.household) }] : [];
    });
  });
  return found.flat();
}
