import { LocalError } from './fault.ts';
import type { State } from './state.ts';

/** The run's own time: the machine's, moved by an offset that is kept across restarts. */
export interface LocalClock {
  now(): Date;
  offsetMs(): number;
  set(instant: Date): void;
}

const unitMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

/** @param start ISO day (nine in the morning, Shanghai) or instant the clock is set to; without it it goes on as before */
export function openClock(state: State, start: string | undefined): LocalClock {
  let offset = Number(state.get('clockOffsetMs') ?? 0);
  const clock: LocalClock = {
    now: () => new Date(Date.now() + offset),
    offsetMs: () => offset,
    set: (instant) => {
      offset = instant.getTime() - Date.now();
      state.set('clockOffsetMs', String(offset));
    },
  };
  if (start !== undefined) clock.set(instantOf(start));
  return clock;
}

/** @throws LocalError BAD_INPUT */
export function instantOf(text: string): Date {
  const instant = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T09:00:00+08:00` : text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new LocalError('BAD_INPUT', `${text} is neither a day (2017-10-23) nor an instant.`);
}

/** Every night on the way is worked through, which takes seconds each: a year is hours. */
const longestMoveMs = 366 * 86_400_000;

/**
 * Milliseconds of a move such as `+7d`, `12h` or `30m`.
 * @throws LocalError BAD_INPUT; the clock only goes forward
 */
export function moveMs(move: string): number {
  const [, amount, unit] = /^\+?(\d+)([dhm])$/.exec(move.trim()) ?? [];
  const size = unitMs[unit ?? ''];
  if (amount === undefined || size === undefined) {
    throw new LocalError('BAD_INPUT', `${move} is not a move of the clock: +7d, +12h or +30m.`);
  }
  const ms = Number(amount) * size;
  if (ms <= longestMoveMs) return ms;
  throw new LocalError('BAD_INPUT', `${move} is too far: at most 366 days at a time.`);
}
