import { addDays, type Day } from './day.ts';
import { type AreaCode, liesWithin } from './division.ts';
import { ruleInForce } from './rule-scope.ts';
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

/** A published set of exit criteria with every threshold in it. A county that has its own adds one, and a change is a new one. */
export interface VillageRule {
  readonly id: string;
  readonly version: number;
  /** Area code whose villages it is for. */
  readonly scope: AreaCode;
  readonly validFrom: Day;
  /** Last day; null while it is in force. */
  readonly validTo: Day | null;
  /** The document. */
  readonly source: string;
  readonly criteria: {
    /** Persons not yet exited per ten thousand rural registered persons (户籍人口), strictly below. */
    readonly incidence: { readonly belowPerTenThousand: number };
    readonly road: { readonly is: boolean };
    readonly network: { readonly is: boolean };
    /** Hamlets with power per hundred hamlets; 100 is every hamlet. */
    readonly power: { readonly poweredPerHundred: number };
    /** Children of compulsory age out of school. */
    readonly dropout: { readonly atMost: number };
    /** Collective income of the village over a year, fen. */
    readonly income: { readonly atLeastFen: number };
    /** Leading industries. */
    readonly industry: { readonly atLeast: number };
  };
}

/** The set in force for a village on a day: the one of the narrowest scope, the later one where two overlap; undefined where there is none. */
export function ruleOn(
  day: Day,
  village: AreaCode,
  all: readonly VillageRule[] = rules,
): VillageRule | undefined {
  return ruleInForce(all, day, village) ?? undefined;
}

/** The first day after `day` on which a set of the village begins or has ended, undefined where none is known. */
export function nextRuleAfter(
  day: Day,
  village: AreaCode,
  all: readonly VillageRule[] = rules,
): Day | undefined {
  return all
    .filter((rule) => liesWithin(village, rule.scope))
    .flatMap(({ validFrom, validTo }) =>
      validTo === null ? [validFrom] : [validFrom, addDays(validTo, 1)],
    )
    .filter((first) => first > day)
    .toSorted()[0];
}
