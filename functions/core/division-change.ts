import * as z from 'zod';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';

const Code = z.string().refine((text) => levelOf(text) !== undefined);
const Name = z.string().trim().min(1).max(60);

const common = {
  /** First day of the new order. */
  effective: z.string().refine(isDay),
  reason: z.string().trim().min(1).max(200),
  /** Number of the document that orders it (批文). */
  document: z.string().trim().min(1).max(80).optional(),
  /** New codes of divisions inside, where the last digits cannot be kept. */
  renumber: z.record(Code, Code).optional(),
};

/** A new name; with `newCode` the division and all inside get new codes. */
export const Rename = z.object({
  kind: z.literal('rename'),
  ...common,
  code: Code,
  name: Name,
  newCode: Code.optional(),
});
export type Rename = z.infer<typeof Rename>;

/** Several become one, which may be one of them or new. */
export const Merge = z.object({
  kind: z.literal('merge'),
  ...common,
  codes: z.array(Code).min(1).max(20),
  into: z.object({ code: Code, name: Name }),
});
export type Merge = z.infer<typeof Merge>;

/** A part of a split: for a village named by hamlets, otherwise by the divisions directly inside; naming neither means all the rest. */
export const Part = z.object({
  code: Code,
  name: Name,
  hamlets: z.array(Name).min(1).max(200).optional(),
  members: z.array(Code).min(1).max(500).optional(),
});
export type Part = z.infer<typeof Part>;

/** One becomes several; a part may keep the old code. */
export const Split = z.object({
  kind: z.literal('split'),
  ...common,
  code: Code,
  parts: z.array(Part).min(2).max(20),
});
export type Split = z.infer<typeof Split>;

/** A division goes to another parent, so its code changes. */
export const Move = z.object({
  kind: z.literal('move'),
  ...common,
  code: Code,
  parent: Code,
  newCode: Code,
});
export type Move = z.infer<typeof Move>;

/** What a county office asks for. */
export const DivisionChange = z.discriminatedUnion('kind', [Rename, Merge, Split, Move]);
export type DivisionChange = z.infer<typeof DivisionChange>;

/** Every code a change names itself: each must lie in the actor's areas, or be about to be made inside them. */
export function codesNamed(change: DivisionChange): readonly string[] {
  switch (change.kind) {
    case 'rename':
      return change.newCode ? [change.code, change.newCode] : [change.code];
    case 'merge':
      return [...new Set([...change.codes, change.into.code])];
    case 'split':
      return [...new Set([change.code, ...change.parts.map((part) => part.code)])];
    case 'move':
      return [change.code, change.parent, change.newCode];
  }
}
