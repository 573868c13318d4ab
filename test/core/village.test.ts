import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decided } from '../../functions/core/refusal.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import {
  decideVillage,
  exitYearOf,
  factsOf,
  factsThatDiffer,
  incidenceOf,
  joinFacts,
  partFacts,
  VillageFacts,
  type VillageFactsGiven,
} from '../../functions/core/village.ts';

const village = '350122101201';
const facts: VillageFacts = {
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

function row(given: VillageFactsGiven, heldOn = '2017-10-23') {
  return { village, heldOn, facts: given };
}
function decided<T>(decision: Decided<T>): T {
  if (isRefused(decision)) throw new Error(decision.refused);
  return decision.ok;
}
const known = decided(decideVillage(undefined, row(facts))).profile;

describe('a villages file', () => {
  it('brings a village not described before', () => {
    expect(decided(decideVillage(undefined, row(facts)))).toEqual({
      outcome: 'new',
      profile: { ...facts, village, heldOn: '2017-10-23', version: 1 },
    });
  });

  it('leaves unknown what it does not say', () => {
    const { profile } = decided(decideVillage(undefined, row({ poor: true })));
    expect(profile).toMatchObject({ poor: true, population: null, road: null, industries: [] });
  });

  it('read again changes nothing, whatever its day', () => {
    expect(decided(decideVillage(known, row(facts))).outcome).toBe('unchanged');
    expect(decided(decideVillage(known, row(facts, '2016-01-01'))).profile).toBe(known);
  });

  it('changes what it says and keeps the rest', () => {
    const { outcome, profile } = decided(decideVillage(known, row({ dropouts: 2 }, '2017-12-31')));
    expect(outcome).toBe('changed');
    expect(profile).toEqual({ ...known, dropouts: 2, version: 2, heldOn: '2017-12-31' });
    expect(factsThatDiffer(factsOf(known), factsOf(profile))).toEqual(['dropouts']);
  });

  it('does not replace newer facts by older ones', () => {
    expect(decideVillage(known, row({ dropouts: 2 }, '2016-12-31'))).toEqual({
      refused: 'village-facts-older',
      values: { heldOn: '2017-10-23', older: '2016-12-31' },
    });
  });

  it('cannot say that more hamlets have power than there are', () => {
    expect(decideVillage(known, row({ poweredHamlets: 5 }))).toMatchObject({
      refused: 'number-out-of-range',
    });
    expect(decideVillage(known, row({ poweredHamlets: null }))).toHaveProperty('ok');
    expect(decideVillage(known, row({ hamlets: null }))).toHaveProperty('ok');
  });

  it('does not take a village that has exited off the list of poor villages', () => {
    const exited = { ...known, exitedOn: '2017-10-23' };
    expect(decideVillage(exited, row({ poor: false }))).toEqual({
      refused: 'village-exited-stays',
      values: { exitedOn: '2017-10-23' },
    });
    expect(decided(decideVillage(exited, row({ dropouts: 1 }))).profile.exitedOn).toBe(
      '2017-10-23',
    );
    expect([exitYearOf(exited), exitYearOf(known)]).toEqual([2017, null]);
  });
});

const anyCount = fc.option(fc.nat(1000));
const anyFlag = fc.option(fc.boolean());
const anyExit = fc.oneof(
  fc.record({ poor: fc.boolean(), exitedOn: fc.constant(null) }),
  fc.record({ poor: fc.constant(true), exitedOn: fc.constantFrom('2016-12-31', '2017-12-31') }),
);
const anyFacts = fc
  .record({
    planExitYear: fc.option(fc.integer({ min: 2010, max: 2020 })),
    homes: anyCount,
    population: anyCount,
    hamlets: anyCount,
    poweredHamlets: anyCount,
    road: anyFlag,
    network: anyFlag,
    dropouts: anyCount,
    collectiveIncomeFen: anyCount,
    industries: fc.subarray(['茶叶', '海带', '枇杷']),
  })
  .chain((known) => anyExit.map((exit) => ({ ...known, ...exit })));

describe('villages that become one', () => {
  it('are the same in any order, and as whole facts', () => {
    fc.assert(
      fc.property(anyFacts, anyFacts, (a, b) => {
        const sorted = (one: VillageFacts) => ({ ...one, industries: one.industries.toSorted() });
        expect(sorted(joinFacts(a, b))).toEqual(sorted(joinFacts(b, a)));
        expect(VillageFacts.safeParse(joinFacts(a, b)).success).toBe(true);
        const { poor, exitedOn } = joinFacts(a, b);
        expect(poor || exitedOn === null).toBe(true);
      }),
    );
  });

  it('add their counts up, and do not know a sum of which they do not know a part', () => {
    expect(joinFacts(facts, facts)).toMatchObject({ population: 2000, hamlets: 8, poor: true });
    expect(joinFacts(facts, { ...facts, population: null }).population).toBeNull();
  });

  it('have exited, with the last of them, when no poor one was left on the list', () => {
    const early = { ...facts, exitedOn: '2016-12-31' };
    const late = { ...facts, exitedOn: '2017-12-31' };
    expect(joinFacts(early, late).exitedOn).toBe('2017-12-31');
    expect(joinFacts(early, facts).exitedOn).toBeNull();
    expect(joinFacts(early, { ...facts, poor: false }).exitedOn).toBe('2016-12-31');
    const never = { ...facts, poor: false };
    expect(joinFacts(never, never)).toMatchObject({ poor: false, exitedOn: null });
  });

  it('have a road if both have, none if one lacks it, and otherwise nobody knows', () => {
    const roadOf = (a: boolean | null, b: boolean | null) =>
      joinFacts({ ...facts, road: a }, { ...facts, road: b }).road;
    expect([roadOf(true, true), roadOf(null, false), roadOf(true, null)]).toEqual([
      true,
      false,
      null,
    ]);
  });
});

it('a part of a village is as poor as the whole, but its counts are not known', () => {
  expect(partFacts({ ...facts, exitedOn: '2017-12-31' })).toMatchObject({
    poor: true,
    exitedOn: '2017-12-31',
    planExitYear: 2017,
    industries: ['茶叶'],
    population: null,
    road: null,
  });
});

it('incidence is poor persons over registered population, unknown without one', () => {
  expect(incidenceOf(20, 1000)).toBe(0.02);
  expect(incidenceOf(20, null)).toBeNull();
  expect(incidenceOf(20, 0)).toBeNull();
});
