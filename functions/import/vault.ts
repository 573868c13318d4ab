import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Import } from '../core/import.ts';
import { PlannedChunk, StagedChunk } from '../core/import-entry.ts';
import type { Keys } from '../lib/keys.ts';
import { getObject, putObject } from '../lib/objects.ts';
import { plannedKey, stagedKey } from './place.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Where chunks lie: packed and sealed in the bucket. What is staged holds identity numbers, so nothing lies there in the clear. */
export interface Vault {
  readonly bucket: string;
  readonly keys: Keys;
}

/** Version of the shapes that are sealed. */
const V = 1;
const TYPE = 'application/octet-stream';

async function put(vault: Vault, key: string, about: { area: string; text: string }) {
  const packed = await pack(about.text, { level: 1 });
  const sealed = await vault.keys.seal(
    { record: key, county: about.area.slice(0, 6), shape: V },
    packed,
  );
  await putObject({ bucket: vault.bucket, key }, sealed, TYPE);
}

async function get(vault: Vault, key: string): Promise<unknown> {
  const sealed = await getObject({ bucket: vault.bucket, key });
  const packed = await vault.keys.open(key, sealed);
  return JSON.parse((await unpack(packed)).toString('utf8'));
}

/** Stages a chunk for one run of the reader. */
export async function putStaged(
  vault: Vault,
  found: Import,
  chunk: StagedChunk & { readonly place: number; readonly attempt: string },
): Promise<void> {
  const { place, attempt, headings, entries } = chunk;
  const text = JSON.stringify({ headings, entries });
  await put(vault, stagedKey(found.id, attempt, place), { area: found.area, text });
}

/** A chunk as the reader that won had staged it. */
export async function getStaged(vault: Vault, found: Import, chunk: number): Promise<StagedChunk> {
  return StagedChunk.parse(await get(vault, stagedKey(found.id, found.attempt ?? '', chunk)));
}

/**
 * Stores what matching decided. The key holds the hash of the content, so two consumers that decide differently do not overwrite each
 * other; whose chunk item is recorded first has decided.
 */
export async function putPlanned(
  vault: Vault,
  found: Import,
  chunk: PlannedChunk & { readonly place: number },
): Promise<{ key: string; hash: string }> {
  const text = JSON.stringify({ entries: chunk.entries });
  const hash = createHash('sha256').update(text).digest('hex');
  const key = plannedKey(found.id, chunk.place, hash);
  await put(vault, key, { area: found.area, text });
  return { key, hash };
}

/** A chunk of the plan. */
export async function getPlanned(vault: Vault, key: string): Promise<PlannedChunk> {
  return PlannedChunk.parse(await get(vault, key));
}
