import { readFileSync } from 'node:fs';
import { saveDivisions } from '../../functions/area/table.ts';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { Roster, VillageProfile } from '../../functions/core/roster.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { type Item, putItem } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import type { Tables } from '../support/database.ts';
import { inParallel } from '../support/figures.ts';
import { SAMPLE_DAY, sampleProfiles, sampleRosters } from '../support/sample.ts';

const LANES = 8;

function items(one: Roster): readonly Item[] {
  const members = one.members.map(({ id }) => ({
    pk: `H#${one.id}`,
    sk: `1#${id}`,
    id,
    name: '样本人员',
    // As masks were stored at first, with the last four.
    identityMasked: '350199********0000',
  }));
  const { village, id, version } = one;
  return [{ pk: `V#${village}`, sk: `1#${id}`, v: 1, version, b: encodeRoster(one) }, ...members];
}

function divisions() {
  const lines = readFileSync('sample/divisions.csv', 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [code = '', name = ''] = line.trim().split(',');
    return { before: null, after: newDivision(code, name, null) };
  });
}

/** The sample county as it stands when every message has been worked on. */
export async function settleSample(tables: Tables): Promise<{
  readonly rosters: readonly Roster[];
  readonly profiles: ReadonlyMap<string, VillageProfile>;
}> {
  const byVillage = await sampleRosters();
  const profiles = await sampleProfiles();
  const rosters = [...byVillage.values()].flat();
  const occasion = {
    actor: 'test',
    at: '2017-10-23T00:00:00.000Z',
    heldOn: SAMPLE_DAY,
    reason: 'test',
    source: 'test',
  };
  await saveDivisions(tables.area, divisions(), occasion);
  const profileItems = [...profiles.values()].map((one) => ({
    pk: `V#${one.village}`,
    sk: '0',
    v: 1,
    ...one,
  }));
  await inParallel(LANES, [...rosters.flatMap(items), ...profileItems], async (item) => {
    await putItem(tables.household, item);
  });
  const store = summaryStore(tables);
  const villages = [...new Set([...byVillage.keys(), ...profiles.keys()])];
  await inParallel(LANES, villages, async (village) => {
    await recompute(store, village, SAMPLE_DAY);
  });
  const above = [...new Set(villages.flatMap((village) => ancestorsOf(village)))];
  for (const area of above.toSorted((a, b) => b.length - a.length))
    await recompute(store, area, SAMPLE_DAY);
  const lists = listStore(tables);
  await inParallel(LANES, rosters, ({ id, village }) =>
    relist(lists, { village, household: id }, SAMPLE_DAY),
  );
  return { rosters, profiles };
}
