import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Import } from '../core/import.ts';
import { PlannedChunk, StagedChunk } from '../core/import-entry.ts';
import { getObject, putObject } from '../lib/objects.ts';
import { STAGED } from './spec.ts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Seals bytes under the data key of a county; the name is bound to them, so that no chunk passes for another. */
export interface Sealer {
  seal(county: string, name: string, plain: Uint8Array): Promise<Uint8Array>;
  open(name: string, sealed: Uint8Array): Promise<Uint8Array>;
}

/** Where chunks lie: packed and sealed in the bucket. What is staged holds identity numbers, so nothing lies there in the clear. */
export interface Vault {
  readonly bucket: string;
  readonly sealer: Sealer;
}

const TYPE = 'application/octet-stream';

export function stagedKey(id: string, attempt: string, chunk: number): string {
  return `${STAGED}${id}/${attempt}/staged/${chunk}`;
}

async function put(vault: Vault, key: string, about: { area: string; text: string }) {
  const packed = await pack(about.text, { level: 1 });
  const sealed = await vault.sealer.seal(about.area.slice(0, 6), key, packed);
  await putObject({ bucket: vault.bucket, key }, sealed, TYPE);
}

async function get(vault: Vault, key: string): Promise<unknown> {
  const sealed = await getObject({ bucket: vault.bucket, key });
  const packed = await vault.sealer.open(key, sealed);
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
  const key = `${STAGED}${found.id}/planned/${chunk.place}-${hash.slice(0, 16)}`;
  await put(vault, key, { area: found.area, text });
  return { key, hash };
}

/** A chunk of the plan. */
export async function getPlanned(vault: Vault, key: string): Promise<PlannedChunk> {
  return PlannedChunk.parse(await get(vault, key));
}
