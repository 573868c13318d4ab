import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import {
  type Helper,
  type HelperDetails,
  type HelperEvent,
  type HelperKind,
  isPerson,
} from './helper.ts';
import type { Delivery, Pairing } from './pairing.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** Who acts, when, and where ids come from. */
export interface PairingContext {
  readonly actor: string;
  /** Instant, ISO 8601 UTC. */
  readonly at: string;
  readonly today: Day;
  readonly newId: (kind: 'hp' | 'pr' | 'dl' | 'ev') => string;
  /** Import it comes from. */
  readonly source?: string;
}

/** A helper's next version with what goes with it: pairings that are new or changed, deliveries that came, and the event. */
export interface HelperChange {
  readonly before: Helper | undefined;
  readonly helper: Helper;
  readonly pairings: readonly Pairing[];
  readonly deliveries: readonly Delivery[];
  readonly event: HelperEvent;
}

/** What an office says of a helper; the phone was read and masked before. */
export interface WantedHelper {
  readonly kind: HelperKind;
  readonly area: AreaCode;
  readonly name: string;
  readonly organisation: string | null;
  readonly post: string | null;
  readonly contact: string | null;
  readonly phoneMasked: string | null;
  readonly sub: string | null;
  readonly details: HelperDetails;
}

interface Told extends Pick<HelperEvent, 'kind' | 'heldOn'> {
  readonly reason?: string | null;
  readonly pairings?: readonly string[];
  readonly changes?: readonly Change[];
}

/** The next version of a helper and the event that says so. */
export function settleHelper(
  of: { readonly before: Helper | undefined; readonly next: Omit<Helper, 'version' | 'changedAt'> },
  { kind, heldOn, reason = null, pairings = [], changes = [] }: Told,
  context: PairingContext,
): Pick<HelperChange, 'before' | 'helper' | 'event'> {
  const { before, next } = of;
  const version = (before?.version ?? 0) + 1;
  const helper = { ...next, version, changedAt: context.at };
  const event: HelperEvent = {
    id: context.newId('ev'),
    helper: next.id,
    version,
    kind,
    actor: context.actor,
    at: context.at,
    heldOn,
    reason,
    source: context.source ?? null,
    pairings: [...pairings],
    changes: [...changes],
  };
  return { before, helper, event };
}

/** A strong village is one of ours, and a person works somewhere. */
function refuseWanted(wanted: Pick<WantedHelper, 'kind' | 'details'>): Refusal | undefined {
  const { kind, details } = wanted;
  return kind === 'strong-village' && details.village === undefined
    ? refuse('value-missing', { field: 'village' })
    : undefined;
}

/** Enters a helper. Refusals: value-missing (a strong village without its code). */
export function registerHelper(
  wanted: WantedHelper,
  context: PairingContext,
): Decided<HelperChange> {
  const refused = refuseWanted(wanted);
  if (refused) return refused;
  const next = {
    ...wanted,
    contact: isPerson(wanted.kind) ? null : wanted.contact,
    id: context.newId('hp'),
    endedOn: null,
    endReason: null,
    households: 0,
    villages: 0,
    createdAt: context.at,
  };
  const told = { kind: 'registered', heldOn: context.today } as const;
  const settled = settleHelper({ before: undefined, next }, told, context);
  return { ok: { ...settled, pairings: [], deliveries: [] } };
}

const fields = ['name', 'organisation', 'post', 'contact', 'phoneMasked', 'sub'] as const;

type Change = HelperEvent['changes'][number];

function changesOf(before: Helper, next: Helper): readonly Change[] {
  const own = fields.map((field) => ({ field, before: before[field], after: next[field] }));
  const known = { ...before.details, ...next.details };
  const details = Object.keys(known).map((field) => ({
    field,
    before: Reflect.get(before.details, field) ?? null,
    after: Reflect.get(next.details, field),
  }));
  return [...own, ...details].filter((one) => one.before !== one.after);
}

/** What is put right about a helper; `isPhoneNew`: another number that may look the same when masked. */
export interface HelperPatch
  extends Partial<Omit<WantedHelper, 'kind' | 'area' | 'details'>>,
    Partial<Pick<WantedHelper, 'details'>> {
  readonly isPhoneNew?: boolean;
}

/**
 * Changes what is known of a helper.
 * @returns undefined when nothing is new
 * Refusals: helper-ended, value-missing.
 */
export function changeHelper(
  before: Helper,
  patch: HelperPatch & { readonly reason?: string | null },
  context: PairingContext,
): Decided<HelperChange | undefined> {
  const { isPhoneNew = false, reason = null, details, ...others } = patch;
  if (before.endedOn !== null) return refuse('helper-ended', { endedOn: before.endedOn });
  const { contact = before.contact } = others;
  const next = {
    ...before,
    ...others,
    contact: isPerson(before.kind) ? null : contact,
    details: { ...before.details, ...details },
  };
  const refused = refuseWanted(next);
  if (refused) return refused;
  const found = changesOf(before, next);
  const phone = { field: 'phone', before: before.phoneMasked, after: next.phoneMasked };
  const isHidden = isPhoneNew && before.phoneMasked === next.phoneMasked;
  const changes = isHidden ? [...found, phone] : found;
  if (changes.length === 0) return { ok: undefined };
  const told = { kind: 'changed', heldOn: context.today, reason, changes } as const;
  return { ok: { ...settleHelper({ before, next }, told, context), pairings: [], deliveries: [] } };
}

/** A helper helps nobody any more. Refusals: helper-ended, helper-still-paired, date-future. */
export function endHelper(
  before: Helper,
  order: { readonly on: Day; readonly reason: string },
  context: PairingContext,
): Decided<HelperChange> {
  if (before.endedOn !== null) return refuse('helper-ended', { endedOn: before.endedOn });
  const count = before.households + before.villages;
  if (count > 0) return refuse('helper-still-paired', { count });
  if (order.on > context.today) return refuse('date-future', { field: 'on' });
  const next = { ...before, endedOn: order.on, endReason: order.reason };
  const told = { kind: 'ended', heldOn: order.on, reason: order.reason } as const;
  return { ok: { ...settleHelper({ before, next }, told, context), pairings: [], deliveries: [] } };
}
