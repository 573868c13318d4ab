import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RawRow } from '../core/import-entry.ts';

const ALGORITHM = 'aes-256-gcm';
const IV = 12;
const TAG = 16;
const LENGTH = 4;
/** Characters held back per part before they are written. */
const HELD = 128 * 1024;

/** A row on its way to its group; groups are numbered in the order in which the file first names them. */
export interface SpilledRow extends RawRow {
  readonly group: number;
}

/**
 * Rows sorted into parts of so many groups each, on disk, so that a household whose rows are scattered over a long file comes together
 * in bounded memory. Written under a key that dies with the process: identity numbers do not lie in the clear in the temporary folder.
 */
export class Spill {
  readonly #folder: string;
  readonly #groupsAPart: number;
  readonly #key = randomBytes(32);
  readonly #held = new Map<number, string[]>();
  readonly #size = new Map<number, number>();
  readonly #parts = new Set<number>();

  constructor(folder: string, groupsAPart: number) {
    this.#folder = folder;
    this.#groupsAPart = groupsAPart;
  }

  /** Parts that hold rows, in their order. */
  get parts(): readonly number[] {
    return [...this.#parts].sort((left, right) => left - right);
  }

  async add(row: SpilledRow): Promise<void> {
    const part = Math.floor(row.group / this.#groupsAPart);
    this.#parts.add(part);
    const line = JSON.stringify([row.group, row.sheet, row.row, row.cells]);
    const held = this.#held.get(part);
    if (held) held.push(line);
    else this.#held.set(part, [line]);
    const size = (this.#size.get(part) ?? 0) + line.length;
    this.#size.set(part, size);
    if (size > HELD) await this.#write(part);
  }

  /** The groups of one part, each with its rows in the order of the file. */
  async read(part: number): Promise<ReadonlyMap<number, readonly RawRow[]>> {
    await this.#write(part);
    const groups = new Map<number, RawRow[]>();
    for (const line of this.#lines(await readFile(this.#path(part)))) {
      const [group, sheet, row, cells] = JSON.parse(line);
      const parsed = RawRow.parse({ sheet, row, cells });
      const known = groups.get(group);
      if (known) known.push(parsed);
      else groups.set(group, [parsed]);
    }
    return new Map([...groups].sort(([left], [right]) => left - right));
  }

  #path(part: number): string {
    return join(this.#folder, `part-${part}`);
  }

  async #write(part: number): Promise<void> {
    const lines = this.#held.get(part) ?? [];
    this.#held.delete(part);
    this.#size.delete(part);
    const iv = randomBytes(IV);
    const cipher = createCipheriv(ALGORITHM, this.#key, iv);
    const body = Buffer.concat([cipher.update(lines.join('\n'), 'utf8'), cipher.final()]);
    const length = Buffer.alloc(LENGTH);
    length.writeUInt32BE(body.length);
    const block = Buffer.concat([length, iv, cipher.getAuthTag(), body]);
    await appendFile(this.#path(part), block, { mode: 0o600 });
  }

  *#lines(file: Buffer): Generator<string> {
    for (let at = 0; at < file.length; ) {
      const length = file.readUInt32BE(at);
      const from = at + LENGTH + IV + TAG;
      const decipher = createDecipheriv(
        ALGORITHM,
        this.#key,
        file.subarray(at + LENGTH, at + LENGTH + IV),
      );
      decipher.setAuthTag(file.subarray(from - TAG, from));
      const text = Buffer.concat([
        decipher.update(file.subarray(from, from + length)),
        decipher.final(),
      ]);
      if (length > 0) yield* text.toString('utf8').split('\n');
      at = from + length;
    }
  }
}
