import type { Actor } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { cursorOf, type Position, positionOf, type Question } from '../core/list-cursor.ts';
import { ALL } from '../core/list-entry.ts';
import { type Filter, ownFilters } from '../core/list-filter.ts';
import { type Decided, isRefused } from '../core/refusal.ts';
import type { Roster } from '../core/roster.ts';
import { type PagePorts, pageOf } from './page.ts';

/** What is sought among the households of an area. */
export interface Seek {
  readonly actor: Actor;
  readonly area: AreaCode;
  readonly day: Day;
  /** A word for what is sought, so that a cursor goes on with the same question only. */
  readonly sought: string;
  /** The helper whose households are looked at; everybody's where none is named. */
  readonly helper?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What was found at a household. */
export interface Find<Row> {
  readonly household: string;
  readonly row: Row;
}

export interface Sought<Row> {
  readonly rows: readonly Row[];
  /** Households looked at. */
  readonly read: number;
  readonly cursor?: string;
}

/** Households looked at by one read, and reads of one page at most: a page may be short or empty, its cursor goes on. */
const AT_ONCE = 100;
const READS = 6;
/** Where many rows are asked for, as for a sheet, a read looks at more households: most of its time is spent waiting. */
const MANY_AT_ONCE = 500;

function questionOf({ actor, area, sought, helper }: Seek): Question {
  const own = ownFilters(actor);
  const asked = helper === undefined ? own : [...own, { id: 'helper', value: helper }];
  return { kind: 'households', area, filters: [...asked, { id: 'sought', value: sought }] };
}

/** A list of what no index knows: the households of an area, or of a helper, in the order of places, are looked at a hundred at a time. */
export async function seek<Row>(
  ports: PagePorts,
  asked: Seek,
  find: (rosters: readonly Roster[]) => Promise<readonly Find<Row>[]>,
): Promise<Decided<Sought<Row>>> {
  const question = questionOf(asked);
  const begun = asked.cursor === undefined ? undefined : positionOf(question, asked.cursor);
  if (begun && isRefused(begun)) return begun;
  const key: Filter = question.filters.find(({ id }) => id === 'helper') ?? ALL;
  const rows: Row[] = [];
  let position: Position | undefined = begun?.ok;
  let read = 0;
  const { actor, day, limit } = asked;
  const atOnce = Math.max(AT_ONCE, Math.min(limit, MANY_AT_ONCE));
  for (let turn = 0; turn < READS; turn += 1) {
    const page = await pageOf(ports, { question, actor, day, key, position, limit: atOnce });
    read += page.read;
    const rosters = page.hits.map(({ roster }) => roster);
    const taken = fitting(rosters, await find(rosters), limit - rows.length);
    rows.push(...taken.rows);
    position = taken.stop ?? page.next;
    if (position === undefined) return { ok: { rows, read } };
    if (rows.length >= limit) break;
  }
  return { ok: { rows, read, ...(position && { cursor: cursorOf(question, position) }) } };
}

/** As many finds as a page still takes; what was found at one household stays together. */
function fitting<Row>(
  rosters: readonly Roster[],
  found: readonly Find<Row>[],
  room: number,
): { readonly rows: readonly Row[]; readonly stop: Position | undefined } {
  const rows: Row[] = [];
  for (const [at, { id, village }] of rosters.entries()) {
    rows.push(...found.filter(({ household }) => household === id).map(({ row }) => row));
    const isLast = at === rosters.length - 1;
    if (rows.length >= room && !isLast) return { rows, stop: { village, household: id } };
  }
  return { rows, stop: undefined };
}
