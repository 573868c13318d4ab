import * as z from 'zod';
import { roles } from './access.ts';
import { codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const fen = z.int().nonnegative();

/** What a training was: days of it, and whether a certificate came of it (null: not known yet). */
export const TrainingDetails = z.object({
  type: z.literal('training'),
  course: z.string(),
  dayCount: z.int().positive(),
  organiser: z.string().nullable(),
  certificate: z.boolean().nullable(),
});

/** A public-welfare post: wage in fen per month; whether the employer has the person insured against accidents (null: not known). */
export const PostDetails = z.object({
  type: z.literal('post'),
  post: z.string(),
  employer: z.string().nullable(),
  wageFen: fen,
  insured: z.boolean().nullable(),
});

/** A micro-credit: amounts in fen. */
export const LoanDetails = z.object({
  type: z.literal('loan'),
  bank: z.string(),
  principalFen: z.int().positive(),
  purpose: z.enum(codesOf('loanPurpose')),
  /** Granted beyond the ordinary limit, without subsidy. */
  topUp: z.boolean(),
  grantedOn: day,
  /** Day by which it is to be repaid, as last renewed. */
  dueOn: day,
  repayments: z.array(z.object({ on: day, fen: z.int().positive() })),
  renewals: z.array(z.object({ on: day, from: day, dueOn: day })),
});
export type LoanDetails = z.infer<typeof LoanDetails>;

export const Details = z.discriminatedUnion('type', [TrainingDetails, PostDetails, LoanDetails]);
export type Details = z.infer<typeof Details>;

/** Who is responsible: by name, or a helper who is paired with the household or its village. */
export const Responsible = z.object({
  name: z.string(),
  organisation: z.string().nullable(),
  helper: z.string().nullable(),
});
export type Responsible = z.infer<typeof Responsible>;

/** What a measure brought the household in a year, fen, and how that is known. */
export const IncomeEffect = z.object({
  year: z.int(),
  fen: z.int(),
  basis: z.enum(codesOf('incomeBasis')),
});
export type IncomeEffect = z.infer<typeof IncomeEffect>;

/** A measure of assistance (帮扶措施): what is done for a household, or a person in it, by which batch, from when to when, with what result. */
export const Measure = z.object({
  /** `ms_…`. */
  id: z.string(),
  household: z.string(),
  person: z.string().nullable(),
  kind: z.enum(codesOf('measureKind')),
  batch: z.enum(codesOf('measure')),
  /** Industry mode, of measures of industry alone. */
  mode: z.enum(codesOf('mode')).nullable(),
  name: z.string(),
  startedOn: day,
  plannedEnd: day.nullable(),
  /** First day on which it no longer runs; null while it does. Of one entered by mistake the day it was said to be, or its first. */
  endedOn: day.nullable(),
  result: z.enum(codesOf('measureResult')).nullable(),
  endNote: z.string().nullable(),
  responsible: Responsible.nullable(),
  income: z.array(IncomeEffect),
  policy: z.string().nullable(),
  pairing: z.string().nullable(),
  details: Details.nullable(),
  note: z.string().nullable(),
  version: z.int().positive(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});
export type Measure = z.infer<typeof Measure>;

export const measureEventKinds = ['opened', 'changed', 'repaid', 'renewed', 'ended'] as const;

/** What happened to a measure, append-only: one per version. */
export const MeasureEvent = z.object({
  id: z.string(),
  measure: z.string(),
  version: z.int().positive(),
  kind: z.enum(measureEventKinds),
  actor: z.string(),
  role: z.enum(roles),
  at: z.iso.datetime(),
  heldOn: day,
  /** Fields with what they said before; nothing of a measure that was opened. */
  before: z.record(z.string(), z.unknown()),
  after: z.record(z.string(), z.unknown()),
});
export type MeasureEvent = z.infer<typeof MeasureEvent>;

/** What lists, counts and the household's facts need of a measure; no names. */
export const MeasureDigest = Measure.pick({
  id: true,
  person: true,
  kind: true,
  batch: true,
  mode: true,
  startedOn: true,
  plannedEnd: true,
  endedOn: true,
  result: true,
  income: true,
}).extend({
  /** Of a loan. */
  loan: z
    .object({ principalFen: fen, outstandingFen: fen, dueOn: day, topUp: z.boolean() })
    .nullable(),
  /** Of a post. */
  post: PostDetails.pick({ wageFen: true, insured: true }).nullable(),
  /** Of a training. */
  training: TrainingDetails.pick({ dayCount: true, certificate: true }).nullable(),
});
export type MeasureDigest = z.infer<typeof MeasureDigest>;

/** All measures of a household in short, under one version: what one of them may be depends on the others. */
export interface Measures {
  readonly version: number;
  readonly measures: readonly MeasureDigest[];
}

/** What is still to be repaid of a loan, fen. */
export function outstandingOf({ principalFen, repayments }: LoanDetails): number {
  return principalFen - repayments.reduce((sum, { fen: paid }) => sum + paid, 0);
}

export function digestOf(measure: Measure): MeasureDigest {
  const { id, person, kind, batch, mode, startedOn, plannedEnd, endedOn, result, income, details } =
    measure;
  const common = { id, person, kind, batch, mode, startedOn, plannedEnd, endedOn, result, income };
  const none = { loan: null, post: null, training: null };
  switch (details?.type) {
    case 'loan': {
      const { principalFen, dueOn, topUp } = details;
      const loan = { principalFen, outstandingFen: outstandingOf(details), dueOn, topUp };
      return { ...common, ...none, loan };
    }
    case 'post':
      return {
        ...common,
        ...none,
        post: { wageFen: details.wageFen, insured: details.insured },
      };
    case 'training':
      return {
        ...common,
        ...none,
        training: { dayCount: details.dayCount, certificate: details.certificate },
      };
    case undefined:
      return { ...common, ...none };
  }
}

/** Whether it was entered by mistake: it ran on no day. */
export function isVoidMeasure({ result }: Pick<Measure, 'result'>): boolean {
  return result === 'error';
}

/** Whether a measure runs on a day. */
export function runsOn(
  measure: Pick<Measure, 'startedOn' | 'endedOn' | 'result'>,
  on: Day,
): boolean {
  const { startedOn, endedOn } = measure;
  return !isVoidMeasure(measure) && startedOn <= on && (endedOn === null || on < endedOn);
}

/** Whether two measures run on a day together. */
export function overlap(
  one: Pick<Measure, 'startedOn' | 'endedOn'>,
  other: Pick<Measure, 'startedOn' | 'endedOn'>,
): boolean {
  if (one.startedOn === one.endedOn || other.startedOn === other.endedOn) return false;
  const isBefore = (a: typeof one, b: typeof one) => a.endedOn !== null && a.endedOn <= b.startedOn;
  return !isBefore(one, other) && !isBefore(other, one);
}

/** A loan that was to be repaid before that day and is not. */
export function isOverdue({ loan }: Pick<MeasureDigest, 'loan'>, on: Day): boolean {
  return loan !== null && loan.outstandingFen > 0 && loan.dueOn < on;
}
