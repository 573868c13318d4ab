import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { HouseholdFacts, PersonFacts, StatedFacts } from './fact.ts';
import { freeText } from './free-text.ts';
import { id } from './household-path.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const village = z.string().regex(/^[1-9]\d{11}$/);
const note = freeText(200).optional();
const number = z.string().trim().min(1).max(32);
const { relation } = PersonFacts.shape;
/** How persons stand to the head, by id. */
const relations = z.record(id, relation).refine((given) => Object.keys(given).length <= 60);

/** Who heads those who stay where the head leaves, and how the others stand to the new head. */
const succession = { newHead: id.optional(), relations: relations.optional() };

export const SplitRequest = z.strictObject({
  /** Who leaves, with the relation to the head of the new household; one of them is its head. */
  persons: relations.refine((given) => Object.keys(given).length > 0),
  /** Number of the new household. */
  number,
  /** Where the new household lives; in the same village unless told. */
  village: village.optional(),
  heldFrom: day.optional(),
  reason: z.enum(codesOf('splitReason')),
  note,
  /** What is known of the new household; status, causes, measures and years go along unless told. */
  facts: z
    .strictObject(
      StatedFacts.omit({
        village: true,
        status: true,
        identifiedYear: true,
        exitYear: true,
      }).partial().shape,
    )
    .optional(),
  ...succession,
});
export type SplitRequest = z.infer<typeof SplitRequest>;

export const MergerRequest = z.strictObject({
  /** The household whose members come, and the version of it that the clerk has read; it is struck off. */
  household: id,
  version: z.int().positive(),
  /** How each of them stands to the head of this household. */
  relations,
  heldFrom: day.optional(),
  reason: z.enum(codesOf('mergerReason')),
  note,
});
export type MergerRequest = z.infer<typeof MergerRequest>;

export const RelocationRequest = z.strictObject({
  village,
  /** Where in the new village; unknown unless told. */
  hamlet: HouseholdFacts.shape.hamlet.optional(),
  group: HouseholdFacts.shape.group.optional(),
  heldFrom: day.optional(),
  reason: z.enum(codesOf('moveReason')),
  note,
});
export type RelocationRequest = z.infer<typeof RelocationRequest>;

export const ReinstatementRequest = z.strictObject({
  /** The status it was struck off in; `unexited` also for one that was new or about to exit. */
  status: z.enum(['new', 'unexited', 'exited', 'returned']),
  heldFrom: day.optional(),
  reason: z.enum(codesOf('reinstatementReason')),
  note,
  /** A new number, where the old one stands for another household now. */
  number: number.optional(),
  /** Members who no longer belong to it. */
  gone: z
    .array(
      z.strictObject({
        personId: id,
        reason: z.enum(codesOf('endReason')),
        /** First day without them; the day of striking off unless told. */
        heldTo: day.optional(),
      }),
    )
    .max(60)
    .optional(),
  /** Who had left before and lives there again, with the relation to the head. */
  back: relations.optional(),
  ...succession,
});
export type ReinstatementRequest = z.infer<typeof ReinstatementRequest>;
