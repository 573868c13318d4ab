import { labelledLists } from './code-label.ts';
import type { CodeListName } from './code-list.ts';
import { readCode, readCodes } from './ledger-code.ts';
import { readDecimal, readInteger } from './ledger-number.ts';
import {
  type ColumnLabel,
  comparable,
  type GivenCell,
  readIdentifier,
  readText,
  textOf,
} from './ledger-text.ts';
import { type Decided, isRefused } from './refusal.ts';

/** Reads a cell; null where it says nothing. */
export type Reader<Value> = (cell: GivenCell, column: ColumnLabel) => Decided<Value | null>;

export const coded =
  (list: CodeListName): Reader<string> =>
  (cell, column) =>
    readCode(cell, { ...column, codes: labelledLists[list] });

export const codedList =
  (list: CodeListName): Reader<readonly string[]> =>
  (cell, column) => {
    const read = readCodes(cell, { ...column, codes: labelledLists[list] });
    return !isRefused(read) && read.ok.length === 0 ? { ok: null } : read;
  };

export const text =
  (max: number): Reader<string> =>
  (cell, column) =>
    readText(cell, column, max);

/** A number that is a name, then checked by its own rule. */
export const checked =
  (rule: (digits: string) => Decided<string>): Reader<string> =>
  (cell, column) => {
    const read = readIdentifier(cell, column);
    return isRefused(read) || read.ok === null ? read : rule(read.ok);
  };

export const months: Reader<number> = (cell, column) =>
  readInteger(cell, column, { min: 0, max: 12 });
export const loanMonths: Reader<number> = (cell, column) =>
  readInteger(cell, column, { min: 1, max: 120 });
/** Square metres, mu, kilometres. */
export const measure: Reader<number> = (cell, column) =>
  readDecimal(cell, column, { min: 0, max: 100_000 });
export const persons: Reader<number> = (cell, column) =>
  readInteger(cell, column, { min: 1, max: 1000 });
export const identifier: Reader<string> = (cell, column) => readIdentifier(cell, column);
/** Words in the place of a number (未上户, 新生儿, 不详) say that there is none. */
export const identity: Reader<string> = (cell, column) => {
  const read = readIdentifier(cell, column);
  return isRefused(read) || (read.ok !== null && /\d/.test(read.ok)) ? read : { ok: null };
};

/** What cannot be read says nothing. */
export const lenient =
  <Value>(reader: Reader<Value>): Reader<Value> =>
  (cell, column) => {
    const read = reader(cell, column);
    return isRefused(read) ? { ok: null } : read;
  };

/** A column that says nothing where it says one of these. */
export const silentOn =
  (words: RegExp, reader: Reader<string>): Reader<string> =>
  (cell, column) =>
    words.test(comparable(textOf(cell))) ? { ok: null } : reader(cell, column);
