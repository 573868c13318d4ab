import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { getRow, getRows } from '../board/table.ts';
import { type AreaCode, ancestorAt } from '../core/division.ts';
import { isNothing } from '../core/figure.ts';
import { walk } from '../core/figure-walk.ts';
import { maskIdentity } from '../core/identity-number.ts';
import { readRoster } from '../core/roster-item.ts';
import { StoredProfile } from '../core/village.ts';
import { today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type ListPorts, listHouseholds, listPersons } from './service.ts';
import { listHouseholdsRoute, listPersonsRoute } from './spec.ts';
import { entryPage } from './table.ts';

const settings = env({
  LIST_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { LIST_TABLE, HOUSEHOLD_TABLE, SUMMARY_TABLE, AREA_TABLE } = settings;

/** What lists show of a member's item; sealed values are left in it. */
const Named = z.object({
  id: z.string(),
  name: z.string(),
  identityMasked: z.string().transform(maskIdentity).nullable(),
});

/** A county is its own county; above, the summaries lead to the counties in which anybody is registered. */
async function* counties(area: AreaCode, from: AreaCode | undefined): AsyncGenerator<AreaCode> {
  const county = ancestorAt(area, 'county');
  if (county.length === 6) {
    yield county;
    return;
  }
  if (from !== undefined) yield from;
  const rows = walk(
    {
      rows: (one) => getRows(SUMMARY_TABLE, one),
      row: (one) => getRow(SUMMARY_TABLE, one, false),
    },
    { area, to: 'county', passes: (figures) => !isNothing(figures), after: from },
  );
  for await (const row of rows) yield row.area;
}

const ports: ListPorts = {
  entries: (query) => entryPage(LIST_TABLE, query),
  rosters: async (pointers) => {
    const keys = pointers.map(({ village, household }) => ({
      pk: `V#${village}`,
      sk: `1#${household}`,
    }));
    const rosters = (await batchGet(HOUSEHOLD_TABLE, keys)).map(readRoster);
    return new Map(rosters.map((roster) => [roster.id, roster]));
  },
  profiles: async (villages) => {
    const keys = villages.map((village) => ({ pk: `V#${village}`, sk: '0' }));
    const items = await batchGet(HOUSEHOLD_TABLE, keys);
    const profiles = items.map((item) => StoredProfile.parse(item));
    return new Map(profiles.map((profile) => [profile.village, profile]));
  },
  counties,
  figures: async (area) => (await getRow(SUMMARY_TABLE, area, false))?.figures,
  names: async (members) => {
    const keys = members.map(({ household, person }) => ({
      pk: `H#${household}`,
      sk: `1#${person}`,
    }));
    const named = (await batchGet(HOUSEHOLD_TABLE, keys)).map((item) => Named.parse(item));
    return new Map(named.map((one) => [one.id, one]));
  },
};

export const handler = api(
  [
    endpoint(listHouseholdsRoute, async ({ query, actor }) => {
      const found = await listHouseholds(ports, { query, actor, day: today() });
      return 'refused' in found ? found : { body: found };
    }),
    endpoint(listPersonsRoute, async ({ query, actor }) => {
      const found = await listPersons(ports, { query, actor, day: today() });
      return 'refused' in found ? found : { body: found };
    }),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
