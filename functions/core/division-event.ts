import * as z from 'zod';
import { isDay } from './day.ts';
import type { Division } from './division-register.ts';

const day = z.string().refine(isDay);

/** A division as stored and answered. */
export const DivisionShape = z.object({
  code: z.string(),
  name: z.string(),
  validFrom: day.nullable(),
  validTo: day.nullable(),
  successors: z.array(z.string()),
  change: z.string().nullable(),
  version: z.int().positive(),
});

/** What happened to a division; append-only, never rewritten. */
export const DivisionEvent = z.object({
  code: z.string(),
  version: z.int().positive(),
  kind: z.enum(['opened', 'renamed', 'claimed', 'leaving', 'closed', 'released']),
  actor: z.string(),
  at: z.string(),
  heldOn: day,
  reason: z.string(),
  /** The import or division change behind it. */
  source: z.string(),
  before: DivisionShape.nullable(),
});
export type DivisionEvent = z.infer<typeof DivisionEvent>;

/** Who changes divisions, when and why. */
export type Occasion = Pick<DivisionEvent, 'actor' | 'at' | 'heldOn' | 'reason' | 'source'>;

/** What a step from one version to the next was, as its event calls it. */
export function kindOfStep(before: Division | null, after: Division): DivisionEvent['kind'] {
  if (before === null) return 'opened';
  if (before.validTo === null && after.validTo !== null) return 'closed';
  if (before.successors.length === 0 && after.successors.length > 0) return 'leaving';
  if (before.name !== after.name) return 'renamed';
  return after.change === null ? 'released' : 'claimed';
}

/** A village that has taken, whole or in part, the place of one that lay in another county. */
export const Arrival = z.object({ to: z.string(), from: z.string() });
export type Arrival = z.infer<typeof Arrival>;
