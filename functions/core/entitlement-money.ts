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

/** By how much the amount is multiplied; undefined where that is unknown. */
function timesOf(
  { subject, benefit }: Pick<PolicyItem, 'subject' | 'benefit'>,
  facts: ConditionFacts,
  persons: number,
): number | undefined {
  const { amountFact, unit } = benefit;
  if (amountFact === undefined) return unit === 'person' && subject === 'household' ? persons : 1;
  const bounds = boundsOf(factOf(amountFact, facts));
  if (!bounds || bounds.least !== bounds.most) return undefined;
  return unit === 'percent' ? bounds.least / PER_HUNDRED_YUAN : bounds.least;
}

/** What an item comes to for a subject in one period, capped and in whole fen. */
export function dueOf(
  item: Pick<PolicyItem, 'subject' | 'benefit'>,
  facts: ConditionFacts,
  { persons }: Pick<PolicyGround, 'persons'>,
): Due {
  const { amountFen, capFen, amountFact } = item.benefit;
  if (amountFen === null) return { fen: null, missing: none };
  const times = timesOf(item, facts, persons.length);
  if (times === undefined) return { fen: null, missing: amountFact ? [amountFact] : none };
  const whole = Math.round(amountFen * times);
  return { fen: capFen === null ? whole : Math.min(whole, capFen), missing: none };
}
