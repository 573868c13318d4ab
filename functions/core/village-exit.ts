import type { Day } from './day.ts';
import type { Met } from './guarantee.ts';
import type { VillageProfile } from './roster.ts';
import { ruleOn, type VillageCriterion, type VillageRule } from './rule-village.ts';

function met(value: boolean | null): Met {
  if (value === null) return 'unknown';
  return value ? 'met' : 'not-met';
}

/** A test of a fact: unknown as soon as nobody has recorded it. */
function test<T>(fact: T | null, holds: (fact: T) => boolean): Met {
  return met(fact === null ? null : holds(fact));
}

/** Rural registered population as a denominator; nobody registered says as little as nobody counted. */
export function denominatorOf({ population }: Pick<VillageProfile, 'population'>): number | null {
  return population === 0 ? null : population;
}

const nothingKnown: Readonly<Record<VillageCriterion, Met>> = {
  incidence: 'unknown',
  road: 'unknown',
  network: 'unknown',
  power: 'unknown',
  dropout: 'unknown',
  income: 'unknown',
  industry: 'unknown',
};

/**
 * Each criterion by a set of rules, in whole numbers throughout. Where no set is in force nobody can say; an empty list of industries says
 * that none was reported, which is unknown.
 * @param unexited registered persons of the village who have not exited
 */
export function judge(
  profile: VillageProfile,
  unexited: number,
  rule: VillageRule | undefined,
): Readonly<Record<VillageCriterion, Met>> {
  if (!rule) return nothingKnown;
  const { incidence, road, network, power, dropout, income, industry } = rule.criteria;
  const { hamlets, poweredHamlets, industries } = profile;
  return {
    incidence: test(
      denominatorOf(profile),
      (all) => unexited * 10_000 < incidence.belowPerTenThousand * all,
    ),
    road: test(profile.road, (has) => has === road.is),
    network: test(profile.network, (has) => has === network.is),
    power: met(
      hamlets === null || poweredHamlets === null
        ? null
        : poweredHamlets * 100 >= power.poweredPerHundred * hamlets,
    ),
    dropout: test(profile.dropouts, (some) => some <= dropout.atMost),
    income: test(profile.collectiveIncomeFen, (fen) => fen >= income.atLeastFen),
    industry: test(
      industries.length === 0 ? null : industries.length,
      (some) => some >= industry.atLeast,
    ),
  };
}

/** Each criterion on a day, by the set of rules in force for the village: what boards count, lists filter by and exit sheets show. */
export function villageExit(
  profile: VillageProfile,
  unexited: number,
  day: Day,
): Readonly<Record<VillageCriterion, Met>> {
  return judge(profile, unexited, ruleOn(day, profile.village));
}
