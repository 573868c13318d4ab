import * as z from 'zod';
import type { AreaCode } from '../core/division.ts';
import { type EntryKey, partitionOf } from '../core/list-entry.ts';

/** Versions of the shapes stored here. */
export const MANIFEST_SHAPE = 1;
export const ENTRY_SHAPE = 1;

/** Under which keys a household stands, and where: what a change must take away is known without looking for it. */
export interface Manifest {
  readonly household: string;
  readonly version: number;
  readonly village: AreaCode;
  readonly keys: readonly EntryKey[];
}

const ManifestItem = z.object({
  pk: z.string(),
  v: z.literal(MANIFEST_SHAPE),
  version: z.int().positive(),
  village: z.string(),
  keys: z.array(z.string()),
});

export function manifestOf(item: unknown): Manifest {
  const { pk, version, village, keys } = ManifestItem.parse(item);
  return { household: pk.slice(2), version, village, keys };
}

/** Place of an entry in the index. */
export interface Place {
  readonly pk: string;
  readonly sk: string;
}

export function placeOf(village: AreaCode, household: string, key: EntryKey): Place {
  return { pk: partitionOf(village, key), sk: `${village}#${household}` };
}

const EntryItem = z.object({ sk: z.string().regex(/^\d{12}#.+$/) });

/** What an entry points to. */
export interface Pointer {
  readonly village: AreaCode;
  readonly household: string;
}

export function pointerOf(item: unknown): Pointer {
  const { sk } = EntryItem.parse(item);
  return { village: sk.slice(0, 12), household: sk.slice(13) };
}
