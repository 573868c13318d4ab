import { describe, expect, it } from 'vitest';
import { enterVillage, VillageEntry } from '../../functions/core/village-entry.ts';
import {
  type EvidenceOccasion,
  NewEvidence,
  recordEvidence,
} from '../../functions/core/village-evidence.ts';
import { moveProfiles } from '../../functions/core/village-move.ts';
import { signed } from '../../functions/core/village-origin.ts';
import { profileFrom } from '../../functions/core/village-present.ts';
import { granted } from '../support/build.ts';
import { profile } from '../support/roster.ts';

const today = '2017-10-23';
const place = { village: '350122101201', today, keepsList: true };

describe('facts of a village entered by hand', () => {
  const known = profile({ version: 3, heldOn: '2017-09-30', dropouts: 2, hamlets: 4 });

  it('change what they name and keep the rest', () => {
    const entry = { heldOn: '2017-10-20', facts: { dropouts: 0, road: true } };
    expect(granted(enterVillage(known, entry, place))).toEqual({
      outcome: 'changed',
      profile: { ...known, dropouts: 0, road: true, heldOn: '2017-10-20', version: 4 },
    });
    expect(granted(enterVillage(undefined, entry, place)).outcome).toBe('new');
  });

  it('are refused when nothing is named, from a day to come, older than what is known, or against each other', () => {
    const entry = { heldOn: '2017-10-20', facts: { dropouts: 0 } };
    const refusedAs = (given: Partial<typeof entry>) =>
      enterVillage(known, { ...entry, ...given }, place);
    expect(refusedAs({ facts: {} as typeof entry.facts })).toEqual({
      refused: 'village-facts-none',
    });
    expect(refusedAs({ heldOn: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    expect(refusedAs({ heldOn: '2017-09-29' })).toMatchObject({ refused: 'village-facts-older' });
    expect(
      enterVillage(known, { heldOn: today, facts: { poweredHamlets: 5 } }, place),
    ).toMatchObject({ refused: 'number-out-of-range' });
  });

  it('put a village on the list of poor ones, or take it off, by the county alone', () => {
    const entry = { heldOn: today, facts: { poor: false } };
    const town = { ...place, keepsList: false };
    const poor = { ...known, poor: true };
    expect(enterVillage(poor, entry, town)).toEqual({ refused: 'village-list-above' });
    expect(granted(enterVillage(poor, entry, place)).profile.poor).toBe(false);
    const first = { heldOn: today, facts: { poor: true } };
    expect(enterVillage(undefined, first, town)).toEqual({ refused: 'village-list-above' });
    // Saying again what is known is no change.
    expect(granted(enterVillage(poor, first, town)).outcome).toBe('unchanged');
    expect(granted(enterVillage(undefined, entry, town)).outcome).toBe('new');
  });

  it('never say that a village has exited: that is decided', () => {
    const entry = { heldOn: today, reason: '更正', facts: { exitedOn: today } };
    expect(VillageEntry.safeParse(entry).success).toBe(false);
    const facts = { collectiveIncomeFen: 10_000_000 };
    expect(VillageEntry.safeParse({ ...entry, facts }).success).toBe(true);
  });
});

describe('evidence of a criterion', () => {
  const by: EvidenceOccasion = {
    id: 've_1',
    village: place.village,
    by: 'clerk',
    role: 'office',
    at: '2017-10-23T01:00:00.000Z',
    today,
  };
  const road = { criterion: 'road', text: '道路验收报告', heldOn: '2017-05-01' } as const;

  it('is kept with its document, its day and who entered it', () => {
    expect(granted(recordEvidence({ ...road, document: '连交建〔2017〕12号' }, by))).toEqual({
      id: 've_1',
      village: place.village,
      criterion: 'road',
      text: '道路验收报告',
      document: '连交建〔2017〕12号',
      heldOn: '2017-05-01',
      enteredAt: by.at,
      by: 'clerk',
      role: 'office',
    });
    expect(granted(recordEvidence(road, by)).document).toBeNull();
  });

  it('cannot be of a day to come', () => {
    expect(recordEvidence({ ...road, heldOn: '2017-10-24' }, by)).toMatchObject({
      refused: 'date-future',
    });
  });

  it('names no identity number, phone or account: many may read it', () => {
    const numbers = ['联系 10012345678', '350199 19500101 001X', '0000 1234 5678 9012'];
    for (const field of ['text', 'document'])
      for (const number of numbers)
        expect(NewEvidence.safeParse({ ...road, [field]: number }).success, number).toBe(false);
    for (const text of ['连教〔2017〕120号', '路长3.25公里，2017年5月1日验收'])
      expect(NewEvidence.safeParse({ ...road, text }).success, text).toBe(true);
  });

  it('has a criterion of the list and a text of some length', () => {
    expect(NewEvidence.safeParse(road).success).toBe(true);
    for (const wrong of [{ criterion: 'weather' }, { text: '好' }, { text: '长'.repeat(201) }])
      expect(NewEvidence.safeParse({ ...road, ...wrong }).success).toBe(false);
  });
});

describe('who entered a fact', () => {
  const occasion = (by: string, heldOn: string) => ({
    actor: by,
    at: `${heldOn}T08:00:00.000Z`,
    heldOn,
    reason: '台账',
    source: 'imp_1',
  });
  const ledger = occasion('county', '2017-09-30');
  const described = signed(
    { before: null, after: profile({ heldOn: '2017-09-30', road: true, dropouts: 2 }) },
    ledger,
  ).after;
  const origin = { heldOn: '2017-09-30', at: ledger.at, by: 'county', source: 'imp_1' };

  it('is noted for what is known, and for nothing else', () => {
    expect(described?.origins).toEqual({ poor: origin, road: origin, dropouts: origin });
  });

  it('stays known when something else is entered', () => {
    const entry = { heldOn: '2017-10-20', facts: { homes: 300 } };
    const { profile: next } = granted(enterVillage(described ?? undefined, entry, place));
    expect(next.origins).toEqual(described?.origins);
  });

  it('is told of a past day as well, under whatever code the village stands today', () => {
    if (!described) throw new Error('nothing described');
    const source = { profile: described, isDivided: false };
    const then = profileFrom('350122111201', [source]);
    expect(then).toEqual({ ...described, village: '350122111201' });
  });

  it('changes with the fact and stays with the others; what is no longer known has nobody', () => {
    if (!described) throw new Error('nothing described');
    const after = { ...described, dropouts: 0, road: null, version: 2 };
    const entered = occasion('town', '2017-10-20');
    expect(signed({ before: described, after }, entered).after?.origins).toEqual({
      poor: origin,
      dropouts: { heldOn: '2017-10-20', at: entered.at, by: 'town', source: 'imp_1' },
    });
  });

  it('goes along with a village that gets another code, and is whoever joins two for what they add up to', () => {
    if (!described) throw new Error('nothing described');
    const change = occasion('office', '2018-01-01');
    const move = { from: described.village, to: '350122111201', hamlets: {} };
    const alone = moveProfiles(move, (code) => (code === move.from ? described : undefined), '');
    const [left, arrived] = alone.map((step) => signed(step, change));
    expect(left?.after).toBeNull();
    expect(arrived?.after?.origins).toEqual(described.origins);

    const other = profile({ village: move.to, road: true, dropouts: 1 });
    const both = moveProfiles(move, (code) => (code === move.to ? other : described), '');
    const joined = both.map((step) => signed(step, change))[1]?.after;
    expect(joined?.dropouts).toBe(3);
    expect(joined?.origins?.dropouts?.by).toBe('office');
    // Nobody had noted who entered the road of the village it joined.
    expect(joined?.origins?.road).toBeUndefined();
  });
});
