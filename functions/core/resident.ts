import type { Place } from './access.ts';
import type { MemberName } from './list-view.ts';
import type { Roster, VillageProfile } from './roster.ts';

/** A household that was on the register on a day. */
export interface Resident {
  /** As it was that day; its village is the one that stands for its own today. */
  readonly roster: Roster;
  /** What decides who may see it: where it is now. */
  readonly now: Place;
  /** Names of all its members, those who left included. */
  readonly names: ReadonlyMap<string, MemberName>;
}

/** A village of today on a day. */
export interface VillageOn {
  readonly rosters: readonly Roster[];
  readonly residents: readonly Resident[];
  readonly profile: VillageProfile | undefined;
}
