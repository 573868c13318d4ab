import type { Actor } from '../core/access.ts';
import { type bases, onDay } from '../core/as-of.ts';
import type { Day } from '../core/day.ts';
import { householdDimensions } from '../core/dimension-household.ts';
import { personDimensions } from '../core/dimension-person.ts';
import type { AreaCode } from '../core/division.ts';
import { type Figures, householdsIn, personsIn } from '../core/figure.ts';
import { cursorOf, positionOf, type Question } from '../core/list-cursor.ts';
import { ALL, entryKey, isKeyed } from '../core/list-entry.ts';
import {
  type Filter,
  filtersOf,
  type ListKind,
  ownFilters,
  refuseToday,
} from '../core/list-filter.ts';
import { householdRow, type MemberName, personRow } from '../core/list-view.ts';
import { type Decided, isRefused, type Refusal } from '../core/refusal.ts';
import { type Page, type PagePorts, pageOf } from './page.ts';

/** What pages of a list are read from: the index of today, or the villages of a past day. */
export interface PagesAsked extends PagePorts {
  /** Names of members by person id; those gone since are missing. */
  names(
    members: readonly { readonly household: string; readonly person: string }[],
  ): Promise<ReadonlyMap<string, MemberName>>;
  /** On a past day: households read so far that are out of the reader's reach today; undefined where that is not told. */
  readonly outOfReach?: number | undefined;
}

export interface ListPorts extends PagesAsked {
  /** Figures of an area, undefined where nothing was counted yet, or of a past day. */
  figures?: (area: AreaCode) => Promise<Figures | undefined>;
}

export interface ListInput {
  readonly actor: Actor;
  readonly day: Day;
  /** The day is a past one: what is known now about it. */
  readonly isPast?: boolean;
  /** The day is the last of a year that was frozen: what was known then. */
  readonly snapshot?: number;
  readonly query: Readonly<Record<string, unknown>> & {
    readonly area: AreaCode;
    readonly limit: number;
    readonly cursor?: string | undefined;
  };
}

/** How many the board counts under a filter: the fewer, the better to start from. */
export function countOf(figures: Figures, { id, value }: Filter): number {
  const household = householdDimensions.find((dimension) => dimension.id === id);
  if (household) return householdsIn(figures, household, value).households;
  const person = personDimensions.find((dimension) => dimension.id === id);
  return person ? personsIn(figures, person, value) : 0;
}

/**
 * The filter to read by: the one with a key that the fewest households have, by the board. Among several its row is read to know; the
 * helper's own households are always few.
 */
async function keyFor(
  ports: ListPorts,
  area: AreaCode,
  filters: readonly Filter[],
): Promise<Filter> {
  const keyed = filters.filter(isKeyed);
  const [first = ALL, ...others] = keyed;
  if (others.length === 0 || first.id === 'helper') return first;
  const helper = keyed.find(({ id }) => id === 'helper');
  const figures = helper ? undefined : await ports.figures?.(area);
  if (!figures) return helper ?? first;
  return keyed.reduce((best, one) => (countOf(figures, one) < countOf(figures, best) ? one : best));
}

export function text(query: ListInput['query']): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** The conditions that are asked for, none of them untold on a past day. */
function conditionsOf(
  kind: ListKind,
  { query, isPast }: Pick<ListInput, 'query'> & { readonly isPast: boolean },
): Decided<readonly Filter[]> {
  const asked = filtersOf(kind, text(query));
  if (isRefused(asked) || !isPast) return asked;
  return refuseToday(asked.ok) ?? asked;
}

async function read(
  ports: ListPorts,
  kind: ListKind,
  { actor, day, query, isPast = false, snapshot }: ListInput,
): Promise<{ readonly page: Page; readonly head: Head } | Refusal> {
  const { area, cursor, limit } = query;
  const asked = conditionsOf(kind, { query, isPast: isPast || snapshot !== undefined });
  if (isRefused(asked)) return asked;
  const filters = [...ownFilters(actor), ...asked.ok];
  const question: Question = {
    kind,
    area,
    filters,
    ...(isPast && { asOf: day }),
    ...(snapshot !== undefined && { snapshot }),
  };
  const position = cursor === undefined ? undefined : positionOf(question, cursor);
  if (position && isRefused(position)) return position;
  // A past day has no index: everyone who was there is looked at.
  const key = isPast || snapshot !== undefined ? ALL : await keyFor(ports, area, filters);
  const page = await pageOf(ports, { question, actor, day, key, position: position?.ok, limit });
  const isAll = key.id === ALL.id;
  return {
    page,
    head: {
      area,
      asOf: day,
      ...told(ports, { isPast, isFrozen: snapshot !== undefined, actor, away: page.away }),
      key: isAll ? 'all' : entryKey(key).replace('#', '='),
      read: page.read,
      ...(page.next && { cursor: cursorOf(question, page.next) }),
    },
  };
}

/** What an answer knows, and whom it leaves out. Helpers are not told of households that are not theirs. */
function told(
  { outOfReach: past }: ListPorts,
  given: {
    readonly isPast: boolean;
    readonly isFrozen: boolean;
    readonly actor: Actor;
    readonly away: number;
  },
): Pick<Head, 'basis' | 'outOfReach'> {
  const { isPast, isFrozen, actor, away } = given;
  const outOfReach = isFrozen && actor.role !== 'helper' ? away : past;
  const basis = isPast ? 'known-now' : 'current';
  return {
    basis: isFrozen ? 'snapshot' : basis,
    ...(outOfReach !== undefined && { outOfReach }),
  };
}

interface Head {
  readonly area: AreaCode;
  readonly asOf: Day;
  readonly basis: (typeof bases)[number];
  readonly outOfReach?: number;
  readonly key: string;
  readonly read: number;
  readonly cursor?: string;
}

/** Rows of a past day lead to the file as of that day. */
function leadThere<Row extends { readonly href: string }>(
  row: Row,
  { day, isPast = false }: ListInput,
): Row {
  return isPast ? { ...row, href: onDay(row.href, day) } : row;
}

/** A page of households. Refusals: request-invalid (a value that is none), cursor-invalid. */
export async function listHouseholds(ports: ListPorts, input: ListInput) {
  const found = await read(ports, 'households', input);
  if ('refused' in found) return found;
  const { page, head } = found;
  const rows = page.hits.map(({ roster }) => householdRow(roster, input.day));
  return { ...head, items: rows.map((row) => leadThere(row, input)) };
}

/** A page of persons, masked. Refusals: request-invalid (a value that is none), cursor-invalid. */
export async function listPersons(ports: ListPorts, input: ListInput) {
  const found = await read(ports, 'persons', input);
  if ('refused' in found) return found;
  const { page, head } = found;
  const rows = page.hits.flatMap(({ roster, members }) =>
    members.map((member) => ({ roster, member })),
  );
  const names = await ports.names(
    rows.map(({ roster, member }) => ({ household: roster.id, person: member.id })),
  );
  const items = rows.flatMap(({ roster, member }) => {
    const name = names.get(member.id);
    if (!name) return [];
    const row = personRow(roster, member, name);
    return [{ ...row, household: leadThere(row.household, input) }];
  });
  return { ...head, items };
}
