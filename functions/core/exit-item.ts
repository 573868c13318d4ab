import * as z from 'zod';
import { isDay } from './day.ts';
import { type Fault, type Refusal, refuse } from './refusal.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** What is said in both languages; counts and amounts of the household only, never a name, a number of a person or their health. */
export const Words = z.object({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof Words>;

/** Where an answer comes from: the fact, since when it holds, when it was entered and by whom (import, or subject of a token). */
export const SheetSource = z.object({
  field: z.string(),
  heldFrom: day,
  /** Null where it was entered before this was noted. */
  enteredAt: z.string().nullable(),
  by: z.string().nullable(),
  /** The member it is about; absent for a fact of the whole household or village. */
  person: z.string().optional(),
});
export type SheetSource = z.infer<typeof SheetSource>;

/** What was handed in to prove one criterion; append-only. */
export const SheetEvidence = z.object({
  id: z.string(),
  /** Code of the village on the day it was recorded. */
  village: z.string(),
  text: z.string(),
  /** Number of the document. */
  document: z.string().nullable(),
  heldOn: day,
  enteredAt: z.string(),
  by: z.string(),
});
export type SheetEvidence = z.infer<typeof SheetEvidence>;

/** One criterion of a sheet: what is needed, what is so, and how that is known. */
export const SheetItem = z.object({
  criterion: z.string(),
  answer: z.enum(['met', 'not-met', 'unknown']),
  need: Words,
  value: Words,
  /** What the answer was worked out from; amounts in fen, null where unknown. */
  parts: z.record(z.string(), z.union([z.number(), z.string(), z.null()])).optional(),
  sources: z.array(SheetSource),
  /** Of villages: the newest first. */
  evidence: z.array(SheetEvidence).optional(),
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

/** Whether a sheet proves an exit: it has items and all are met; income alone never suffices, and unknown is never yes. */
export function passesAll(items: readonly SheetItem[]): boolean {
  return items.length > 0 && items.every(({ answer }) => answer === 'met');
}

function faultOf({ criterion, answer, need, value }: SheetItem): Fault {
  const code = answer === 'unknown' ? 'criterion-unknown' : 'criterion-not-met';
  const values = { needZh: need.zh, needEn: need.en, valueZh: value.zh, valueEn: value.en };
  return { field: criterion, code, values };
}

/**
 * Why a sheet is no proof, with one fault per item that is not met or unknown; undefined when it passes.
 * Refusals: exit-not-proven (faults criterion-not-met, criterion-unknown).
 */
export function refuseSheet(sheet: ExitSheet): Refusal | undefined {
  if (sheet.passes) return undefined;
  const open = sheet.items.filter(({ answer }) => answer !== 'met');
  return { ...refuse('exit-not-proven', { count: open.length }), faults: open.map(faultOf) };
}
