import * as z from 'zod';
import { roles } from './access.ts';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import { SheetEvidence } from './exit-item.ts';
import { type Decided, refuse } from './refusal.ts';
import { villageCriteria } from './rule-village.ts';

/** What was handed in to prove one criterion of a village: a document or a description; append-only, its own event. */
export const VillageEvidence = SheetEvidence.extend({
  criterion: z.enum(villageCriteria),
  role: z.enum(roles),
});
export type VillageEvidence = z.infer<typeof VillageEvidence>;

/** Evidence as a clerk enters it. */
export const NewEvidence = z.strictObject({
  criterion: z.enum(villageCriteria),
  text: z.string().trim().min(2).max(200),
  /** Number of the document, where there is one. */
  document: z.string().trim().min(1).max(80).optional(),
  /** Day of the document, or on which it was seen. */
  heldOn: z.string().refine(isDay).meta({ format: 'date' }),
});
export type NewEvidence = z.infer<typeof NewEvidence>;

/** Identity numbers and accounts (in a row or in their usual groups), mobile phones. Dates and document numbers have fewer digits. */
const personal = [
  /\d{13}/,
  /\d{6}[ -]\d{8}[ -]\d{3}/,
  /(?:\d{4}[ -]){3}\d{3}/,
  /(?<!\d)1\d{2}[ -]?\d{4}[ -]?\d{4}(?!\d)/,
];

/** Whether a text that many may read seems to hold a number of somebody's. */
export function namesNumber(text: string): boolean {
  return personal.some((form) => form.test(text));
}

/** Who enters evidence of which village, when. */
export interface EvidenceOccasion {
  readonly id: string;
  readonly village: AreaCode;
  readonly by: string;
  readonly role: VillageEvidence['role'];
  readonly at: string;
  readonly today: Day;
}

/** Refusals: date-future, personal-number-in-text. */
export function recordEvidence(
  given: NewEvidence,
  { id, village, by, role, at, today }: EvidenceOccasion,
): Decided<VillageEvidence> {
  const { criterion, text, document = null, heldOn } = given;
  if (heldOn > today) return refuse('date-future', { field: 'heldOn' });
  const field = namesNumber(text) ? 'text' : namesNumber(document ?? '') ? 'document' : undefined;
  if (field) return refuse('personal-number-in-text', { field });
  return { ok: { id, village, criterion, text, document, heldOn, enteredAt: at, by, role } };
}
