import type { Day } from './day.ts';
import { sameValue } from './fact-history.ts';
import type { Helper } from './helper.ts';
import { type HelperChange, type PairingContext, settleHelper } from './helper-change.ts';
import {
  type Contribution,
  type Delivery,
  isCurrent,
  nameOfSubject,
  type Pairing,
  type PairingSubject,
} from './pairing.ts';
import { type PairingRule, refuseKind, refuseLimit } from './pairing-rule.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** A helper with all its pairings, ended ones included. */
export interface HelperFile {
  readonly helper: Helper;
  readonly pairings: readonly Pairing[];
}

export interface PairingOrder {
  readonly subject: PairingSubject;
  readonly from: Day;
  readonly duty: string | null;
  readonly promised: Contribution;
  /** The pairing in whose place it comes. */
  readonly predecessor?: string;
  /** Given where ids follow from a request. */
  readonly id?: string;
}

/** What decides beside the helper: the rule of the place, and under which code villages stand today. */
export interface PairingGround {
  readonly rule: PairingRule;
  readonly context: PairingContext;
  /** The present code of a village; itself where nothing took its place. */
  readonly present: (code: string) => string;
}

function presentName(subject: PairingSubject, present: PairingGround['present']): string {
  return subject.type === 'household' ? subject.id : present(subject.code);
}

function count(helper: Helper, { type }: PairingSubject, by: 1 | -1): Helper {
  return type === 'household'
    ? { ...helper, households: helper.households + by }
    : { ...helper, villages: helper.villages + by };
}

function refuseBeginning(
  { helper, pairings }: HelperFile,
  { subject, from }: PairingOrder,
  { rule, context, present }: PairingGround,
): Refusal | undefined {
  if (helper.endedOn !== null) return refuse('helper-ended', { endedOn: helper.endedOn });
  if (from > context.today) return refuse('date-future', { field: 'from' });
  const wrong = refuseKind(rule, helper.kind, subject.type);
  if (wrong) return wrong;
  const own = helper.details.village;
  const name = presentName(subject, present);
  if (own !== undefined && present(own) === name) return refuse('pairing-self');
  const known = pairings
    .filter(isCurrent)
    .find((one) => presentName(one.subject, present) === name);
  if (known) return refuse('pairing-twice', { from: known.from });
  return refuseLimit(rule, helper, subject.type === 'household' ? 1 : 0);
}

/**
 * Pairs a helper with a household or a village from a day.
 * Refusals: helper-ended, date-future, pairing-kind, pairing-self, pairing-twice, pairing-over-limit.
 */
export function beginPairing(
  file: HelperFile,
  order: PairingOrder,
  ground: PairingGround,
): Decided<HelperChange> {
  const refused = refuseBeginning(file, order, ground);
  if (refused) return refused;
  const { context } = ground;
  const { subject, from, duty, promised, predecessor = null } = order;
  const pairing: Pairing = {
    id: order.id ?? context.newId('pr'),
    helper: file.helper.id,
    kind: file.helper.kind,
    subject,
    from,
    to: null,
    endReason: null,
    successor: null,
    predecessor,
    duty,
    promised,
    delivered: { moneyFen: 0, projects: 0, jobs: 0, count: 0 },
    source: context.source ?? null,
    version: 1,
  };
  const kind = predecessor === null ? 'paired' : 'taken-over';
  const told = { kind, heldOn: from, pairings: [pairing.id] } as const;
  const next = count(file.helper, subject, 1);
  const settled = settleHelper({ before: file.helper, next }, told, context);
  return { ok: { ...settled, pairings: [pairing], deliveries: [] } };
}

function refuseEnded({ to }: Pairing): Refusal | undefined {
  return to === null ? undefined : refuse('pairing-ended', { to });
}

/** What is agreed anew about a pairing. @returns undefined when nothing is new. Refusals: pairing-ended. */
export function changePairing(
  { helper }: HelperFile,
  of: {
    readonly pairing: Pairing;
    readonly patch: Partial<Pick<Pairing, 'duty' | 'promised'>>;
    readonly reason: string | null;
  },
  context: PairingContext,
): Decided<HelperChange | undefined> {
  const { pairing, patch, reason } = of;
  const refused = refuseEnded(pairing);
  if (refused) return refused;
  const next = { ...pairing, ...patch };
  const changes = (['duty', 'promised'] as const)
    .filter((field) => !sameValue(pairing[field], next[field]))
    .map((field) => ({ field, before: pairing[field], after: next[field] }));
  if (changes.length === 0) return { ok: undefined };
  const about = { pairings: [pairing.id], changes, reason, heldOn: context.today };
  const told = { kind: 'pairing-changed', ...about } as const;
  const settled = settleHelper({ before: helper, next: helper }, told, context);
  const changed = { ...next, version: pairing.version + 1 };
  return { ok: { ...settled, pairings: [changed], deliveries: [] } };
}

export interface DeliveryOrder {
  readonly on: Day;
  readonly what: string;
  readonly contribution: Contribution;
  /** What a ledger calls it. */
  readonly ref?: string;
  /** Less than a ledger told before: why something is taken back. */
  readonly reason?: string;
  /** Given where ids follow from an import. */
  readonly id?: string;
}

function isNothing({ moneyFen, projects, jobs, goods }: Contribution): boolean {
  return moneyFen === 0 && projects === 0 && jobs === 0 && goods === null;
}

function refuseDelivery(pairing: Pairing, order: DeliveryOrder, today: Day): Refusal | undefined {
  if (isNothing(order.contribution)) return refuse('delivery-empty');
  if (order.on > today) return refuse('date-future', { field: 'on' });
  const { from, to } = pairing;
  const isOutside = order.on < from || (to !== null && order.on >= to);
  return isOutside ? refuse('date-order', { field: 'on' }) : undefined;
}

/** What deliveries come to with one more. */
function deliveredWith(
  { delivered }: Pairing,
  { moneyFen, projects, jobs }: Contribution,
): Pairing['delivered'] {
  return {
    moneyFen: delivered.moneyFen + moneyFen,
    projects: delivered.projects + projects,
    jobs: delivered.jobs + jobs,
    count: delivered.count + 1,
  };
}

/** A delivery at the end of those of its pairing, with what they come to. */
function append(
  { helper, pairing }: { readonly helper: Helper; readonly pairing: Pairing },
  delivery: Delivery,
  context: PairingContext,
): HelperChange {
  const { contribution, corrects, on: heldOn, reason } = delivery;
  const kind = corrects === null ? 'delivered' : 'delivery-corrected';
  const changes = [{ field: 'contribution', before: null, after: contribution }];
  const told = { kind, heldOn, reason, pairings: [pairing.id], changes } as const;
  const settled = settleHelper({ before: helper, next: helper }, told, context);
  const delivered = deliveredWith(pairing, contribution);
  const next = { ...pairing, delivered, version: pairing.version + 1 };
  return { ...settled, pairings: [next], deliveries: [delivery] };
}

/** Notes what came of a pairing while it held. Refusals: delivery-empty, date-future, date-order. */
export function deliver(
  of: { readonly helper: Helper; readonly pairing: Pairing },
  order: DeliveryOrder,
  context: PairingContext,
): Decided<HelperChange> {
  const refused = refuseDelivery(of.pairing, order, context.today);
  if (refused) return refused;
  const { id, ref = null, reason = null, ...given } = order;
  const delivery: Delivery = {
    ...given,
    id: id ?? context.newId('dl'),
    pairing: of.pairing.id,
    ref,
    corrects: null,
    reason,
    source: context.source ?? null,
    actor: context.actor,
    at: context.at,
  };
  return { ok: append(of, delivery, context) };
}

/** Takes a delivery back by a contrary entry; nothing is overwritten. Refusals: delivery-unknown, delivery-corrected. */
export function correctDelivery(
  of: {
    readonly helper: Helper;
    readonly pairing: Pairing;
    readonly deliveries: readonly Delivery[];
  },
  order: { readonly delivery: string; readonly reason: string; readonly id?: string },
  context: PairingContext,
): Decided<HelperChange> {
  const wrong = of.deliveries.find(({ id }) => id === order.delivery);
  if (!wrong) return refuse('delivery-unknown');
  const isCorrected = of.deliveries.some(({ corrects }) => corrects === wrong.id);
  if (isCorrected || wrong.corrects !== null) return refuse('delivery-corrected');
  const { moneyFen, projects, jobs, goods } = wrong.contribution;
  // Without these, nought would be taken back as minus nought.
  const contribution = { moneyFen: 0 - moneyFen, projects: 0 - projects, jobs: 0 - jobs, goods };
  const delivery: Delivery = {
    id: order.id ?? context.newId('dl'),
    pairing: of.pairing.id,
    on: wrong.on,
    what: wrong.what,
    ref: wrong.ref,
    contribution,
    corrects: wrong.id,
    reason: order.reason,
    source: context.source ?? null,
    actor: context.actor,
    at: context.at,
  };
  return { ok: append(of, delivery, context) };
}

export interface PairingEnd {
  readonly on: Day;
  readonly reason: string;
  /** The pairing that takes its place. */
  readonly successor?: string | null;
}

/** Ends a pairing on a day. Refusals: pairing-ended, date-future, date-order. */
export function endPairing(
  { helper, pairing }: { readonly helper: Helper; readonly pairing: Pairing },
  { on, reason, successor = null }: PairingEnd,
  context: PairingContext,
): Decided<HelperChange> {
  const refused = refuseEnded(pairing);
  if (refused) return refused;
  if (on > context.today) return refuse('date-future', { field: 'on' });
  if (on < pairing.from) return refuse('date-order', { field: 'on' });
  const kind = successor === null ? 'pairing-ended' : 'handed-over';
  const told = { kind, heldOn: on, reason, pairings: [pairing.id] } as const;
  const next = count(helper, pairing.subject, -1);
  const settled = settleHelper({ before: helper, next }, told, context);
  const ended = { ...pairing, to: on, endReason: reason, successor, version: pairing.version + 1 };
  return { ok: { ...settled, pairings: [ended], deliveries: [] } };
}

/** The file after a change of it, so that the next one may follow without reading. */
export function fileAfter(file: HelperFile, { helper, pairings }: HelperChange): HelperFile {
  const changed = new Map(pairings.map((one) => [one.id, one]));
  const kept = file.pairings.map((one) => changed.get(one.id) ?? one);
  const known = new Set(file.pairings.map(({ id }) => id));
  return { helper, pairings: [...kept, ...pairings.filter(({ id }) => !known.has(id))] };
}

/** A pairing under way with one of these subjects, by id or code; undefined where there is none. */
export function pairedWith({ pairings }: HelperFile, subject: string): Pairing | undefined {
  return pairings.filter(isCurrent).find((one) => nameOfSubject(one.subject) === subject);
}
