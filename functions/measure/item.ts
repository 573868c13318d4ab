import * as z from 'zod';
import { MeasureDigest } from '../core/measure.ts';
import { Mode } from '../core/measure-mode.ts';

/** Versions of the shapes stored here. */
export const V = { measure: 1, digest: 1, event: 1, post: 1, modes: 1 } as const;

/** All measures of a household in short. */
export const DigestItem = z.object({
  version: z.int().positive(),
  measures: z.array(MeasureDigest),
});

/** The post a person has, or had last. */
export const PostItem = z.object({
  version: z.int().positive(),
  household: z.string(),
  measure: z.string(),
  startedOn: z.string(),
  endedOn: z.string().nullable(),
});
export type PostItem = z.infer<typeof PostItem>;

/** The industry modes of a county; as many events stand beside them as there were versions. */
export const ModesItem = z.object({
  version: z.int().positive(),
  modes: z.array(Mode),
  actor: z.string(),
  role: z.string(),
  at: z.iso.datetime(),
});
export type ModesItem = z.infer<typeof ModesItem>;
