import type { Day } from './day.ts';
import type { FactSheet, PersonFacts } from './fact.ts';
import { type HouseholdFile, headOf, type Member, relationOf } from './household.ts';
import { type Draft, putMemberFacts } from './household-draft.ts';
import { type Decided, isRefused, refuse } from './refusal.ts';

/** Who heads those who stay when the head leaves, and how the others stand to the new head. */
export interface Succession {
  readonly newHead?: string;
  readonly relations?: Readonly<Record<string, string>>;
}

/** The live member of that id, or why there is none. */
export function liveMember(
  { household }: Pick<HouseholdFile, 'household'>,
  person: string,
): Decided<Member> {
  const member = household.members.find((one) => one.id === person);
  if (member) return { ok: member };
  const isPast = household.past.some((one) => one.id === person);
  return refuse(isPast ? 'member-not-live' : 'member-unknown');
}

/** The refusal of the first person who is no live member, undefined when all are. */
export function refuseAbsent(file: Pick<HouseholdFile, 'household'>, persons: readonly string[]) {
  return persons.map((person) => liveMember(file, person)).find(isRefused);
}

/** How a member stands to the head from that day on. */
export function restate(
  draft: Draft,
  person: string,
  stated: { readonly heldFrom: Day; readonly relation: string; readonly enteredAt: string },
): Draft {
  const { heldFrom, enteredAt, relation } = stated;
  const sheet: FactSheet<PersonFacts> = { heldFrom, heldTo: null, enteredAt, values: { relation } };
  return putMemberFacts(draft, person, sheet);
}

/**
 * Names the successor of a head who is about to leave with others; nothing is to be named where the head stays.
 * Refusals: head-cannot-leave, head-stays, member-unknown, member-not-live, date-order.
 */
export function succeed(
  draft: Draft,
  leaving: ReadonlySet<string>,
  order: Succession & { readonly heldFrom: (member: Member) => Day; readonly enteredAt: string },
): Decided<Draft> {
  const { newHead, relations = {}, enteredAt } = order;
  const head = headOf(draft.household);
  if (!head || !leaving.has(head.id)) {
    const isNamed = newHead !== undefined || Object.keys(relations).length > 0;
    return isNamed ? refuse('head-stays') : { ok: draft };
  }
  if (newHead === undefined) return refuse('head-cannot-leave');
  const stated = { ...relations, [newHead]: 'head' };
  const absent = refuseAbsent(draft, Object.keys(stated));
  if (absent) return absent;
  if (Object.keys(stated).some((person) => leaving.has(person))) return refuse('member-not-live');
  let next = draft;
  for (const member of draft.household.members) {
    const relation = stated[member.id];
    if (relation === undefined) continue;
    next = restate(next, member.id, { heldFrom: order.heldFrom(member), relation, enteredAt });
  }
  const isHead = (one: Member) => one.id === newHead && relationOf(one) === 'head';
  // The successor's relation is known from a later day: this would only rewrite the past.
  if (!next.household.members.some(isHead)) return refuse('date-order', { field: 'heldFrom' });
  return { ok: next };
}

/** Day since which a member stands to the head as now. */
export function relationSince(member: Member): Day {
  const stated = member.facts.find((sheet) => sheet.values.relation !== undefined);
  return stated?.heldFrom ?? member.heldFrom;
}
