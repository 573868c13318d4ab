import * as z from 'zod';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';
import { freeText } from './free-text.ts';
import {
  DocumentTerms,
  type Enactment,
  ItemTerms,
  type Policies,
  type PolicyDocument,
  type PolicyItem,
  Slug,
} from './policy.ts';
import { lineNames } from './policy-line.ts';
import { itemFaults } from './policy-rule.ts';
import { type Decided, type Fault, refuse } from './refusal.ts';

const isArea = (code: string) => levelOf(code) !== undefined;

/** Why something is entered, and the document by which it was ordered, where that is another one. */
export const reasonShape = { reason: freeText(200), order: freeText(80).nullable().default(null) };

/** A document with its items, as its office publishes it: all or nothing. */
export const PublishBody = z.strictObject({
  area: z.string().refine(isArea),
  ...reasonShape,
  document: DocumentTerms,
  items: z
    .array(z.strictObject({ id: Slug, ...ItemTerms.shape }))
    .min(1)
    .max(300),
});
export type PublishBody = z.infer<typeof PublishBody>;

/** A line as it is set from a day. */
export const LineBody = z.strictObject({
  ...reasonShape,
  name: z.strictObject({ zh: freeText(80), en: freeText(160) }),
  validTo: z.string().refine(isDay).nullable(),
  fen: z.int().nonnegative().max(100_000_000_000),
  source: freeText(300).nullable(),
  illustrative: z.boolean(),
});
export type LineBody = z.infer<typeof LineBody>;

/** Who enters it, and the mark of the try. */
export interface PublishContext {
  readonly enacted: Enactment;
  readonly publication: string;
}

function isBackwards({ validFrom, validTo }: Pick<DocumentTerms, 'validFrom' | 'validTo'>) {
  return validTo !== null && validTo < validFrom;
}

/** Each id is an item of its own; the same one may stand with an area above, whose item it then takes the place of. */
function twiceFaults(body: PublishBody, own: ReadonlySet<string>): readonly Fault[] {
  const seen = new Set(own);
  return body.items.flatMap(({ id }): readonly Fault[] => {
    if (seen.has(id))
      return [{ field: `items.${id}.id`, code: 'policy-item-twice', values: { item: id } }];
    seen.add(id);
    return [];
  });
}

/**
 * A document with its items, decided on what the area and those above it have published. Every fault of every item is named, with the item
 * and the path in it (`items.edu-grant.condition.all.1.value`).
 * Refused: policy-document-exists, policy-invalid.
 */
export function publishDocument(
  body: PublishBody,
  known: Policies,
  { enacted, publication }: PublishContext,
): Decided<{ readonly document: PolicyDocument; readonly items: readonly PolicyItem[] }> {
  const { area, document: terms, items } = body;
  if (known.documents.some((one) => one.area === area && one.id === terms.id))
    return refuse('policy-document-exists', { document: terms.id });
  const own = known.items.filter((one) => one.area === area).map(({ id }) => id);
  const setting = {
    items: new Set([...known.items, ...items].map(({ id }) => id)),
    lines: lineNames(known.lines),
    document: terms,
  };
  const backwards: Fault = {
    field: 'document.validTo',
    code: 'policy-validity',
    values: { item: terms.id, from: terms.validFrom, to: '—' },
  };
  const faults: readonly Fault[] = [
    ...(isBackwards(terms) ? [backwards] : []),
    ...twiceFaults(body, new Set(own)),
    ...items.flatMap((item) =>
      itemFaults(item, setting).map((fault) => ({
        ...fault,
        field: `items.${item.id}.${fault.field}`,
      })),
    ),
  ];
  if (faults.length > 0) return { ...refuse('policy-invalid', { count: faults.length }), faults };
  const stamp = { area, publication, enacted };
  return {
    ok: {
      document: { ...terms, ...stamp },
      items: items.map((item) => {
        return { ...item, ...stamp, document: terms.id, version: 1, ended: false };
      }),
    },
  };
}
