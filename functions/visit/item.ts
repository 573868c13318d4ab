import * as z from 'zod';
import { Visit } from '../core/visit.ts';
import { photoTypes } from '../core/visit-view.ts';

/** Stored shapes; a test keeps a fingerprint of each. */
export const V = { visit: 1, moved: 1, digest: 1, pointer: 1, photo: 1 } as const;

export const VisitItem = Visit.extend({ v: z.literal(V.visit) });

/** Stands where a visit stood whose day was corrected: nothing is taken away. */
export const MovedItem = z.object({
  v: z.literal(V.moved),
  version: z.int().positive(),
  movedTo: z.string(),
});

/** When a household was last visited; `lastOn` is null where every visit was withdrawn. */
export const DigestItem = z.object({
  v: z.literal(V.digest),
  version: z.int().positive(),
  lastOn: z.string().nullable(),
  count: z.int().nonnegative(),
});
export type Digest = Pick<z.infer<typeof DigestItem>, 'version' | 'lastOn' | 'count'>;

/** Which visit an id is, and what it said first: how the same visit is known when a phone sends it again. */
export const PointerItem = z.object({
  v: z.literal(V.pointer),
  version: z.int().positive(),
  household: z.string(),
  heldOn: z.string(),
  /** SHA-256 of the content it was entered with. */
  content: z.string(),
  /** What the first answer said, and to whom. */
  first: z.object({ heldOn: z.string(), at: z.string(), actor: z.string() }),
});
export type Pointer = Omit<z.infer<typeof PointerItem>, 'v'>;

export const PhotoItem = z.object({
  v: z.literal(V.photo),
  type: z.enum(photoTypes),
  /** Bytes. */
  size: z.int().positive(),
  actor: z.string(),
  at: z.string(),
});
export type Photo = Omit<z.infer<typeof PhotoItem>, 'v'> & { readonly id: string };

const place = (version: number) => String(version).padStart(6, '0');

export const keyOf = {
  file: (household: string) => `H#${household}`,
  digest: (household: string) => ({ pk: `H#${household}`, sk: '0#visit' }),
  visit: ({ household, heldOn, id }: Pick<Visit, 'household' | 'heldOn' | 'id'>) => ({
    pk: `H#${household}`,
    sk: `V#${heldOn}#${id}`,
  }),
  earlier: ({ household, id, version }: Pick<Visit, 'household' | 'id' | 'version'>) => ({
    pk: `H#${household}`,
    sk: `W#${id}#${place(version)}`,
  }),
  photo: (visit: Pick<Visit, 'household' | 'id'>, photo: string) => ({
    pk: `H#${visit.household}`,
    sk: `P#${visit.id}#${photo}`,
  }),
  pointer: (id: string) => ({ pk: `I#${id}`, sk: '0' }),
};
