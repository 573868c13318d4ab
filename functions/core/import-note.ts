import { addDays, type Day, isDay } from './day.ts';

export interface Period {
  readonly from: Day;
  /** Last day, included. */
  readonly to: Day;
}

const DATE = String.raw`(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?`;
/** 数据时点：2017-10-23, 截止时间:2017年10月23日, 截至 2017.10.23 */
const HELD_ON = new RegExp(
  String.raw`(?:数据时点|时点|截止|截至|统计日期|填报日期)[^\d]{0,8}${DATE}`,
);
/** 2015-10-01至2016-09-30 */
const PERIOD = new RegExp(String.raw`${DATE}\s*(?:至|到|—|~|～)\s*${DATE}`);

function dayFrom(parts: readonly (string | undefined)[]): Day | undefined {
  const [year, month = '', date = ''] = parts;
  const text = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  return isDay(text) ? text : undefined;
}

/** The day a ledger speaks of, where its title or note says so. */
export function heldOnNoted(texts: readonly string[]): Day | undefined {
  for (const text of texts) {
    const match = HELD_ON.exec(text.normalize('NFKC'));
    const day = match && dayFrom(match.slice(1, 4));
    if (day) return day;
  }
  return undefined;
}

/** The year its incomes belong to, where the note says so; both ends included and in order. */
export function incomePeriodNoted(texts: readonly string[]): Period | undefined {
  for (const text of texts) {
    const match = PERIOD.exec(text.normalize('NFKC'));
    const from = match && dayFrom(match.slice(1, 4));
    const to = match && dayFrom(match.slice(4, 7));
    if (from && to && from < to) return { from, to };
  }
  return undefined;
}

/**
 * The last system year (上年10月1日-当年9月30日) that was over on the day the ledger speaks of.
 */
export function systemYearBefore(heldOn: Day): Period {
  const year = Number(heldOn.slice(0, 4));
  const end = addDays(`${heldOn.slice(5) > '09-30' ? year : year - 1}-10-01`, -1);
  return { from: `${Number(end.slice(0, 4)) - 1}-10-01`, to: end };
}
