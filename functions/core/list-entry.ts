import type { Day } from './day.ts';
import { isRegistered, type Setting } from './dimension.ts';
import { countsIn, householdDimensions } from './dimension-household.ts';
import { personDimensions } from './dimension-person.ts';
import { type AreaCode, ancestorAt } from './division.ts';
import { NEVER, nextChangeOf } from './figure.ts';
import type { Filter } from './list-filter.ts';
import type { Roster } from './roster.ts';

/** Every registered household stands under this one. */
export const ALL: Filter = { id: 'all', value: 'yes' };

/** A filter as an index knows it, `<dimension>#<value>`. */
export type EntryKey = string;

export function entryKey({ id, value }: Filter): EntryKey {
  return `${id}#${value}`;
}

/** Partition of an index: one per county, so that town and village are prefixes of its sort key. */
export function partitionOf(area: AreaCode, key: EntryKey): string {
  return `${ancestorAt(area, 'county')}#${key}`;
}

/** Whether lists can start from a filter; the others are applied to what is read. */
export function isKeyed({ id, value }: Filter): boolean {
  if (id === 'helper' || id === 'all') return true;
  return [...householdDimensions, ...personDimensions].some(
    (dimension) => dimension.id === id && dimension.keyed.includes(value),
  );
}

/**
 * The keys under which a household stands in the index of its county on a day, and `reband`: the day on which they, or the figures of its
 * village, change with nothing entered. Common values have no key, so that a household costs few entries.
 */
export function entryKeysOf(roster: Roster, day: Day): readonly EntryKey[] {
  const setting: Setting = { day, poorVillage: null };
  const filters: Filter[] = [];
  for (const dimension of householdDimensions)
    if (countsIn(roster, dimension))
      for (const value of dimension.of(roster, setting)) filters.push({ id: dimension.id, value });
  if (isRegistered(roster)) filters.push(ALL, ...personFilters(roster, setting));
  for (const sub of roster.helperSubs) filters.push({ id: 'helper', value: sub });
  const change = nextChangeOf(roster, day);
  const reband = isRegistered(roster) && change !== NEVER ? [rebandKey(change)] : [];
  return [...new Set([...filters.filter(isKeyed).map(entryKey), ...reband])].sort();
}

function personFilters(roster: Roster, setting: Setting): readonly Filter[] {
  return roster.members.flatMap((member) =>
    personDimensions.flatMap(({ id, of }) => of(member, setting).map((value) => ({ id, value }))),
  );
}

/** Households whose age bands or school years change on a day. */
export function rebandKey(day: Day): EntryKey {
  return entryKey({ id: 'reband', value: day });
}
