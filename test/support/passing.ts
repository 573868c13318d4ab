import type { HouseholdFacts, Income } from '../../functions/core/fact.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import type { WantedMember } from '../../functions/core/household-wanted.ts';
import { registered, wantedMember } from './build.ts';

/** A year of income that proves something on TODAY; two persons at 2952 yuan each need more than 590,400 fen. */
export const income: Income = {
  from: '2016-10-01',
  to: '2017-09-30',
  wagesFen: 500_000,
  businessFen: 300_000,
  propertyFen: 10_000,
  transferFen: 90_000,
  businessCostFen: 100_000,
};

export const covered = { basicMedical: true, seriousIllness: true, familyDoctor: true };

export const provingFacts = {
  food: true,
  clothes: true,
  waterSafe: true,
  housingGrade: 'B',
  income,
} as const;

/** A grown-up and a pupil, covered. */
export function provingMembers(): readonly WantedMember[] {
  return [
    wantedMember({ facts: covered }),
    pupil({ birth: '2008-03-01', facts: { ...covered, school: 'primary-3' } }),
  ];
}

export function pupil(given: Partial<WantedMember>): WantedMember {
  return wantedMember({ name: '陈小样', relation: 'son', identity: null, ...given });
}

/** A household that may leave the register on TODAY: two persons, every item met. */
export function proving(
  given: {
    readonly facts?: Partial<HouseholdFacts>;
    readonly members?: readonly WantedMember[];
  } = {},
  heldFrom = '2016-01-01',
): HouseholdFile {
  const { members = provingMembers() } = given;
  return registered({ members, facts: { ...provingFacts, ...given.facts } }, heldFrom);
}
