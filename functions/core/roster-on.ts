import type { Day } from './day.ts';
import type { Household } from './household.ts';
import { householdOn } from './household-as-of.ts';
import type { HouseholdEvent } from './household-event.ts';
import type { Roster } from './roster.ts';
import { rosterFrom } from './roster-of.ts';

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
  return then && rosterFrom({ household, ...then, openCase: null });
}
