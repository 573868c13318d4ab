import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { freeText } from './free-text.ts';
import { id } from './household-path.ts';
import { IncomeEffect, LoanDetails, PostDetails, TrainingDetails } from './measure.ts';
import { Mode } from './measure-mode.ts';
import { Slug } from './policy.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const words = freeText(60);
const note = freeText(500);
/** Fen of a household's measure: a hundred million yuan keeps nonsense out. */
const MOST_FEN = 10_000_000_000;
const fen = z.int().min(0).max(MOST_FEN);

const ResponsibleBody = z.union([
  z.strictObject({ name: freeText(30), organisation: words.optional() }),
  z.strictObject({ helper: id.describe('who is paired with the household or its village') }),
]);
export type ResponsibleBody = z.infer<typeof ResponsibleBody>;

const Training = z.strictObject({
  ...TrainingDetails.shape,
  course: words,
  dayCount: z.int().min(1).max(1000),
  organiser: words.nullable().default(null),
  certificate: z.boolean().nullable().default(null),
});
const Post = z.strictObject({
  ...PostDetails.shape,
  post: words,
  employer: words.nullable().default(null),
  wageFen: fen.describe('per month'),
  insured: z.boolean().nullable().default(null),
});
const Loan = z.strictObject({
  ...LoanDetails.omit({ repayments: true, renewals: true }).shape,
  bank: words,
  principalFen: fen.min(1),
  topUp: z.boolean().default(false),
});

const DetailsBody = z.discriminatedUnion('type', [Training, Post, Loan]);
export type DetailsBody = z.infer<typeof DetailsBody>;

/** What a measure brought in a year; a loss is below zero. */
const Income = IncomeEffect.extend({
  year: z.int().min(2010).max(2100),
  fen: z.int().min(-MOST_FEN).max(MOST_FEN),
}).strict();

const linked = {
  responsible: ResponsibleBody.nullable().optional(),
  /** Item of the policy list that it follows. */
  policy: Slug.nullable().optional(),
  /** Pairing it comes from. */
  pairing: id.nullable().optional(),
  note: note.nullable().optional(),
};

/** What was over already when it was entered. */
const Ended = z.strictObject({
  /** First day on which it no longer ran. */
  endedOn: day,
  result: z.enum(codesOf('measureResult')).refine((code) => code !== 'error'),
  note: note.optional(),
  repayments: z
    .array(z.strictObject({ on: day, fen: fen.min(1) }))
    .max(100)
    .optional()
    .describe('of a loan: what was repaid, in whatever order'),
});

export const NewMeasure = z.strictObject({
  kind: z.enum(codesOf('measureKind')),
  batch: z
    .enum(codesOf('measure'))
    .optional()
    .describe('needed where the kind belongs to several batches'),
  mode: z.enum(codesOf('mode')).optional().describe('of measures of industry, and of these alone'),
  name: words,
  person: id.optional(),
  startedOn: day.optional().describe('today unless told'),
  plannedEnd: day.nullable().optional(),
  details: DetailsBody.optional(),
  income: z.array(Income).max(20).optional(),
  ended: Ended.optional().describe('where it was over before it was entered'),
  ...linked,
});
export type NewMeasure = z.infer<typeof NewMeasure>;

/** What may be put right or added while it runs and after; kind, batch, mode, person and start are those of another measure. */
export const MeasureChanges = z.strictObject({
  name: words.optional(),
  plannedEnd: day.nullable().optional(),
  /** By year; a year told again replaces what was told of it. */
  income: z.array(Income).min(1).max(20).optional(),
  training: Training.omit({ type: true }).partial().optional(),
  post: Post.omit({ type: true }).partial().optional(),
  ...linked,
});
export type MeasureChanges = z.infer<typeof MeasureChanges>;

export const MeasureEnd = z.strictObject({
  /** First day on which it no longer runs, today unless told; left out for what was entered by mistake, which never ran. */
  endedOn: day.optional(),
  result: z.enum(codesOf('measureResult')),
  note: note.optional(),
  income: z.array(Income).max(20).optional(),
});
export type MeasureEnd = z.infer<typeof MeasureEnd>;

export const Repayment = z.strictObject({ paidOn: day.optional(), fen: fen.min(1) });
export type Repayment = z.infer<typeof Repayment>;

export const Renewal = z.strictObject({ renewedOn: day.optional(), dueOn: day });
export type Renewal = z.infer<typeof Renewal>;

export const MeasurePath = z.object({ id, measureId: id });

export const ModesBody = z.strictObject({ modes: z.array(Mode).min(1).max(10) });
