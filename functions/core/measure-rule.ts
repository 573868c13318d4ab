import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import rules from './measure-rule.json' with { type: 'json' };
import { type RuleScope, ruleInForce } from './rule-scope.ts';

interface Ruled extends RuleScope {
  readonly source: string;
}

/** What a kind of measure belongs to, and whose it is. */
export interface KindRule {
  /** Batches (五个一批) it may be counted under. */
  readonly batches: readonly string[];
  readonly of: 'person' | 'household' | 'either';
}

export interface KindRules extends Ruled {
  readonly kinds: Readonly<Record<string, KindRule>>;
}

/** Public-welfare posts: ages in completed years. */
export interface PostRule extends Ruled {
  readonly fromAge: number;
}

/** Micro-credit: amounts in fen of a household's loans together, ages of the borrower in completed years on the day of granting. */
export interface LoanRule extends Ruled {
  readonly mostFen: number;
  readonly mostMonths: number;
  readonly fromAge: number;
  readonly toAge: number;
  /** With a top-up; null where there is none. */
  readonly topUpMostFen: number | null;
  /** How often a loan may be renewed or extended. */
  readonly renewals: number;
}

/** The rules of measures, each by its own dates. */
export interface MeasureRules {
  readonly kinds: readonly KindRules[];
  readonly posts: readonly PostRule[];
  readonly loans: readonly LoanRule[];
}

// Told apart by `of`, which a file of data cannot say to the compiler.
const published: MeasureRules = { ...rules, kinds: rules.kinds.map(kindRules) };

function kindRules(document: (typeof rules.kinds)[number]): KindRules {
  const kinds = Object.entries(document.kinds).map(([kind, { batches, of }]) => [
    kind,
    { batches, of: of === 'person' || of === 'household' ? of : 'either' },
  ]);
  return { ...document, kinds: Object.fromEntries(kinds) };
}

/** The rules in force in a place on a day; null where nothing is said of that day. */
export interface RulesOn {
  readonly kinds: KindRules | null;
  readonly post: PostRule | null;
  readonly loan: LoanRule | null;
}

export function measureRulesOn(day: Day, place: AreaCode, all: MeasureRules = published): RulesOn {
  return {
    kinds: ruleInForce(all.kinds, day, place),
    post: ruleInForce(all.posts, day, place),
    loan: ruleInForce(all.loans, day, place),
  };
}
