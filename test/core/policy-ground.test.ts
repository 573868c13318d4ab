import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { codeLists } from '../../functions/core/code-list.ts';
import { HouseholdFacts, PersonFacts } from '../../functions/core/fact.ts';
import { boundsOf, factCatalogue, isBounds } from '../../functions/core/policy-fact.ts';
import { changedFacts, groundOf, groundOn } from '../../functions/core/policy-ground.ts';
import { family, registered, TODAY, VILLAGE, wantedMember } from '../support/build.ts';
import { profile } from '../support/roster.ts';

const income = {
  from: '2016-01-01',
  to: '2016-12-31',
  wagesFen: 1_000_000,
  businessFen: 200_000,
  propertyFen: 30_000,
  transferFen: 4_000,
  businessCostFen: 100_001,
};

/** Notes that conditions cannot compare with, and what is asked in parts. */
const notAsked = [
  ...[
    'village',
    'hamlet',
    'group',
    'income',
    'roadType',
    'relocationPlace',
    'relocationDifficulty',
  ],
  ...['dropoutReason', 'workplace', 'skills', 'trainingWish', 'jobWish'],
];

const codes = Object.values(codeLists).flatMap((list) => list.map(({ code }) => code));
const tries = [true, 2016, 1, ...codes, ...codes.map((code) => [code]), income, 'text'];

/** Something that the field of a register can hold. */
function valueFor(schema: z.ZodType): unknown {
  return tries.find((value) => schema.safeParse(value).success);
}

function filled(shape: Readonly<Record<string, z.ZodType>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(shape).map(([field, schema]) => [field, valueFor(schema)]),
  );
}

const known = profile({
  planExitYear: 2017,
  homes: 300,
  population: 1200,
  hamlets: 4,
  poweredHamlets: 4,
  road: true,
  network: false,
  dropouts: 0,
  collectiveIncomeFen: 10_000_000,
  industries: ['葡萄'],
  exitedOn: '2017-06-30',
});

describe('the facts that a rule may ask', () => {
  it('every fact of the register is among them, notes apart', () => {
    const asked = new Set(factCatalogue.map(({ id }) => id));
    const missing = [
      ...Object.keys(HouseholdFacts.shape).map((field) => `household.${field}`),
      ...Object.keys(PersonFacts.shape).map((field) => `person.${field}`),
    ].filter((id) => !asked.has(id));
    expect(missing.map((id) => id.split('.')[1]).toSorted()).toEqual(notAsked.toSorted());
    expect(asked.size).toBe(factCatalogue.length);
  });

  it('each is known where all is known, and has the form that it says', () => {
    const facts = HouseholdFacts.parse(filled(HouseholdFacts.shape));
    const head = PersonFacts.parse(filled(PersonFacts.shape));
    const [member] = registered().household.members;
    expect(member).toBeDefined();
    if (!member) return;
    const home = { village: VILLAGE, facts, members: [{ member, facts: head }] };
    const ground = groundOn(home, known, TODAY);
    const values = { ...ground.household, ...ground.village, ...ground.persons[0]?.values };
    const forms = {
      flag: 'boolean',
      number: 'number',
      code: 'string',
      codes: 'object',
      day: 'string',
    };
    const wrong = factCatalogue.filter(({ id, type }) => typeof values[id] !== forms[type]);
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect(factCatalogue.length).toBeGreaterThan(100);
  });

  it('flags have words for yes and no, codes a list, money no fractions', () => {
    for (const fact of factCatalogue) {
      expect([fact.id, Boolean(fact.yes && fact.no)]).toEqual([fact.id, fact.type === 'flag']);
      const isListed = ['code', 'codes'].includes(fact.type) && fact.id !== 'village.town';
      expect([fact.id, fact.list !== undefined]).toEqual([fact.id, isListed]);
      expect([fact.id, fact.id.endsWith('Fen')]).toEqual([fact.id, fact.unit === 'fen']);
    }
  });
});

describe('the ground of a household', () => {
  it('what nobody recorded is unknown, of members, household and village', () => {
    const { household } = registered();
    const ground = groundOf({ household, village: undefined }, TODAY);
    expect(ground.village).toEqual({ 'village.town': '350122101' });
    expect(ground.household['household.housingGrade']).toBeUndefined();
    expect(ground.household['household.netIncomePerHeadFen']).toBeUndefined();
    expect(ground.persons[0]?.values['person.health']).toBeUndefined();
    expect(groundOf({ household, village: profile() }, TODAY).village).toEqual({
      'village.town': '350122101',
      'village.poor': true,
      'village.exited': false,
    });
  });

  it('says who is on the register and who is monitored, and nothing where nobody recorded it', () => {
    const asked = (facts: Partial<HouseholdFacts>) => {
      const { household } = groundOn({ village: VILLAGE, facts, members: [] }, undefined, TODAY);
      return [household['household.registered'], household['household.monitored']];
    };
    expect(asked({})).toEqual([undefined, undefined]);
    expect(asked({ status: 'exited', monitor: 'unstable' })).toEqual([true, true]);
    expect(asked({ status: 'returned', monitor: 'removed' })).toEqual([true, false]);
    expect(asked({ status: 'applicant', monitor: 'none' })).toEqual([false, false]);
    expect(asked({ status: 'struck-off' })).toEqual([false, undefined]);
  });

  it('ages are taken on the day', () => {
    const { household } = registered({ members: [wantedMember({ birth: '1957-10-23' })] });
    const on = (day: string) => groundOf({ household, village: undefined }, day);
    expect(on('2017-10-22').persons[0]?.values['person.age']).toBe(59);
    expect(on('2017-10-22').household['household.elders']).toBe(0);
    expect(on('2017-10-23').household['household.elders']).toBe(1);
  });

  it('a count of members lies between two numbers where something is unknown of some', () => {
    const { household } = registered({ members: [...family()] });
    const { household: facts } = groundOf({ household, village: undefined }, TODAY);
    expect(facts).toMatchObject({
      'household.size': 4,
      'household.able': 2,
      'household.dependants': 2,
      'household.children': 1,
      'household.elders': 1,
      'household.pupils': { least: 1, most: 4 },
      'household.students': { least: 0, most: 3 },
      'household.chronic': { least: 1, most: 4 },
      'household.severelyDisabled': { least: 0, most: 3 },
      'household.working': { least: 1, most: 4 },
      'household.uninsured': { least: 0, most: 4 },
    });
    expect(isBounds(facts['household.able'])).toBe(false);
    expect(boundsOf(facts['household.able'])).toEqual({ least: 2, most: 2 });
    expect(boundsOf('2')).toBeUndefined();
    expect(boundsOf(undefined)).toBeUndefined();
  });

  it('severely disabled is who has grade 1 or 2; who is known not to be disabled is not', () => {
    const of = (facts: object) =>
      groundOf(
        {
          household: registered({ members: [wantedMember({ facts })] }).household,
          village: undefined,
        },
        TODAY,
      ).persons[0]?.values;
    expect(of({ disabilityGrade: 2, disabilityKind: 4 })).toMatchObject({
      'person.severelyDisabled': true,
      'person.disabilityKind': '4',
    });
    expect(of({ health: ['disabled'], disabilityGrade: 3 })?.['person.severelyDisabled']).toBe(
      false,
    );
    expect(of({ health: ['chronic'] })?.['person.severelyDisabled']).toBe(false);
    expect(of({ health: ['disabled'] })?.['person.severelyDisabled']).toBeUndefined();
    expect(of({})?.['person.severelyDisabled']).toBeUndefined();
  });

  it('income per head is not rounded, so that a fen below a line stays below it', () => {
    const { household } = registered({ facts: { income }, members: [...family()] });
    const { household: facts } = groundOf({ household, village: undefined }, TODAY);
    expect(facts).toMatchObject({
      'household.netIncomeFen': 1_133_999,
      'household.netIncomePerHeadFen': 283_499.75,
      'household.incomeTo': '2016-12-31',
      'household.wagesFen': 1_000_000,
    });
    const nobody = groundOn({ village: VILLAGE, facts: { income }, members: [] }, undefined, TODAY);
    expect(nobody.household['household.netIncomePerHeadFen']).toBeUndefined();
    expect(nobody.household['household.able']).toBe(0);
  });

  it('a household without a village is asked nothing of it', () => {
    const { household } = registered();
    const ground = groundOf({ household: { ...household, facts: [] }, village: undefined }, TODAY);
    expect(ground.village).toEqual({ 'village.town': '' });
  });

  it('a village that leaves the list later has not left it yet', () => {
    const { household } = registered();
    const exited = (day: string) =>
      groundOf({ household, village: known }, day).village['village.exited'];
    expect(exited('2017-06-29')).toBe(false);
    expect(exited('2017-06-30')).toBe(true);
  });
});

describe('what changed between two grounds', () => {
  const of = (members: ReturnType<typeof wantedMember>[], facts = {}) =>
    groundOf({ household: registered({ members, facts }).household, village: known }, TODAY);
  const numbered = (ground: ReturnType<typeof of>) => ({
    ...ground,
    persons: ground.persons.map((person, at) => ({ ...person, id: `per_${at}` })),
  });

  it('is the facts that differ and no others', () => {
    const before = numbered(of([wantedMember({ facts: { labour: 'weak', health: ['chronic'] } })]));
    const after = numbered(
      of([wantedMember({ facts: { labour: 'lost', health: ['chronic'] } })], {
        type: 'low-income',
      }),
    );
    expect(changedFacts(before, before)).toEqual(new Set());
    expect(changedFacts(before, after)).toEqual(
      new Set(['household.able', 'household.dependants', 'household.type', 'person.labour']),
    );
    const village = { ...before.village, 'village.road': false };
    expect(changedFacts(before, { ...before, village })).toEqual(new Set(['village.road']));
  });

  it('of somebody who came or left it is all that is known of them', () => {
    const one = numbered(of([wantedMember()]));
    const two = numbered(
      of([wantedMember(), wantedMember({ relation: 'son', birth: '2010-01-01', identity: null })]),
    );
    for (const changed of [changedFacts(one, two), changedFacts(two, one)])
      expect([...changed]).toEqual(
        expect.arrayContaining([
          'household.size',
          'household.children',
          'person.age',
          'person.sex',
        ]),
      );
  });

  it('measures are those stated and those under way; where nobody spoke of either they are unknown', () => {
    const of = (facts: Partial<HouseholdFacts>) =>
      groundOf({ household: registered({ facts }).household, village: undefined }, TODAY).household[
        'household.measures'
      ];
    expect(of({})).toBeUndefined();
    expect(of({ measures: ['education'] })).toEqual(['education']);
    expect(of({ measureBatches: [] })).toEqual([]);
    expect(of({ measures: ['education'], measureBatches: ['production'] })).toEqual([
      'production',
      'education',
    ]);
  });
});
