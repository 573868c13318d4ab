import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { saveDivisions } from '../functions/area/table.ts';
import { recompute, summaryStore } from '../functions/board/recompute.ts';
import { type AreaCode, ancestorsOf } from '../functions/core/division.ts';
import { registerHousehold } from '../functions/core/household-register.ts';
import type { WantedHousehold } from '../functions/core/household-wanted.ts';
import type { Roster } from '../functions/core/roster.ts';
import { encodeRoster } from '../functions/core/roster-codec.ts';
import { rosterOf } from '../functions/core/roster-of.ts';
import { keyOf, V } from '../functions/household/item.ts';
import { today } from '../functions/lib/clock.ts';
import { inLanes } from '../functions/lib/lanes.ts';
import { context, granted } from '../test/support/build.ts';
import { type CountySize, divisionsOf, householdOf, villagesOf } from './county.ts';
import type { Ground, Tables } from './ground.ts';

const LANES = 8;
const PER_BATCH = 25;

/** The roster of a household of that make. */
export function settled(wanted: WantedHousehold): Roster {
  return rosterOf(granted(registerHousehold(wanted, '2016-01-01', context())).next.household);
}

/** Writes rosters and nothing else of their households: the items the registry writes, in bulk. */
export async function seedRosters(
  { client }: Ground,
  { household }: Tables,
  rosters: readonly Roster[],
): Promise<void> {
  const requests = rosters.map((roster) => {
    const { version, village, id } = roster;
    const item = { ...keyOf.roster(village, id), v: V.roster, version, b: encodeRoster(roster) };
    return { PutRequest: { Item: marshall(item) } };
  });
  const batches = Array.from({ length: Math.ceil(requests.length / PER_BATCH) }, (_, place) =>
    requests.slice(place * PER_BATCH, (place + 1) * PER_BATCH),
  );
  await inLanes(batches, LANES, async (batch) => {
    const input = { RequestItems: { [household]: batch } };
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand(input));
    if (Object.keys(UnprocessedItems ?? {}).length > 0) throw new Error('rosters were left out');
  });
}

/** Recounts areas by the consumer's own code, from villages upwards. */
export async function recount(tables: Tables, villages: readonly AreaCode[]): Promise<void> {
  const store = summaryStore(tables);
  const layers = [villages];
  for (const level of [0, 1, 2, 3]) {
    const above = villages.flatMap((village) => ancestorsOf(village)[level] ?? []);
    layers.push([...new Set(above)]);
  }
  for (const layer of layers)
    await inLanes(layer, LANES, (area) => recompute(store, area, today()));
}

/** Divisions, rosters and summaries of a county of that size. Returns the rosters. */
export async function seedCounty(
  ground: Ground,
  tables: Tables,
  size: CountySize,
): Promise<readonly Roster[]> {
  const occasion = { actor: 'bench', at: new Date().toISOString(), heldOn: today() };
  const steps = divisionsOf(size.code).map((after) => ({ before: null, after }));
  await saveDivisions(tables.area, steps, { ...occasion, reason: 'the bench', source: 'bench' });
  const rosters = Array.from({ length: size.households }, (_, order) =>
    settled(householdOf(size, order)),
  );
  await seedRosters(ground, tables, rosters);
  await recount(tables, villagesOf(size.code));
  return rosters;
}
