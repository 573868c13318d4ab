import type { Day } from './day.ts';
import { type AreaCode, liesWithin } from './division.ts';

/** When and where a rule applies. */
export interface RuleScope {
  readonly validFrom: Day;
  /** Last day on which it is in force; null until another takes over. */
  readonly validTo: Day | null;
  /** Division to which it applies; null for the whole country. */
  readonly scope: AreaCode | null;
}

/** The narrowest scope first; among equals the rule that began last. */
function order(one: RuleScope, other: RuleScope): number {
  const narrower = (other.scope ?? '').length - (one.scope ?? '').length;
  return narrower !== 0 ? narrower : one.validFrom < other.validFrom ? 1 : -1;
}

/** The rule in force in a place on a day: that of the county before that of the country. Null where there is none. */
export function ruleInForce<Rule extends RuleScope>(
  all: readonly Rule[],
  day: Day,
  place: AreaCode,
): Rule | null {
  const applying = all.filter(
    ({ validFrom, validTo, scope }) =>
      validFrom <= day &&
      (validTo === null || day <= validTo) &&
      (scope === null || liesWithin(place, scope)),
  );
  return applying.toSorted(order)[0] ?? null;
}
