import type { Day } from './day.ts';
import type { HouseholdFacts } from './fact.ts';
import { current, type Household, type HouseholdFile, isClosed, type Member } from './household.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Why a household that is in a procedure cannot be split, merged, struck off or leave its county: the decision would lose its subject. */
export function refuseInCase({ openCase }: Household): Refusal | undefined {
  return openCase ? refuse('case-open', { kind: openCase.kind }) : undefined;
}

/** States before exit: an exit year would contradict them. */
const unexited = ['new', 'unexited', 'pre-exit'];

/** What must hold of every household on the register; the reason when it does not. */
export function refuseFile(file: HouseholdFile, today: Day): Refusal | undefined {
  const { household, secrets } = file;
  const facts = current(household.facts);
  return (
    refuseFacts(facts, today) ??
    (isClosed(household)
      ? undefined
      : (refuseMembers(household.members) ?? refuseTwins(household.members, secrets.identities)))
  );
}

function refuseFacts(facts: Partial<HouseholdFacts>, today: Day): Refusal | undefined {
  if (facts.village === undefined) return refuse('value-missing', { field: 'village' });
  if (facts.status === undefined) return refuse('value-missing', { field: 'status' });
  return refuseCauses(facts) ?? refuseYears(facts, Number(today.slice(0, 4)));
}

/** One main cause, at most two others, none named twice (registration form, fields A3a and A3b). */
function refuseCauses(facts: Partial<HouseholdFacts>): Refusal | undefined {
  const others = facts.otherCauses ?? [];
  if (others.length === 0) return undefined;
  if (facts.mainCause === undefined) return refuse('value-missing', { field: 'mainCause' });
  const all = new Set([facts.mainCause, ...others]);
  return others.length > 2 || all.size <= others.length ? refuse('cause-too-many') : undefined;
}

function refuseYears(facts: Partial<HouseholdFacts>, year: number): Refusal | undefined {
  const { status, identifiedYear, exitYear } = facts;
  if (identifiedYear !== undefined && identifiedYear > year)
    return refuse('date-future', { field: 'identifiedYear' });
  if (exitYear === undefined) return status === 'exited' ? refuse('exit-year-missing') : undefined;
  if (unexited.some((state) => state === status)) return refuse('exit-year-unexpected');
  if (exitYear > year) return refuse('date-future', { field: 'exitYear' });
  return identifiedYear !== undefined && exitYear < identifiedYear
    ? refuse('exit-before-identification', { exit: exitYear, identified: identifiedYear })
    : undefined;
}

function refuseMembers(members: readonly Member[]): Refusal | undefined {
  if (members.length === 0) return refuse('household-empty');
  const heads = members.filter((member) => current(member.facts).relation === 'head');
  if (heads.length === 0) return refuse('head-missing');
  return heads.length > 1 ? refuse('head-twice') : undefined;
}

/** The same identity number on two live members. */
function refuseTwins(
  members: readonly Member[],
  identities: Readonly<Record<string, string>>,
): Refusal | undefined {
  const seen = new Map<string, number>();
  for (const [place, member] of members.entries()) {
    const number = identities[member.id];
    if (number === undefined) continue;
    const first = seen.get(number);
    if (first !== undefined) return refuse('person-twice', { rows: `${first + 1}, ${place + 1}` });
    seen.set(number, place);
  }
  return undefined;
}
