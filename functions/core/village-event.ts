import * as z from 'zod';
import { StoredProfile } from './village.ts';

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
  /** The import, division change or case behind it; `by-hand` where a clerk entered it. */
  source: z.string(),
  before: StoredProfile.nullable(),
});
export type VillageEvent = z.infer<typeof VillageEvent>;

/** Who describes a village, when and why. */
export type ProfileOccasion = Pick<VillageEvent, 'actor' | 'at' | 'heldOn' | 'reason' | 'source'>;
