import * as z from 'zod';
import { isDay } from './day.ts';
import { HelperKind } from './helper.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** Money (fen), projects, jobs and goods that were promised, or came. A correction takes back what came, so amounts may be below zero. */
export const Contribution = z.object({
  moneyFen: z.int(),
  projects: z.int(),
  jobs: z.int(),
  /** In words: seedlings, fertiliser, goods bought. */
  goods: z.string().nullable(),
});
export type Contribution = z.infer<typeof Contribution>;

export const nothingYet: Contribution = { moneyFen: 0, projects: 0, jobs: 0, goods: null };

/** Whom a helper is paired with; a village under the code it had then. */
export const PairingSubject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('household'), id: z.string() }),
  z.object({ type: z.literal('village'), code: z.string() }),
]);
export type PairingSubject = z.infer<typeof PairingSubject>;

/** The id of a household or the code of a village. */
export function nameOfSubject(subject: PairingSubject): string {
  return subject.type === 'household' ? subject.id : subject.code;
}

/** A helper paired with a household or a village from a day. */
export const Pairing = z.object({
  /** `pr_…`. */
  id: z.string(),
  helper: z.string(),
  kind: HelperKind,
  subject: PairingSubject,
  from: day,
  /** First day on which it no longer holds, null while it does. */
  to: day.nullable(),
  endReason: z.string().nullable(),
  /** The pairing that came in its place, or in whose place it came, when a caseload was handed over. */
  successor: z.string().nullable(),
  predecessor: z.string().nullable(),
  duty: z.string().nullable(),
  promised: Contribution,
  /** What all its deliveries come to; goods stand with the deliveries. */
  delivered: z.object({
    moneyFen: z.int(),
    projects: z.int(),
    jobs: z.int(),
    count: z.int().nonnegative(),
  }),
  /** Import it comes from; null when a person entered it. */
  source: z.string().nullable(),
  version: z.int().positive(),
});
export type Pairing = z.infer<typeof Pairing>;

/** Whether a pairing is under way. */
export function isCurrent({ to }: Pick<Pairing, 'to'>): boolean {
  return to === null;
}

/** Something that came of a pairing, append-only: what was wrong is taken back by a contrary entry. */
export const Delivery = z.object({
  /** `dl_…`. */
  id: z.string(),
  pairing: z.string(),
  /** Day it came, or the last day of the year it is told of. */
  on: day,
  what: z.string(),
  /** What a ledger calls it: the number of a project, a year, or `total`; null where a person entered it. */
  ref: z.string().nullable(),
  contribution: Contribution,
  /** The delivery this one takes back. */
  corrects: z.string().nullable(),
  reason: z.string().nullable(),
  source: z.string().nullable(),
  actor: z.string(),
  at: z.iso.datetime(),
});
export type Delivery = z.infer<typeof Delivery>;
