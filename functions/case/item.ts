import * as z from 'zod';
import { Case } from '../core/case.ts';

/** Versions of the shapes stored here. */
export const V = { case: 1, terms: 1, pointer: 1, lock: 1, procedure: 1 } as const;

/** The steps of a case never change and are written once; each step writes what does change, which costs by its size. */
export const CaseTerms = Case.pick({ steps: true, procedure: true });
export const CaseState = Case.omit({ steps: true, procedure: true });

/** Which case a village is in, or was in last. */
export const VillageLock = z.object({
  version: z.int().positive(),
  case: z.string(),
  isOpen: z.boolean(),
});
export type VillageLock = z.infer<typeof VillageLock>;
