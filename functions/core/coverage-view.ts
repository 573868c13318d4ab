import * as z from 'zod';
import {
  type Coverage,
  type CoverageClass,
  countIn,
  coverageClasses,
  fenOf,
  type ItemFigures,
} from './coverage.ts';
import type { Day } from './day.ts';
import { levelOf } from './division.ts';
import { id } from './household-path.ts';
import { benefitKinds, benefitPeriods, type PolicyItem, Slug, subjects } from './policy.ts';

const area = z.string().refine((code) => levelOf(code) !== undefined);
const count = z.int().nonnegative();
const fen = z.int().nonnegative();

export const CoveragePath = z.object({ id: Slug });
export const CoverageQuery = z.object({ area });
/** The names behind a figure: those of one result in an area. */
export const NamesQuery = z.object({
  area,
  result: z.enum(coverageClasses),
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** Of a village's item villages are counted, of any other households and persons. */
const ClassView = z.union([
  z.object({ households: count, persons: count }),
  z.object({ villages: count }),
]);

const FiguresView = z.object({
  entitled: ClassView,
  received: ClassView,
  missed: ClassView,
  notEligible: ClassView,
  receivedNotEligible: ClassView,
  unknown: ClassView,
  /** What the item comes to for the entitled in its period, as far as its amount is known. */
  dueFen: fen,
  /** What was received in the period, by those who are not eligible too. */
  receivedFen: fen,
  /** What those would be given who are entitled and received nothing. */
  missedFen: fen,
});

const ItemView = z.object({
  id: z.string(),
  version: z.int(),
  name: z.object({ zh: z.string(), en: z.string() }),
  subject: z.enum(subjects),
  batch: z.string(),
  department: z.string(),
  benefit: z.object({
    kind: z.enum(benefitKinds),
    amountFen: z.int().nullable(),
    period: z.enum(benefitPeriods),
  }),
  /** Its amount is not from a source. */
  illustrative: z.boolean(),
});

/** How far the figures of an area may be believed. */
const StandShape = {
  area: z.string(),
  asOf: z.string(),
  /** Households that were evaluated, and who lives in them. */
  households: count,
  persons: count,
  /** Whether everything was evaluated by the rules in force today; where not, an evaluation is due or under way. */
  isCurrent: z.boolean(),
};

const ListsView = z.object({
  ...{ entitled: z.string(), received: z.string(), missed: z.string() },
  ...{ notEligible: z.string(), receivedNotEligible: z.string(), unknown: z.string() },
});

/** One item in an area and its parts. */
export const ItemCoverageView = z.object({
  ...StandShape,
  item: ItemView,
  figures: FiguresView,
  /** The list behind each figure of the area. */
  lists: ListsView,
  parts: z.array(z.object({ area: z.string(), name: z.string().optional(), figures: FiguresView })),
});

/** Every item of an area. */
export const CoverageView = z.object({
  ...StandShape,
  items: z.array(z.object({ item: ItemView, figures: FiguresView })),
});

/** A subject behind a figure: a household with its persons, or a village. */
const NameRow = z.object({
  village: z.string(),
  household: z
    .object({ id: z.string(), number: z.string(), href: z.string(), headName: z.string() })
    .nullable(),
  /** Members an item of persons is about. */
  persons: z.array(z.object({ id: z.string(), name: z.string() })),
  result: z.enum(coverageClasses),
  dueFen: fen.nullable(),
  receivedFen: fen,
});
export type NameRow = z.infer<typeof NameRow>;

export const NamesView = z.object({
  area: z.string(),
  asOf: z.string(),
  item: ItemView,
  result: z.enum(coverageClasses),
  items: z.array(NameRow),
  cursor: z.string().optional(),
});

export const EvaluationBody = z.object({ reason: z.string().min(1).max(200) });
export const EvaluationView = z.object({
  id,
  area: z.string(),
  state: z.enum(['planning', 'running', 'done']),
  /** Chunks there are, and how many of them it has done; none while it is being planned. One that a newer one relieves ends with fewer. */
  chunks: count,
  done: count,
  /** How many there are in its area, and why it was asked for: null to whom that area is not open. */
  villages: count.nullable(),
  households: count.nullable(),
  reason: z.string().nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export const EvaluationList = z.object({ area: z.string(), evaluations: z.array(EvaluationView) });

/** An item as coverage shows it. */
export function itemView(item: PolicyItem): z.infer<typeof ItemView> {
  const { id: slug, version, name, subject, batch, department, benefit, illustrative } = item;
  const { kind, amountFen, period } = benefit;
  return {
    ...{ id: slug, version, name, subject, batch, department, illustrative },
    benefit: { kind, amountFen, period },
  };
}

/** Figures of an item for people; of one that was never counted, zeros. */
export function figuresView(
  { subject }: Pick<PolicyItem, 'subject'>,
  counted: ItemFigures | undefined,
): z.infer<typeof FiguresView> {
  const known = counted ?? { figures: [] };
  const view = (of: CoverageClass) => {
    const { wide, persons } = countIn(known, of);
    return subject === 'village' ? { villages: wide } : { households: wide, persons };
  };
  return {
    entitled: view('entitled'),
    received: view('received'),
    missed: view('missed'),
    notEligible: view('not-eligible'),
    receivedNotEligible: view('received-not-eligible'),
    unknown: view('unknown'),
    ...fenOf(known),
  };
}

/** Addresses of the lists behind the figures of an item in an area. */
export function listsOf(area: string, item: string): z.infer<typeof ListsView> {
  const list = (of: CoverageClass) =>
    `/policies/${item}/coverage/households?area=${area}&result=${of}`;
  return {
    entitled: list('entitled'),
    received: list('received'),
    missed: list('missed'),
    notEligible: list('not-eligible'),
    receivedNotEligible: list('received-not-eligible'),
    unknown: list('unknown'),
  };
}

/** Figures of one item in a coverage. */
export function itemIn(coverage: Coverage | undefined, item: string): ItemFigures | undefined {
  return coverage?.items.find((one) => one.item === item);
}

/** Whether a coverage goes by the rules of the day; of areas with several counties it is told by the day alone. */
export function isCurrent(
  coverage: Coverage | undefined,
  by: { readonly today: Day; readonly rules: string | undefined },
): boolean {
  if (!coverage) return false;
  return coverage.until > by.today && (by.rules === undefined || by.rules === coverage.rules);
}
