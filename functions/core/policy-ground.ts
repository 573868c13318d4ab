import { ageOn, type Day } from './day.ts';
import { isRegistered, netFenOf } from './dimension.ts';
import { ancestorAt } from './division.ts';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import { sameValue } from './fact-history.ts';
import type { Known } from './guarantee.ts';
import { current, type Household } from './household.ts';
import type { HouseholdOn } from './household-as-of.ts';
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
type Home = Pick<HouseholdOn, 'facts' | 'members'>;

const able = new Set(['ordinary', 'skilled', 'weak']);
const compulsory = new Set(['primary', 'junior']);
const beforeSenior = new Set(['none', 'pre', 'primary', 'junior']);

function stageOf({ facts }: MemberOn): string | undefined {
  return facts.school?.split('-')[0];
}

/** Grade 1 or 2; of somebody who is known not to be disabled it is known without a grade. */
function isSeverelyDisabled({ facts: { health, disabilityGrade } }: MemberOn): Known {
  if (disabilityGrade !== undefined) return disabilityGrade <= 2;
  return health && !health.includes('disabled') ? false : null;
}

const ofPerson: Derived<MemberOn> = {
  'person.age': ({ member }, day) => ageOn(member.birth, day),
  'person.birth': ({ member }) => member.birth,
  'person.sex': ({ member }) => member.sex,
  'person.schoolStage': stageOf,
  'person.disabilityKind': ({ facts }) => facts.disabilityKind?.toString(),
  'person.severelyDisabled': (who) => isSeverelyDisabled(who) ?? undefined,
};

/** How many of the members; where nobody knows it of some, the count lies between two numbers. */
function count(test: (who: MemberOn, day: Day) => Known): Source<Home> {
  return ({ members }, day) => {
    const answers = members.map((who) => test(who, day));
    const least = answers.filter((answer) => answer === true).length;
    const open = answers.filter((answer) => answer === null).length;
    return open === 0 ? least : { least, most: least + open };
  };
}

/** A test of a fact of a member, open where nobody has recorded it. */
function known<T>(fact: (who: MemberOn) => T | undefined, test: (fact: T) => boolean) {
  return count((who) => {
    const value = fact(who);
    return value === undefined ? null : test(value);
  });
}

const withHealth = (code: string) =>
  known(
    ({ facts }) => facts.health,
    (health) => health.some((one) => one === code),
  );

/** Monitored, and the risk not yet removed. */
const monitored = new Set(['unstable', 'marginal', 'hardship']);

const ofHousehold: Derived<Home> = {
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
  'household.children': count(({ member }, day) => ageOn(member.birth, day) < 16),
  'household.elders': count(({ member }, day) => ageOn(member.birth, day) >= 60),
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

function keptFacts(
  facts: Readonly<Record<string, unknown>>,
  fields: (typeof kept)['person'],
): Record<string, FactValue | undefined> {
  const values: Record<string, FactValue | undefined> = {};
  for (const { id, field } of fields) {
    const value = facts[field];
    if (isFact(value)) values[id] = value;
  }
  return values;
}

function derive<Of>(
  values: Record<string, FactValue | undefined>,
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
  const values = { 'village.town': ancestorAt(village, 'town') };
  return profile ? derive(values, derivedOf.village, profile)(day) : values;
}

/** The ground of a household as it was on a day (`householdOn`). */
export function groundOn(
  home: HouseholdOn,
  profile: VillageProfile | undefined,
  day: Day,
): PolicyGround {
  return {
    household: derive(keptFacts(home.facts, kept.household), derivedOf.household, home)(day),
    persons: home.members.map((who) => ({
      id: who.member.id,
      values: derive(keptFacts(who.facts, kept.person), derivedOf.person, who)(day),
    })),
    village: villageGround(home.village, profile, day),
  };
}

/** The ground of a household by the facts that hold now, its members' ages taken on the day. */
export function groundOf(
  of: { readonly household: Household; readonly village: VillageProfile | undefined },
  day: Day,
): PolicyGround {
  const { household, village } = of;
  const facts = current(household.facts);
  const members = household.members.map((member) => ({ member, facts: current(member.facts) }));
  return groundOn({ village: facts.village ?? '', facts, members }, village, day);
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
