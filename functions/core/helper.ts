import * as z from 'zod';
import { isDay } from './day.ts';
import { levelOf } from './division.ts';

/**
 * Who helps: leading cadres, county departments, leading enterprises and economically strong villages (四帮扶); enterprises, associations and
 * overseas-Chinese groups paired with villages (百企、百会、百侨帮百村); first secretaries with their resident teams; and who answers for a
 * household (帮扶责任人). Appended to, never reordered.
 */
export const helperKinds = [
  'leader',
  'department',
  'leading-enterprise',
  'strong-village',
  'enterprise',
  'association',
  'overseas-group',
  'resident-team',
  'responsible',
] as const;
export const HelperKind = z.enum(helperKinds);
export type HelperKind = z.infer<typeof HelperKind>;

const day = z.string().refine(isDay).meta({ format: 'date' });
const area = z.string().refine((code) => levelOf(code) !== undefined);
const words = z.string().trim().min(1).max(60);

/** What only some kinds have. */
export const HelperDetails = z.strictObject({
  /** 统一社会信用代码, checked. */
  creditCode: z.string().exactOptional(),
  /** 级别 of an enterprise. */
  level: words.exactOptional(),
  /** 主营. */
  trade: words.exactOptional(),
  /** 类别 of an association. */
  category: words.exactOptional(),
  members: z.int().min(0).max(1_000_000).exactOptional(),
  /** Where an overseas group lives. */
  region: words.exactOptional(),
  /** Code of an economically strong village, as of the day it was entered. */
  village: z.string().exactOptional(),
  /** Collective income of a strong village, fen a year. */
  incomeFen: z.int().min(0).exactOptional(),
});
export type HelperDetails = z.infer<typeof HelperDetails>;

/** A helper of any kind: the aggregate of its pairings, so that every change of one of them makes a version of it. */
export const Helper = z.object({
  /** `hp_…`. */
  id: z.string(),
  kind: HelperKind,
  /** Division that keeps it: a county, or a town for people of its own. */
  area,
  /** Who helps: a person, an organisation, a village. */
  name: words,
  /** Where a person works. */
  organisation: words.nullable(),
  post: words.nullable(),
  /** Who speaks for an organisation. */
  contact: words.nullable(),
  /** The full number is sealed beside it. */
  phoneMasked: z.string().nullable(),
  /** Subject of the token of the helper, by which paired households are seen; null for who has none. */
  sub: z.string().min(1).max(128).nullable(),
  details: HelperDetails,
  /** First day on which it helps nobody any more. */
  endedOn: day.nullable(),
  endReason: z.string().nullable(),
  /** Pairings under way, by what they are with. */
  households: z.int().nonnegative(),
  villages: z.int().nonnegative(),
  version: z.int().positive(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
});
export type Helper = z.infer<typeof Helper>;

/** Kinds whose helpers are persons; the others are organisations and have somebody who speaks for them. */
const persons: readonly HelperKind[] = ['leader', 'resident-team', 'responsible'];

export function isPerson(kind: HelperKind): boolean {
  return persons.includes(kind);
}

export const helperEventKinds = [
  'registered',
  'changed',
  'ended',
  'paired',
  'pairing-changed',
  'delivered',
  'delivery-corrected',
  'pairing-ended',
  'handed-over',
  'taken-over',
] as const;

/** What happened to a helper, append-only: one per version. */
export const HelperEvent = z.object({
  /** `ev_…`, by which a writer recognises its own write. */
  id: z.string(),
  helper: z.string(),
  version: z.int().positive(),
  kind: z.enum(helperEventKinds),
  actor: z.string(),
  at: z.iso.datetime(),
  /** Day from which it holds. */
  heldOn: day,
  reason: z.string().nullable(),
  /** Import it comes from. */
  source: z.string().nullable(),
  /** Pairings it was about. */
  pairings: z.array(z.string()),
  /** What changed, before and after; never a full phone number. */
  changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type HelperEvent = z.infer<typeof HelperEvent>;
