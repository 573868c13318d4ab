import * as z from 'zod';
import { codeLists } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import { levelOf } from './division.ts';
import {
  Benefit,
  ClaimWindow,
  Enactment,
  type ItemInForce,
  itemsInForce,
  type Policies,
  PolicyDocument,
  PolicyItem,
  PolicyLine,
  Slug,
  versionOn,
} from './policy.ts';
import { type Condition, opsOf } from './policy-condition.ts';
import { PolicyEvent } from './policy-event.ts';
import { factCatalogue } from './policy-fact.ts';
import { lineWords } from './policy-line.ts';
import { type LineNames, sentenceOf } from './policy-sentence.ts';

const Words = z.object({ zh: z.string(), en: z.string() });
const isArea = (code: string) => levelOf(code) !== undefined;
const area = z.string().refine(isArea);
const day = z.string().refine(isDay);

export const AreaOnly = z.object({ area });
export const AreaAndDay = z.object({ area, date: day.optional() });
export const PolicyPath = z.object({ id: Slug });
export const LinePath = z.object({ id: Slug, validFrom: day });

const document = PolicyDocument.omit({ publication: true });

/** An item of the list of policies: its condition as a sentence. */
const ItemEntry = z.object({
  ...PolicyItem.omit({
    publication: true,
    ended: true,
    enacted: true,
    condition: true,
    receivedWhen: true,
  }).shape,
  benefit: z.object(Benefit.shape),
  claimWindow: z.object(ClaimWindow.shape).nullable(),
  sentence: Words.describe('who is entitled, in words'),
  served: Words.nullable().describe('what the register holds of whom it has been served'),
  href: z.string(),
});
type ItemEntry = z.infer<typeof ItemEntry>;

const LineEntry = PolicyLine;

/** What is in force in an area on a day. */
export const PolicyList = z.object({
  area: z.string(),
  asOf: z.string(),
  documents: z.array(document),
  items: z.array(ItemEntry),
  lines: z.array(LineEntry),
});

/** One item with everything it has been. */
export const PolicyFile = z.object({
  area: z.string().describe('the area asked about'),
  asOf: z.string(),
  inForce: z.boolean(),
  item: ItemEntry.extend({
    condition: z.unknown().describe('the tree of docs/conditions.md'),
    receivedWhen: z.unknown(),
  }),
  document: document.nullable(),
  version: z.int().describe('the latest version, which If-Match names to publish the next'),
  versions: z.array(
    z.object({
      version: z.int(),
      validFrom: z.string(),
      validTo: z.string().nullable(),
      ended: z.boolean(),
      ...Enactment.shape,
      sentence: Words,
      amountFen: z.int().nullable(),
    }),
  ),
});

/** Every dated line of an area and those above it. */
export const LineList = z.object({ area: z.string(), lines: z.array(LineEntry) });

export const EventList = z.object({ area: z.string(), events: z.array(PolicyEvent) });

/** What was published: enough to show it and to go on from. */
export const Published = z.object({
  area: z.string(),
  document: z.string(),
  items: z.array(z.object({ id: z.string(), version: z.int(), href: z.string() })),
});
export const VersionMade = z.object({
  area: z.string(),
  id: z.string(),
  version: z.int(),
  validFrom: z.string(),
  ended: z.boolean(),
});
export const LineMade = LineEntry;

/** What conditions may ask, for those who write them. */
export const FactList = z.object({
  facts: z.array(
    z.object({
      id: z.string(),
      of: z.enum(['person', 'household', 'village']),
      type: z.string(),
      unit: z.string().optional(),
      zh: z.string(),
      en: z.string(),
      ops: z.array(z.string()),
      codes: z
        .array(z.object({ code: z.string(), zh: z.string(), en: z.string() }))
        .optional()
        .describe('values it can have'),
      least: z.number().optional(),
      most: z.number().optional(),
    }),
  ),
});

/** The catalogue of facts with the operators and the codes of each. */
export function factList(): z.infer<typeof FactList> {
  return {
    facts: factCatalogue.map((fact) => {
      const { id, of, type, unit, least, most, zh, en, list } = fact;
      return {
        ...{ id, of, type, zh, en, ops: [...opsOf[type]] },
        ...(unit && { unit }),
        ...(least !== undefined && { least }),
        ...(most !== undefined && { most }),
        ...(list && { codes: codeLists[list].map((one) => ({ ...one })) }),
      };
    }),
  };
}

/** A condition in both languages. */
export function bothWords(condition: Condition, lines: LineNames): z.infer<typeof Words> {
  return { zh: sentenceOf(condition, 'zh', lines), en: sentenceOf(condition, 'en', lines) };
}

/** Where an item is read, as seen from an area. */
export function policyLink(id: string, from: string): string {
  return `/policies/${id}?area=${from}`;
}

/** An item as lists show it, its lines by their names. */
export function itemEntry(item: ItemInForce, from: string, lines: LineNames): ItemEntry {
  const { condition, receivedWhen, ...kept } = item;
  const { publication: _, ended: __, enacted: ___, since: ____, ...others } = kept;
  return {
    ...others,
    sentence: bothWords(condition, lines),
    served: receivedWhen && bothWords(receivedWhen, lines),
    href: policyLink(item.id, from),
  };
}

/** An item with all its versions, newest first; undefined where the area and those above it have none of that id. */
export function policyFile(
  known: Policies,
  asked: { readonly id: string; readonly area: string; readonly day: Day },
): z.infer<typeof PolicyFile> | undefined {
  const { id, area: from, day: on } = asked;
  const named = known.items.filter((item) => item.id === id);
  const narrowest = named.toSorted((one, other) => other.area.length - one.area.length);
  const [current = narrowest[0]] = itemsInForce(named, on, from);
  const versions = named
    .filter((item) => item.area === current?.area)
    .toSorted((one, other) => other.version - one.version);
  const [latest] = versions;
  if (!latest) return undefined;
  const held = versionOn(versions, on);
  const shown = held ?? latest;
  const own = known.documents.find((one) => one.area === shown.area && one.id === shown.document);
  const { condition, receivedWhen } = shown;
  const lines = lineWords(known.lines, on, from);
  return {
    area: from,
    asOf: on,
    inForce: held !== undefined,
    item: { ...itemEntry(shown, from, lines), condition, receivedWhen },
    document: own ?? null,
    version: latest.version,
    versions: versions.map((one) => ({
      version: one.version,
      ...{ validFrom: one.validFrom, validTo: one.validTo, ended: one.ended },
      ...one.enacted,
      sentence: bothWords(one.condition, lines),
      amountFen: one.benefit.amountFen,
    })),
  };
}
