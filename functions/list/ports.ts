import { getRow, getRows } from '../board/table.ts';
import { type AreaCode, ancestorAt } from '../core/division.ts';
import { isNothing } from '../core/figure.ts';
import { walk } from '../core/figure-walk.ts';
import { readRoster } from '../core/roster-item.ts';
import { StoredProfile } from '../core/village.ts';
import { batchGet } from '../lib/dynamo.ts';
import type { PagePorts } from './page.ts';
import { entryPage } from './table.ts';

/** Tables that lists are read from. */
export interface ListTables {
  readonly list: string;
  readonly household: string;
  readonly summary: string;
}

/** A county is its own county; above, the summaries lead to the counties in which anybody is registered. */
async function* counties(
  summary: string,
  area: AreaCode,
  from: AreaCode | undefined,
): AsyncGenerator<AreaCode> {
  const county = ancestorAt(area, 'county');
  if (county.length === 6) {
    yield county;
    return;
  }
  if (from !== undefined) yield from;
  const rows = walk(
    { rows: (one) => getRows(summary, one), row: (one) => getRow(summary, one, false) },
    { area, to: 'county', passes: (figures) => !isNothing(figures), after: from },
  );
  for await (const row of rows) yield row.area;
}

/** The index with the rosters and profiles its entries point to. */
export function pagePorts({ list, household, summary }: ListTables): PagePorts {
  return {
    entries: (query) => entryPage(list, query),
    rosters: async (pointers) => {
      const keys = pointers.map(({ village, household: id }) => ({
        pk: `V#${village}`,
        sk: `1#${id}`,
      }));
      const rosters = (await batchGet(household, keys)).map(readRoster);
      return new Map(rosters.map((roster) => [roster.id, roster]));
    },
    profiles: async (villages) => {
      const keys = villages.map((village) => ({ pk: `V#${village}`, sk: '0' }));
      const items = await batchGet(household, keys);
      const profiles = items.map((item) => StoredProfile.parse(item));
      return new Map(profiles.map((profile) => [profile.village, profile]));
    },
    counties: (area, from) => counties(summary, area, from),
  };
}
