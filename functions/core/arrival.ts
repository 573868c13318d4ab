import type { Day } from './day.ts';
import type { FactSheet, PersonFacts } from './fact.ts';
import { splitSheet } from './fact-history.ts';
import type { HouseholdFile, Member } from './household.ts';
import { type Draft, putIdentity, putMember } from './household-draft.ts';

/** How a person comes to live in another household, or comes back to one. */
export interface Arrival {
  readonly heldFrom: Day;
  readonly joinReason: string;
  readonly relation: string;
  readonly enteredAt: string;
}

/** The same person as member of another household: everything known goes along but how they stand to its head. */
export function arriving(member: Member, arrival: Arrival): Member {
  const { heldFrom, joinReason, relation, enteredAt } = arrival;
  const facts = member.facts.flatMap((sheet): readonly FactSheet<PersonFacts>[] => {
    const [kept] = splitSheet(sheet, (field) => field !== 'relation');
    return kept ? [kept] : [];
  });
  const stands = { heldFrom, heldTo: null, enteredAt, values: { relation } };
  return {
    ...member,
    heldFrom,
    joinReason,
    heldTo: null,
    endReason: null,
    facts: [...facts, stands],
  };
}

/** Puts a person with the identity number known of them into a draft. */
export function putArriving(
  draft: Draft,
  { member, identity }: { readonly member: Member; readonly identity: string | undefined },
  arrival: Arrival,
): Draft {
  const there = putMember(draft, arriving(member, arrival));
  return identity === undefined ? there : putIdentity(there, member.id, identity);
}

/** Whether a membership from that day would overlap one that has ended, or begin with it. One entered by mistake never was. */
export function overlapsPast(
  { household }: Pick<HouseholdFile, 'household'>,
  joining: { readonly id: string; readonly heldFrom: Day },
): boolean {
  const { id, heldFrom } = joining;
  return household.past.some(
    (one) =>
      one.id === id &&
      one.endReason !== 'error' &&
      (one.heldFrom >= heldFrom || (one.heldTo ?? '9999-12-31') > heldFrom),
  );
}
