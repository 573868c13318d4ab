import * as z from 'zod';
import { Helper, HelperEvent, HelperKind } from './helper.ts';
import { Delivery, Pairing } from './pairing.ts';

const count = z.int().nonnegative();

/** A helper as it is shown: the phone masked. */
export const HelperView = Helper.extend({
  href: z.string(),
  /** Households it may have at most; null where nothing is said. */
  mostHouseholds: z.int().nullable(),
});

/** Whom it helps, where that stands today. */
const SubjectView = z.object({
  type: z.enum(['household', 'village']),
  id: z.string().optional(),
  number: z.string().optional(),
  /** Code under which the village, or that of the household, stands today. */
  village: z.string(),
  href: z.string(),
});

export const PairingView = Pairing.omit({ subject: true }).extend({
  subject: SubjectView,
  href: z.string(),
  /** Its household was struck off, or its village is no more: to be ended. */
  toEnd: z.boolean(),
});
export type PairingView = z.infer<typeof PairingView>;

/** What helpers of a kind, or pairings, come to. Promised: of those under way; delivered: of all. */
export const Totals = z.object({
  pairings: count,
  households: count,
  villages: count,
  promisedFen: z.int(),
  deliveredFen: z.int(),
  promisedProjects: z.int(),
  projects: z.int(),
  jobs: z.int(),
});
export type Totals = z.infer<typeof Totals>;

export const HelperFileView = z.object({
  helper: HelperView,
  /** Those in reach of who asks, under way first. */
  pairings: z.array(PairingView),
  totals: Totals,
});

export const PairingFileView = z.object({
  pairing: PairingView,
  helper: HelperView,
  deliveries: z.array(Delivery),
});

const Digest = HelperView.omit({ createdAt: true, changedAt: true });

export const HelperList = z.object({
  area: z.string(),
  items: z.array(Digest),
  cursor: z.string().optional(),
});

export const HelpersOfSubject = z.object({
  items: z.array(z.object({ helper: Digest, pairing: PairingView })),
  /** Covers that are lacking: `responsible`, `one-of-four`, `resident-team`. */
  lacks: z.array(z.string()),
});

export const HelperEvents = z.object({
  events: z.array(HelperEvent),
  cursor: z.string().optional(),
});

export const EventsPageQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

const KindSummary = Totals.extend({
  helpers: count,
  /** Helpers by whom money came. */
  contributing: count,
});
export const HelperSummary = z.object({
  area: z.string(),
  kinds: z.partialRecord(HelperKind, KindSummary),
});
export type HelperSummary = z.infer<typeof HelperSummary>;

/** A pairing with the name of its helper, who may have ended since. */
const NamedPairing = PairingView.extend({ helperName: z.string().nullable() });

export const Gaps = z.object({
  area: z.string(),
  /** Households nobody answers for; null while figures are being counted. */
  households: z.object({ count: count.nullable(), list: z.string() }),
  /** Poor villages that lack helpers. */
  villages: z.array(
    z.object({ village: z.string(), lacks: z.array(z.string()), href: z.string() }),
  ),
  /** Helpers with more households than one may have. */
  overloaded: z.array(z.object({ helper: Digest, households: count, limit: z.int() })),
  /** Pairings that ended, and nobody of the kind came in their place. */
  withoutSuccessor: z.array(NamedPairing),
  /** Pairings whose household was struck off or whose village is no more. */
  toEnd: z.array(NamedPairing),
  /** Some of these lists are longer than what is shown. */
  more: z.boolean(),
});

/** What a change answers. */
export const HelperChanged = z.object({ id: z.string(), version: z.int() });
export const PairingChanged = z.object({
  id: z.string(),
  version: z.int(),
  helper: z.string(),
  /** The delivery that was added. */
  delivery: z.string().nullable(),
});

const HandoverRow = z.object({
  pairing: z.string(),
  type: z.enum(['household', 'village']),
  /** Id of the household, or code of the village. */
  subject: z.string(),
  outcome: z
    .enum(['done', 'refused', 'waiting'])
    .describe('waiting: not tried yet; the same request, with its key, goes on'),
  successor: z.string().nullable(),
  /** Code and words of the refusal. */
  code: z.string().nullable(),
  detail: z.string().nullable(),
});
export type HandoverRow = z.infer<typeof HandoverRow>;

export const HandoverResult = z.object({
  from: z.string(),
  to: z.string(),
  rows: z.array(HandoverRow),
  done: count,
  refused: count,
  waiting: count,
});

export const FullContact = z.object({ id: z.string(), phone: z.string().nullable() });
