import type { Day } from './day.ts';
import type { VillageProfile } from './roster.ts';
import { VillageFacts } from './village.ts';
import type { VillageEvent } from './village-event.ts';

/** A profile with the facts that one change brought. */
function withFacts(profile: VillageProfile, names: readonly string[], after: VillageProfile) {
  const brought = Object.entries(after).filter(([name]) => names.includes(name));
  return { ...profile, ...VillageFacts.parse({ ...profile, ...Object.fromEntries(brought) }) };
}

/**
 * The profile of a village on a day, by what is known now; undefined where nobody had described it for that day. What was entered for an
 * earlier day after facts of a later one, as an exit is that is marked late, holds from its own day.
 * @param current the profile as it stands
 * @param events all its events, newest first
 */
export function profileOn(
  current: VillageProfile | undefined,
  events: readonly VillageEvent[],
  day: Day,
): VillageProfile | undefined {
  const undone = events.slice(0, events.findLastIndex((event) => event.heldOn > day) + 1);
  const oldest = undone.at(-1);
  if (!oldest) return current;
  let profile = oldest.before ?? undefined;
  for (const [at, event] of [...undone.entries()].toReversed()) {
    const after = at === 0 ? current : undone[at - 1]?.before;
    if (event.heldOn <= day && profile && after) profile = withFacts(profile, event.fields, after);
  }
  return profile;
}

/** The profile for the account of a year: as it is known when the account is closed, save that who left the list later was still on it. */
export function profileKnown(profile: VillageProfile, day: Day): VillageProfile {
  const { exitedOn } = profile;
  return exitedOn !== null && exitedOn > day ? { ...profile, exitedOn: null } : profile;
}
