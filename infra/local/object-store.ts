import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, type ReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { State } from './state.ts';

const headers = z.record(z.string(), z.string());
const row = z.object({
  key: z.string(),
  file: z.string(),
  size: z.number(),
  etag: z.string(),
  modified: z.number(),
  headers: z.string().transform((text) => headers.parse(JSON.parse(text))),
});

/** An object without its bytes. `headers` are those it was stored with: type, disposition, x-amz-meta-… */
export type StoredObject = z.infer<typeof row>;

export interface Draft {
  /** path of the file to be filled */
  file: string;
  write(chunk: Buffer): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}

export interface Page {
  objects: StoredObject[];
  prefixes: string[];
  /** key or prefix to go on after, when there is more */
  next: string | undefined;
}

/** Objects on disk under names that say nothing about their keys, and their index. */
export class ObjectStore {
  readonly #folder: string;
  readonly #sql;

  constructor(dataDir: string, state: State) {
    this.#folder = join(dataDir, 'objects');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    state.db.exec(`CREATE TABLE IF NOT EXISTS object (
      bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
      modified INTEGER NOT NULL, headers TEXT NOT NULL, PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID`);
    const prepare = (text: string) => state.db.prepare(text);
    this.#sql = {
      get: prepare('SELECT * FROM object WHERE bucket = ? AND key = ?'),
      put: prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?)'),
      remove: prepare('DELETE FROM object WHERE bucket = ? AND key = ?'),
      after: prepare('SELECT * FROM object WHERE bucket = ? AND key > ? ORDER BY key LIMIT 1000'),
    };
  }

  /** A file for bytes to come; they are no object before `put`. */
  async draft(): Promise<Draft> {
    const file = join(this.#folder, `${randomUUID()}.part`);
    const handle = await open(file, 'w', 0o600);
    return {
      file,
      write: async (chunk) => {
        await handle.write(chunk);
      },
      close: () => handle.close(),
      discard: async () => {
        await handle.close();
        await rm(file, { force: true });
      },
    };
  }

  /** Makes a closed draft the object of that key. */
  async put(
    bucket: string,
    key: string,
    object: { draft: Draft; size: number; etag: string; headers: Record<string, string> },
  ): Promise<void> {
    const before = this.get(bucket, key);
    const name = randomUUID();
    await rename(object.draft.file, this.#path(name));
    const { size, etag } = object;
    const stored = JSON.stringify(object.headers);
    this.#sql.put.run(bucket, key, name, size, etag, Date.now(), stored);
    if (before) await rm(this.#path(before.file), { force: true });
  }

  get(bucket: string, key: string): StoredObject | undefined {
    const found = this.#sql.get.get(bucket, key);
    return found === undefined ? undefined : row.parse(found);
  }

  /** The bytes from `start` to `end`, both included. */
  read(object: StoredObject, range: { start: number; end: number }): ReadStream {
    return createReadStream(this.#path(object.file), range);
  }

  async remove(bucket: string, key: string): Promise<void> {
    const found = this.get(bucket, key);
    if (found === undefined) return;
    this.#sql.remove.run(bucket, key);
    await rm(this.#path(found.file), { force: true });
  }

  /** Keys in order of their bytes; with a delimiter those that share a prefix up to it count as one. */
  list(
    bucket: string,
    query: { prefix: string; delimiter: string; after: string; limit: number },
  ): Page {
    const objects: StoredObject[] = [];
    const prefixes: string[] = [];
    let last = '';
    for (const object of this.#from(bucket, query.prefix, query.after)) {
      const shared = commonPrefix(object.key, query);
      if (shared !== undefined && (shared === prefixes.at(-1) || shared === query.after)) {
        continue;
      }
      if (objects.length + prefixes.length === query.limit)
        return { objects, prefixes, next: last };
      last = shared ?? object.key;
      if (shared === undefined) objects.push(object);
      else prefixes.push(shared);
    }
    return { objects, prefixes, next: undefined };
  }

  /** Objects of that prefix after that key, in pages from the index. */
  *#from(bucket: string, prefix: string, after: string): Generator<StoredObject> {
    const exact = after < prefix ? this.get(bucket, prefix) : undefined;
    if (exact) yield exact;
    let from = after < prefix ? prefix : after;
    for (;;) {
      const page = this.#sql.after.all(bucket, from).map((one) => row.parse(one));
      const fitting = page.filter(({ key }) => key.startsWith(prefix));
      yield* fitting;
      const last = page.at(-1);
      if (last === undefined || fitting.length < page.length) return;
      from = last.key;
    }
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function commonPrefix(
  key: string,
  { prefix, delimiter }: { prefix: string; delimiter: string },
): string | undefined {
  if (delimiter === '') return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
