import * as z from 'zod';
import type { Day } from './day.ts';
import { type Decided, refuse } from './refusal.ts';

/** How an answer knows what it says: the register as it stands, what is known now about a past day, or what was known when a year was frozen. */
export const bases = ['current', 'known-now', 'snapshot'] as const;

/** What every answer that may be about a past day says of itself. */
export const basisShape = {
  asOf: z.string().describe('the day the answer is about'),
  basis: z
    .enum(bases)
    .describe(
      'current: the register today; known-now: what is known now about that day; snapshot: what was known when the year was frozen (knownAt)',
    ),
  outOfReach: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'of that day, but outside the reader’s areas today: of a snapshot the entries of its lists (page by page) that are left out, while its boards, frozen for everyone, count them; otherwise households, which are neither counted nor listed',
    ),
  knownAt: z.string().optional().describe('of a snapshot: when it began to be frozen'),
  snapshot: z
    .object({
      year: z.int(),
      counties: z.array(z.string()).describe('counties it is frozen of, under their codes then'),
      without: z
        .array(z.string())
        .describe('counties of the area that have no snapshot of that year'),
    })
    .optional(),
};

/** What an answer about a snapshot says of itself. */
export interface FrozenBasis {
  readonly knownAt: string;
  readonly snapshot: {
    readonly year: number;
    readonly counties: readonly string[];
    readonly without: readonly string[];
  };
}

/** When a question is about: today, a past day by what is known now, or the end of a year by what was known then. */
export interface When {
  readonly asOf?: Day | undefined;
  readonly snapshot?: number | undefined;
}

/**
 * The past day a question is about; undefined for today, which the register as it stands answers.
 * Refused: date-future.
 */
export function pastDay(asOf: Day | undefined, today: Day): Decided<Day | undefined> {
  if (asOf !== undefined && asOf > today) return refuse('date-future', { field: 'asOf' });
  return { ok: asOf === today ? undefined : asOf };
}

/** The same for questions that may also be about a snapshot. Refused: date-future, snapshot-and-as-of. */
export function pastOf({ asOf, snapshot }: When, today: Day): Decided<When> {
  if (asOf !== undefined && snapshot !== undefined) return refuse('snapshot-and-as-of');
  const day = pastDay(asOf, today);
  return 'ok' in day ? { ok: { asOf: day.ok, snapshot } } : day;
}

/** An address of the same thing at another time; as it is for today. */
export function atTime(address: string, { asOf, snapshot }: When): string {
  const then = onDay(address, asOf);
  if (snapshot === undefined) return then;
  return `${then}${then.includes('?') ? '&' : '?'}snapshot=${snapshot}`;
}

/** An address of the same thing on a past day; as it is without one. */
export function onDay(address: string, day: Day | undefined): string {
  if (day === undefined) return address;
  return `${address}${address.includes('?') ? '&' : '?'}asOf=${day}`;
}
