import { getRow, getRows } from '../board/table.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { isNothing } from '../core/figure.ts';
import { walk } from '../core/figure-walk.ts';
import type { Roster } from '../core/roster.ts';
import { readRoster } from '../core/roster-item.ts';
import { queryPage } from '../lib/dynamo.ts';
import { inLanes } from '../lib/lanes.ts';

/** Tables that a walk reads: where households stand, and where anybody lives at all. */
export interface WalkTables {
  readonly household: string;
  readonly summary: string;
}

/** Where a walk goes, and the household (in the order of village and id) after which it begins. */
export interface RosterWalk {
  readonly area: AreaCode;
  readonly after?: { readonly village: AreaCode; readonly household: string } | undefined;
}

/** Households of one village, in the order of their ids, at most as many as one read gives. */
export interface RosterPart {
  readonly village: AreaCode;
  readonly rosters: readonly Roster[];
}

/** Rosters of one read: some 100 KB at most. */
const AT_ONCE = 100;

/** Villages of an area in which anybody is registered, in the order of their codes; one that is named is looked at as it is. */
async function* villagesOf(
  summary: string,
  { area, after }: RosterWalk,
): AsyncGenerator<{ readonly village: AreaCode; readonly after?: string }> {
  if (after) yield { village: after.village, after: after.household };
  if (levelOf(area) === 'village') {
    if (!after) yield { village: area };
    return;
  }
  const rows = walk(
    { rows: (one) => getRows(summary, one), row: (one) => getRow(summary, one, false) },
    { area, to: 'village', passes: (figures) => !isNothing(figures), after: after?.village },
  );
  for await (const row of rows) yield { village: row.area };
}

/**
 * Walks the households of an area, struck-off ones and applicants included, village by village. Summaries lead to the villages, so that a
 * province is walked without knowing its divisions; whoever stops early has read no more than was asked for.
 */
export async function* walkRosters(
  { household, summary }: WalkTables,
  asked: RosterWalk,
): AsyncGenerator<RosterPart> {
  for await (const { village, after } of villagesOf(summary, asked)) {
    let from = after === undefined ? undefined : `1#${after}`;
    do {
      const query = { pk: `V#${village}`, prefix: '1#', limit: AT_ONCE };
      const page = await queryPage(
        household,
        from === undefined ? query : { ...query, after: from },
      );
      if (page.items.length > 0) yield { village, rosters: page.items.map(readRoster) };
      from = page.next;
    } while (from !== undefined);
  }
}

/** Villages read at once where all of an area is wanted. */
const LANES = 16;

/** Every household a walk would come to, in its order, for what needs all of them: a county's villages one after the other take too long. */
export async function rostersIn(tables: WalkTables, area: AreaCode): Promise<readonly Roster[]> {
  const villages: AreaCode[] = [];
  for await (const { village } of villagesOf(tables.summary, { area })) villages.push(village);
  const found = await inLanes(villages, LANES, async (village) => {
    const parts: (readonly Roster[])[] = [];
    for await (const { rosters } of walkRosters(tables, { area: village })) parts.push(rosters);
    return parts.flat();
  });
  return found.flat();
}
