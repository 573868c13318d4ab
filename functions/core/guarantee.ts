import { ageOn, type Day, lastSuch } from './day.ts';
import type { MemberDigest, Roster } from './roster.ts';

/** Whether a guarantee holds; a fact nobody has recorded is `unknown`, never `not-met`. */
export type Met = 'met' | 'not-met' | 'unknown';

/** An answer of three: null where nobody has recorded it. */
export type Known = boolean | null;

/** All must hold: one "no" decides, otherwise one unknown leaves it open; of nobody it holds. */
export function every(answers: readonly Known[]): Known {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}

export function met(answer: Known): Met {
  if (answer === null) return 'unknown';
  return answer ? 'met' : 'not-met';
}

/** The last 31 August not after the day: the start of the school year that counts (Compulsory Education Law, article 11). */
export function schoolYearStart(day: Day): Day {
  return lastSuch('08-31', day);
}

/** Whether a person owes compulsory education on a day: 6 to 14 completed years at the start of the school year. */
export function isOfCompulsoryAge(birth: Day, day: Day): boolean {
  const age = ageOn(birth, schoolYearStart(day));
  return age >= 6 && age <= 14;
}

/** Whether a person is in one of the nine grades of compulsory education; null where the school is unknown. */
export function attendsCompulsorySchool(member: MemberDigest): Known {
  return member.school === null ? null : /^(?:primary|junior)-/.test(member.school);
}

function education(members: readonly MemberDigest[], day: Day): Known {
  const pupils = members.filter((member) => isOfCompulsoryAge(member.birth, day));
  return every(pupils.map(attendsCompulsorySchool));
}

function housing(grade: string | null): Known {
  return grade === null ? null : grade === 'A' || grade === 'B';
}

/**
 * The two no-worries (food, clothes), the three guarantees (education, medical, housing), safe water and the family doctor of a household
 * on a day. Education: every child of compulsory age is in a grade of it, or there is none. Medical: every member is in the basic medical
 * insurance and the serious-illness insurance. Housing: grade A or B. `all` is the first five together (two no-worries, three guarantees).
 */
export function guaranteesOf(roster: Roster, day: Day): Readonly<Record<string, Met>> {
  const { members } = roster;
  const five = {
    food: roster.food,
    clothes: roster.clothes,
    education: education(members, day),
    medical: every(members.flatMap((member) => [member.basicMedical, member.seriousIllness])),
    housing: housing(roster.housingGrade),
  };
  return {
    food: met(five.food),
    clothes: met(five.clothes),
    education: met(five.education),
    medical: met(five.medical),
    housing: met(five.housing),
    water: met(roster.waterSafe),
    'family-doctor': met(every(members.map((member) => member.familyDoctor))),
    all: met(every(Object.values(five))),
  };
}
