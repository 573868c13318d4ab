import type { WantedMember } from './household-wanted.ts';

/** Who holds, or held, an identity number. */
export interface NumberHolder {
  readonly person: string;
  readonly live: boolean;
}

/**
 * Persons who left another household keep the id they had. A live holder is left alone here: the write itself refuses it, and knows what
 * the clerk may be told.
 */
export function withKnownPersons<Wanted extends WantedMember>(
  members: readonly Wanted[],
  holders: ReadonlyMap<string, NumberHolder>,
): readonly Wanted[] {
  return members.map((member) => {
    const holder = holders.get(member.identity ?? '');
    return holder && !holder.live ? { ...member, id: holder.person } : member;
  });
}

/** The identity numbers stated. */
export function numbersOf(members: readonly WantedMember[]): readonly string[] {
  return members.flatMap(({ identity }) => (identity === null ? [] : [identity]));
}
