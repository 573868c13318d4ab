import * as z from 'zod';
import { isDay } from './day.ts';
import type { Refusal } from './refusal.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** The same in both languages of the registry. */
export const Words = z.object({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof Words>;

/** Where a fact of a sheet comes from: the day it holds from, when it was entered and by whom; null where that was not noted. */
export const SheetSource = z.object({
  field: z.string(),
  heldFrom: day,
  enteredAt: z.string().nullable(),
  by: z.string().nullable(),
  person: z.string().exactOptional(),
});
export type SheetSource = z.infer<typeof SheetSource>;

/** What was handed in to prove one criterion. */
export const SheetEvidence = z.object({
  id: z.string(),
  /** Code of the village in whose day it was recorded. */
  village: z.string(),
  text: z.string(),
  document: z.string().nullable(),
  heldOn: day,
  enteredAt: z.string(),
  by: z.string(),
});
export type SheetEvidence = z.infer<typeof SheetEvidence>;

/** One criterion of exit: what is asked for, what is there, and who says so. Unknown is never yes. */
export const SheetItem = z.object({
  criterion: z.string(),
  answer: z.enum(['met', 'not-met', 'unknown']),
  need: Words,
  value: Words,
  parts: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).exactOptional(),
  sources: z.array(SheetSource),
  evidence: z.array(SheetEvidence).exactOptional(),
});
export type SheetItem = z.infer<typeof SheetItem>;

/** A sheet of exit criteria on a day, as it is shown and frozen with a decision. */
export const SheetShape = z.object({
  kind: z.enum(['household', 'village']),
  on: day,
  /** The set of criteria in force on the day; null where none was, so that nothing can be met. */
  rule: z
    .object({ id: z.string(), version: z.int(), validFrom: day, source: z.string() })
    .nullable(),
  items: z.array(SheetItem),
  passes: z.boolean(),
});
export type Sheet = z.infer<typeof SheetShape>;

/** Whether every criterion is met; a sheet without any proves nothing. */
export function passesAll(items: readonly Pick<SheetItem, 'answer'>[]): boolean {
  return items.length > 0 && items.every(({ answer }) => answer === 'met');
}

/** Why a sheet does not carry an exit: one fault per criterion that is not met or not known. Undefined where all are met. */
export function refuseSheetOf({
  items,
  passes,
}: Pick<Sheet, 'items' | 'passes'>): Refusal | undefined {
  if (passes) return undefined;
  const faults = items
    .filter(({ answer }) => answer !== 'met')
    .map(({ criterion, answer, need, value }) => ({
      field: criterion,
      code: answer === 'unknown' ? ('criterion-unknown' as const) : ('criterion-not-met' as const),
      values: {
        field: criterion,
        need: need.zh,
        value: value.zh,
        needEn: need.en,
        valueEn: value.en,
      },
    }));
  return { refused: 'exit-not-proven', faults };
}
