import * as z from 'zod';
import type { AreaCode } from '../core/division.ts';
import { NAMED_SHAPE, type NamedFigures, NamedFigures as Shape } from '../core/figure-name.ts';

/** Versions of the shapes stored here. */
export const V = { snapshot: 1, chunk: 1, row: 1 } as const;

/** Frozen figures of one area. */
export interface FrozenRow {
  readonly area: AreaCode;
  /** Its name when it was frozen. */
  readonly name: string;
  /** When the earliest of what it adds up was read. */
  readonly knownAt: string;
  /** Digest of a village's object; of any other area, of its parts' codes and digests. */
  readonly hash: string;
  /** Codes of the areas it adds up; empty for a village. */
  readonly parts: readonly AreaCode[];
  readonly figures: NamedFigures;
}

export const RowItem = z.object({
  sk: z.string(),
  v: z.literal(V.row),
  named: z.literal(NAMED_SHAPE),
  name: z.string(),
  knownAt: z.string(),
  hash: z.string(),
  parts: z.array(z.string()),
  /** JSON: a map of the database would have to be taken apart name by name. */
  figures: z.string(),
});

export function rowItem(row: FrozenRow) {
  const { area, name, knownAt, hash, parts, figures } = row;
  const text = JSON.stringify(figures);
  return { sk: area, v: V.row, named: NAMED_SHAPE, name, knownAt, hash, parts, figures: text };
}

export function frozenRowOf(item: unknown): FrozenRow {
  const { sk, name, knownAt, hash, parts, figures } = RowItem.parse(item);
  return { area: sk, name, knownAt, hash, parts, figures: Shape.parse(JSON.parse(figures)) };
}
