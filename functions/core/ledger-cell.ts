import type { Day } from './day.ts';

/** A cell that the workbook shows as a date: its day and, where the clock is not midnight, `HH:MM`. */
export interface DateCell {
  readonly day: Day;
  readonly time?: string;
}

/** What a clerk sees in a cell: text, a number, a tick or a date. Formulas appear as the value they last showed. */
export type LedgerCell = string | number | boolean | DateCell;

/** Stands for a formula whose value the file does not hold. */
export const UNCALCULATED = '#公式未计算';

/** A row of a ledger; `row` is counted from 1 as the spreadsheet program shows it, cells that are empty are `null`. */
export interface LedgerRow {
  readonly sheet: string;
  readonly row: number;
  readonly cells: readonly (LedgerCell | null)[];
}

/** Characters that stand for a cell that is no text. */
const OTHER = 8;

/** Characters of cells, so that whoever keeps them knows what they weigh. */
export function charsOf(cells: readonly (LedgerCell | null)[]): number {
  return cells.reduce((sum: number, cell) => {
    if (cell === null) return sum;
    return sum + (typeof cell === 'string' ? cell.length : OTHER);
  }, 0);
}
