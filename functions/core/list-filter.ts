import type { Actor } from './access.ts';
import { isRegistered, type Setting } from './dimension.ts';
import { householdDimensions, todayOnly } from './dimension-household.ts';
import { personDimensions } from './dimension-person.ts';
import { type Decided, type Fault, type Refusal, refuse } from './refusal.ts';
import type { MemberDigest, Roster } from './roster.ts';

/** One condition of a list: a dimension's id (or `helper`) and the value asked for. */
export interface Filter {
  readonly id: string;
  readonly value: string;
}

/** What a list is of. Households are told apart by household dimensions, persons by both kinds. */
export type ListKind = 'households' | 'persons';

/** The query parameters each list takes besides area, cursor and limit. */
export const listParams: Readonly<Record<ListKind, readonly string[]>> = {
  households: [...new Set(householdDimensions.map(({ param }) => param)), 'helper'],
  persons: [
    ...new Set([...householdDimensions, ...personDimensions].map(({ param }) => param)),
    'helper',
  ],
};

/** Words for the answers of yes/no dimensions that people try first. */
const synonyms: Readonly<Record<string, string>> = { true: 'yes', false: 'no' };

function dimensionsOf(kind: ListKind) {
  return kind === 'persons' ? [...householdDimensions, ...personDimensions] : householdDimensions;
}

function filterOf(kind: ListKind, param: string, given: string): Filter | undefined {
  if (param === 'helper') return { id: 'helper', value: given };
  const value = synonyms[given] ?? given;
  const dimension = dimensionsOf(kind).find(
    (one) => one.param === param && one.values.includes(value),
  );
  return dimension && { id: dimension.id, value };
}

/**
 * The conditions of a list query, all of which must hold; values joined by commas are several conditions.
 * Refused with the faulty parameters named when a value is none of its dimension.
 */
export function filtersOf(
  kind: ListKind,
  query: Readonly<Record<string, string | undefined>>,
): Decided<readonly Filter[]> {
  const filters: Filter[] = [];
  const faults: Fault[] = [];
  for (const param of listParams[kind]) {
    const given = query[param];
    if (given === undefined) continue;
    for (const part of given.split(',')) {
      const filter = filterOf(kind, param, part);
      if (filter) filters.push(filter);
      else faults.push({ field: param, code: 'value-unknown', values: reasonOf(param, part) });
    }
  }
  return faults.length > 0 ? { ...refuse('request-invalid'), faults } : { ok: filters };
}

/** Refused (`today-only`) where a list of a past day asks what is known of today alone. */
export function refuseToday(filters: readonly Filter[]): Refusal | undefined {
  const faults = filters
    .filter(({ id }) => todayOnly.includes(id))
    .map(({ id: field }) => ({ field, code: 'today-only', values: { field } }) as const);
  return faults.length > 0 ? { ...refuse('request-invalid'), faults } : undefined;
}

function reasonOf(param: string, text: string) {
  const values = [...householdDimensions, ...personDimensions]
    .filter((dimension) => dimension.param === param)
    .flatMap((dimension) => dimension.values.slice(0, 60));
  return { field: param, text: text.slice(0, 20), options: values.join('、') };
}

function householdHolds(roster: Roster, filter: Filter, setting: Setting): boolean {
  if (filter.id === 'helper') return roster.helperSubs.includes(filter.value);
  const dimension = householdDimensions.find(({ id }) => id === filter.id);
  return dimension?.of(roster, setting).includes(filter.value) ?? true;
}

function personHolds(member: MemberDigest, filter: Filter, setting: Setting): boolean {
  const dimension = personDimensions.find(({ id }) => id === filter.id);
  return dimension?.of(member, setting).includes(filter.value) ?? true;
}

/** Who is not on the register stands in a list only when it asks for that status, or for cases, which applicants are in too. */
function isListed(roster: Roster, filters: readonly Filter[]): boolean {
  const asked = filters.some(
    ({ id, value }) =>
      id === 'case' || id === 'awaits' || (id === 'status' && value === roster.status),
  );
  return isRegistered(roster) || asked;
}

/** Whether a household belongs in a list; conditions on persons are left to `membersIn`. */
export function isIn(roster: Roster, filters: readonly Filter[], setting: Setting): boolean {
  return (
    isListed(roster, filters) && filters.every((filter) => householdHolds(roster, filter, setting))
  );
}

/** The live members of a household of the list for whom every condition on persons holds. */
export function membersIn(
  roster: Roster,
  filters: readonly Filter[],
  setting: Setting,
): readonly MemberDigest[] {
  return roster.members.filter((member) =>
    filters.every((filter) => personHolds(member, filter, setting)),
  );
}

/** Whether testing a list needs the profiles of the villages. */
export function needsProfile(filters: readonly Filter[]): boolean {
  return filters.some(({ id }) => id === 'poorVillage');
}

/** Helpers see the households paired with them and no others: a condition they cannot leave out. */
export function ownFilters(actor: Actor): readonly Filter[] {
  return actor.role === 'helper' ? [{ id: 'helper', value: actor.sub }] : [];
}

/** Whether a condition is one on persons. */
export function isOfPersons(filter: Filter): boolean {
  return personDimensions.some(({ id }) => id === filter.id);
}
