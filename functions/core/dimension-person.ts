import { codesOf } from './code-list.ts';
import { ageOn, type Day } from './day.ts';
import { listed, only, type PersonDimension, UNKNOWN, yes, yesNo } from './dimension.ts';
import { attendsCompulsorySchool, isOfCompulsoryAge } from './guarantee.ts';
import type { MemberDigest } from './roster.ts';

const nations = listed('nation');
const politics = listed('politics');
const educations = listed('education');
const schools = listed('school');
const healths = listed('health');
const labours = listed('labour');
const regions = listed('workRegion');

const coverages = [
  'compulsory-age',
  'compulsory-age-in-school',
  'basic-medical',
  'serious-illness',
  'signed-doctor',
  'pension',
];

/** Age bands with the first completed year of each, oldest first. */
const BANDS = [
  [60, '60+'],
  [16, '16-59'],
  [6, '6-15'],
] as const;
const BAND_STARTS = BANDS.map(([start]) => start);
const bands = codesOf('ageBand');

/** Age band of a person on a day. */
export function ageBandOf(birth: Day, day: Day): string {
  const age = ageOn(birth, day);
  return BANDS.find(([start]) => age >= start)?.[1] ?? '0-5';
}

function coverageOf(member: MemberDigest, day: Day): readonly string[] {
  const pupil = isOfCompulsoryAge(member.birth, day);
  return [
    `compulsory-age:${yes(pupil)}`,
    ...(pupil ? [`compulsory-age-in-school:${yes(attendsCompulsorySchool(member))}`] : []),
    `basic-medical:${yes(member.basicMedical)}`,
    `serious-illness:${yes(member.seriousIllness)}`,
    `signed-doctor:${yes(member.familyDoctor)}`,
    `pension:${yes(member.pension)}`,
  ];
}

function has(member: MemberDigest): readonly string[] {
  const known = member.health.filter((value) => healths.includes(value));
  return known.length > 0 ? known : [UNKNOWN];
}

/** Dimensions of the live members of registered households, in the order in which figures store them; appended to, never reordered. */
export const personDimensions: readonly PersonDimension[] = [
  {
    id: 'sex',
    param: 'sex',
    values: listed('sex'),
    room: 4,
    of: ({ sex }) => only(codesOf('sex'), sex),
    keyed: [],
  },
  {
    id: 'ageBand',
    param: 'ageBand',
    values: bands,
    room: 5,
    of: ({ birth }, { day }) => [ageBandOf(birth, day)],
    keyed: [],
  },
  {
    id: 'labour',
    param: 'labour',
    values: labours,
    room: 7,
    of: ({ labour }) => only(labours, labour),
    keyed: ['skilled', 'lost'],
  },
  {
    id: 'health',
    param: 'health',
    values: healths,
    room: 8,
    of: has,
    keyed: ['serious', 'disabled'],
  },
  {
    id: 'school',
    param: 'school',
    values: schools,
    room: 29,
    of: ({ school }) => only(schools, school),
    keyed: schools.filter((value) => /^(?:senior|vocational|college|bachelor|post)/.test(value)),
  },
  {
    id: 'workRegion',
    param: 'workRegion',
    values: regions,
    room: 6,
    of: ({ workRegion }) => only(regions, workRegion),
    keyed: ['province', 'beyond'],
  },
  {
    id: 'education',
    param: 'education',
    values: educations,
    room: 8,
    of: ({ education }) => only(educations, education),
    keyed: ['college', 'bachelor'],
  },
  {
    id: 'politics',
    param: 'politics',
    values: politics,
    room: 6,
    of: ({ politics: value }) => only(politics, value),
    keyed: ['party'],
  },
  {
    id: 'relation',
    param: 'relation',
    values: listed('relation'),
    room: 21,
    of: ({ relation }) => only(codesOf('relation'), relation),
    keyed: [],
  },
  {
    id: 'nation',
    param: 'nation',
    values: nations,
    room: 58,
    of: ({ nation }) => only(nations, nation),
    keyed: nations.filter((value) => value !== '01' && value !== UNKNOWN),
  },
  {
    id: 'coverage',
    param: 'guarantee',
    values: coverages.flatMap((code) => yesNo.map((answer) => `${code}:${answer}`)),
    room: 20,
    of: (member, { day }) => coverageOf(member, day),
    keyed: coverages
      .filter((code) => code !== 'compulsory-age' && code !== 'pension')
      .map((code) => `${code}:no`),
  },
];

/** The day of a birthday (a person born on 29 February ages on 1 March of other years). */
function birthday(birth: Day, age: number): Day {
  const year = Number(birth.slice(0, 4)) + age;
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return `${year}${birth.endsWith('02-29') && !leap ? '-03-01' : birth.slice(4)}`;
}

/** The first 31 August on which a person of a birth day has completed `age` years. */
function schoolYearOfAge(birth: Day, age: number): Day {
  const year = Number(birth.slice(0, 4)) + age;
  return `${birth.slice(5) <= '08-31' ? year : year + 1}-08-31`;
}

/**
 * The first day after `day` on which a figure or list entry of a person changes with nothing entered: the next age band, or the school year
 * in which compulsory education begins or is over. Undefined where none will come.
 */
export function nextChange(birth: Day, day: Day): Day | undefined {
  const changes = [
    ...BAND_STARTS.map((age) => birthday(birth, age)),
    schoolYearOfAge(birth, 6),
    schoolYearOfAge(birth, 15),
  ];
  return changes.filter((change) => change > day).sort()[0];
}
