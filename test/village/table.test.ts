import { beforeAll, describe, expect, it } from 'vitest';
import { getVillage } from '../../functions/board/table.ts';
import type { VillageProfile } from '../../functions/core/roster.ts';
import { decideVillage } from '../../functions/core/village.ts';
import type { ProfileOccasion } from '../../functions/core/village-event.ts';
import type { VillageEvidence } from '../../functions/core/village-evidence.ts';
import { moveProfiles } from '../../functions/core/village-move.ts';
import { putItem, transact } from '../../functions/lib/dynamo.ts';
import { ruleOf } from '../../functions/restore/rule.ts';
import {
  copyEvidence,
  evidenceActions,
  evidenceOf,
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
    const origin = { heldOn: '2017-10-23', at: occasion.at, by: 'county-office', source: 'imp_1' };
    expect(await getProfile(table, profile.village)).toEqual({
      ...profile,
      origins: { poor: origin, population: origin },
    });
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

  it('stored before exits were known of are read as of villages that have not exited', async () => {
    const { exitedOn: _, ...old } = described('350122101204', 1000);
    const key = { pk: 'V#350122101204', v: 1 };
    await putItem(table, { ...key, sk: '0', ...old });
    const event = { village: old.village, version: 2, kind: 'changed', fields: ['population'] };
    await putItem(table, { ...key, sk: '3#999999997', ...event, ...occasion, before: old });
    expect(await getProfile(table, old.village)).toEqual({ ...old, exitedOn: null });
    expect((await getProfiles(table, [old.village])).get(old.village)?.exitedOn).toBeNull();
    expect((await getVillage(table, old.village)).profile?.exitedOn).toBeNull();
    expect((await profileEvents(table, old.village))[0]?.before?.exitedOn).toBeNull();
  });

  it('of nothing is nothing to write', async () => {
    expect(await saveProfiles(table, [], occasion)).toBe(true);
  });
});

function evidence(id: string, village: string): VillageEvidence {
  return {
    id,
    village,
    criterion: 'road',
    text: '道路验收报告',
    document: null,
    heldOn: '2017-05-01',
    enteredAt: '2017-10-23T01:00:00.000Z',
    by: 'clerk',
    role: 'office',
  };
}

describe('evidence', () => {
  const [from, to, part] = ['350122101205', '350122111205', '350122111206'] as const;
  const record = (one: VillageEvidence) => transact(evidenceActions(table, one));

  it('is recorded once, where the village is described', async () => {
    expect(await record(evidence('ve_1', from))).not.toEqual([]);
    await saveProfiles(table, [{ before: null, after: described(from, 1000) }], occasion);
    expect(await record(evidence('ve_1', from))).toEqual([]);
    expect(await record({ ...evidence('ve_1', from), text: '改写' })).not.toEqual([]);
    expect(await evidenceOf(table, from)).toEqual([evidence('ve_1', from)]);
  });

  it('is shown by the villages that take the place of its own, once however often it is copied', async () => {
    await copyEvidence(table, from, [from, to, part]);
    await copyEvidence(table, from, [from, to, part]);
    for (const village of [from, to, part])
      expect(await evidenceOf(table, village)).toEqual([evidence('ve_1', from)]);
  });

  it('is put back by a restore when it is missing, whatever became of the village', () => {
    const row = { pk: `V#${from}`, sk: '4#ve_1', ...evidence('ve_1', from) };
    expect(ruleOf('household', row)).toEqual({ kind: 'once' });
  });
});
