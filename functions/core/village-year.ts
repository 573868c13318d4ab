import { yearOf } from './dimension.ts';
import type { VillageYear } from './figure-layout.ts';
import type { VillageProfile } from './roster.ts';
import { exitYearOf } from './village.ts';

/** The years of a village that figures count: the planned one while it is a poor village, the one of its exit once it left the list. */
export function villageYearsOf(
  profile: Pick<VillageProfile, 'poor' | 'planExitYear' | 'exitedOn'>,
): readonly (readonly [VillageYear, string])[] {
  const exitYear = exitYearOf(profile);
  if (exitYear !== null) return [['exitYear', yearOf(exitYear)]];
  return profile.poor ? [['planYear', yearOf(profile.planExitYear)]] : [];
}
