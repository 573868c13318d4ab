import { type Day, dayOf } from '../core/day.ts';

/**
 * The only reader of time. On stage `local`, and there alone, the runner's offset (milliseconds, set before each
 * invocation) is added, so that a county of 2017 can be run today and a notice period need not be slept.
 */
export function now(): Date {
  const offset = process.env.STAGE === 'local' ? Number(process.env.CLOCK_OFFSET_MS ?? 0) : 0;
  return new Date(Date.now() + offset);
}

/** Today in Asia/Shanghai. */
export function today(): Day {
  return dayOf(now());
}
