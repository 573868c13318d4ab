import type { Day } from './day.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import { factsOn } from './fact-history.ts';
import { current, type Household, type Member, villageOf } from './household.ts';
import type { HouseholdEvent } from './household-event.ts';
import type { MemberOn } from './roster-of.ts';

/** A household on a day, by what is known now about that day. */
export interface HouseholdOn {
  /** Where it lived; before it lived anywhere it was not on the register. */
  readonly village: string;
  readonly facts: Partial<HouseholdFacts>;
  readonly members: readonly MemberOn[];
}

/** Every sheet about a household there is: those that stand, and those put away. */
export function allSheets(
  { facts }: Pick<Household, 'facts'>,
  events: readonly HouseholdEvent[],
): readonly FactSheet<HouseholdFacts>[] {
  return [...facts, ...events.flatMap((event) => event.putAway)];
}

/** Every sheet about a member there is: those that stand, and those put away. */
export function allSheetsOf(
  { id, facts }: Pick<Member, 'id' | 'facts'>,
  events: readonly HouseholdEvent[],
): readonly FactSheet<PersonFacts>[] {
  const putAway = events
    .flatMap((event) => event.putAwayOf)
    .filter((away) => away.person === id)
    .flatMap((away): readonly FactSheet<PersonFacts>[] => away.sheets);
  return [...facts, ...putAway];
}

/** Whether it is struck off because it was entered by mistake, with everybody in it: it never was a household of the register. */
export function isVoid(household: Household, events: readonly HouseholdEvent[]): boolean {
  const [latest] = events
    .filter(({ kind }) => kind === 'struck-off' || kind === 'reinstated')
    .toSorted((one, other) => other.version - one.version);
  if (latest?.kind !== 'struck-off' || latest.reason !== 'error') return false;
  const { members, past } = household;
  return members.length > 0 || past.every(({ endReason }) => endReason === 'error');
}

/** The household by the facts that hold now, in the order of its file. */
export function householdNow(household: Household): HouseholdOn {
  const members = household.members.map((member) => ({ member, facts: current(member.facts) }));
  return { village: villageOf(household), facts: current(household.facts), members };
}

/**
 * The household as it was on a day, head first: the answer to `?asOf=`.
 * @param events all events of the household
 * @returns undefined when it was not on the register that day
 */
export function householdOn(
  household: Household,
  events: readonly HouseholdEvent[],
  day: Day,
): HouseholdOn | undefined {
  if (isVoid(household, events)) return undefined;
  const facts = factsOn(allSheets(household, events), day);
  const { village } = facts;
  if (village === undefined) return undefined;
  const members = [...household.members, ...household.past]
    .filter((member) => member.heldFrom <= day && (member.heldTo === null || day < member.heldTo))
    .map((member) => ({
      member,
      facts: factsOn(allSheetsOf(member, events), day),
    }));
  const isHead = (one: MemberOn) => one.facts.relation === 'head';
  return {
    village,
    facts,
    members: [...members.filter(isHead), ...members.filter((one) => !isHead(one))],
  };
}
