import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { DocumentTerms, ItemTerms, Slug } from '../../functions/core/policy.ts';

const folder = 'sample/policy';

const Published = z.strictObject({
  document: DocumentTerms,
  items: z.array(ItemTerms.extend({ id: Slug })),
});
const Line = z.strictObject({
  id: Slug,
  name: z.strictObject({ zh: z.string(), en: z.string() }),
  validFrom: z.string(),
  validTo: z.string().nullable(),
  fen: z.int().nonnegative(),
  source: z.string().nullable(),
  illustrative: z.boolean(),
});

const read = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'));

/** The policy documents of the sample county, in order. */
export const samplePolicies = readdirSync(folder)
  .filter((name) => /^\d\d-/.test(name))
  .toSorted()
  .map((name) => Published.parse(read(name)));

export const sampleItems = samplePolicies.flatMap(({ items }) => items);
export type SampleItem = (typeof sampleItems)[number];

/** The lines that conditions of the sample's items name. */
export const sampleLines = z.array(Line).parse(read('line.json'));
