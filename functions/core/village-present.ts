import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { factsOn } from './fact-history.ts';
import type { Household } from './household.ts';
import type { HouseholdEvent } from './household-event.ts';
import type { VillageProfile } from './roster.ts';
import { factsOf, joinFacts, partFacts } from './village.ts';

/** The villages a household was placed in after a day, in the order of time, by what is known now. */
export function placedAfter(
  household: Household,
  events: readonly HouseholdEvent[],
  day: Day,
): readonly AreaCode[] {
  const sheets = [...household.facts, ...events.flatMap((event) => event.putAway)];
  const placements = sheets.filter(({ values }) => values.village !== undefined);
  const days = new Set(placements.map((sheet) => sheet.heldFrom).filter((from) => from > day));
  return [...days]
    .sort()
    .map((from) => factsOn(placements, from).village)
    .filter((village) => village !== undefined);
}

/**
 * The village of today that stands for the one in which a household lived: itself while it is in use, otherwise its successor. Of the parts
 * of a village that was divided, the one the household went to; one that had left before is counted in the first part.
 * @param successors the codes that act for the village now
 * @param after the villages it was placed in later
 */
export function presentVillage(
  lived: AreaCode,
  successors: readonly AreaCode[],
  after: readonly AreaCode[],
): AreaCode {
  const went = [...after, lived].find((village) => successors.includes(village));
  return went ?? successors[0] ?? lived;
}

/** What was known of a village, or of one whose place it has taken. */
export interface ProfileSource {
  readonly profile: VillageProfile | undefined;
  /** Several villages have taken its place: its counts say nothing about one of them. */
  readonly isDivided: boolean;
}

/** The profile of a village of today from those of the villages in whose place it stands; undefined where none was described. */
export function profileFrom(
  village: AreaCode,
  sources: readonly ProfileSource[],
): VillageProfile | undefined {
  const known = sources.flatMap(({ profile, isDivided }) => {
    if (!profile) return [];
    const { version, heldOn, origins } = profile;
    const facts = isDivided ? partFacts(factsOf(profile)) : factsOf(profile);
    return [{ ...facts, village, version, heldOn, ...(origins && { origins }) }];
  });
  const [first, ...others] = known;
  return (
    first &&
    others.reduce((all, one) => {
      let { heldOn } = all;
      if (one.heldOn > heldOn) heldOn = one.heldOn;
      return { ...joinFacts(factsOf(all), factsOf(one)), village, version: all.version, heldOn };
    }, first)
  );
}
