import type { Day } from '../core/day.ts';
import type { Household } from '../core/household.ts';
import { type HouseholdOn, householdOn } from '../core/household-as-of.ts';
import { placedAfter, presentVillage } from '../core/village-present.ts';
import type { AsOfPorts, Candidate } from './as-of.ts';

/** A household with every fact as it was on a day, in the village of today that stands for where it lived. */
export interface HomeOn {
  readonly household: Household;
  readonly on: HouseholdOn;
}

/** A household on a day by what is known now; undefined when it was not on the register. */
export async function homeOn(
  ports: Pick<AsOfPorts, 'file' | 'villages' | 'resolve'>,
  found: Candidate,
  day: Day,
): Promise<HomeOn | undefined> {
  const file = await ports.file(found.household);
  const on = file && householdOn(file.household, file.events, day);
  if (!file || !on) return undefined;
  const around = await ports.villages(found.village);
  const successors = around.successors(on.village) ?? (await ports.resolve([on.village]));
  const after = placedAfter(file.household, file.events, day);
  const village = presentVillage(on.village, successors, after);
  return { household: file.household, on: { ...on, village } };
}
