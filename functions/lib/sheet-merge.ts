import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';

/** Column A is 0; a reference without letters gives -1. */
export function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const code = reference.charCodeAt(at);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
}

const AREA = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/;
const CORNERS = 4;

interface Area<T> {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly value: T | null;
}

/** The merged areas of a sheet, kept as bare numbers: a ledger whose households are merged has hundreds of thousands. */
export class Merges<T> {
  #corners = new Int32Array(CORNERS * 64);
  #count = 0;
  #order = new Uint32Array(0);
  #next = 0;
  #active: Area<T>[] = [];
  readonly #limits: SheetLimits;

  constructor(limits: SheetLimits) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes an area as the file writes it, `A4:A6`. */
  add(reference: string): void {
    const corners = cornersOf(reference);
    if (this.#count >= this.#limits.maxMerges) throw new SheetRefusal('file-too-complex', 'merges');
    if (this.#corners.length < (this.#count + 1) * CORNERS) {
      const larger = new Int32Array(this.#corners.length * 2);
      larger.set(this.#corners);
      this.#corners = larger;
    }
    this.#corners.set(corners, this.#count * CORNERS);
    this.#count += 1;
  }

  /** Whether the n-th area taken is this one. */
  isAt(index: number, reference: string): boolean {
    return cornersOf(reference).every(
      (at, corner) => this.#corners[index * CORNERS + corner] === at,
    );
  }

  /** To be called once, when all areas are known and before the first row. */
  sort(): void {
    const top = (index: number) => this.#corners[index * CORNERS] ?? 0;
    this.#order = new Uint32Array(this.#count).map((_, index) => index);
    this.#order.sort((a, b) => top(a) - top(b));
  }

  /** Repeats the top-left value of each area through the cells of this row; rows come in ascending order. */
  fill(row: number, cells: (T | null)[]): void {
    this.#open(row, cells);
    if (this.#active.length === 0) return;
    const { maxColumns } = this.#limits;
    let filled = 0;
    for (const { left, right, value } of this.#active) {
      const end = Math.min(right, maxColumns - 1);
      filled += end - left + 1;
      // Areas may not overlap; without this a file could ask for millions of cells a row.
      if (filled > maxColumns)
        throw new SheetRefusal('file-malformed', `merged cells at row ${row}`);
      while (cells.length < left) cells.push(null);
      for (let column = left; column <= end; column += 1) cells[column] = value;
    }
  }

  #open(row: number, cells: readonly (T | null)[]): void {
    this.#active = this.#active.filter(({ bottom }) => bottom >= row);
    for (; this.#next < this.#count; this.#next += 1) {
      const at = (this.#order[this.#next] ?? 0) * CORNERS;
      const [top = 0, left = 0, bottom = 0, right = 0] = this.#corners.subarray(at, at + CORNERS);
      if (top > row) return;
      if (bottom < row || left >= this.#limits.maxColumns) continue;
      // Where the area's first row is missing from the file, its top-left cell is empty.
      const value = top === row ? (cells[left] ?? null) : null;
      this.#active.push({ left, right, bottom, value });
      if (this.#active.length > this.#limits.maxColumns) {
        throw new SheetRefusal('file-malformed', `merged cells at row ${row}`);
      }
    }
  }
}

function cornersOf(reference: string): [top: number, left: number, bottom: number, right: number] {
  const [, from = '', top, to = '', bottom] = AREA.exec(reference) ?? [];
  const corners: [number, number, number, number] = [
    Number(top),
    columnOf(from),
    Number(bottom),
    columnOf(to),
  ];
  if (!(corners[0] <= corners[2] && corners[1] <= corners[3])) {
    throw new SheetRefusal('file-malformed', 'a merged area');
  }
  return corners;
}

const END_OF_ROWS = 'sheetData>';
const CLOSING = /<\/(?:[\w.-]+:)?$/;
const MERGE = /<(?:[\w.-]+:)?mergeCell\s[^<>]*?\bref\s*=\s*["']([^"'<]*)["']/g;
const CARRY = 2_048;

function afterRows(bytes: Buffer): Buffer | null {
  for (let at = bytes.indexOf(END_OF_ROWS); at >= 0; at = bytes.indexOf(END_OF_ROWS, at + 1)) {
    if (CLOSING.test(bytes.toString('latin1', Math.max(0, at - 64), at))) return bytes.subarray(at);
  }
  return null;
}

/**
 * Finds the merged areas of a sheet, which the format puts behind the rows that need them, by looking through the
 * unpacked bytes without parsing: only what follows the rows is searched. The parser, which passes the areas later,
 * compares them with these.
 */
export async function scanMerges<T>(
  chunks: AsyncIterable<Buffer>,
  limits: SheetLimits,
): Promise<Merges<T>> {
  const merges = new Merges<T>(limits);
  let inRows = true;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let bytes: Buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (inRows) {
      const tail = afterRows(bytes);
      rest = bytes.subarray(-128);
      if (!tail) continue;
      inRows = false;
      bytes = tail;
    }
    rest = searchMerges(bytes, merges);
  }
  merges.sort();
  return merges;
}

/** Takes every complete area and hands back what may be the beginning of another. */
function searchMerges<T>(bytes: Buffer, merges: Merges<T>): Buffer {
  const text = bytes.toString('latin1');
  let taken = 0;
  for (const match of text.matchAll(MERGE)) {
    merges.add(match[1] ?? '');
    taken = match.index + match[0].length;
  }
  const start = Math.max(taken, text.lastIndexOf('<'), bytes.length - CARRY);
  return bytes.subarray(start);
}
