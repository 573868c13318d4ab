import * as z from 'zod';
import { roles } from '../core/access.ts';
import { HouseholdFacts, PersonFacts } from '../core/fact.ts';
import { stated } from '../core/fact-history.ts';
import { EventCase, eventKinds, type FieldChange } from '../core/household-event.ts';
import { maskIdentity } from '../core/identity-number.ts';
import { OpenCase } from '../core/procedure-kind.ts';
import { undatedFields } from '../core/undated.ts';
import { Bytes } from '../lib/keys-wrap.ts';

/**
 * Stored shapes. Each carries `v`; a test keeps a fingerprint of every shape, so that one cannot change without a new `v` and a way to
 * read the old one.
 * Version 1 of household and member did not know from when on ledgers may say otherwise (`openFrom`); before version 3 no household was in a
 * case, no event told of one or of who had asked for what another decided, and nobody asked whether a house had been renewed;
 * before version 4 (of a member 3) nothing was asked that only policies ask, and before
 * version 5 nobody was paired with a household, before version 6 (of an event 5) no
 * measures were recorded. Before version 4 of a member nobody kept whether she was
 * known when her household was entered, so whoever was entered with it is read as one who may have been.
 */
export const V = {
  household: 6,
  member: 4,
  event: 5,
  roster: 1,
  left: 1,
  lock: 1,
  number: 1,
} as const;

/** Rows written while masks still showed the last four characters are read as if they had not. */
const Masked = z.string().transform(maskIdentity);

function maskedChange(change: FieldChange): FieldChange {
  if (change.field !== 'identityNumber') return change;
  const masked = (shown: FieldChange['before']) =>
    typeof shown === 'string' ? maskIdentity(shown) : shown;
  return { ...change, before: masked(change.before), after: masked(change.after) };
}

const instant = z.iso.datetime();
const held = { heldFrom: z.string(), heldTo: z.string().nullable(), enteredAt: instant };

const HouseholdSheet = z.object({
  ...held,
  values: HouseholdFacts.partial().transform((values) => stated(values)),
  cleared: z.array(HouseholdFacts.keyof()).exactOptional(),
});

const PersonSheet = z.object({
  ...held,
  values: PersonFacts.partial().transform((values) => stated(values)),
  cleared: z.array(PersonFacts.keyof()).exactOptional(),
});

/** First day whose ledger may say otherwise, by field; missing in version 1. */
const openFrom = z.partialRecord(z.enum(undatedFields), z.string()).exactOptional();

export const HouseholdItem = z.object({
  v: z.literal([1, 2, 3, 4, 5, V.household]),
  id: z.string(),
  number: z.string(),
  county: z.string(),
  version: z.int().positive(),
  createdAt: instant,
  changedAt: instant,
  facts: z.array(HouseholdSheet),
  phoneMasked: z.string().nullable(),
  bankName: z.string().nullable(),
  bankAccountMasked: z.string().nullable(),
  helperSubs: z.array(z.string()),
  paired: z.boolean().default(false),
  openCase: OpenCase.nullable().default(null),
  openFrom,
  /** Phone and account, sealed; null where neither is known. */
  sealed: Bytes.nullable(),
});
export type HouseholdItem = z.infer<typeof HouseholdItem>;

export const MemberItem = z.object({
  v: z.literal([1, 2, 3, V.member]),
  id: z.string(),
  number: z.string().nullable(),
  name: z.string(),
  sex: z.string(),
  birth: z.string(),
  identityMasked: Masked.nullable(),
  heldFrom: z.string(),
  joinReason: z.string().nullable(),
  isKnown: z.literal(true).exactOptional(),
  heldTo: z.string().nullable(),
  endReason: z.string().nullable(),
  facts: z.array(PersonSheet),
  openFrom,
  /** Identity number, sealed; null where unknown. */
  sealed: Bytes.nullable(),
});
export type MemberItem = z.infer<typeof MemberItem>;

const Shown = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
  z.record(z.string(), z.unknown()),
]);

export const EventItem = z.object({
  v: z.literal([1, 2, 3, 4, V.event]),
  id: z.string(),
  household: z.string(),
  version: z.int().positive(),
  kind: z.enum(eventKinds),
  actor: z.string(),
  role: z.enum(roles),
  at: instant,
  heldOn: z.string(),
  reason: z.string().nullable(),
  source: z.string().nullable(),
  requestedBy: z.string().exactOptional(),
  case: EventCase.exactOptional(),
  changes: z.array(
    z
      .object({
        field: z.string(),
        person: z.string().nullable(),
        before: Shown,
        after: Shown,
      })
      .transform(maskedChange),
  ),
  putAway: z.array(HouseholdSheet),
  putAwayOf: z.array(z.object({ person: z.string(), sheets: z.array(PersonSheet) })),
  /** Full values the change replaced, sealed; null where it replaced none. */
  sealed: Bytes.nullable(),
});
export type EventItem = z.infer<typeof EventItem>;

export const RosterItem = z.object({
  pk: z.string(),
  sk: z.string(),
  v: z.literal(V.roster),
  version: z.int().positive(),
  /** `encodeRoster` of the core. */
  b: z.string(),
});

/**
 * Left in the village a household went away from, or of which is entered late that it lived there; what was entered last counts where there
 * are several. Stays when it comes back.
 */
export const LeftItem = z.object({
  pk: z.string(),
  sk: z.string(),
  v: z.literal(V.left),
  /** First day the household no longer stood there. */
  leftOn: z.string(),
});
export type LeftItem = z.infer<typeof LeftItem>;

/** Who holds an identity number; `live` is false once the person has left or the household is struck off. */
export const LockItem = z.object({
  pk: z.string(),
  v: z.literal(V.lock),
  household: z.string(),
  person: z.string(),
  live: z.boolean(),
});
export type LockItem = z.infer<typeof LockItem>;

export const NumberItem = z.object({
  v: z.literal(V.number),
  household: z.string(),
  live: z.boolean(),
});

/** What is sealed of a household, of an event. */
export const SealedContact = z.object({
  phone: z.string().nullable(),
  bankAccount: z.string().nullable(),
});
export const SealedReplaced = z.object({
  phone: z.string().exactOptional(),
  bankAccount: z.string().exactOptional(),
  identities: z.record(z.string(), z.string()).exactOptional(),
});

const MAX_VERSION = 999_999_999;

/** Where everything of a household stands; events sort newest first. */
export const keyOf = {
  file: (id: string) => `H#${id}`,
  household: (id: string) => ({ pk: `H#${id}`, sk: '0' }),
  member: (id: string, person: string) => ({ pk: `H#${id}`, sk: `1#${person}` }),
  past: (id: string, one: { person: string; heldFrom: string; order?: number }) => ({
    pk: `H#${id}`,
    sk: `2#${one.person}#${one.heldFrom}${one.order === undefined ? '' : `#${one.order}`}`,
  }),
  event: (id: string, version: number) => ({
    pk: `H#${id}`,
    sk: `3#${String(MAX_VERSION - version).padStart(9, '0')}`,
  }),
  village: (village: string) => `V#${village}`,
  roster: (village: string, id: string) => ({ pk: `V#${village}`, sk: `1#${id}` }),
  left: (village: string, id: string) => ({ pk: `V#${village}`, sk: `2#${id}` }),
  lock: (hash: string) => ({ pk: `P#${hash}` }),
  number: (county: string, number: string) => ({ pk: `N#${county}#${number}` }),
};
