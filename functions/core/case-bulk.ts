import * as z from 'zod';
import { CaseStep, FreeText } from './case-input.ts';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';
import { id } from './household-path.ts';
import { listParams } from './list-filter.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** Rows of one bulk action at most: what one answer can wait for. */
export const MOST_ROWS = 500;

/** What is done to every household: begin its exit or return, or take the next step of the case it is in. */
const BulkAct = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('propose'),
    procedure: z.enum(['household-exit', 'return']),
    heldOn: day.optional(),
    reason: FreeText,
  }),
  z.strictObject({
    kind: z.literal('step'),
    procedure: z.enum(['identification', 'household-exit', 'return', 'strike-off']),
    ...CaseStep.omit({ confirmedBy: true }).shape,
    /** Each household's head confirms, where the step is a confirmation. */
    confirmedBy: z.literal('head').optional(),
  }),
]);
export type BulkAct = z.infer<typeof BulkAct>;

const filters = z.strictObject(
  Object.fromEntries(
    listParams.households.map((param) => [param, z.string().min(1).max(200).optional()]),
  ),
);

/** Households chosen as a list chooses them, or by their ids, and what is done to each. */
export const BulkAction = z
  .strictObject({
    area: z.string().refine((code) => levelOf(code) !== undefined),
    filters: filters.optional().describe('as in GET /households'),
    households: z.array(id).min(1).max(MOST_ROWS).optional(),
    act: BulkAct,
  })
  .refine(({ filters: by, households }) => (by === undefined) !== (households === undefined), {
    error: 'either',
  });
export type BulkAction = z.infer<typeof BulkAction>;

const Row = z.object({
  household: z.string(),
  number: z.string().nullable(),
  outcome: z
    .enum(['done', 'refused', 'waiting'])
    .describe('waiting: not tried, the time for one answer was over; send the rest again'),
  case: z.string().nullable(),
  /** Code and words of the refusal, and every fault by field. */
  code: z.string().nullable(),
  detail: z.string().nullable(),
  errors: z.array(z.object({ field: z.string().optional(), code: z.string(), detail: z.string() })),
});
export type BulkRow = z.infer<typeof Row>;

export const BulkResult = z.object({
  rows: z.array(Row),
  done: z.int(),
  refused: z.int(),
  waiting: z.int(),
  more: z.boolean().describe('more households are in the list than one action takes'),
});
export type BulkResult = z.infer<typeof BulkResult>;

/** Counts the rows of a bulk action. */
export function bulkResult(rows: readonly BulkRow[], more: boolean): BulkResult {
  const count = (outcome: BulkRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length;
  return {
    rows: [...rows],
    ...{ done: count('done'), refused: count('refused'), waiting: count('waiting') },
    more,
  };
}
