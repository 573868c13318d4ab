import { addDays, type Day } from './day.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readDay } from './ledger-date.ts';
import { textOf } from './ledger-text.ts';
import { isRefused } from './refusal.ts';

/** What the title and the notes above the heading say about the whole sheet; null where they say nothing. */
export interface LedgerNote {
  /** Day the ledger speaks of (数据时点, 截止, 截至 …). */
  readonly day: Day | null;
  /** First and last day of the income period. */
  readonly period: { readonly from: Day; readonly to: Day } | null;
  /** 元 or 万元, where the sheet gives one unit for its amounts. */
  readonly unit: string | null;
}

const DATE = String.raw`\d{4}(?:[-./]\d{1,2}[-./]\d{1,2}|年\d{1,2}月(?:\d{1,2}日)?)`;
const POINT = new RegExp(
  String.raw`(?:数据时点|时点|截止|截至|统计时间|统计日期|填报日期|填报时间|填表日期)[^\d]{0,6}(${DATE})`,
);
const SPAN = new RegExp(String.raw`(${DATE})\s*(?:至|到|~|～|—+|-)\s*(${DATE})`);
/** 单位 of something named (住房面积单位) is not the sheet's. */
const UNIT = /(?:^|[;,。、(\s])(?:金额|收入)?单位[::]?\s*(?:人民币)?(万元|元)/;

function dayIn(text: string | undefined): Day | null {
  const read = readDay(text, { heading: '' });
  return isRefused(read) ? null : read.ok;
}

/** A month named as an end means its last day. */
function endOf(text: string | undefined): Day | null {
  const first = dayIn(text);
  if (first === null || !text?.endsWith('月')) return first;
  return addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1);
}

/** Reads the rows above the heading. */
export function readNote(rows: readonly LedgerRow[]): LedgerNote {
  const texts = rows.flatMap(({ cells }) => [...new Set(cells.map(textOf))]);
  const text = texts.map((one) => one.normalize('NFKC')).join('\n');
  const [, from, to] = SPAN.exec(text) ?? [];
  const [first, last] = [dayIn(from), endOf(to)];
  return {
    day: endOf(POINT.exec(text)?.[1]),
    period: first !== null && last !== null && first <= last ? { from: first, to: last } : null,
    unit: UNIT.exec(text)?.[1] ?? null,
  };
}
