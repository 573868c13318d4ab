import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import { exitSheet, refuseSheet } from '../../functions/core/exit-sheet.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from '../../functions/core/fact.ts';
import type { Household } from '../../functions/core/household.ts';
import { identityOf, TODAY, wantedMember } from '../support/build.ts';
import { covered, income, proving, pupil } from '../support/passing.ts';

const heads = [wantedMember({ facts: covered })];
const child = (birth: string, school: string) =>
  pupil({ birth, identity: identityOf(birth, 31), facts: { ...covered, school } });

/** Households that pass, of different makes. */
const passing: fc.Arbitrary<Household> = fc
  .record({
    pupils: fc.uniqueArray(
      fc.record({
        birth: fc.constantFrom('2003-01-02', '2006-05-06', '2009-09-10', '2011-08-31'),
        school: fc.constantFrom('primary-1', 'junior-9', 'senior-1'),
      }),
      { maxLength: 4, selector: ({ birth }) => birth },
    ),
    housing: fc.constantFrom(
      { housingGrade: 'A' },
      { housingGrade: 'B', housingRenewed: false },
      { housingGrade: 'C', housingRenewed: true },
      { housingGrade: 'D', housingRenewed: true },
    ),
    wagesFen: fc.integer({ min: 2_000_000, max: 90_000_000 }),
  })
  .map(({ pupils, housing, wagesFen }) => {
    const members = [...heads, ...pupils.map(({ birth, school }) => child(birth, school))];
    const facts = { ...housing, income: { ...income, wagesFen } };
    return proving({ members, facts }).household;
  });

/** Facts whose being unknown leaves something open, by the household's own. */
function decisive({ facts, members }: Household): readonly (readonly [string | null, string])[] {
  const grade = facts.find(({ values }) => values.housingGrade)?.values.housingGrade ?? '';
  const ofHousehold = ['income', 'food', 'clothes', 'waterSafe', 'housingGrade'];
  const renewed = ['C', 'D'].includes(grade) ? ['housingRenewed'] : [];
  const own = [...ofHousehold, ...renewed].map((field) => [null, field] as const);
  const theirs = members.flatMap(({ id, birth }) => {
    const school = birth > '2000' ? ['school'] : [];
    return [...Object.keys(covered), ...school].map((field) => [id, field] as const);
  });
  return [...own, ...theirs];
}

function without<Facts>(sheets: readonly FactSheet<Facts>[], field: string) {
  return sheets.map((sheet) => {
    const values = { ...sheet.values };
    Reflect.deleteProperty(values, field);
    return { ...sheet, values };
  });
}

function forgetting(household: Household, person: string | null, field: string): Household {
  if (person === null) return { ...household, facts: without(household.facts, field) };
  const members = household.members.map((member) =>
    member.id === person ? { ...member, facts: without(member.facts, field) } : member,
  );
  return { ...household, members };
}

const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const yesNo = maybe(fc.boolean());

const householdFacts = fc.record({
  food: yesNo,
  clothes: yesNo,
  waterSafe: yesNo,
  housingRenewed: yesNo,
  housingGrade: maybe(fc.constantFrom(...codesOf('housingGrade'))),
});
const personFacts = fc.record({
  basicMedical: yesNo,
  seriousIllness: yesNo,
  familyDoctor: yesNo,
  school: maybe(fc.constantFrom(...codesOf('school'))),
  dropoutReason: maybe(fc.constantFrom('因病', '厌学')),
});

function stated<Facts>(values: object): FactSheet<Facts>[] {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  const sheet = { heldFrom: '2016-01-01', heldTo: null, enteredAt: '2016-01-01T01:00:00.000Z' };
  return [{ ...sheet, values: Object.fromEntries(known) as Partial<Facts> }];
}

/** A household of any make: facts of all three answers. */
const any: fc.Arbitrary<Household> = fc
  .record({
    facts: householdFacts,
    people: fc.array(
      fc.record({ birth: fc.constantFrom('1960-01-02', '2006-05-06'), facts: personFacts }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ facts, people }) => {
    const { household } = proving({ members: heads });
    const [head] = household.members;
    if (!head) throw new Error('no head');
    const members = people.map(({ birth, facts: own }, at) => ({
      ...head,
      ...{ id: `per_x${at}`, birth, facts: stated<PersonFacts>(own) },
    }));
    const values = { village: '350122101201', status: 'unexited', income, ...facts };
    return { ...household, members, facts: stated<HouseholdFacts>(values) };
  });

const answersOf = (household: Household) =>
  exitSheet(household, [], TODAY).items.map(({ criterion, answer }) => [criterion, answer]);

describe('the criteria sheet, whatever the household', () => {
  it('passes no more when any single fact of it is unknown, and says "unknown", never "not met"', () => {
    fc.assert(
      fc.property(passing, (household) => {
        expect(exitSheet(household, [], TODAY).passes).toBe(true);
        for (const [person, field] of decisive(household)) {
          const sheet = exitSheet(forgetting(household, person, field), [], TODAY);
          const codes = refuseSheet(sheet)?.faults?.map(({ code }) => code);
          expect([field, sheet.passes, codes]).toEqual([field, false, ['criterion-unknown']]);
        }
      }),
    );
  });

  it('income changes the item of income and no other', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 900_000_000 }), (household, wagesFen) => {
        const [first] = household.facts;
        if (!first) throw new Error('no facts');
        const richer = { ...first.values, income: { ...income, wagesFen } };
        const facts = [{ ...first, values: richer }];
        const [, ...others] = answersOf(household);
        const [, ...same] = answersOf({ ...household, facts });
        expect(same).toEqual(others);
      }),
    );
  });

  it('passes exactly when every item is met', () => {
    fc.assert(
      fc.property(any, (household) => {
        const sheet = exitSheet(household, [], TODAY);
        expect(sheet.passes).toBe(sheet.items.every(({ answer }) => answer === 'met'));
        expect(refuseSheet(sheet) === undefined).toBe(sheet.passes);
      }),
    );
  });
});
