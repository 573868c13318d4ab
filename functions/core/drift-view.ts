import * as z from 'zod';
import { levelOf } from './division.ts';
import { type Recount, type RecountChunk, sumOf } from './drift.ts';

const area = z.string().refine((code) => levelOf(code) !== undefined);

export const RecountQuery = z.object({ area });
export const RecountBody = z.object({ area });
export const RecountAsked = z.object({ run: z.string(), area: z.string(), latest: z.string() });

const RecountView = z.object({
  id: z.string(),
  county: z.string(),
  area: z.string(),
  day: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  chunks: z.int(),
  done: z.int(),
  villages: z.int(),
  households: z.int(),
  /** Summaries that differed from what they are made of: zero unless something went wrong. */
  driftedAreas: z.int(),
  /** Households that stood in other lists than they should. */
  driftedLists: z.int(),
  /** Codes of such areas and ids of such households, the first fifty. */
  named: z.array(z.string()),
});

/** The latest recount of each county of an area. */
export const LatestRecounts = z.object({
  area: z.string(),
  /** Areas and lists that differed, all counties together. */
  drift: z.int(),
  recounts: z.array(RecountView),
});

/** A recount as people see it; of a town or village, only what lies in it. */
export function recountView(
  recount: Recount,
  chunks: readonly RecountChunk[],
): z.infer<typeof RecountView> {
  const { drifted, version: _, ...header } = recount;
  const sum = sumOf(chunks);
  return {
    ...header,
    ...sum,
    driftedAreas: sum.driftedAreas + drifted.length,
    named: [...drifted, ...sum.named],
  };
}
