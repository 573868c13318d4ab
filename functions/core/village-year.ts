import type { Day } from './day.ts';
import { yearOf } from './dimension.ts';
import type { VillageYear } from './figure-layout.ts';
import type { VillageProfile } from './roster.ts';

/** The years of a village that figures count: the planned one while it is a poor village, the one of its exit once it left the list. */
export function villageYearsOf({
  poor,
  planExitYear,
  exitedOn = null,
}: Pick<VillageProfile, 'poor' | 'planExitYear'> & {
  readonly exitedOn?: Day | null;
}): readonly (readonly [VillageYear, string])[] {
  if (exitedOn !== null) return [['exitYear', yearOf(Number(exitedOn.slice(0, 4)))]];
  return poor ? [['planYear', yearOf(planExitYear)]] : [];
}
