import type { Day } from './day.ts';
import type { Household } from './household.ts';
import { householdOn } from './household-as-of.ts';
import type { HouseholdEvent } from './household-event.ts';
import type { Roster } from './roster.ts';
import { rosterFrom, rosterOf } from './roster-of.ts';

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

/**
 * The roster of a household for the account of a year: on the register on its last day, with the place, status and exit year of that day, and
 * everything else as it is known when the account is closed. A ledger taken in later tells of that year with the persons and facts it has, so
 * that a county's account of a year shows what the county reported, whatever day each fact was entered to hold from.
 * @param events all events of the household
 * @returns undefined when it was not on the register that day
 */
export function rosterKnown(
  household: Household,
  events: readonly HouseholdEvent[],
  day: Day,
): Roster | undefined {
  const then = rosterOn(household, events, day);
  if (!then) return undefined;
  const { village, status, exitYear } = then;
  return { ...rosterOf(household), village, status, exitYear, openCase: null };
}
