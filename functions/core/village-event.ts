import * as z from 'zod';
import { VillageProfileShape } from './village.ts';

/** What happened to the profile of a village; append-only, kept under the code of its day. */
export const VillageEvent = z.object({
  village: z.string(),
  version: z.int().positive(),
  kind: z.enum(['described', 'changed', 'left']),
  /** Facts that changed. */
  fields: z.array(z.string()),
  actor: z.string(),
  at: z.string(),
  heldOn: z.string(),
  reason: z.string(),
  /** The import or division change behind it. */
  source: z.string(),
  before: VillageProfileShape.nullable(),
});
export type VillageEvent = z.infer<typeof VillageEvent>;

/** Who describes a village, when and why. */
export type ProfileOccasion = Pick<VillageEvent, 'actor' | 'at' | 'heldOn' | 'reason' | 'source'>;
