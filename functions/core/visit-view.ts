import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';
import { freeText } from './free-text.ts';
import { id } from './household-path.ts';
import { Visit, VisitContent } from './visit.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** The id a phone gives a visit (or a photo of one) before it has signal: the same id is the same visit. */
const visitId = z.string().regex(/^vs_[0-9a-zA-Z_-]{8,60}$/);
const photoId = z.string().regex(/^ph_[0-9a-zA-Z_-]{8,60}$/);

export const VisitPath = z.object({ id, visitId });
export const PhotoPath = z.object({ id, visitId, photoId });

export const NewVisit = VisitContent.extend({ id: visitId });
export const VisitCorrection = VisitContent.extend({ reason: freeText(200) });
export const VisitWithdrawal = z.strictObject({ reason: freeText(200) });

export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const NewPhoto = z.strictObject({
  id: photoId,
  type: z.enum(photoTypes),
  /** Bytes, exactly. */
  size: z.int().min(1),
});

/** What entering or changing a visit answers. */
export const VisitTaken = z.object({
  id: z.string(),
  household: z.string(),
  version: z.int(),
  heldOn: day,
  at: z.string(),
});

/** The answer about a version of a visit, the same whenever it is asked for again. */
export function visitTaken({
  id: visit,
  household,
  version,
  heldOn,
  at,
}: z.infer<typeof VisitTaken>) {
  return { id: visit, household, version, heldOn, at };
}

export const VisitsQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const VisitList = z.object({ items: z.array(Visit), cursor: z.string().optional() });

export const VisitFile = Visit.extend({
  photos: z.array(
    z.object({ id: z.string(), type: z.enum(photoTypes), size: z.int(), href: z.string() }),
  ),
  /** What it said before it was corrected or withdrawn, latest first. */
  earlier: z.array(Visit),
});

export const PhotoUpload = z.object({
  id: z.string(),
  upload: z.object({
    method: z.literal('PUT'),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.string(),
  }),
});

export const OverdueQuery = z.object({
  area: z.string().refine((code) => levelOf(code) !== undefined),
  helper: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe(
      'id of a helper, or the subject of its token; a helper gets the own households in any case',
    ),
  which: z
    .enum(['overdue', 'never'])
    .default('overdue')
    .describe('never: of whom no visit is on record here, whether or not one is due yet'),
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** A household that waits for a visit, in the order of places; one that was never visited may still have time. */
export const OverdueRow = z.object({
  household: z.object({
    id: z.string(),
    number: z.string(),
    headName: z.string(),
    village: z.string(),
    href: z.string(),
  }),
  status: z.enum(codesOf('status')),
  lastOn: day.nullable().describe('null where it was never visited'),
  since: z.enum(['visit', 'registration', 'pairing']).describe('from what the days count'),
  dueOn: day,
  overdueDays: z.int(),
  responsible: z.array(z.string()).describe('names of who answers for it; empty where nobody does'),
});

export const OverdueList = z.object({
  area: z.string(),
  which: z.enum(['overdue', 'never']),
  asOf: day,
  rule: z
    .object({
      ...{ id: z.string(), source: z.string(), illustrative: z.boolean() },
      everyMonths: z.record(z.string(), z.int()),
      neverVisited: z
        .enum(['registration', 'pairing'])
        .describe(
          'from what the first visit of a household counts: its entry here, or its pairing',
        ),
    })
    .nullable()
    .describe('of the area; villages with a rule of their own are judged by that'),
  read: z.int().describe('households looked at for this page'),
  items: z.array(OverdueRow),
  cursor: z.string().optional(),
});
