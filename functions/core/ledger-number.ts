import {
  type ColumnLabel,
  failed,
  type GivenCell,
  isBlank,
  isFailed,
  isUnknown,
  quotable,
  textOf,
} from './ledger-text.ts';
import { type Decided, isRefused, type Refusal, refuse } from './refusal.ts';

/** A decimal as it is written, digit by digit. */
interface Decimal {
  readonly isNegative: boolean;
  readonly whole: string;
  readonly fraction: string;
  readonly unit: string;
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

const SHAPE = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d*)(?:\.(\d*))?([^\d,.]*)$/;
const UNITS = /^(?:人|口|户|个|名|个?月|周?岁|年|次|间|平方米|平方|平米|亩|公里|千米|km|米)?$/i;
/** Decimal places from the unit down to a fen. */
const MONEY_UNITS: Readonly<Record<string, number>> = {
  元: 2,
  元整: 2,
  '元/年': 2,
  '元/人': 2,
  '元/户': 2,
  万: 6,
  万元: 6,
  亿元: 10,
};
/** Beyond 15 digits a number is no longer exact. */
const MAX_DIGITS = 15;

function invalid(cell: GivenCell, column: ColumnLabel): Refusal {
  if (isFailed(cell)) return failed(cell, column);
  return refuse('number-invalid', { field: column.heading, text: quotable(cell) });
}

/** 1,234.50元, ￥1234.5, （12）, ＋３ and numbers of any cell; null where the cell says nothing. */
function readParts(cell: GivenCell, column: ColumnLabel): Decided<Decimal | null> {
  const text = textOf(cell);
  if (isBlank(text)) return { ok: null };
  if (typeof cell === 'boolean' || typeof cell === 'object') return invalid(cell, column);
  const plain = text
    .normalize('NFKC')
    .replace(/\s/g, '')
    .replace(/^(?:人民币)?¥?/, '')
    .replace(/m2$/i, '')
    .replace(/^−/, '-')
    .replace(/^\(([^()-]+)\)$/, '-$1');
  const [, sign, digits = '', fraction = '', unit = ''] = SHAPE.exec(plain) ?? [];
  const whole = digits.replaceAll(',', '');
  if (whole + fraction === '') return invalid(cell, column);
  return { ok: { isNegative: sign === '-', whole, fraction, unit } };
}

/**
 * A number with its fraction. Refusals: number-invalid, number-out-of-range.
 * @param range both ends included
 */
export function readDecimal(
  cell: GivenCell,
  column: ColumnLabel,
  range: NumberRange,
): Decided<number | null> {
  const parts = readParts(cell, column);
  if (isRefused(parts)) return parts;
  if (parts.ok === null) return { ok: null };
  const { isNegative, whole, fraction, unit } = parts.ok;
  if (!UNITS.test(unit)) return invalid(cell, column);
  const size = Number(`${whole}.${fraction}0`);
  const value = isNegative && size !== 0 ? -size : size;
  if (value < range.min || value > range.max) {
    return refuse('number-out-of-range', { field: column.heading, ...range });
  }
  return { ok: value };
}

/** A whole number; `3.0` is one, `3.5` is refused. Refusals: number-invalid, number-out-of-range. */
export function readInteger(
  cell: GivenCell,
  column: ColumnLabel,
  range: NumberRange,
): Decided<number | null> {
  const read = readDecimal(cell, column, range);
  if (isRefused(read) || read.ok === null || Number.isInteger(read.ok)) return read;
  return invalid(cell, column);
}

function placesOf(unit: string, column: ColumnLabel): number | undefined {
  if (unit === '') return column.unit?.includes('万') ? 6 : 2;
  return Object.hasOwn(MONEY_UNITS, unit) ? MONEY_UNITS[unit] : undefined;
}

/**
 * An amount in fen, exact: digits are moved, never multiplied. A unit in the cell wins over that of the heading; without
 * any it is yuan. What a formula calculated finer than a fen is rounded half up, as the sheet shows it; what someone
 * typed finer than a fen is refused.
 * Refusals: number-invalid, income-negative, amount-too-fine, number-out-of-range.
 */
export function readFen(cell: GivenCell, column: ColumnLabel): Decided<number | null> {
  // A part of an income that is left out counts as nil, one that nobody knows must not.
  if (isUnknown(textOf(cell))) return invalid(cell, column);
  const parts = readParts(cell, column);
  if (isRefused(parts)) return parts;
  if (parts.ok === null) return { ok: null };
  const { isNegative, whole, fraction, unit } = parts.ok;
  const places = placesOf(unit, column);
  if (places === undefined) return invalid(cell, column);
  const digits = (whole + fraction.slice(0, places).padEnd(places, '0')).replace(/^0+/, '');
  const rest = fraction.slice(places);
  if (/[1-9]/.test(rest) && typeof cell !== 'number') {
    return refuse('amount-too-fine', { field: column.heading, text: quotable(cell) });
  }
  if (digits.length > MAX_DIGITS) {
    return refuse('number-out-of-range', { field: column.heading, min: 0, max: 10 ** 13 });
  }
  const fen = Number(digits) + (rest >= '5' ? 1 : 0);
  if (isNegative && fen > 0) return refuse('income-negative', { field: column.heading });
  return { ok: fen };
}
