import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CodeListName, codesOf } from '../../functions/core/code-list.ts';
import { current } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { decodeRoster, encodeRoster } from '../../functions/core/roster-codec.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { context, family, granted, registered, VILLAGE, wantedMember } from '../support/build.ts';
import { anyOpenCase } from '../support/roster.ts';

const coded = (list: CodeListName) => fc.constantFrom(...codesOf(list));
const maybe = (list: CodeListName) => fc.option(coded(list));
const flag = fc.option(fc.boolean());
const fen = fc.integer({ min: 0, max: 9_999_999_99 });
const year = fc.option(fc.integer({ min: 2013, max: 2020 }));
const day = fc.constantFrom('1938-11-20', '2005-09-01', '2016-02-29');

const member = fc.record({
  id: fc.string({ minLength: 1 }),
  birth: day,
  sex: coded('sex'),
  relation: coded('relation'),
  nation: maybe('nation'),
  politics: maybe('politics'),
  education: maybe('education'),
  school: maybe('school'),
  health: fc.uniqueArray(coded('health')),
  labour: maybe('labour'),
  workRegion: maybe('workRegion'),
  workMonths: fc.option(fc.integer({ min: 0, max: 12 })),
  basicMedical: flag,
  seriousIllness: flag,
  pension: flag,
  familyDoctor: flag,
});
const rosters: fc.Arbitrary<Roster> = fc.record({
  id: fc.string(),
  village: fc.constant(VILLAGE),
  version: fc.integer({ min: 1, max: 9999 }),
  number: fc.string(),
  headName: fc.string({ unit: 'grapheme' }),
  status: coded('status'),
  type: maybe('type'),
  mainCause: maybe('cause'),
  otherCauses: fc.uniqueArray(coded('cause'), { maxLength: 2 }),
  measures: fc.uniqueArray(coded('measure')),
  identifiedYear: year,
  planYear: year,
  exitYear: year,
  housingGrade: maybe('housingGrade'),
  waterSafe: flag,
  food: flag,
  clothes: flag,
  electricity: flag,
  income: fc.option(
    fc.record({
      to: day,
      wagesFen: fen,
      businessFen: fen,
      propertyFen: fen,
      transferFen: fen,
      businessCostFen: fen,
    }),
  ),
  helperSubs: fc.array(fc.string()),
  paired: fc.constantFrom(true, false, null),
  openCase: anyOpenCase,
  modes: fc.uniqueArray(coded('mode')),
  measureKinds: fc.uniqueArray(coded('measureKind')),
  measuresKnown: fc.boolean(),
  members: fc.array(member),
});

describe('rosters', () => {
  it('a roster read back is the roster that was stored', () => {
    fc.assert(
      fc.property(rosters, (roster) => {
        const { id, village } = roster;
        expect(decodeRoster({ id, village }, encodeRoster(roster))).toEqual(roster);
      }),
    );
  });

  it('a roster stored before households had cases, or measures, is read as one of a household in none', () => {
    const roster = rosterOf(registered().household);
    for (const added of [4, 5]) {
      const old = JSON.stringify(JSON.parse(encodeRoster(roster)).slice(0, -added));
      expect(decodeRoster(roster, old)).toEqual(roster);
    }
    const stated = { ...roster, measures: ['production'], measuresKnown: true };
    const old = JSON.stringify(JSON.parse(encodeRoster(stated)).slice(0, -3));
    expect(decodeRoster(roster, old)).toEqual(stated);
  });

  it('a roster stored before there were pairings is read as one of a household nobody answers for', () => {
    const roster = { ...rosterOf(registered().household), paired: true };
    const old = JSON.stringify(JSON.parse(encodeRoster(roster)).slice(0, -4));
    expect(decodeRoster(roster, old)).toEqual({ ...roster, paired: false });
  });

  it('a household of seven with everything known takes about a kilobyte', () => {
    const facts = {
      nation: '22',
      politics: 'none',
      education: 'primary',
      school: 'none',
      health: ['chronic', 'disabled'],
      labour: 'ordinary',
      workRegion: 'county',
      workMonths: 11,
      basicMedical: true,
      seriousIllness: true,
      pension: true,
      familyDoctor: true,
    };
    const others = Array.from({ length: 6 }, (_, place) =>
      wantedMember({
        id: `per_${'0123456789abcdefghij'}${place}`,
        relation: 'son',
        identity: null,
        facts,
      }),
    );
    const income = {
      from: '2015-10-01',
      to: '2016-09-30',
      wagesFen: 12_345_600,
      businessFen: 2_345_600,
      propertyFen: 345_600,
      transferFen: 3_456_000,
      businessCostFen: 1_234_500,
    };
    const file = registered({
      members: [wantedMember({ id: 'per_0123456789abcdefghijx', facts }), ...others],
      facts: { income, measures: ['production', 'education'], identifiedYear: 2015 },
    });
    expect(Buffer.byteLength(encodeRoster(rosterOf(file.household)))).toBeLessThan(1100);
  });

  it('a roster holds the current facts of the household and each member, unknown as null', () => {
    const { household } = registered({ members: family(), facts: { waterSafe: true } });
    const roster = rosterOf(household);
    expect(roster).toMatchObject({
      village: VILLAGE,
      status: 'unexited',
      waterSafe: true,
      food: null,
      income: null,
      headName: '陈样一',
    });
    expect(roster.members.map(({ id, labour, school }) => ({ id, labour, school }))).toEqual(
      household.members.map(({ id, facts }) => ({
        id,
        labour: current(facts).labour,
        school: current(facts).school ?? null,
      })),
    );
  });

  it('a household stripped of its facts still has a roster that says so', () => {
    const { household } = registered();
    const bare = {
      ...household,
      facts: [],
      members: household.members.map((one) => ({ ...one, facts: [] })),
    };
    expect(rosterOf(bare)).toMatchObject({
      village: '',
      status: 'new',
      headName: '',
      members: [{ relation: 'other', health: [] }],
    });
  });

  it('a struck-off household keeps the roster it had', () => {
    const order = { heldFrom: '2017-01-01', reason: 'error' };
    const { next } = granted(strikeOff(registered(), order, context()));
    expect(rosterOf(next.household)).toMatchObject({ status: 'struck-off', headName: '陈样本' });
  });

  it('a code or position that no list knows is a fault, not a guess', () => {
    const roster = rosterOf(registered().household);
    expect(() => encodeRoster({ ...roster, status: 'lost' })).toThrow(RangeError);
    const text = encodeRoster(roster).replace(/^(\[\d+,"[^"]*","[^"]*",)\d+/, '$199');
    expect(() => decodeRoster(roster, text)).toThrow(RangeError);
    expect(() => decodeRoster(roster, '[]')).toThrow();
  });
});
