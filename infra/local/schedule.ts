import { Cron } from 'croner';
import { LocalError } from './fault.ts';

/** When a schedule is due. */
export interface Timing {
  /** the first moment after that one, if there is any */
  next(after: Date): Date | undefined;
}

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `cron(0 2 * * ? *)`, `rate(5 minutes)` or `at(2017-10-23T02:00:00)`.
 * @throws LocalError TEMPLATE
 */
export function timingOf(expression: string, timezone: string): Timing {
  const [, kind = '', inner = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'cron') return cronTiming(inner, timezone);
  if (kind === 'rate') return rateTiming(inner);
  if (kind !== 'at') throw new LocalError('TEMPLATE', `${expression} is not a schedule.`);
  const moment = new Cron(inner, { timezone, paused: true }).nextRun(new Date(0));
  return { next: (after) => (moment !== null && moment > after ? moment : undefined) };
}

/** AWS counts minutes, hours, day, month, weekday (1 is Sunday), year, and writes `?` for "any". */
function cronTiming(fields: string, timezone: string): Timing {
  const pattern = `0 ${fields.replaceAll('?', '*')}`;
  const cron = new Cron(pattern, {
    timezone,
    paused: true,
    alternativeWeekdays: true,
    sloppyRanges: true,
  });
  return { next: (after) => cron.nextRun(after) ?? undefined };
}

/** Counted from the beginning of time, so that it does not matter when the run was started. */
function rateTiming(text: string): Timing {
  const [, amount, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text.trim()) ?? [];
  const period = Number(amount) * (unitMs[unit] ?? Number.NaN);
  if (!(period > 0)) throw new LocalError('TEMPLATE', `rate(${text}) is not a schedule.`);
  return { next: (after) => new Date((Math.floor(after.getTime() / period) + 1) * period) };
}
