import { describe, expect, it } from 'vitest';
import type { VillageProfile } from '../../functions/core/roster.ts';
import { moveDay, moveProfiles } from '../../functions/core/village-move.ts';

const a: VillageProfile = {
  village: '350122101201',
  version: 3,
  heldOn: '2017-10-23',
  poor: true,
  planExitYear: 2017,
  homes: 300,
  population: 1000,
  hamlets: 4,
  poweredHamlets: 4,
  road: true,
  network: true,
  dropouts: 0,
  collectiveIncomeFen: 10_000_000,
  industries: ['茶叶'],
  exitedOn: null,
};
const b: VillageProfile = { ...a, village: '350122101202', version: 1, heldOn: '2016-10-23' };
const next = '350122111201';
const effective = '2018-01-01';

function among(...profiles: readonly VillageProfile[]) {
  return (village: string) => profiles.find((profile) => profile.village === village);
}

describe('the profile of a village', () => {
  it('goes along when the village gets a new code, with the day its facts are of', () => {
    const move = { from: a.village, to: next, hamlets: {} };
    expect(moveProfiles(move, among(a), effective)).toEqual([
      { before: a, after: null },
      { before: null, after: { ...a, village: next, version: 1 } },
    ]);
  });

  it('goes along on the day of the change, or of the latest facts where the change was entered late', () => {
    expect(moveDay([a, b], effective)).toBe(effective);
    expect(moveDay([b, a], '2016-01-01')).toBe(a.heldOn);
    expect(moveDay([], effective)).toBe(effective);
  });

  it('adds to the one of the village it joins', () => {
    const [, joined] = moveProfiles(
      { from: a.village, to: b.village, hamlets: {} },
      among(a, b),
      effective,
    );
    expect(joined?.before).toEqual(b);
    expect(joined?.after).toMatchObject({ population: 2000, version: 2, heldOn: a.heldOn });
    const [, other] = moveProfiles(
      { from: b.village, to: a.village, hamlets: {} },
      among(a, b),
      effective,
    );
    expect(other?.after).toMatchObject({ population: 2000, version: 4, heldOn: a.heldOn });
  });

  it('says nothing of the counts of the parts when the village is split', () => {
    const move = { from: a.village, to: a.village, hamlets: { 东头: next } };
    const [kept, part] = moveProfiles(move, among(a), effective);
    expect(kept?.after).toMatchObject({ version: 4, population: null, poor: true });
    expect(part?.after).toMatchObject({ village: next, version: 1, heldOn: effective });
  });

  it('is gone when all of the village went to parts with new codes', () => {
    const move = { from: a.village, to: '350122101209', hamlets: { 东头: next } };
    expect(moveProfiles(move, among(a), effective).map((step) => step.after?.village)).toEqual([
      undefined,
      '350122101209',
      next,
    ]);
  });

  it('is moved once, however often it is asked', () => {
    const move = { from: a.village, to: next, hamlets: {} };
    expect(moveProfiles(move, among({ ...a, village: next }), effective)).toEqual([]);
    const split = { from: a.village, to: a.village, hamlets: { 东头: next } };
    expect(moveProfiles(split, among(a, { ...a, village: next }), effective)).toEqual([]);
  });
});
