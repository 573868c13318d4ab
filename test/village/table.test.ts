import { beforeAll, describe, expect, it } from 'vitest';
import type { VillageProfile } from '../../functions/core/roster.ts';
import { decideVillage } from '../../functions/core/village.ts';
import type { ProfileOccasion } from '../../functions/core/village-event.ts';
import { moveProfiles } from '../../functions/core/village-move.ts';
import {
  getProfile,
  getProfiles,
  profileEvents,
  saveProfiles,
} from '../../functions/village/table.ts';
import { freshTables } from '../support/database.ts';

const occasion: ProfileOccasion = {
  actor: 'county-office',
  at: '2017-10-23T01:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'villages.xlsx',
  source: 'imp_1',
};
let table: string;

function described(village: string, population: number): VillageProfile {
  const row = { village, heldOn: '2017-10-23', facts: { poor: true, population } };
  const decided = decideVillage(undefined, row);
  if ('refused' in decided) throw new Error(decided.refused);
  return decided.ok.profile;
}

beforeAll(async () => {
  table = (await freshTables()).household;
});

describe('village profiles', () => {
  it('are written with who said so, and once only', async () => {
    const profile = described('350122101201', 1000);
    const first = { before: null, after: profile };
    expect(await saveProfiles(table, [first], occasion)).toBe(true);
    expect(await saveProfiles(table, [first], occasion)).toBe(false);
    expect(await getProfile(table, profile.village)).toEqual(profile);
    expect(await profileEvents(table, profile.village)).toMatchObject([
      { kind: 'described', reason: 'villages.xlsx', before: null },
    ]);
  });

  it('name the facts that changed', async () => {
    const before = described('350122101202', 1000);
    const after = { ...before, population: 1100, version: 2 };
    await saveProfiles(table, [{ before: null, after: before }], occasion);
    await saveProfiles(table, [{ before, after }], occasion);
    const [event] = await profileEvents(table, before.village);
    expect(event).toMatchObject({ kind: 'changed', fields: ['population'], before });
  });

  it('leave an event, and no figures, under the code they had', async () => {
    const profile = described('350122101203', 1000);
    await saveProfiles(table, [{ before: null, after: profile }], occasion);
    const move = { from: profile.village, to: '350122111203', hamlets: {} };
    const known = (village: string) => (village === profile.village ? profile : undefined);
    await saveProfiles(table, moveProfiles(move, known, '2018-01-01'), occasion);
    const both = await getProfiles(table, [move.from, move.to, move.to]);
    expect([...both.keys()]).toEqual([move.to]);
    const [event] = await profileEvents(table, move.from);
    expect(event).toMatchObject({ kind: 'left', before: profile });
    expect(await getProfile(table, move.from)).toBeUndefined();
  });

  it('of nothing is nothing to write', async () => {
    expect(await saveProfiles(table, [], occasion)).toBe(true);
  });
});
