import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Roster } from '../functions/core/roster.ts';
import { encodeRoster } from '../functions/core/roster-codec.ts';
import { keyOf, V } from '../functions/household/item.ts';
import { today } from '../functions/lib/clock.ts';
import { inLanes } from '../functions/lib/lanes.ts';
import { listStore } from '../functions/list/consumer.ts';
import { handler as list } from '../functions/list/handler.ts';
import { relist } from '../functions/list/relist.ts';
import { call } from './call.ts';
import { type CountySize, RARE } from './county.ts';
import type { Ground, Tables } from './ground.ts';
import { bytesOf } from './item-size.ts';
import type { Figure } from './ratio.ts';

const PAGES = [1, 10];
const LIMIT = 20;
const Page = z.object({
  items: z.array(z.object({ id: z.string() })),
  cursor: z.string().optional(),
});

/** Eventually consistent read units of the rosters a page shows, each read by key. */
function unitsOf(ids: readonly string[], rosters: ReadonlyMap<string, Roster>): number {
  return ids.reduce((sum, id) => {
    const roster = rosters.get(id);
    if (!roster) throw new Error('a household nobody asked for');
    const { village, version } = roster;
    const item = { ...keyOf.roster(village, id), v: V.roster, version, b: encodeRoster(roster) };
    return sum + Math.ceil(bytesOf(marshall(item)) / 4096) / 2;
  }, 0);
}

/** Puts households into the lists, by the consumer's own code. */
export async function enlist(tables: Tables, rosters: readonly Roster[]): Promise<void> {
  const store = listStore(tables);
  await inLanes(rosters, 8, ({ village, id }) =>
    relist(store, { village, household: id }, today()),
  );
}

/** Read units of a page of twenty of the one per cent of a county that a filter matches. */
export async function listFigures(
  ground: Ground,
  tables: Tables,
  county: CountySize & { readonly rosters: readonly Roster[] },
): Promise<readonly Figure[]> {
  const rare = county.rosters.filter(({ mainCause }) => mainCause === RARE);
  // The other households stand in other partitions, which these pages never touch.
  await enlist(tables, rare);
  const byId = new Map(rare.map((roster) => [roster.id, roster]));
  const figures: Figure[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= Math.max(...PAGES); page += 1) {
    const query = {
      area: county.code,
      cause: RARE,
      limit: String(LIMIT),
      ...(cursor && { cursor }),
    };
    let body = '';
    const { read } = await ground.meter.of(async () => {
      body = await call(list, { route: 'GET /households', query, areas: county.code });
    });
    const { items, cursor: next } = Page.parse(JSON.parse(body));
    if (items.length !== LIMIT) throw new Error(`a page of ${items.length}`);
    cursor = next;
    if (!PAGES.includes(page)) continue;
    figures.push({
      name: `list page ${page} of ${LIMIT}, filter matches ${rare.length} of ${county.households}`,
      unit: 'RRU',
      ours: read,
      base: unitsOf(
        items.map(({ id }) => id),
        byId,
      ),
      goal: 1.5,
      note: 'rosters of the households shown',
    });
  }
  return figures;
}
