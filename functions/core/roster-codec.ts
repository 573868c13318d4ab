import * as z from 'zod';
import { type CodeListName, codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { OpenCase, procedureKinds, stepActs } from './procedure-kind.ts';
import type { MemberDigest, Roster } from './roster.ts';

/**
 * Version of the compact shape; bump it with any change and keep reading the versions before. Version 1 ended with the members, version 2 with
 * the case, version 3 with who answers for the household.
 */
export const ROSTER_SHAPE = 4;

const day = z.string().refine(isDay);
const flag = z.union([z.literal(0), z.literal(1), z.null()]);
const place = z.int().nonnegative();
const maybe = place.nullable();

const Member = z.tuple([
  z.string(), // id
  day, // birth
  place, // sex
  place, // relation
  maybe, // nation
  maybe, // politics
  maybe, // education
  maybe, // school
  z.array(place), // health
  maybe, // labour
  maybe, // work region
  maybe, // months at work
  flag, // basic medical insurance
  flag, // serious illness insurance
  flag, // pension insurance
  flag, // family doctor
]);

const Income = z.tuple([day, z.int(), z.int(), z.int(), z.int(), z.int()]);

const Case = z.tuple([z.string(), place, place, day.nullable()]);

/** A roster as stored: positions in the code lists instead of words, about 1 KB for seven members. */
const first = [
  z.int().positive(), // version of the household
  z.string(), // number
  z.string(), // name of the head
  place, // status
  maybe, // type
  maybe, // main cause
  z.array(place), // other causes
  z.array(place), // measures
  maybe, // identification year
  maybe, // planned year
  maybe, // exit year
  maybe, // housing grade
  flag, // safe water
  flag, // food
  flag, // clothes
  flag, // electricity
  Income.nullable(),
  z.array(z.string()), // subjects of helpers
  z.array(Member),
] as const;
const second = [
  ...first,
  Case.nullable(), // the case it is in: id, kind, act waited for, first day of it
] as const;
const third = [
  ...second,
  flag, // somebody answers for it
] as const;
export const StoredRoster = z.tuple([
  ...third,
  z.array(place), // industry modes of measures under way
  z.array(place), // kinds of measures under way
  flag, // somebody said by what it is helped
]);
/** What was not kept then: there were no pairings, and no measures but batches, which tell that somebody spoke of them. */
const unpaired = 0 as const;
const unhelped = [[], [], null] as const;
const ThirdRoster = z.tuple(third).transform((stored) => [...stored, ...unhelped] as const);
const SecondRoster = z
  .tuple(second)
  .transform((stored) => [...stored, unpaired, ...unhelped] as const);
const FirstRoster = z
  .tuple(first)
  .transform((stored) => [...stored, null, unpaired, ...unhelped] as const);

const lists = new Map<CodeListName, readonly string[]>();

/** The codes of a list, kept: a board decodes thousands of rosters. */
function codes(list: CodeListName): readonly string[] {
  const kept = lists.get(list) ?? codesOf(list);
  lists.set(list, kept);
  return kept;
}

function at(list: CodeListName, code: string): number {
  const found = codes(list).indexOf(code);
  if (found < 0) throw new RangeError(`${code} is no code of ${list}`);
  return found;
}

function maybeAt(list: CodeListName, code: string | null): number | null {
  return code === null ? null : at(list, code);
}

function code(list: CodeListName, position: number): string {
  const found = codes(list)[position];
  if (found === undefined) throw new RangeError(`${list} has no entry ${position}`);
  return found;
}

function maybeCode(list: CodeListName, position: number | null): string | null {
  return position === null ? null : code(list, position);
}

function bit(value: boolean | null): 0 | 1 | null {
  if (value === null) return null;
  return value ? 1 : 0;
}

function truth(value: 0 | 1 | null): boolean | null {
  return value === null ? null : value === 1;
}

function encodeMember(member: MemberDigest): z.infer<typeof Member> {
  return [
    member.id,
    member.birth,
    at('sex', member.sex),
    at('relation', member.relation),
    maybeAt('nation', member.nation),
    maybeAt('politics', member.politics),
    maybeAt('education', member.education),
    maybeAt('school', member.school),
    member.health.map((one) => at('health', one)),
    maybeAt('labour', member.labour),
    maybeAt('workRegion', member.workRegion),
    member.workMonths,
    bit(member.basicMedical),
    bit(member.seriousIllness),
    bit(member.pension),
    bit(member.familyDoctor),
  ];
}

function decodeMember(stored: z.infer<typeof Member>): MemberDigest {
  const [id, birth, sex, relation, nation, politics, education, school, health] = stored;
  const [, , , , , , , , , labour, workRegion, workMonths, medical, illness, pension, doctor] =
    stored;
  return {
    id,
    birth,
    sex: code('sex', sex),
    relation: code('relation', relation),
    nation: maybeCode('nation', nation),
    politics: maybeCode('politics', politics),
    education: maybeCode('education', education),
    school: maybeCode('school', school),
    health: health.map((one) => code('health', one)),
    labour: maybeCode('labour', labour),
    workRegion: maybeCode('workRegion', workRegion),
    workMonths,
    basicMedical: truth(medical),
    seriousIllness: truth(illness),
    pension: truth(pension),
    familyDoctor: truth(doctor),
  };
}

function encodeIncome(income: Roster['income']): z.infer<typeof Income> | null {
  if (!income) return null;
  const { to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen } = income;
  return [to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen];
}

function decodeIncome(stored: z.infer<typeof Income> | null): Roster['income'] {
  if (!stored) return null;
  const [to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen] = stored;
  return { to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen };
}

function encodeCase(open: Roster['openCase']): z.infer<typeof Case> | null {
  if (!open) return null;
  const { id, kind, act, dueOn } = open;
  return [id, procedureKinds.indexOf(kind), stepActs.indexOf(act), dueOn];
}

function decodeCase(stored: z.infer<typeof Case> | null): Roster['openCase'] {
  if (!stored) return null;
  const [id, kind, act, dueOn] = stored;
  return OpenCase.parse({ id, kind: procedureKinds[kind], act: stepActs[act], dueOn });
}

/** The compact text of a roster; village and household id are left out, since they are its key. */
export function encodeRoster(roster: Roster): string {
  const stored: z.infer<typeof StoredRoster> = [
    roster.version,
    roster.number,
    roster.headName,
    at('status', roster.status),
    maybeAt('type', roster.type),
    maybeAt('cause', roster.mainCause),
    roster.otherCauses.map((one) => at('cause', one)),
    roster.measures.map((one) => at('measure', one)),
    roster.identifiedYear,
    roster.planYear,
    roster.exitYear,
    maybeAt('housingGrade', roster.housingGrade),
    bit(roster.waterSafe),
    bit(roster.food),
    bit(roster.clothes),
    bit(roster.electricity),
    encodeIncome(roster.income),
    [...roster.helperSubs],
    roster.members.map(encodeMember),
    encodeCase(roster.openCase),
    bit(roster.paired),
    roster.modes.map((one) => at('mode', one)),
    roster.measureKinds.map((one) => at('measureKind', one)),
    bit(roster.measuresKnown),
  ];
  return JSON.stringify(stored);
}

/** The roster of a compact text, with the village and household id of its key; a text of another shape is a fault. */
export function decodeRoster(
  key: { readonly village: string; readonly id: string },
  text: string,
): Roster {
  const stored = z
    .union([StoredRoster, ThirdRoster, SecondRoster, FirstRoster])
    .parse(JSON.parse(text));
  const [version, number, headName, status, type, mainCause, otherCauses, measures] = stored;
  const [, , , , , , , , identifiedYear, planYear, exitYear, housingGrade] = stored;
  const [, , , , , , , , , , , , waterSafe, food, clothes, electricity] = stored;
  const [, , , , , , , , , , , , , , , , income, helperSubs, members, ...added] = stored;
  const [open, paired, modes, kinds, known] = added;
  return {
    ...key,
    version,
    number,
    headName,
    status: code('status', status),
    type: maybeCode('type', type),
    mainCause: maybeCode('cause', mainCause),
    otherCauses: otherCauses.map((one) => code('cause', one)),
    measures: measures.map((one) => code('measure', one)),
    identifiedYear,
    planYear,
    exitYear,
    housingGrade: maybeCode('housingGrade', housingGrade),
    waterSafe: truth(waterSafe),
    food: truth(food),
    clothes: truth(clothes),
    electricity: truth(electricity),
    income: decodeIncome(income),
    helperSubs,
    paired: truth(paired),
    openCase: decodeCase(open),
    modes: modes.map((one) => code('mode', one)),
    measureKinds: kinds.map((one) => code('measureKind', one)),
    measuresKnown: known === null ? measures.length > 0 : known === 1,
    members: members.map(decodeMember),
  };
}
