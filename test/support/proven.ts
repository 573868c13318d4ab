import { addDays, type Day } from '../../functions/core/day.ts';

/** Facts with which a household meets every criterion of exit on a day, and the cover each of its members needs. */
export function provenFacts(day: Day) {
  const year = Number(day.slice(0, 4));
  const to = addDays(day, -60);
  const amounts = { businessFen: 0, propertyFen: 0, transferFen: 0, businessCostFen: 0 };
  return {
    facts: {
      ...{ status: 'unexited', type: 'general', mainCause: 'illness', planYear: year },
      ...{ housingGrade: 'A', waterSafe: true, food: true, clothes: true },
      income: { from: addDays(to, -364), to, wagesFen: 9_000_000, ...amounts },
    },
    cover: { basicMedical: true, seriousIllness: true, familyDoctor: true },
  };
}
