import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import type { BenefitPeriod, ClaimWindow, ItemInForce, PolicyItem } from './policy.ts';
import { periodOf, type Receipt } from './receipt.ts';

const MONTHS = Array.from({ length: 12 }, (_, index) => String(index + 1).padStart(2, '0'));
const MONTH = /^\d{4}-\d{2}$/;
const TERM = /^\d{4}-[12]$/;
const YEAR = /^\d{4}$/;

/** A day and a place: school terms are set by place and year (receipt-rule.json). */
export interface Moment {
  readonly day: Day;
  readonly place: AreaCode;
}

/** The term, month or year by which a finer period is known among coarser ones; undefined where it is none of those. */
function widened(period: string, to: BenefitPeriod, place: AreaCode): string | undefined {
  if (MONTH.test(period)) return periodOf(`${period}-01`, to, place);
  return TERM.test(period) && to === 'year' ? period.slice(0, 4) : undefined;
}

/**
 * Whether a receipt is one of the period of an item that holds the day. A year's receipt is one of each of its months and terms, a month's
 * one of its term and year; what belongs to no such period counts on the day it was paid. Of an item that is had once, every one is.
 */
export function isInPeriod(
  receipt: Pick<Receipt, 'period' | 'on'>,
  kind: BenefitPeriod,
  { day, place }: Moment,
): boolean {
  if (kind === 'once') return true;
  const own = periodOf(day, kind, place);
  const { period, on } = receipt;
  if (period === own) return true;
  if (YEAR.test(period)) return periodOf(day, 'year', place) === period;
  if (TERM.test(period) && kind !== 'year') return periodOf(day, 'term', place) === period;
  return (widened(period, kind, place) ?? periodOf(on, kind, place)) === own;
}

function isHeldIn(
  { validFrom, validTo, since = validFrom }: Pick<ItemInForce, 'validFrom' | 'validTo' | 'since'>,
  month: string,
) {
  return since.slice(0, 7) <= month && (validTo === null || month <= validTo.slice(0, 7));
}

/**
 * How often an item is had in the calendar year of a day, by the days on which it is in force, in this version or those before it: twelve months, two terms (each counts to the
 * year in which it begins), once.
 */
export function timesInYear(
  item: Pick<ItemInForce, 'validFrom' | 'validTo' | 'since' | 'benefit'>,
  { day, place }: Moment,
): number {
  const year = day.slice(0, 4);
  const months = MONTHS.map((month) => `${year}-${month}`).filter((one) => isHeldIn(item, one));
  const { period } = item.benefit;
  if (period === 'month') return months.length;
  if (period !== 'term') return Math.min(months.length, 1);
  const terms = months.map((month) => periodOf(`${month}-01`, 'term', place));
  return new Set(terms.filter((term) => term.startsWith(year))).size;
}

/** How an item is claimed, as seen on a day. */
export interface Claim {
  readonly by: 'automatic' | 'apply';
  readonly isOpen: boolean;
  /** The window that is open, or the next one; null where it is open all year. */
  readonly from: Day | null;
  readonly to: Day | null;
}

function windowFrom(year: number, { fromMonthDay, toMonthDay }: ClaimWindow) {
  const end = toMonthDay < fromMonthDay ? year + 1 : year;
  return { from: `${year}-${fromMonthDay}`, to: `${end}-${toMonthDay}` };
}

/** Whether an item may be claimed on a day, and otherwise when next. */
export function claimOn(item: Pick<PolicyItem, 'claim' | 'claimWindow'>, day: Day): Claim {
  const { claim: by, claimWindow } = item;
  if (!claimWindow) return { by, isOpen: true, from: null, to: null };
  const year = Number(day.slice(0, 4));
  const windows = [year - 1, year].map((one) => windowFrom(one, claimWindow));
  const { from, to } = windows.find((one) => day <= one.to) ?? windowFrom(year + 1, claimWindow);
  return { by, isOpen: from <= day, from, to };
}
