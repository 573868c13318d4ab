import * as z from 'zod';
import { levelOf, liesWithin } from './division.ts';
import { accountWithin, Recount, RecountChunk, sumOf } from './drift.ts';

const area = z.string().refine((code) => levelOf(code) !== undefined);

export const RecountQuery = z.object({ area });
export const RecountBody = z.object({ area });
export const RecountAsked = z.object({ run: z.string(), area: z.string(), latest: z.string() });

/** A recount with the accounts of its chunks added up; zero drift unless something went wrong. */
const RecountView = Recount.omit({ drifted: true, version: true }).extend({
  done: z.int().nonnegative(),
  ...RecountChunk.omit({ chunk: true, area: true, isDone: true, parts: true }).shape,
});

/** The latest recount of each county of an area. */
export const LatestRecounts = z.object({
  area: z.string(),
  /** Areas and lists that differed, all counties together. */
  drift: z.int(),
  recounts: z.array(RecountView),
});

/** A recount as people of an area see it: only what lies in it. */
export function recountView(
  recount: Recount,
  chunks: readonly RecountChunk[],
  area: string,
): z.infer<typeof RecountView> {
  const { drifted, version: _, ...header } = recount;
  const own = chunks.flatMap((chunk) => accountWithin(chunk, area));
  const sums = drifted.filter((code) => liesWithin(code, area));
  const sum = sumOf(own);
  return {
    ...header,
    ...sum,
    chunks: own.length,
    driftedAreas: sum.driftedAreas + sums.length,
    named: [...sums, ...sum.named],
  };
}
