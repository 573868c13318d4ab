import type { PolicyItem } from './policy.ts';
import type { Answer } from './policy-interpret.ts';

/** An item judged for one who may have it, as far as the choice between items that exclude each other looks at it. */
export interface Contender {
  readonly item: Pick<PolicyItem, 'id' | 'exclusions'>;
  readonly person: string | null;
  readonly eligible: Answer;
  readonly received: boolean;
  readonly yearFen: number | null;
}

/** What a household may have, or has and may be entitled to; what it was given without a right takes nobody's place. */
function contends({ eligible, received }: Contender): boolean {
  return eligible === 'yes' || (received && eligible === 'unknown');
}

type Paired = Pick<Contender, 'item' | 'person'>;

function isPair(one: Paired, other: Paired): boolean {
  return one.item.exclusions.includes(other.item.id) || other.item.exclusions.includes(one.item.id);
}

/** What the household has concerns all its persons. */
function meets(one: Paired, other: Paired): boolean {
  return one.person === other.person || one.person === null || other.person === null;
}

/**
 * Whether it may hang on what was received which of two items is had: both may be had by the same, by what is known without receipts.
 */
export function isContested(
  judged: readonly Pick<Contender, 'item' | 'person' | 'eligible'>[],
): boolean {
  const open = judged.filter(({ eligible }) => eligible !== 'no');
  return open.some((one, at) => {
    return open.slice(at + 1).some((other) => isPair(one, other) && meets(one, other));
  });
}

/** What was received first, then the larger amount of the year, then by id. */
function order(one: Contender, other: Contender): number {
  if (one.received !== other.received) return one.received ? -1 : 1;
  const more = (other.yearFen ?? -1) - (one.yearFen ?? -1);
  return more !== 0 ? more : one.item.id < other.item.id ? -1 : 1;
}

/**
 * Where items exclude each other, which is had: what was received, else the larger amount of the year.
 * @returns those that cannot be had beside it, with the id of what is had instead
 */
export function settleExclusions<One extends Contender>(
  judged: readonly One[],
): ReadonlyMap<One, string> {
  const excluded = new Map<One, string>();
  const named = new Set(judged.flatMap(({ item }) => item.exclusions));
  const contenders = judged.filter(
    (one) => contends(one) && (one.item.exclusions.length > 0 || named.has(one.item.id)),
  );
  const kept: One[] = [];
  for (const one of contenders.toSorted(order)) {
    const instead = kept.find((other) => isPair(one, other) && meets(one, other));
    if (instead) excluded.set(one, instead.item.id);
    else kept.push(one);
  }
  return excluded;
}
