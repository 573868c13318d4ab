import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { RawRow } from '../core/import-entry.ts';
import { MIB, SHEET_LIMITS, SheetRefusal } from '../lib/sheet-limit.ts';

const ALGORITHM = 'aes-256-gcm';
const IV = 12;
const TAG = 16;
/** Bytes held back before they are written. */
const HELD = MIB;
/** Bytes of whole groups that are read back at once; one group may be larger, and is then read alone. */
const WINDOW = 4 * MIB;
/** What the temporary folder bears beside the file itself. */
const MAX_BYTES = 704 * MIB;

/** A row on its way to its group; groups are numbered in the order in which the file first names them. */
export interface SpilledRow extends RawRow {
  readonly group: number;
}

/**
 * Rows on disk in the order of the file, given back group by group: a household whose rows are scattered over a long file comes together
 * in memory that depends on its own size, never on that of the others. In memory stands only where each row lies. Sealed row by row under
 * a key that dies with the process: identity numbers do not lie in the clear in the temporary folder.
 */
export class Spill {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #key = randomBytes(32);
  /** By row: its group, and where it ends in the file. */
  readonly #groups: number[] = [];
  readonly #ends: number[] = [];
  #held: Buffer[] = [];
  #heldBytes = 0;
  #file: FileHandle | undefined;

  constructor(path: string, maxBytes = MAX_BYTES) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  get isEmpty(): boolean {
    return this.#groups.length === 0;
  }

  /** @throws SheetRefusal file-too-much-text, where the rows together are more than the disk bears */
  async add({ group, sheet, row, cells }: SpilledRow): Promise<void> {
    const sealed = this.#seal(this.#groups.length, JSON.stringify([sheet, row, cells]));
    const end = this.#endOf(this.#groups.length - 1) + sealed.length;
    if (end > this.#maxBytes) {
      throw new SheetRefusal('file-too-much-text', `${sheet} ${row}`, {
        max: SHEET_LIMITS.maxChars,
      });
    }
    this.#groups.push(group);
    this.#ends.push(end);
    this.#held.push(sealed);
    this.#heldBytes += sealed.length;
    if (this.#heldBytes >= HELD) await this.#write();
  }

  /** All groups in their order, each with its rows in the order of the file. */
  async *groups(): AsyncGenerator<readonly RawRow[]> {
    const file = await this.#write();
    for (const window of this.#windows()) {
      const rows = await this.#read(
        file,
        window.toSorted((left, right) => left - right),
      );
      let group: RawRow[] = [];
      for (const [place, at] of window.entries()) {
        const row = rows.get(at);
        if (row) group.push(row);
        if (this.#groups[at] === this.#groups[window[place + 1] ?? -1]) continue;
        yield group;
        group = [];
      }
    }
  }

  /** To be called at the end, also after a failure. */
  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #endOf(at: number): number {
    return this.#ends[at] ?? 0;
  }

  /** Rows by group, cut between groups so that one piece stays small. */
  *#windows(): Generator<number[]> {
    const groupOf = (at: number) => this.#groups[at] ?? 0;
    const order = Uint32Array.from(this.#groups, (_, at) => at);
    order.sort((left, right) => groupOf(left) - groupOf(right) || left - right);
    let window: number[] = [];
    let bytes = 0;
    let group = -1;
    for (const at of order) {
      if (bytes >= WINDOW && groupOf(at) !== group) {
        yield window;
        window = [];
        bytes = 0;
      }
      group = groupOf(at);
      window.push(at);
      bytes += this.#endOf(at) - this.#endOf(at - 1);
    }
    if (window.length > 0) yield window;
  }

  /** Reads rows, ascending; those that lie side by side in one go. */
  async #read(file: FileHandle, rows: readonly number[]): Promise<ReadonlyMap<number, RawRow>> {
    const read = new Map<number, RawRow>();
    for (let from = 0, to = 0; from < rows.length; from = to) {
      do to += 1;
      while (rows[to] === (rows[to - 1] ?? 0) + 1);
      const run = rows.slice(from, to);
      const start = this.#endOf((run[0] ?? 0) - 1);
      const bytes = Buffer.alloc(this.#endOf(run.at(-1) ?? -1) - start);
      await file.read(bytes, 0, bytes.length, start);
      for (const at of run) {
        const sealed = bytes.subarray(this.#endOf(at - 1) - start, this.#endOf(at) - start);
        const [sheet, row, cells] = JSON.parse(this.#open(at, sealed));
        read.set(at, RawRow.parse({ sheet, row, cells }));
      }
    }
    return read;
  }

  async #write(): Promise<FileHandle> {
    this.#file ??= await open(this.#path, 'wx+', 0o600);
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    await this.#file.appendFile(bytes);
    return this.#file;
  }

  /** The place of a row is its nonce: it comes once, and so does the key. */
  #nonce(at: number): Buffer {
    const nonce = Buffer.alloc(IV);
    nonce.writeUInt32BE(at);
    return nonce;
  }

  #seal(at: number, text: string): Buffer {
    const cipher = createCipheriv(ALGORITHM, this.#key, this.#nonce(at));
    const body = cipher.update(text, 'utf8');
    return Buffer.concat([body, cipher.final(), cipher.getAuthTag()]);
  }

  #open(at: number, sealed: Buffer): string {
    const decipher = createDecipheriv(ALGORITHM, this.#key, this.#nonce(at));
    decipher.setAuthTag(sealed.subarray(-TAG));
    const text = decipher.update(sealed.subarray(0, -TAG));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }
}
