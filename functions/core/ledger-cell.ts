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
