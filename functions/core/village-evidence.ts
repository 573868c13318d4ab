import * as z from 'zod';
import { roles } from './access.ts';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import { SheetEvidence } from './exit-item.ts';
import { freeText } from './free-text.ts';
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
  text: freeText(200),
  /** Number of the document, where there is one. */
  document: freeText(80, 1).optional(),
  /** Day of the document, or on which it was seen. */
  heldOn: z.string().refine(isDay).meta({ format: 'date' }),
});
export type NewEvidence = z.infer<typeof NewEvidence>;

/** Who enters evidence of which village, when. */
export interface EvidenceOccasion {
  readonly id: string;
  readonly village: AreaCode;
  readonly by: string;
  readonly role: VillageEvidence['role'];
  readonly at: string;
  readonly today: Day;
}

/** Refusals: date-future. */
export function recordEvidence(
  given: NewEvidence,
  { id, village, by, role, at, today }: EvidenceOccasion,
): Decided<VillageEvidence> {
  const { criterion, text, document = null, heldOn } = given;
  if (heldOn > today) return refuse('date-future', { field: 'heldOn' });
  return { ok: { id, village, criterion, text, document, heldOn, enteredAt: at, by, role } };
}
