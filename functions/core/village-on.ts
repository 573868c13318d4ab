import type { Day } from './day.ts';
import type { VillageProfile } from './roster.ts';
import type { VillageEvent } from './village-event.ts';

/**
 * The profile of a village on a day, by what is known now; undefined where nobody had described it for that day.
 * @param current the profile as it stands
 * @param events all its events, newest first
 */
export function profileOn(
  current: VillageProfile | undefined,
  events: readonly VillageEvent[],
  day: Day,
): VillageProfile | undefined {
  const later = events.slice(0, events.findLastIndex((event) => event.heldOn > day) + 1);
  const oldest = later.at(-1);
  return oldest ? (oldest.before ?? undefined) : current;
}

/** The profile for the account of a year: as it is known when the account is closed, save that who left the list later was still on it. */
export function profileKnown(profile: VillageProfile, day: Day): VillageProfile {
  const { exitedOn } = profile;
  return exitedOn !== null && exitedOn > day ? { ...profile, exitedOn: null } : profile;
}
