import type { Day } from './day.ts';
import type { Met } from './guarantee.ts';
import type { VillageProfile } from './roster.ts';
import rules from './rule-village.json' with { type: 'json' };

/** What a poor village must show to leave the list, in the order in which figures count them (append only). */
export const villageCriteria = [
  'incidence',
  'road',
  'network',
  'power',
  'dropout',
  'income',
  'industry',
] as const;
export type VillageCriterion = (typeof villageCriteria)[number];

interface Rule {
  readonly validFrom: Day;
  readonly incidenceBelowPerTenThousand: number;
  readonly collectiveIncomeFen: number;
}

function met(value: boolean | null): Met {
  if (value === null) return 'unknown';
  return value ? 'met' : 'not-met';
}

/** A comparison of two facts: unknown as soon as one of them is. */
function compare(
  a: number | null,
  b: number | null,
  holds: (a: number, b: number) => boolean,
): boolean | null {
  return a === null || b === null ? null : holds(a, b);
}

/** The rule in force on a day, undefined before the first. */
export function ruleOn(day: Day, all: readonly Rule[] = rules): Rule | undefined {
  return all.findLast((rule) => rule.validFrom <= day);
}

/** The first day after `day` on which another rule takes over, undefined where none is known. */
export function nextRuleAfter(day: Day, all: readonly Rule[] = rules): Day | undefined {
  return all.find((rule) => rule.validFrom > day)?.validFrom;
}

/**
 * Each criterion on a day. Incidence: persons not yet exited per rural registered person, below the rule's bound; power: every hamlet has
 * it; an empty list of industries says that none was reported, which is unknown.
 * @param unexited registered persons of the village who have not exited
 */
export function villageExit(
  profile: VillageProfile,
  unexited: number,
  day: Day,
): Readonly<Record<VillageCriterion, Met>> {
  const rule = ruleOn(day);
  const bound = rule?.incidenceBelowPerTenThousand ?? null;
  return {
    incidence: met(
      compare(bound, profile.population, (most, all) => unexited * 10_000 < most * all),
    ),
    road: met(profile.road),
    network: met(profile.network),
    power: met(compare(profile.hamlets, profile.poweredHamlets, (all, some) => some >= all)),
    dropout: met(profile.dropouts === null ? null : profile.dropouts === 0),
    income: met(
      compare(profile.collectiveIncomeFen, rule?.collectiveIncomeFen ?? null, (a, b) => a >= b),
    ),
    industry: profile.industries.length > 0 ? 'met' : 'unknown',
  };
}
