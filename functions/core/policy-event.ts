import * as z from 'zod';
import { roles } from './access.ts';
import { Enactment } from './policy.ts';

/** One act on policies, append-only. */
export const PolicyEvent = z.object({
  kind: z.enum(['published', 'changed', 'ended', 'line-set']),
  area: z.string(),
  role: z.enum(roles),
  ...Enactment.shape,
  /** The document published, or that of the item. */
  document: z.string().nullable(),
  /** Items entered; one where a version was. */
  items: z.array(z.object({ id: z.string(), version: z.int().positive() })),
  line: z.object({ id: z.string(), validFrom: z.string(), version: z.int() }).nullable(),
  /** First day on which what was entered holds. */
  validFrom: z.string(),
});
export type PolicyEvent = z.infer<typeof PolicyEvent>;
