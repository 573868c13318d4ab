import { type Day, dayOf } from './day.ts';
import { type ExitSheet, refuseSheet } from './exit-item.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';
import type { VillageProfile } from './roster.ts';
import type { ProfileOccasion } from './village-event.ts';
import type { ProfileStep } from './village-move.ts';

/** The day a village left the list, and the sheet that proves it. */
export interface ProvenExit {
  readonly exitedOn: Day;
  readonly sheet: ExitSheet;
}

/** Why a village cannot be on its way off the list: it is not on it, or has left it. */
export function refuseCandidate({ poor, exitedOn }: VillageProfile): Refusal | undefined {
  if (!poor) return refuse('village-not-poor');
  return exitedOn === null ? undefined : refuse('village-exited', { exitedOn });
}

/**
 * Takes a poor village off the list (贫困村退出); it stays named as one.
 * Refusals: village-not-poor, village-exited, exit-not-proven (naming each criterion that is not met), date-order (before the day of the
 * sheet), date-future.
 */
export function exitVillage(
  profile: VillageProfile,
  { exitedOn, sheet }: ProvenExit,
  occasion: Pick<ProfileOccasion, 'at'>,
): Decided<ProfileStep> {
  const barrier = refuseCandidate(profile) ?? refuseSheet(sheet);
  if (barrier) return barrier;
  if (exitedOn < sheet.on) return refuse('date-order', { field: 'exitedOn' });
  if (exitedOn > dayOf(new Date(occasion.at))) return refuse('date-future', { field: 'exitedOn' });
  const left = { ...profile, exitedOn, version: profile.version + 1 };
  const after = exitedOn > profile.heldOn ? { ...left, heldOn: exitedOn } : left;
  return { ok: { before: profile, after } };
}
