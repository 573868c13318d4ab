import { addDays, type Day, isDay } from './day.ts';
import {
  type ColumnLabel,
  comparable,
  failed,
  type GivenCell,
  isBlank,
  isFailed,
  quotable,
  textOf,
} from './ledger-text.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** Day before day 1 of spreadsheets, as counted from March 1900 on. */
const EPOCH = '1899-12-30';
/** 1927-05-18 to 2119-01-11; smaller and larger numbers in a date column are something else. */
const SERIALS = { min: 10_000, max: 80_000 };
const YEARS = { min: 1949, max: 2100 };

const PARTED = /^(\d{4})[-./年](\d{1,2})(?:月|[-./月](\d{1,2})日?)?$/;
const SOLID = /^(\d{4})(\d{2})(\d{2})?$/;
const YEAR = /^(\d{4})(?:\.0+|年[度底末初]?)?$/;

function impossible(cell: GivenCell, column: ColumnLabel): Refusal {
  if (isFailed(cell)) return failed(cell, column);
  return refuse('date-impossible', { field: column.heading, text: quotable(cell) });
}

function ofSerial(serial: number): Day | null {
  const days = Math.floor(serial);
  return days >= SERIALS.min && days <= SERIALS.max ? addDays(EPOCH, days) : null;
}

function ofText(text: string): Day | null {
  if (/^\d{5}(?:\.\d+)?$/.test(text)) return ofSerial(Number(text));
  const [, year, month = '', day = '1'] = PARTED.exec(text) ?? SOLID.exec(text) ?? [];
  const whole = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(whole) ? whole : null;
}

function dayOfCell(cell: GivenCell): Day | null {
  if (cell !== null && typeof cell === 'object') return cell.day;
  // 2017.1 as a number may have been typed as 2017.10: the sheet dropped the zero, so it is not believed.
  if (typeof cell === 'number' && !Number.isInteger(cell) && cell < SERIALS.min) return null;
  // The time of day, where there is one, begins after a blank or a T.
  return ofText(
    comparable(
      textOf(cell)
        .trim()
        .replace(/[\sT]+\d{1,2}[:：].*$/, ''),
    ),
  );
}

/**
 * A day: date cells, serial numbers, 2017-9-1, 2017.9.1, 2017/9/1, 20170901, 2017年9月1日; a month alone (2017.9,
 * 201709, 2017年9月) is its first day. Refusals: date-impossible.
 */
export function readDay(cell: GivenCell, column: ColumnLabel): Decided<Day | null> {
  if (isBlank(textOf(cell))) return { ok: null };
  const day = dayOfCell(cell);
  return day === null ? impossible(cell, column) : { ok: day };
}

/** A year: 2016, 2016年, 2016年度, or that of any date `readDay` takes. Refusals: date-impossible, number-out-of-range. */
export function readYear(cell: GivenCell, column: ColumnLabel): Decided<number | null> {
  const text = textOf(cell);
  if (isBlank(text)) return { ok: null };
  const written = YEAR.exec(comparable(text))?.[1] ?? dayOfCell(cell)?.slice(0, 4);
  if (written === undefined) return impossible(cell, column);
  const year = Number(written);
  if (year < YEARS.min || year > YEARS.max) {
    return refuse('number-out-of-range', { field: column.heading, ...YEARS });
  }
  return { ok: year };
}
