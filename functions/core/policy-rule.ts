import type { Policies, PolicyItem } from './policy.ts';
import { refuseCondition } from './policy-condition.ts';
import { definitionOf, type Subject } from './policy-fact.ts';
import type { Fault } from './refusal.ts';

/** What the terms of an item are held against. */
export interface ItemSetting {
  /** Ids of the items it may name. */
  readonly items: ReadonlySet<string>;
  readonly lines: ReadonlySet<string>;
  readonly document: Pick<Policies['documents'][number], 'validFrom' | 'validTo'>;
}

type Terms = Omit<
  PolicyItem,
  'area' | 'document' | 'publication' | 'version' | 'ended' | 'enacted'
>;

/** Facts that tell an amount for somebody: their own, and those of what they are part of. */
const reach: Readonly<Record<Subject, readonly Subject[]>> = {
  person: ['person', 'household', 'village'],
  household: ['household', 'village'],
  village: ['village'],
};

function conditionFaults(item: Terms, lines: ReadonlySet<string>): readonly Fault[] {
  const conditions = [
    ['condition', item.condition],
    ['receivedWhen', item.receivedWhen],
  ] as const;
  return conditions.flatMap(([field, condition]) => {
    const { faults = [] } = (condition && refuseCondition(condition, item.subject, lines)) || {};
    return faults.map((fault) => ({
      ...fault,
      field: String(fault.field).replace(/^condition/, field),
    }));
  });
}

function exclusionFaults(item: Terms, items: ReadonlySet<string>): readonly Fault[] {
  return item.exclusions.flatMap((other, place): readonly Fault[] => {
    if (items.has(other) && other !== item.id) return [];
    const values = { item: item.id, other };
    return [{ field: `exclusions.${place}`, code: 'policy-exclusion-unknown', values }];
  });
}

function validityFaults(
  { id, validFrom, validTo }: Terms,
  document: ItemSetting['document'],
): readonly Fault[] {
  const end = document.validTo;
  const isOver = end !== null && (validTo === null || validTo > end);
  const isRight =
    document.validFrom <= validFrom && (validTo === null || validFrom <= validTo) && !isOver;
  const values = { item: id, from: document.validFrom, to: end ?? '—' };
  return isRight ? [] : [{ field: 'validFrom', code: 'policy-validity', values }];
}

/** A share of something and an amount for each mu need to know of what; that must be a number of the one who has the item. */
function benefitFaults({ id, subject, benefit }: Terms): readonly Fault[] {
  const { unit, amountFact } = benefit;
  const field = 'benefit.amountFact';
  if (amountFact === undefined) {
    const needs = unit === 'mu' || unit === 'percent';
    return needs ? [{ field, code: 'policy-amount-fact-missing', values: { item: id } }] : [];
  }
  const fact = definitionOf(amountFact);
  const fits =
    fact?.type === 'number' &&
    reach[subject].includes(fact.of) &&
    (fact.unit === 'fen') === (unit === 'percent');
  const values = { item: id, fact: amountFact };
  return fits ? [] : [{ field, code: 'policy-amount-fact-unfit', values }];
}

function claimFaults({ id, claim, claimWindow }: Terms): readonly Fault[] {
  if (claim === 'apply' || claimWindow === null) return [];
  return [{ field: 'claimWindow', code: 'policy-window-unclaimed', values: { item: id } }];
}

/**
 * Everything that is wrong with the terms of an item, each with its path in it: conditions that the catalogue of facts or the lines do not
 * know (condition-…), exclusions of items there are not, days outside its document, amounts that hang on no number, windows of what is not
 * applied for.
 */
export function itemFaults(item: Terms, setting: ItemSetting): readonly Fault[] {
  return [
    ...validityFaults(item, setting.document),
    ...conditionFaults(item, setting.lines),
    ...exclusionFaults(item, setting.items),
    ...benefitFaults(item),
    ...claimFaults(item),
  ];
}
