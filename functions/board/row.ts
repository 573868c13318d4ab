import * as z from 'zod';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { Figures, Tally } from '../core/figure.ts';
import { decodeFigures } from '../core/figure-codec.ts';

/** Version of the shape of a summary row. */
export const ROW_SHAPE = 1;

export const RowItem = z.object({
  sk: z.string(),
  v: z.literal(ROW_SHAPE),
  version: z.int().positive(),
  day: z.string(),
  until: z.string(),
  figures: z.instanceof(Uint8Array),
});

/** A summary as stored. */
export interface Row {
  readonly area: AreaCode;
  readonly version: number;
  /** Day on which its ages were taken. */
  readonly day: Day;
  /** First day on which they are no longer true. */
  readonly until: Day;
  /** Undefined where the row was stored in an older layout and waits for its recount. */
  readonly figures: Figures | undefined;
}

export function rowOf(item: unknown): Row {
  const { sk, version, day, until, figures } = RowItem.parse(item);
  return { area: sk, version, day, until, figures: decodeFigures(figures) };
}

/** Whether a row was stored in an older layout, so that nobody can say what its figures are before they are counted again. */
export function awaitsRecount({ figures }: Row): boolean {
  return figures === undefined;
}

/** Figures of a row for those who add them up. One stored in an older layout stops them, rather than making the sum too low. */
export function tallyOf({ figures, until }: Row): Tally {
  if (!figures) throw new Error('a summary of an older layout waits for its recount');
  return { figures, until };
}
