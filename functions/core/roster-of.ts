import type { HouseholdFacts, PersonFacts } from './fact.ts';
import { current, type Household, type Member } from './household.ts';
import { batchesOf } from './measure-batch.ts';
import type { MemberDigest, Roster } from './roster.ts';

/** A fact, null where unknown. */
function known<Values extends object, Field extends keyof Values>(
  values: Values,
  field: Field,
): Exclude<Values[Field], undefined> | null;
function known(values: Readonly<Record<string, unknown>>, field: string): unknown {
  return values[field] ?? null;
}

function digestOf({ member, facts }: MemberOn): MemberDigest {
  return {
    id: member.id,
    birth: member.birth,
    sex: member.sex,
    relation: facts.relation ?? 'other',
    nation: known(facts, 'nation'),
    politics: known(facts, 'politics'),
    education: known(facts, 'education'),
    school: known(facts, 'school'),
    health: facts.health ?? [],
    labour: known(facts, 'labour'),
    workRegion: known(facts, 'workRegion'),
    workMonths: known(facts, 'workMonths'),
    basicMedical: known(facts, 'basicMedical'),
    seriousIllness: known(facts, 'seriousIllness'),
    pension: known(facts, 'pension'),
    familyDoctor: known(facts, 'familyDoctor'),
  };
}

function incomeOf(facts: Partial<HouseholdFacts>): Roster['income'] {
  if (!facts.income) return null;
  const { to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen } = facts.income;
  return { to, wagesFen, businessFen, propertyFen, transferFen, businessCostFen };
}

/** A member with the facts that hold: now, or on a day. */
export interface MemberOn {
  readonly member: Member;
  readonly facts: Partial<PersonFacts>;
}

/** What a roster is made of: the household's file, and its facts and members now or on a day. */
export interface RosterSource {
  readonly household: Household;
  readonly facts: Partial<HouseholdFacts>;
  readonly members: readonly MemberOn[];
  readonly openCase: Roster['openCase'];
  readonly paired: Roster['paired'];
}

/** The roster of facts and members that hold together; numbers, version and pairings are those of now. */
export function rosterFrom({ household, facts, members, openCase, paired }: RosterSource): Roster {
  const head = members.find((one) => one.facts.relation === 'head');
  return {
    id: household.id,
    version: household.version,
    village: facts.village ?? '',
    number: household.number,
    headName: head?.member.name ?? '',
    status: facts.status ?? 'new',
    type: known(facts, 'type'),
    mainCause: known(facts, 'mainCause'),
    otherCauses: facts.otherCauses ?? [],
    measures: batchesOf(facts),
    identifiedYear: known(facts, 'identifiedYear'),
    planYear: known(facts, 'planYear'),
    exitYear: known(facts, 'exitYear'),
    housingGrade: known(facts, 'housingGrade'),
    waterSafe: known(facts, 'waterSafe'),
    food: known(facts, 'food'),
    clothes: known(facts, 'clothes'),
    electricity: known(facts, 'electricity'),
    income: incomeOf(facts),
    helperSubs: household.helperSubs,
    paired,
    openCase,
    modes: facts.modes ?? [],
    measureKinds: facts.measureKinds ?? [],
    measuresKnown: facts.measures !== undefined || facts.measureBatches !== undefined,
    members: members.map(digestOf),
  };
}

/** The roster of a household: what boards and lists need of it now. */
export function rosterOf(household: Household): Roster {
  return rosterFrom({
    household,
    facts: current(household.facts),
    members: household.members.map((member) => ({ member, facts: current(member.facts) })),
    openCase: household.openCase,
    paired: household.paired,
  });
}
