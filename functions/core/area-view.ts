import * as z from 'zod';
import { type AreaCode, ancestorsOf, levelOf, levels, parentOf } from './division.ts';
import { DivisionEvent } from './division-event.ts';
import type { Division } from './division-register.ts';
import { VillageProfileShape } from './village.ts';
import { VillageEvent } from './village-event.ts';

const Named = z.object({ code: z.string(), name: z.string() });

/** A division as people see it. */
export const AreaView = z.object({
  code: z.string(),
  name: z.string(),
  level: z.enum(levels).nullable(),
  parent: z.string().nullable(),
  validFrom: z.string().nullable(),
  validTo: z.string().nullable(),
  successors: z.array(z.string()),
  /** The change under way that touches it. */
  change: z.string().nullable(),
  version: z.int(),
});
export type AreaView = z.infer<typeof AreaView>;

/** A division with its place among others and what happened to it. */
export const AreaFile = AreaView.extend({
  /** Divisions around it, highest first: what a page puts above the name. */
  above: z.array(Named),
  events: z.array(DivisionEvent.omit({ before: true, code: true })),
});

export const AreaChildren = z.object({ area: Named, children: z.array(AreaView) });

export const AreaPath = z.object({
  code: z.string().refine((code) => levelOf(code) !== undefined),
});
export const ChangePath = z.object({ id: z.string().regex(/^dc_[0-9a-f-]{36}$/) });

export const VillageFile = VillageProfileShape.extend({
  exitYear: z.int().nullable(),
  events: z.array(VillageEvent.omit({ before: true, village: true })),
});

/** The view of a division. */
export function areaView(division: Division): AreaView {
  const { code } = division;
  const successors = [...division.successors];
  return { ...division, successors, level: levelOf(code) ?? null, parent: parentOf(code) ?? null };
}

/** Names of the divisions around one, highest first; one nobody named is called by its code. */
export function aboveOf(
  code: AreaCode,
  known: ReadonlyMap<AreaCode, Division>,
): readonly z.infer<typeof Named>[] {
  return ancestorsOf(code)
    .toReversed()
    .map((one) => ({ code: one, name: known.get(one)?.name ?? one }));
}
