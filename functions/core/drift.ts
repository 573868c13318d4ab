import * as z from 'zod';
import type { Day } from './day.ts';
import { liesWithin } from './division.ts';
import { equalFigures, isNothing, type Tally } from './figure.ts';
import { entryKeysOf, rebandKey } from './list-entry.ts';
import type { Roster } from './roster.ts';

/** Codes of areas and ids of households named in an account at most; the counts say how many there were. */
export const NAMED_AT_MOST = 50;
/** Households named of one village at most: a town may have hundreds, and their accounts are stored together. */
export const NAMED_OF_VILLAGE = 20;

const count = z.int().nonnegative();

/** The recount of a county: chunks are its towns. */
export const Recount = z.object({
  id: z.string(),
  county: z.string(),
  /** What was asked for: the county, or a town or village of it. */
  area: z.string(),
  day: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  chunks: count,
  /** Areas from the county upwards whose summary differs from the sum of its parts. */
  drifted: z.array(z.string()),
  version: z.int().positive(),
});
export type Recount = z.infer<typeof Recount>;

/** What the recount of a town found in one of its villages. */
const VillageAccount = z.object({
  area: z.string(),
  households: count,
  driftedAreas: count,
  driftedLists: count,
  named: z.array(z.string()),
});

/** The recount of a town. */
export const RecountChunk = z.object({
  chunk: count,
  area: z.string(),
  isDone: z.boolean(),
  villages: count,
  households: count,
  /** Areas whose summary differs from what it is made of. */
  driftedAreas: count,
  /** Households that stand in other lists than they should. */
  driftedLists: count,
  named: z.array(z.string()),
  /** The same village by village, for those who may see one alone. */
  parts: z.array(VillageAccount).default([]),
});
export type RecountChunk = z.infer<typeof RecountChunk>;

/** What a recount message asks: to start the recount of an area under a run, or to recount one chunk. */
export const RecountMessage = z.union([
  z.object({ run: z.string(), area: z.string() }),
  z.object({ recount: z.string(), chunk: count }),
]);
export type RecountMessage = z.infer<typeof RecountMessage>;

interface Stored {
  readonly figures: readonly number[] | undefined;
  readonly until: Day;
}

/** Whether a stored summary differs from what it is made of, counted at the summary's own day; a missing one may only stand for nothing. */
export function isDrift(row: Stored | undefined, tally: Tally): boolean {
  if (!row) return !isNothing(tally.figures);
  return !row.figures || !equalFigures(row.figures, tally.figures) || row.until !== tally.until;
}

/** What is to be said of the lists a household stands in. */
export type Listing = 'true' | 'aged' | 'drift';

/**
 * Whether a household stands under its keys on a day. `aged` when its age bands or school years have changed since it was listed: nothing
 * is wrong, it must be listed again.
 */
export function listingOf(
  roster: Roster,
  held: { readonly village: string; readonly keys: readonly string[] } | undefined,
  day: Day,
): Listing {
  if (!held || held.village !== roster.village) return 'drift';
  const due = rebandKey(day);
  const isAged = held.keys.some((key) => key.startsWith('reband#') && key <= due);
  if (isAged) return 'aged';
  const wanted = entryKeysOf(roster, day);
  const isSame =
    wanted.length === held.keys.length && wanted.every((key) => held.keys.includes(key));
  return isSame ? 'true' : 'drift';
}

/** The account of a chunk as far as it is about an area: all of it, that of one village, or nothing. */
export function accountWithin(chunk: RecountChunk, area: string): readonly RecountChunk[] {
  if (liesWithin(chunk.area, area)) return [chunk];
  if (!liesWithin(area, chunk.area)) return [];
  const none = { area, households: 0, driftedAreas: 0, driftedLists: 0, named: [] };
  const part = chunk.parts.find((one) => one.area === area);
  return [{ ...chunk, ...(part ?? none), villages: part ? 1 : 0, parts: [] }];
}

/** Whether a recount of one area has anything to say about another. */
export function isAbout(recounted: string, area: string): boolean {
  return liesWithin(recounted, area) || liesWithin(area, recounted);
}

/** The accounts of all chunks together. */
export function sumOf(chunks: readonly RecountChunk[]) {
  const total = (of: (chunk: RecountChunk) => number) =>
    chunks.reduce((sum, chunk) => sum + of(chunk), 0);
  return {
    done: chunks.filter(({ isDone }) => isDone).length,
    villages: total(({ villages }) => villages),
    households: total(({ households }) => households),
    driftedAreas: total(({ driftedAreas }) => driftedAreas),
    driftedLists: total(({ driftedLists }) => driftedLists),
    named: chunks.flatMap(({ named }) => named).slice(0, NAMED_AT_MOST),
  };
}
