import { addDays, ageOn, type Day } from './day.ts';
import { UNKNOWN } from './dimension.ts';
import { type AreaCode, liesWithin } from './division.ts';
import documents from './measure-match.json' with { type: 'json' };
import type { MemberDigest, Roster } from './roster.ts';
import { type RuleScope, ruleInForce } from './rule-scope.ts';

/** What fits a cause: any running measure of one of these batches or kinds. */
export interface Fitting {
  readonly batches: readonly string[];
  readonly kinds: readonly string[];
}

/** What fits a household with somebody who can work, and one without. */
export interface Match {
  readonly able: Fitting;
  readonly unable: Fitting;
}

/** Which measures fit which cause, and (kinds of risks, once they are watched) which risk. */
export interface MatchRule extends RuleScope {
  readonly source: string;
  /** Not from a document word by word; to be replaced by the county's own. */
  readonly illustrative: boolean;
  /** Who can work: from this age on, with one of these kinds of labour. */
  readonly able: { readonly fromAge: number; readonly labour: readonly string[] };
  readonly causes: Readonly<Record<string, Match>>;
  readonly risks: Readonly<Record<string, Match>>;
}

const published: readonly MatchRule[] = documents;

/** The table in force in a place on a day. */
export function matchRuleOn(
  day: Day,
  village: AreaCode,
  all: readonly MatchRule[] = published,
): MatchRule | null {
  return ruleInForce(all, day, village);
}

/** Whether somebody of a household can work; undefined where it cannot be told. */
export function isAble(
  members: readonly Pick<MemberDigest, 'birth' | 'labour'>[],
  { able }: Pick<MatchRule, 'able'>,
  day: Day,
): boolean | undefined {
  const grown = members.filter(({ birth }) => ageOn(birth, day) >= able.fromAge);
  if (grown.some(({ labour }) => labour !== null && able.labour.includes(labour))) return true;
  return grown.some(({ labour }) => labour === null) ? undefined : false;
}

/** What a household is helped by. */
type Helped = Pick<Roster, 'measures' | 'measureKinds'>;

function fits({ batches, kinds }: Fitting, helped: Helped): boolean {
  return (
    helped.measures.some((batch) => batches.includes(batch)) ||
    helped.measureKinds.some((kind) => kinds.includes(kind))
  );
}

/** Whether a measure fits a cause; undefined where it depends on labour nobody knows, or where the table does not know the cause. */
function isMet(
  match: Match | undefined,
  helped: Helped,
  able: boolean | undefined,
): boolean | undefined {
  if (!match) return undefined;
  if (able !== undefined) return fits(able ? match.able : match.unable, helped);
  const [one, other] = [fits(match.able, helped), fits(match.unable, helped)];
  return one === other ? one : undefined;
}

/** What is asked of a roster. */
export type Unmet = Pick<
  Roster,
  | 'village'
  | 'mainCause'
  | 'otherCauses'
  | 'measures'
  | 'measureKinds'
  | 'measuresKnown'
  | 'members'
>;

/**
 * Whether a household has a cause for which no measure under way fits (`yes`), has none (`no`), or nobody can tell: its causes, its
 * measures or its labour are not known.
 */
export function unmetOf(
  roster: Unmet,
  day: Day,
  all: readonly MatchRule[] = published,
): 'yes' | 'no' | typeof UNKNOWN {
  const rule = matchRuleOn(day, roster.village, all);
  if (!rule || !roster.measuresKnown) return UNKNOWN;
  const able = isAble(roster.members, rule, day);
  const causes = roster.mainCause === null ? [] : [roster.mainCause];
  const met = [...causes, ...roster.otherCauses].map((cause) =>
    isMet(rule.causes[cause], roster, able),
  );
  if (met.includes(false)) return 'yes';
  return roster.mainCause === null || met.includes(undefined) ? UNKNOWN : 'no';
}

/** The first day after `day` on which another table answers otherwise about a household as it is; undefined where none is known. */
export function nextUnmetAfter(
  roster: Unmet,
  day: Day,
  all: readonly MatchRule[] = published,
): Day | undefined {
  const now = unmetOf(roster, day, all);
  return all
    .filter(({ scope }) => scope === null || liesWithin(roster.village, scope))
    .flatMap(({ validFrom, validTo }) =>
      validTo === null ? [validFrom] : [validFrom, addDays(validTo, 1)],
    )
    .filter((first) => first > day)
    .toSorted()
    .find((first) => unmetOf(roster, first, all) !== now);
}
