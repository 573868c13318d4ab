import * as z from 'zod';
import { isEvent, isHead, keyOf, nameOf, type Row, RowKey, versionOf } from './rule.ts';

export const modes = ['missing', 'overwrite'] as const;
export type Mode = (typeof modes)[number];

const Count = z.int().nonnegative();

/** What became of the rows read; every row counts once. */
export const Counts = z.object({
  /** Put back. */
  put: Count,
  /** There already, or drawn from other tables; left as they are. */
  present: Count,
  /** Left alone: the live file has moved on since. */
  newer: Count,
  /** Left alone: the live file is older than the backup; mode `overwrite` puts these back. */
  older: Count,
  /** Left alone: what they belong to is not there (any more). */
  orphan: Count,
  /** Left alone: their time was over. */
  expired: Count,
  /** Not put back, because the file kept changing or has more than 100 rows. */
  failed: Count,
});
export type Counts = z.infer<typeof Counts>;
export type Outcome = keyof Counts;

export const noCounts: Counts = {
  put: 0,
  present: 0,
  newer: 0,
  older: 0,
  orphan: 0,
  expired: 0,
  failed: 0,
};

export function addCounts(one: Counts, other: Partial<Counts>): Counts {
  return {
    put: one.put + (other.put ?? 0),
    present: one.present + (other.present ?? 0),
    newer: one.newer + (other.newer ?? 0),
    older: one.older + (other.older ?? 0),
    orphan: one.orphan + (other.orphan ?? 0),
    expired: one.expired + (other.expired ?? 0),
    failed: one.failed + (other.failed ?? 0),
  };
}

/** How far one segment has come; `version` keeps two workers of the same segment apart. */
export const Progress = z.object({
  version: z.int(),
  /** Key after which to go on; absent at the start. */
  after: RowKey.exactOptional(),
  isDone: z.boolean(),
  counts: Counts,
});
export type Progress = z.infer<typeof Progress>;

/** A household's file as the backup holds it: its rows `H#…` and its roster. */
export interface HouseholdRows {
  readonly head: Row | undefined;
  /** Row `0`, members and roster. */
  readonly state: readonly Row[];
  readonly events: readonly Row[];
}

export function householdRows(rows: readonly Row[]): HouseholdRows {
  const state = rows.filter((row) => !isEvent(row));
  return {
    head: state.find((row) => keyOf(row).pk.startsWith('H#') && isHead(row)),
    state,
    events: rows.filter(isEvent),
  };
}

/** What to do with one household's file. */
export interface FilePlan {
  /** Written once: put where missing, whatever else holds. */
  readonly events: readonly Row[];
  /** Put where missing while the live row `0` has version `at` (null: while there is none); row `0` itself comes last. */
  readonly fill: readonly Row[];
  /** Put in place of the live file of version `at`, all at once. */
  readonly replace: readonly Row[];
  readonly at: number | null;
  readonly counts: Partial<Counts>;
}

/**
 * Compares a household's file in the backup with the live one.
 * @param live the live rows under the same keys
 */
export function planFile(
  backup: HouseholdRows,
  live: ReadonlyMap<string, Row>,
  mode: Mode,
): FilePlan {
  const isThere = (row: Row) => live.has(nameOf(keyOf(row)));
  const events = backup.events.filter((row) => !isThere(row));
  const kept = backup.events.length - events.length;
  const { head, state } = backup;
  const plan = { events, fill: [], replace: [], at: null };
  const leave = (outcome: Outcome) => ({
    ...plan,
    counts: addCounts({ ...noCounts, present: kept }, { [outcome]: state.length }),
  });
  if (!head) return leave('orphan');
  const liveHead = live.get(nameOf(keyOf(head)));
  const at = versionOf(liveHead) ?? null;
  const order = liveHead ? (at ?? 0) - (versionOf(head) ?? 0) : 0;
  if (order > 0) return leave('newer');
  if (order < 0 && mode === 'missing') return leave('older');
  if (order < 0) return { ...plan, replace: state, at, counts: { present: kept } };
  const lost = state.filter((row) => !isThere(row));
  const fill = [...lost.filter((row) => row !== head), ...lost.filter((row) => row === head)];
  return { ...plan, fill, at, counts: { present: kept + state.length - lost.length } };
}

/** Whether a row with a version of its own is to be written over the live one. */
export function isOlder(live: Row, backup: Row): boolean {
  const [standing, saved] = [versionOf(live), versionOf(backup)];
  return standing !== undefined && saved !== undefined && standing < saved;
}

/** Live rows a replaced file leaves behind: members the backup does not know, and the roster where it stands elsewhere. */
export function leftBehind(backup: readonly Row[], live: readonly Row[]): readonly RowKey[] {
  const kept = new Set(backup.map((row) => nameOf(keyOf(row))));
  return live
    .filter((row) => !isEvent(row))
    .map(keyOf)
    .filter((key) => !kept.has(nameOf(key)));
}

/**
 * Cuts a page so that no household's file is torn: rows of the last one are held back until the next page shows its end.
 * @returns rows to work on now, and rows to hold
 */
export function cut(
  rows: readonly Row[],
  isLast: boolean,
): readonly [readonly Row[], readonly Row[]] {
  const last = rows.at(-1);
  if (isLast || !last) return [rows, []];
  const { pk } = keyOf(last);
  if (!pk.startsWith('H#')) return [rows, []];
  const from = rows.findIndex((row) => keyOf(row).pk === pk);
  return [rows.slice(0, from), rows.slice(from)];
}
