import * as z from 'zod';
import { MeasureDigest } from '../core/measure.ts';
import { Mode } from '../core/measure-mode.ts';

/** Versions of the shapes stored here. A post of version 1 knew of none before it. */
export const V = { measure: 1, digest: 1, event: 1, post: 2, modes: 1 } as const;

/** All measures of a household in short. */
export const DigestItem = z.object({
  version: z.int().positive(),
  measures: z.array(MeasureDigest),
});

const period = {
  household: z.string(),
  measure: z.string(),
  startedOn: z.string(),
  endedOn: z.string().nullable(),
};

/** The post a person has, or had last, and those before it. */
export const PostItem = z.object({
  version: z.int().positive(),
  ...period,
  others: z.array(z.object(period)).default([]),
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
