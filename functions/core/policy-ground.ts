import { type AgeRule, ageRuleOn } from './age-rule.ts';
import { codesOf } from './code-list.ts';
import { ageOn, type Day } from './day.ts';
import { isRegistered, netFenOf } from './dimension.ts';
import { ancestorAt } from './division.ts';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import { sameValue } from './fact-history.ts';
import type { Known } from './guarantee.ts';
import type { Household } from './household.ts';
import { type HouseholdOn, householdNow } from './household-as-of.ts';
import { batchesOf } from './measure-batch.ts';
import { type FactValue, type FactValues, factCatalogue, type Subject } from './policy-fact.ts';
import type { VillageProfile } from './roster.ts';
import type { MemberOn } from './roster-of.ts';

/** What rules are judged by: the facts of a household, of each who lives in it, and of its village. */
export interface PolicyGround {
  readonly household: FactValues;
  readonly persons: readonly { readonly id: string; readonly values: FactValues }[];
  readonly village: FactValues;
}

type Source<Of> = (of: Of, day: Day) => FactValue | undefined;
type Derived<Of> = Readonly<Record<string, Source<Of>>>;

/** A member with what several facts are worked out from. */
interface Person extends MemberOn {
  readonly age: number;
  readonly stage: string | undefined;
  readonly rule: AgeRule | null;
}
interface Home extends Pick<HouseholdOn, 'facts'> {
  readonly members: readonly Person[];
}

const able = new Set(['ordinary', 'skilled', 'weak']);
const compulsory = new Set(['primary', 'junior']);
const beforeSenior = new Set(['none', 'pre', 'primary', 'junior']);

const stages = new Map(codesOf('school').map((school) => [school, school.split('-')[0]]));

function personOn({ member, facts }: MemberOn, day: Day, rule: AgeRule | null): Person {
  const stage = stages.get(facts.school ?? '');
  return { member, facts, age: ageOn(member.birth, day), stage, rule };
}

/** A grade that counts as severe; of somebody who is known not to be disabled it is known without a grade. */
function isSeverelyDisabled({ facts: { health, disabilityGrade }, rule }: Person): Known {
  if (disabilityGrade !== undefined) return rule && disabilityGrade <= rule.severeGradeTo;
  return health && !health.includes('disabled') ? false : null;
}

const ofPerson: Derived<Person> = {
  'person.age': ({ age }) => age,
  'person.birth': ({ member }) => member.birth,
  'person.sex': ({ member }) => member.sex,
  'person.schoolStage': ({ stage }) => stage,
  'person.disabilityKind': ({ facts }) => facts.disabilityKind?.toString(),
  'person.severelyDisabled': (who) => isSeverelyDisabled(who) ?? undefined,
};

/** How many of the members; where nobody knows it of some, the count lies between two numbers. */
function count(test: (who: Person) => Known): Source<Home> {
  return ({ members }) => {
    let least = 0;
    let open = 0;
    for (const who of members) {
      const answer = test(who);
      if (answer === null) open += 1;
      else if (answer) least += 1;
    }
    return open === 0 ? least : { least, most: least + open };
  };
}

/** A test of a fact of a member, open where nobody has recorded it. */
function known<T>(fact: (who: Person) => T | undefined, test: (fact: T) => boolean) {
  return count((who) => {
    const value = fact(who);
    return value === undefined ? null : test(value);
  });
}

const stageOf = ({ stage }: Person) => stage;

const withHealth = (code: string) =>
  known(
    ({ facts }) => facts.health,
    (health) => health.some((one) => one === code),
  );

/** Monitored, and the risk not yet removed. */
const monitored = new Set(['unstable', 'marginal', 'hardship']);

const ofHousehold: Derived<Home> = {
  // Those stated and those of measures under way; where nobody spoke of either, nobody knows.
  'household.measures': ({ facts }) =>
    facts.measures === undefined && facts.measureBatches === undefined
      ? undefined
      : batchesOf(facts),
  'household.registered': ({ facts: { status } }) => status && isRegistered({ status }),
  'household.monitored': ({ facts: { monitor } }) => monitor && monitored.has(monitor),
  'household.size': ({ members }) => members.length,
  'household.able': known(
    ({ facts }) => facts.labour,
    (labour) => able.has(labour),
  ),
  'household.dependants': known(
    ({ facts }) => facts.labour,
    (labour) => !able.has(labour),
  ),
  'household.children': count(({ age, rule }) => rule && age < rule.childBelow),
  'household.elders': count(({ age, rule }) => rule && age >= rule.elderFrom),
  'household.preschoolers': known(stageOf, (stage) => stage === 'pre'),
  'household.pupils': known(stageOf, (stage) => compulsory.has(stage)),
  'household.students': known(stageOf, (stage) => !beforeSenior.has(stage)),
  'household.chronic': withHealth('chronic'),
  'household.serious': withHealth('serious'),
  'household.disabled': withHealth('disabled'),
  'household.severelyDisabled': count(isSeverelyDisabled),
  'household.working': known(
    ({ facts }) => facts.workMonths,
    (months) => months > 0,
  ),
  'household.uninsured': known(
    ({ facts }) => facts.basicMedical,
    (insured) => !insured,
  ),
  'household.wagesFen': ({ facts }) => facts.income?.wagesFen,
  'household.businessFen': ({ facts }) => facts.income?.businessFen,
  'household.propertyFen': ({ facts }) => facts.income?.propertyFen,
  'household.transferFen': ({ facts }) => facts.income?.transferFen,
  'household.netIncomeFen': ({ facts: { income } }) => income && netFenOf(income),
  // Not rounded: what lies a fen below a line must not be lifted onto it.
  'household.netIncomePerHeadFen': ({ facts: { income }, members }) =>
    income && members.length > 0 ? netFenOf(income) / members.length : undefined,
  'household.incomeTo': ({ facts }) => facts.income?.to,
};

const ofVillage: Derived<VillageProfile> = {
  'village.poor': ({ poor }) => poor,
  'village.exited': ({ exitedOn }, day) => exitedOn !== null && exitedOn <= day,
  'village.planExitYear': (village) => village.planExitYear ?? undefined,
  'village.homes': ({ homes }) => homes ?? undefined,
  'village.population': ({ population }) => population ?? undefined,
  'village.hamlets': ({ hamlets }) => hamlets ?? undefined,
  'village.poweredHamlets': (village) => village.poweredHamlets ?? undefined,
  'village.road': ({ road }) => road ?? undefined,
  'village.network': ({ network }) => network ?? undefined,
  'village.dropouts': ({ dropouts }) => dropouts ?? undefined,
  'village.collectiveIncomeFen': (village) => village.collectiveIncomeFen ?? undefined,
  // An empty list says that none was reported.
  'village.industries': ({ industries }) => industries.length || undefined,
};

/** Facts of the catalogue that are kept as they are, with their names in the register. */
function keptOf(subject: Subject, shape: object, derived: object) {
  return factCatalogue
    .filter(({ id, of }) => of === subject && !Object.hasOwn(derived, id))
    .map(({ id }) => ({ id, field: id.slice(subject.length + 1) }))
    .filter(({ field }) => Object.hasOwn(shape, field));
}

const kept = {
  person: keptOf('person', PersonFacts.shape, ofPerson),
  household: keptOf('household', HouseholdFacts.shape, ofHousehold),
};
const derivedOf = {
  person: Object.entries(ofPerson),
  household: Object.entries(ofHousehold),
  village: Object.entries(ofVillage),
};

function isFact(value: unknown): value is FactValue {
  return value !== undefined && (typeof value !== 'object' || Array.isArray(value));
}

/**
 * Values in which every fact of the subject has its place: objects of one make are read several times as fast as those that grow fact by
 * fact.
 */
function blankOf(subject: Subject): FactValues {
  const facts = factCatalogue.filter(({ of }) => of === subject);
  return Object.fromEntries(facts.map(({ id }) => [id, undefined]));
}

const blank = {
  person: blankOf('person'),
  household: blankOf('household'),
  village: blankOf('village'),
};

type Writable = Record<string, FactValue | undefined>;

function keep(
  values: Writable,
  facts: Readonly<Record<string, unknown>>,
  fields: (typeof kept)['person'],
): Writable {
  for (const { id, field } of fields) {
    const value = facts[field];
    if (isFact(value)) values[id] = value;
  }
  return values;
}

/** Adds what is worked out. */
function derive<Of>(
  values: Writable,
  sources: readonly (readonly [string, Source<Of>])[],
  of: Of,
): (day: Day) => FactValues {
  return (day) => {
    for (const [id, source] of sources) {
      const value = source(of, day);
      if (value !== undefined) values[id] = value;
    }
    return values;
  };
}

/** The facts of a village on a day; of one without a profile nothing is known but its town. */
export function villageGround(
  village: string,
  profile: VillageProfile | undefined,
  day: Day,
): FactValues {
  const values = { ...blank.village, 'village.town': ancestorAt(village, 'town') };
  return profile ? derive(values, derivedOf.village, profile)(day) : values;
}

/** The ground of a household as it was on a day (`householdOn`). */
export function groundOn(
  home: HouseholdOn,
  profile: VillageProfile | undefined,
  day: Day,
): PolicyGround {
  const rule = ageRuleOn(day, home.village);
  const members = home.members.map((who) => personOn(who, day, rule));
  const household = keep({ ...blank.household }, home.facts, kept.household);
  return {
    household: derive(household, derivedOf.household, { facts: home.facts, members })(day),
    persons: members.map((who) => {
      const values = keep({ ...blank.person }, who.facts, kept.person);
      return { id: who.member.id, values: derive(values, derivedOf.person, who)(day) };
    }),
    village: villageGround(home.village, profile, day),
  };
}

/** The ground of a household by the facts that hold now, its members' ages taken on the day. */
export function groundOf(
  of: { readonly household: Household; readonly village: VillageProfile | undefined },
  day: Day,
): PolicyGround {
  return groundOn(householdNow(of.household), of.village, day);
}

function differing(one: FactValues, other: FactValues): readonly string[] {
  const ids = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...ids].filter((id) => !sameValue(one[id], other[id]));
}

/** Facts in which two grounds of a household differ; of somebody who came or left, every fact that is known. */
export function changedFacts(before: PolicyGround, after: PolicyGround): ReadonlySet<string> {
  const then = new Map(before.persons.map(({ id, values }) => [id, values]));
  const now = new Map(after.persons.map(({ id, values }) => [id, values]));
  const persons = new Set([...then.keys(), ...now.keys()]);
  return new Set([
    ...differing(before.household, after.household),
    ...differing(before.village, after.village),
    ...[...persons].flatMap((id) => differing(then.get(id) ?? {}, now.get(id) ?? {})),
  ]);
}
