import fc from 'fast-check';
import { codesOf } from '../../functions/core/code-list.ts';
import { addDays } from '../../functions/core/day.ts';
import { procedureKinds, stepActs } from '../../functions/core/procedure-kind.ts';
import type { MemberDigest, Roster, VillageProfile } from '../../functions/core/roster.ts';

/** A member about whom nothing is known but birth, sex and place in the household. */
export function member(given: Partial<MemberDigest> = {}): MemberDigest {
  return {
    id: 'per_1',
    birth: '1970-05-04',
    sex: 'male',
    relation: 'head',
    nation: null,
    politics: null,
    education: null,
    school: null,
    health: [],
    labour: null,
    workRegion: null,
    workMonths: null,
    basicMedical: null,
    seriousIllness: null,
    pension: null,
    familyDoctor: null,
    ...given,
  };
}

/** A household of one about which nothing is known. */
export function roster(given: Partial<Roster> = {}): Roster {
  return {
    id: 'hh_1',
    version: 1,
    village: '350122101201',
    number: '35012200001',
    headName: '样本',
    status: 'unexited',
    type: null,
    mainCause: null,
    otherCauses: [],
    measures: [],
    identifiedYear: null,
    planYear: null,
    exitYear: null,
    housingGrade: null,
    waterSafe: null,
    food: null,
    clothes: null,
    electricity: null,
    income: null,
    helperSubs: [],
    paired: false,
    openCase: null,
    modes: [],
    measureKinds: [],
    measuresKnown: (given.measures ?? []).length > 0,
    members: [member()],
    ...given,
  };
}

/** A village of which nothing is known but that it is on the list of poor villages. */
export function profile(given: Partial<VillageProfile> = {}): VillageProfile {
  return {
    village: '350122101201',
    version: 1,
    heldOn: '2017-01-01',
    poor: true,
    planExitYear: null,
    homes: null,
    population: null,
    hamlets: null,
    poweredHamlets: null,
    road: null,
    network: null,
    dropouts: null,
    collectiveIncomeFen: null,
    industries: [],
    exitedOn: null,
    ...given,
  };
}

const orUnknown = (values: readonly string[]) => fc.option(fc.constantFrom(...values));
const yesNo = fc.option(fc.boolean());
export const anyDay = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => addDays('1930-01-01', days));
const fen = fc.integer({ min: 0, max: 900_000_000 });
const year = fc.option(fc.integer({ min: 1990, max: 2060 }));

export const anyMember: fc.Arbitrary<MemberDigest> = fc.record({
  id: fc.uuid().map((id) => `per_${id}`),
  birth: anyDay,
  sex: fc.constantFrom('male', 'female'),
  relation: fc.constantFrom(...codesOf('relation')),
  nation: orUnknown(codesOf('nation')),
  politics: orUnknown(codesOf('politics')),
  education: orUnknown(codesOf('education')),
  school: orUnknown(codesOf('school')),
  health: fc.uniqueArray(fc.constantFrom(...codesOf('health')), { maxLength: 3 }),
  labour: orUnknown(codesOf('labour')),
  workRegion: orUnknown(codesOf('workRegion')),
  workMonths: fc.option(fc.integer({ min: 0, max: 12 })),
  basicMedical: yesNo,
  seriousIllness: yesNo,
  pension: yesNo,
  familyDoctor: yesNo,
});

/** A case a household may be in, or none. */
export const anyOpenCase: fc.Arbitrary<Roster['openCase']> = fc.option(
  fc.record({
    id: fc.uuid().map((id) => `cs_${id}`),
    kind: fc.constantFrom(...procedureKinds.filter((kind) => kind !== 'village-exit')),
    act: fc.constantFrom(...stepActs),
    dueOn: fc.option(anyDay),
  }),
);

export const anyRoster: fc.Arbitrary<Roster> = fc.record({
  id: fc.uuid().map((id) => `hh_${id}`),
  version: fc.integer({ min: 1, max: 99 }),
  village: fc.constantFrom('350122101201', '350122101202', '350122102201', '350181101201'),
  number: fc.constant('35012200001'),
  headName: fc.constant('样本'),
  status: fc.constantFrom(...codesOf('status')),
  type: orUnknown(codesOf('type')),
  mainCause: orUnknown(codesOf('cause')),
  otherCauses: fc.uniqueArray(fc.constantFrom(...codesOf('cause')), { maxLength: 2 }),
  measures: fc.uniqueArray(fc.constantFrom(...codesOf('measure'))),
  identifiedYear: year,
  planYear: year,
  exitYear: year,
  housingGrade: orUnknown(codesOf('housingGrade')),
  waterSafe: yesNo,
  food: yesNo,
  clothes: yesNo,
  electricity: yesNo,
  income: fc.option(
    fc.record({
      to: anyDay,
      wagesFen: fen,
      businessFen: fen,
      propertyFen: fen,
      transferFen: fen,
      businessCostFen: fen,
    }),
  ),
  helperSubs: fc.uniqueArray(fc.constantFrom('anna', 'bo'), { maxLength: 2 }),
  paired: yesNo,
  openCase: anyOpenCase,
  modes: fc.uniqueArray(fc.constantFrom(...codesOf('mode')), { maxLength: 2 }),
  measureKinds: fc.uniqueArray(fc.constantFrom(...codesOf('measureKind')), { maxLength: 3 }),
  measuresKnown: fc.boolean(),
  members: fc.array(anyMember, { maxLength: 12 }),
});
