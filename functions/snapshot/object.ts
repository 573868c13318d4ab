import { createHash } from 'node:crypto';
import type { AreaCode } from '../core/division.ts';
import {
  type FrozenVillage,
  readVillage,
  type VillageInput,
  writeVillage,
} from '../core/snapshot-object.ts';
import { findObject, putNew } from '../lib/objects.ts';

/** Objects of snapshots begin so; no lifecycle removes them, and nothing overwrites them. */
export const SNAPSHOTS = 'snapshots/';

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Where a village of a year lies: under its county's and its own code of the day. */
export function objectKey(year: number, village: AreaCode): string {
  return `${SNAPSHOTS}${year}/${village.slice(0, 6)}/${village}.jsonl`;
}

/** The object of a village and year; undefined where there is none. */
export async function loadVillage(
  bucket: string,
  year: number,
  village: AreaCode,
): Promise<FrozenVillage | undefined> {
  const bytes = await findObject({ bucket, key: objectKey(year, village) });
  return bytes && readVillage(Buffer.from(bytes).toString('utf8'), digest);
}

/** Writes the object of a village unless there is one: the first to come is the one that stays. */
export async function storeVillage(bucket: string, input: VillageInput): Promise<boolean> {
  const place = { bucket, key: objectKey(input.year, input.village) };
  const body = Buffer.from(writeVillage(input, digest), 'utf8');
  return putNew(place, body, 'application/x-ndjson');
}
