import type { Day } from './day.ts';
import { stated } from './fact-history.ts';
import { current, type Household, type Member } from './household.ts';
import { householdOn } from './household-as-of.ts';
import type { HouseholdEvent } from './household-event.ts';
import type { Roster } from './roster.ts';
import { type MemberOn, rosterFrom } from './roster-of.ts';

/**
 * The roster of a household on a day, by what is known now about that day, in the village of its day. Version, number, pairings and names
 * are those of now; which case it was in is not said.
 * @param events all events of the household
 * @returns undefined when it was not on the register that day
 */
export function rosterOn(
  household: Household,
  events: readonly HouseholdEvent[],
  day: Day,
): Roster | undefined {
  const then = householdOn(household, events, day);
  return then && rosterFrom({ household, ...then, openCase: null, paired: null });
}

/** Whether somebody has come to the household after the day by birth, marriage or the like; of whom a ledger told, it told for the account. */
function hasComeSince({ heldFrom, joinReason }: Member, day: Day): boolean {
  return heldFrom > day && joinReason !== null;
}

/**
 * The roster of a household for the account of a year: on the register on its last day, with the place, status and exit year of that day, and
 * everything else as it is known when the account is closed. A ledger taken in later tells of that year with the persons and facts it has, so
 * that a county's account of a year shows what the county reported, whatever day each fact was entered to hold from. Who died, moved, was
 * married or went along with a split or merger after that day is where they were, so that nobody is counted twice or lost.
 * @param events all events of the household
 * @returns undefined when it was not on the register that day
 */
export function rosterKnown(
  household: Household,
  events: readonly HouseholdEvent[],
  day: Day,
): Roster | undefined {
  const then = householdOn(household, events, day);
  if (!then) return undefined;
  const { village, status, exitYear } = then.facts;
  const thatDay = new Map(then.members.map((one) => [one.member.id, one.facts]));
  const members = household.members
    .filter((member) => !hasComeSince(member, day))
    .map((member) => {
      // Who heads the household changes when people leave it, and those who left since are still here.
      const { relation } = thatDay.get(member.id) ?? {};
      return { member, facts: { ...current(member.facts), ...(relation && { relation }) } };
    });
  const stayed = new Set(household.members.map(({ id }) => id));
  const left = then.members.filter(({ member }) => !stayed.has(member.id));
  const facts = stated({ ...current(household.facts), village, status, exitYear });
  const isHead = (one: MemberOn) => Number(one.facts.relation === 'head');
  const headFirst = [...members, ...left].toSorted((one, other) => isHead(other) - isHead(one));
  return rosterFrom({ household, facts, members: headFirst, openCase: null, paired: null });
}
