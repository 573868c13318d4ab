import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { comparable } from './ledger-text.ts';
import { periodOf, type ReceiptPeriod } from './receipt.ts';

/** A period as a department writes it: of a year, of a month of it, or of one of its terms (1 spring, 2 autumn). */
export interface PeriodWritten {
  readonly year: number;
  readonly month: number | null;
  readonly term: 1 | 2 | null;
}

const YEAR = /^(\d{4})(?:年度?)?$/;
const MONTH = /^(\d{4})(?:年|[-./])(\d{1,2})(?:月份?)?(?:[-./]\d{1,2})?$/;
const SOLID = /^(\d{4})(0[1-9]|1[0-2])$/;
const SEASON = /^(\d{4})年?(春|秋)季?(?:学期)?$/;
/** 2017年上半年, 2017年第三季度, 2017年1-6月: parts of a year that tell no month of it. */
const PART =
  /^(\d{4})年?(?:(?:上|下|前|后)半年|第?[一二三四1-4]季度?|(?:0?[1-9]|1[0-2])月?[-—~至](?:0?[1-9]|1[0-2])月份?)$/;
/** 2016-2017学年第二学期: the first term of a school year lies in the year it begins in. */
const SCHOOL_YEAR = /^(\d{4})[-—~至](\d{4})学年(?:度)?(?:第)?([一二12上下])学?期$/;

/** Reads 2017, 2017年度, 2017年上半年, 2017-09, 201709, 2017年9月, 2017年春季学期, 2016-2017学年第一学期; null where it is none of these. */
export function readPeriod(text: string): PeriodWritten | null {
  const plain = comparable(text);
  const [, year] = YEAR.exec(plain) ?? PART.exec(plain) ?? [];
  if (year !== undefined) return { year: Number(year), month: null, term: null };
  const [, of, month] = MONTH.exec(plain) ?? SOLID.exec(plain) ?? [];
  if (of !== undefined) return ofMonth(Number(of), Number(month));
  const [, inYear, season] = SEASON.exec(plain) ?? [];
  if (inYear !== undefined) {
    return { year: Number(inYear), month: null, term: season === '春' ? 1 : 2 };
  }
  return ofSchoolYear(plain);
}

function ofMonth(year: number, month: number): PeriodWritten | null {
  return month >= 1 && month <= 12 ? { year, month, term: null } : null;
}

function ofSchoolYear(plain: string): PeriodWritten | null {
  const [, from, to, term = ''] = SCHOOL_YEAR.exec(plain) ?? [];
  if (from === undefined || Number(to) !== Number(from) + 1) return null;
  return '一1上'.includes(term)
    ? { year: Number(from), month: null, term: 2 }
    : { year: Number(to), month: null, term: 1 };
}

/**
 * The period of an item a receipt belongs to: as written where it says enough, else that of the day of payment. Null where what is
 * written is no period of the item's kind: a year does not tell the month.
 */
export function periodFor(
  written: PeriodWritten | null,
  of: { readonly on: Day; readonly period: ReceiptPeriod; readonly place: AreaCode },
): string | null {
  const { on, period, place } = of;
  if (written === null || period === 'once') return periodOf(on, period, place);
  const { year, month, term } = written;
  if (period === 'year') return String(year);
  if (month !== null) {
    return periodOf(`${year}-${String(month).padStart(2, '0')}-15`, period, place);
  }
  return period === 'term' && term !== null ? `${year}-${term}` : null;
}
