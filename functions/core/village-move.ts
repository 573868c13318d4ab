import type { Day } from './day.ts';
import { destinationsOf, divides, type VillageMove } from './division-plan.ts';
import type { VillageProfile } from './roster.ts';
import { factsOf, joinFacts, partFacts, type VillageFacts } from './village.ts';

/** One step of a profile; null before: new, null after: the village is described elsewhere from now on. */
export interface ProfileStep {
  readonly before: VillageProfile | null;
  readonly after: VillageProfile | null;
}

/** What a village gives to those that take its place. */
interface Given {
  readonly facts: VillageFacts;
  readonly heldOn: Day;
  /** Who entered the facts, where it is known: facts that go along stay theirs. */
  readonly origins: Pick<VillageProfile, 'origins'>;
}

/** What a village receives from another that becomes part of it. */
function received(village: string, known: VillageProfile | undefined, from: Given): ProfileStep {
  const { facts, heldOn, origins } = from;
  if (!known) return { before: null, after: { ...facts, ...origins, village, version: 1, heldOn } };
  const joined = { ...known, ...joinFacts(factsOf(known), facts), version: known.version + 1 };
  return { before: known, after: heldOn > known.heldOn ? { ...joined, heldOn } : joined };
}

/**
 * Day on which profiles go along with a division change: its own, but never before what is known of any of them, so that a change entered
 * late leaves what was entered before it where it was entered.
 */
export function moveDay(profiles: Iterable<VillageProfile>, effective: Day): Day {
  let day = effective;
  for (const { heldOn } of profiles) if (heldOn > day) day = heldOn;
  return day;
}

/**
 * What a division change does to village profiles: it goes along with a village that is renamed or moved, adds up where villages become
 * one, and leaves unknown the counts of the parts of a split. Empty when there is no profile or the step was taken before.
 * @param known profiles of the village left and of those that receive, as they stand
 * @param effective the day of `moveDay`
 */
export function moveProfiles(
  move: VillageMove,
  known: (village: string) => VillageProfile | undefined,
  effective: Day,
): readonly ProfileStep[] {
  const left = known(move.from);
  const others = destinationsOf(move).filter((village) => village !== move.from);
  // Parts of a split are new villages: one that is described already was described by this very step.
  if (!left || (divides(move) && others.some(known))) return [];
  const whole = factsOf(left);
  const origins = left.origins ? { origins: left.origins } : {};
  const given = divides(move)
    ? { facts: partFacts(whole), heldOn: effective, origins }
    : { facts: whole, heldOn: left.heldOn, origins };
  const stays = destinationsOf(move).includes(move.from);
  const version = left.version + 1;
  const remains = stays ? { ...left, ...given.facts, version, heldOn: effective } : null;
  return [
    { before: left, after: remains },
    ...others.map((village) => received(village, known(village), given)),
  ];
}
