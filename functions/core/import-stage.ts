import type { StagedEntry } from './import-entry.ts';
import type { ImportFault } from './import-reason.ts';
import type { Cells } from './import-refusal.ts';
import type { LedgerCell, LedgerRow } from './ledger-cell.ts';

/** The heading row of a sheet, understood: which column holds which field. */
export interface SheetHeading {
  readonly cells: Cells;
  /** Text of the rows above: titles and notes. */
  readonly above: readonly string[];
  /** Required columns the sheet lacks, by the name they usually have. */
  readonly missing: readonly string[];
  /** What the sheet calls a field. */
  called(field: string): string;
  /** The cell of a field, null where it is empty or there is no such column. */
  cell(row: Pick<LedgerRow, 'cells'>, field: string): LedgerCell | null;
}

/** Text of a cell as one compares it; empty where there is none. */
export function cellText(cell: LedgerCell | null): string {
  if (cell === null) return '';
  return (typeof cell === 'object' ? cell.day : String(cell)).trim();
}

const TOTAL = /^(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*数)[:：]?$/;

/** Whether a row adds up others (合计) or holds nothing: neither is data. */
export function isNoData(row: Pick<LedgerRow, 'cells'>): boolean {
  const texts = row.cells.map(cellText).filter((text) => text !== '');
  return texts.length === 0 || texts.slice(0, 3).some((text) => TOTAL.test(text));
}

/** Which group a row belongs to; rows without a group of their own follow the one before. */
export interface GroupKey {
  readonly key: string;
  /** The key stands on another row: left out below the head, or under a merged cell. */
  readonly inherited: boolean;
}

/** Persons of one household beyond which a file is at fault, not a family. */
export const MAX_ROWS_A_GROUP = 100;

/**
 * Gives every row its group while the file passes by. A household number may stand on the head's row only; in a sheet where other rows
 * carry theirs, a row without is at fault, and that is known for sure only at the end.
 */
export class Grouping {
  readonly #groups = new Map<string, number>();
  readonly #sizes: number[] = [];
  readonly #tooLarge = new Set<string>();
  #everyRow = false;
  #last = '';
  #next = 0;

  /** @param isHead whether the row begins a household by itself */
  place(key: string, isHead: boolean): { group: number; inherited: boolean } {
    if (key !== '') {
      // A second row that carries the number itself: this sheet writes it on every row.
      if (key === this.#last && !isHead) this.#everyRow = true;
      this.#last = key;
      return { group: this.#groupOf(key), inherited: false };
    }
    if (isHead || this.#last === '') {
      this.#last = '';
      return { group: this.#alone(), inherited: false };
    }
    return { group: this.#groupOf(this.#last), inherited: true };
  }

  /** Whether rows without a number may take that of the row above. */
  get mayInherit(): boolean {
    return !this.#everyRow;
  }

  isTooLarge(key: string): boolean {
    return this.#tooLarge.has(key);
  }

  #alone(): number {
    this.#sizes.push(1);
    this.#next += 1;
    return this.#next - 1;
  }

  #groupOf(key: string): number {
    const known = this.#groups.get(key);
    if (known === undefined) {
      this.#groups.set(key, this.#alone());
      return this.#next - 1;
    }
    const size = (this.#sizes[known] ?? 0) + 1;
    this.#sizes[known] = size;
    if (size <= MAX_ROWS_A_GROUP) return known;
    this.#tooLarge.add(key);
    this.#groups.set(key, this.#alone());
    return this.#next - 1;
  }
}

/** Persons met twice in one file, by whatever names them; keeps one number per person. */
export class Twice {
  readonly #first = new Map<string, number>();
  readonly #rows = new Map<string, Set<number>>();

  meet(person: string, row: number): void {
    const first = this.#first.get(person);
    if (first === undefined) this.#first.set(person, row);
    else this.#rows.set(person, (this.#rows.get(person) ?? new Set([first])).add(row));
  }

  /** The other rows of that person as a clerk reads them, undefined where there is none. */
  others(person: string, row: number): string | undefined {
    const rows = this.#rows.get(person);
    return rows && [...rows].filter((other) => other !== row).join('、');
  }
}

/** An entry that is refused as it stands. */
export function refusedEntry(
  entry: Pick<StagedEntry, 'key' | 'label' | 'place' | 'rows'>,
  faults: readonly ImportFault[],
): StagedEntry {
  return { ...entry, faults: [...faults] };
}
