import documents from './age-rule.json' with { type: 'json' };
import { addDays, type Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { type RuleScope, ruleInForce } from './rule-scope.ts';

/** Who counts as a child, as an elder, or as severely disabled where facts of a household are worked out; ages in completed years. */
export interface AgeRule extends RuleScope {
  readonly source: string;
  readonly childBelow: number;
  readonly elderFrom: number;
  /** Grade 1 is the heaviest. */
  readonly severeGradeTo: number;
}

const published: readonly AgeRule[] = documents;

/** The rule in force in a place on a day; null where there is none. */
export function ageRuleOn(
  day: Day,
  place: AreaCode,
  all: readonly AgeRule[] = published,
): AgeRule | null {
  return ruleInForce(all, day, place);
}

/** The first day after `day` on which another rule may be in force; undefined where none is known. */
export function nextAgeRuleAfter(day: Day, all: readonly AgeRule[] = published): Day | undefined {
  const begins = all.flatMap(({ validFrom, validTo }) =>
    validTo === null ? [validFrom] : [validFrom, addDays(validTo, 1)],
  );
  return begins.filter((first) => first > day).toSorted()[0];
}
