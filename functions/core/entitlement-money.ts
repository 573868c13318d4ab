import type { PolicyItem } from './policy.ts';
import { boundsOf } from './policy-fact.ts';
import type { PolicyGround } from './policy-ground.ts';
import { type ConditionFacts, factOf } from './policy-interpret.ts';

/** Fen that an item comes to in one of its periods; null where it is no money, or what it hangs on is unknown (`missing`). */
export interface Due {
  readonly fen: number | null;
  readonly missing: readonly string[];
}

const none: readonly string[] = [];
/** A percentage is kept as fen of every 100 yuan. */
const PER_HUNDRED_YUAN = 10_000;

/** What a fact says the amount is multiplied by; undefined where that is unknown. */
function factTimes(
  fact: string,
  unit: PolicyItem['benefit']['unit'],
  facts: ConditionFacts,
): number | undefined {
  const bounds = boundsOf(factOf(fact, facts));
  if (!bounds || bounds.least !== bounds.most) return undefined;
  return unit === 'percent' ? bounds.least / PER_HUNDRED_YUAN : bounds.least;
}

/** What an item comes to for a subject in one period, capped and in whole fen; nobody owes anything by it where an income is a loss. */
export function dueOf(
  item: Pick<PolicyItem, 'subject' | 'benefit'>,
  facts: ConditionFacts,
  { persons }: Pick<PolicyGround, 'persons'>,
): Due {
  const { subject, benefit } = item;
  const { amountFen, capFen, amountFact, unit } = benefit;
  if (amountFen === null) return { fen: null, missing: none };
  const heads = unit === 'person' && subject === 'household' ? persons.length : 1;
  const [times, missing] =
    amountFact === undefined ? [heads, none] : [factTimes(amountFact, unit, facts), [amountFact]];
  if (times === undefined) return { fen: null, missing };
  const whole = Math.max(0, Math.round(amountFen * times));
  return { fen: capFen === null ? whole : Math.min(whole, capFen), missing: none };
}
