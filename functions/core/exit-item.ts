import * as z from 'zod';
import { isDay } from './day.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** What is said in both languages; counts and amounts of the household only, never a name, a number of a person or their health. */
export const Words = z.object({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof Words>;

/** Where an answer comes from: the fact, since when it holds, when it was entered and by whom (import, or subject of a token). */
export const SheetSource = z.object({
  field: z.string(),
  heldFrom: day,
  enteredAt: z.string(),
  by: z.string().nullable(),
  /** The member it is about; absent for a fact of the whole household or village. */
  person: z.string().optional(),
});
export type SheetSource = z.infer<typeof SheetSource>;

/** One criterion of a sheet: what is needed, what is so, and how that is known. */
export const SheetItem = z.object({
  criterion: z.string(),
  answer: z.enum(['met', 'not-met', 'unknown']),
  need: Words,
  value: Words,
  /** What the answer was worked out from; amounts in fen, null where unknown. */
  parts: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).optional(),
  sources: z.array(SheetSource),
});
export type SheetItem = z.infer<typeof SheetItem>;

export const ExitSheetShape = z.object({
  kind: z.enum(['household', 'village']),
  /** The day the sheet is of: facts as they held then, by what is known now. */
  on: day,
  /** The rule set in force on that day; null where there is none, and then nothing passes. */
  rule: z
    .object({ id: z.string(), version: z.int(), validFrom: day, source: z.string() })
    .nullable(),
  items: z.array(SheetItem),
  /** Every item is met. */
  passes: z.boolean(),
});
/** A criteria sheet: the proof of an exit, or what is missing for it. */
export type ExitSheet = z.infer<typeof ExitSheetShape>;
