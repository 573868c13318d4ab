import * as z from 'zod';
import { roles } from './access.ts';
import type { Day } from './day.ts';
import { type AreaCode, ancestorAt, type Level, levelOf, parentOf } from './division.ts';
import { type Division, isOpen } from './division-register.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The first year a snapshot may be of: households were first put on file nation-wide in 2014, from what was known of 2013. */
export const FIRST_YEAR = 2013;

/** Who is named where nobody asked: the schedule of New Year's night. */
export const BY_SCHEDULE = 'schedule';

/** The day a year's snapshot speaks of: its last. */
export function dayOfYear(year: number): Day {
  return `${year}-12-31`;
}

/** The year that was over when a day began. */
export function yearBefore(today: Day): number {
  return Number(today.slice(0, 4)) - 1;
}

const count = z.int().nonnegative();

/**
 * The snapshot of a county and a year: what was known about the year's last day while it was frozen. There is one, and once it is frozen
 * nothing of it changes.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> running : asked for, or New Year's night
 *   running --> frozen : every town is done
 * ```
 */
export const Snapshot = z.object({
  /** Code of the county while it was frozen. */
  county: z.string(),
  year: z.int(),
  day: z.string(),
  state: z.enum(['running', 'frozen']),
  /** Where its chunks are kept. */
  job: z.string(),
  chunks: count,
  actor: z.string(),
  role: z.enum(roles).nullable(),
  reason: z.string().nullable(),
  /** When freezing began: what had been entered by then is in it. */
  knownAt: z.string(),
  /** When freezing ended; what was entered in between is in it or not. */
  frozenAt: z.string().nullable(),
  /** Digest over the whole snapshot: of the county's figures and, through them, of every object. */
  hash: z.string().nullable(),
  version: z.int().positive(),
});
export type Snapshot = z.infer<typeof Snapshot>;

const Named = z.object({ code: z.string(), name: z.string() });
export type NamedArea = z.infer<typeof Named>;

/** One town of a snapshot, with the villages to freeze: what is to be done is settled when the snapshot begins. */
export const SnapshotChunk = z.object({
  chunk: count,
  town: Named,
  villages: z.array(Named),
  isDone: z.boolean(),
});
export type SnapshotChunk = z.infer<typeof SnapshotChunk>;

const year = z.int();

/** One message of the queue: freeze a year of every county inside an area, or take a step of one snapshot. */
export const SnapshotMessage = z.discriminatedUnion('step', [
  z.object({ step: z.literal('year'), area: z.string(), year }),
  z.object({ step: z.literal('open'), county: z.string(), year }),
  z.object({ step: z.literal('town'), county: z.string(), year, chunk: count }),
  z.object({ step: z.literal('close'), county: z.string(), year }),
]);
export type SnapshotMessage = z.infer<typeof SnapshotMessage>;

/** Refused (`snapshot-year-not-over`) while the year still runs: its last day is not known yet. */
export function refuseYear(asked: number, today: Day): Refusal | undefined {
  if (asked <= yearBefore(today)) return undefined;
  return refuse('snapshot-year-not-over', { year: asked, day: dayOfYear(asked) });
}

/**
 * Whether a county can be frozen as its divisions stand: a snapshot has the codes that are in use while it is frozen.
 * Refusals: area-unknown, area-closed, division-change-running (households are on their way between divisions).
 * @param divisions the county and everything inside, closed divisions too
 */
export function refuseCounty(
  county: AreaCode,
  divisions: readonly Division[],
): Refusal | undefined {
  const division = divisions.find(({ code }) => code === county);
  if (!division) return refuse('area-unknown', { area: county });
  const changing = divisions.find(({ change }) => change !== null);
  if (changing) return refuse('division-change-running', { code: changing.code });
  if (isOpen(division)) return undefined;
  return refuse('area-closed', { area: county, successors: division.successors.join('、') });
}

/**
 * The chunks of a county's snapshot: one per town in use, with its villages in use.
 * @param divisions the county and everything inside
 */
export function chunksOf(divisions: readonly Division[]): readonly SnapshotChunk[] {
  const open = divisions.filter(isOpen).toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const at = (level: Level) =>
    open
      .filter(({ code }) => levelOf(code) === level)
      .map(({ code, name }): NamedArea => ({ code, name }));
  const villages = Map.groupBy(at('village'), ({ code }) => parentOf(code));
  return at('town').map((town, chunk) => ({
    chunk,
    town,
    villages: villages.get(town.code) ?? [],
    isDone: false,
  }));
}

/** The county of an area of a snapshot. */
export function countyOf(area: AreaCode): AreaCode {
  return ancestorAt(area, 'county');
}
