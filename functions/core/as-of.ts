import * as z from 'zod';
import type { Day } from './day.ts';
import { type Decided, refuse } from './refusal.ts';

/** How an answer knows what it says: the register as it stands, or what is known now about a past day. */
export const bases = ['current', 'known-now'] as const;

/** What every answer that may be about a past day says of itself. */
export const basisShape = {
  asOf: z.string().describe('the day the answer is about'),
  basis: z
    .enum(bases)
    .describe('current: the register today; known-now: what is known now about that day'),
  outOfReach: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'households of that day that are outside the reader’s areas today: neither counted nor listed',
    ),
};

/**
 * The past day a question is about; undefined for today, which the register as it stands answers.
 * Refused: date-future.
 */
export function pastDay(asOf: Day | undefined, today: Day): Decided<Day | undefined> {
  if (asOf !== undefined && asOf > today) return refuse('date-future', { field: 'asOf' });
  return { ok: asOf === today ? undefined : asOf };
}

/** An address of the same thing on a past day; as it is without one. */
export function onDay(address: string, day: Day | undefined): string {
  if (day === undefined) return address;
  return `${address}${address.includes('?') ? '&' : '?'}asOf=${day}`;
}
