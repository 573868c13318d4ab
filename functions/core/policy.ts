import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { addDays, type Day, isDay } from './day.ts';
import { type AreaCode, liesWithin } from './division.ts';
import { freeText } from './free-text.ts';
import { ConditionShape } from './policy-condition.ts';

/** Short names made of small letters, figures and dashes: `edu-preschool-grant`. */
export const Slug = z
  .string()
  .regex(/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/)
  .max(60);

const day = z.string().refine(isDay);
const Words = z.object({ zh: freeText(80), en: freeText(160) });
/** A day of every year, `09-01`. */
const MonthDay = z
  .string()
  .regex(/^\d{2}-\d{2}$/)
  .refine((text) => isDay(`2017-${text}`));

export const subjects = ['person', 'household', 'village'] as const;
export const benefitKinds = ['cash', 'waiver', 'service', 'loan', 'job', 'project'] as const;
export const benefitUnits = ['person', 'household', 'mu', 'village', 'percent'] as const;
export const benefitPeriods = ['once', 'month', 'term', 'year'] as const;
export type BenefitPeriod = (typeof benefitPeriods)[number];

/**
 * What an item gives. `amountFen` is for one unit and one period: for each person, household or mu; with `percent`, fen of every 100 yuan of
 * the amount that `amountFact` tells (6 % is 600). Null where it is no money, or its amount is settled case by case.
 */
export const Benefit = z.strictObject({
  kind: z.enum(benefitKinds),
  amountFen: z.int().nonnegative().max(100_000_000_000).nullable(),
  unit: z.enum(benefitUnits),
  period: z.enum(benefitPeriods),
  /** Most for one subject and period. */
  capFen: z.int().nonnegative().max(100_000_000_000).nullable(),
  /** Fact by which the amount is multiplied, e.g. `household.farmlandMu`. */
  amountFact: z.string().max(60).exactOptional(),
});
export type Benefit = z.infer<typeof Benefit>;

/** Days of the year within which an item is applied for; over the turn of the year where the first is the later one. */
export const ClaimWindow = z.strictObject({ fromMonthDay: MonthDay, toMonthDay: MonthDay });
export type ClaimWindow = z.infer<typeof ClaimWindow>;

/** What a policy document says of one item, as its office writes it. */
export const ItemTerms = z.strictObject({
  name: Words,
  /** What ledgers and departments call it. */
  aliases: z.array(freeText(80)).max(20),
  subject: z.enum(subjects),
  /** Which of the five batches it belongs to. */
  batch: z.enum(codesOf('measure')),
  department: freeText(60),
  validFrom: day,
  /** Last day on which it is in force; null until another version takes over. */
  validTo: day.nullable(),
  condition: ConditionShape,
  /** For what departments do not pay but do: the facts that say it has been served. */
  receivedWhen: ConditionShape.nullable(),
  /** Items that cannot be had in the same period, by id. */
  exclusions: z.array(Slug).max(40),
  benefit: Benefit,
  /** Papers to bring. */
  evidence: z.array(freeText(80)).max(20),
  claim: z.enum(['automatic', 'apply']),
  claimWindow: ClaimWindow.nullable(),
  note: freeText(300).nullable(),
  /** Its amount is not from a source. */
  illustrative: z.boolean(),
});
export type ItemTerms = z.infer<typeof ItemTerms>;

/** Who entered something, when, and why; `order` names the document by which it was ordered. */
export const Enactment = z.object({
  actor: z.string(),
  at: z.string(),
  reason: z.string(),
  order: z.string().nullable(),
});
export type Enactment = z.infer<typeof Enactment>;

/** One version of an item, as stored: never changed; another one follows it from a day. */
export const PolicyItem = z.object({
  id: Slug,
  area: z.string(),
  document: Slug,
  /** Tells the try in which the document was entered; items of another try belong to nothing. */
  publication: z.string(),
  version: z.int().positive(),
  ...ItemTerms.shape,
  /** From `validFrom` on the item is no longer given; everything else stands as it was. */
  ended: z.boolean(),
  enacted: Enactment,
});
export type PolicyItem = z.infer<typeof PolicyItem>;

/** What an office says of a policy document. */
export const DocumentTerms = z.strictObject({
  id: Slug,
  /** 文号 */
  number: freeText(80),
  issuer: freeText(80),
  date: day,
  name: freeText(160),
  validFrom: day,
  validTo: day.nullable(),
  /** Where it can be read. */
  source: freeText(300).nullable(),
  illustrative: z.boolean(),
});
export type DocumentTerms = z.infer<typeof DocumentTerms>;

export const PolicyDocument = z.object({
  ...DocumentTerms.shape,
  area: z.string(),
  publication: z.string(),
  enacted: Enactment,
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;

/** A line that conditions name, e.g. that of the low-income allowance: fen per person and year unless its name says otherwise. */
export const PolicyLine = z.object({
  id: Slug,
  area: z.string(),
  validFrom: day,
  validTo: day.nullable(),
  version: z.int().positive(),
  name: Words,
  fen: z.int().nonnegative().max(100_000_000_000),
  source: freeText(300).nullable(),
  illustrative: z.boolean(),
  enacted: Enactment,
});
export type PolicyLine = z.infer<typeof PolicyLine>;

/** What is published in an area and those above it. */
export interface Policies {
  readonly documents: readonly PolicyDocument[];
  /** Every version of every item. */
  readonly items: readonly PolicyItem[];
  readonly lines: readonly PolicyLine[];
}

type Held = Pick<PolicyItem, 'area' | 'version' | 'validFrom' | 'validTo' | 'ended'>;

/** The version of one area's item that is in force on a day: the latest that had begun, unless that one was over or ended it. */
export function versionOn<Item extends Held>(
  versions: readonly Item[],
  onDay: Day,
): Item | undefined {
  const begun = versions
    .filter(({ validFrom }) => validFrom <= onDay)
    .toSorted((one, other) => other.version - one.version);
  const [latest] = begun;
  if (!latest || latest.ended || (latest.validTo !== null && latest.validTo < onDay))
    return undefined;
  return latest;
}

/** An item in force, with the first day of its unbroken run where an earlier version began it. */
export interface Run {
  readonly since?: Day;
}
export type ItemInForce = PolicyItem & Run;

/** The first day from which one version followed the other without a gap up to this one. */
function sinceOf(versions: readonly Held[], held: Held): Day {
  const earlier = versions
    .filter(({ version }) => version < held.version)
    .toSorted((one, other) => other.version - one.version);
  let since = held.validFrom;
  for (const { ended, validFrom, validTo } of earlier) {
    if (ended || (validTo !== null && addDays(validTo, 1) < since)) break;
    since = validFrom;
  }
  return since;
}

function runOn<Item extends Held>(versions: readonly Item[], onDay: Day): readonly (Item & Run)[] {
  const held = versionOn(versions, onDay);
  if (!held) return [];
  const since = sinceOf(versions, held);
  return [since === held.validFrom ? held : { ...held, since }];
}

/**
 * The items in force in an area on a day, by id: one version each; where a county has an item of the same id as the province, its own.
 * @param items every version of the items of the area and those above it
 */
export function itemsInForce<Item extends Held & Pick<PolicyItem, 'id'>>(
  items: readonly Item[],
  onDay: Day,
  area: AreaCode,
): readonly (Item & Run)[] {
  const applying = items
    .filter((item) => liesWithin(area, item.area))
    .toSorted((one, other) => other.area.length - one.area.length);
  const inForce = [...Map.groupBy(applying, ({ id }) => id).values()].flatMap((versions) => {
    const byArea = [...Map.groupBy(versions, (item) => item.area).values()];
    return byArea.flatMap((own) => runOn(own, onDay)).slice(0, 1);
  });
  return inForce.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
