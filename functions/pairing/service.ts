import { type Actor, mayEnter, mayReach } from '../core/access.ts';
import type { AreaCode } from '../core/division.ts';
import { placementRefusal } from '../core/division-register.ts';
import { stated } from '../core/fact-history.ts';
import type { HelperChange, PairingContext } from '../core/helper-change.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import { contextAt } from '../core/household-event.ts';
import {
  type Contribution,
  isCurrent,
  nothingYet,
  type Pairing,
  type PairingSubject,
} from '../core/pairing.ts';
import {
  beginPairing,
  changePairing,
  correctDelivery,
  deliver,
  endPairing,
  type HelperFile,
} from '../core/pairing-change.ts';
import { type Helping, helpHousehold } from '../core/pairing-household.ts';
import type * as input from '../core/pairing-input.ts';
import { pairingRuleOn } from '../core/pairing-rule.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';

import {
  type Asking,
  contextOf,
  type Decision,
  findHelper,
  type HouseholdPart,
  type Loaded,
  type Ports,
  refuseKeeping,
} from './ports.ts';
/** A subject in reach, with the household's file where it is one. */
export interface Reached {
  readonly subject: PairingSubject;
  /** Village it stands in today. */
  readonly village: AreaCode;
  readonly file: HouseholdFile | undefined;
}

/** Whom a pairing is with, if the actor may act for it. Refusals: not-found. */
export async function reach(
  ports: Ports,
  actor: Actor,
  subject: PairingSubject,
): Promise<Decided<Reached>> {
  if (subject.type === 'household') {
    const file = await ports.household(subject.id);
    if (!file) return refuse('not-found');
    const village = villageOf(file.household);
    const place = { village, helperSubs: file.household.helperSubs };
    return mayReach(actor, place) ? { ok: { subject, village, file } } : refuse('not-found');
  }
  const codes = await ports.present(subject.code);
  const village = codes.find((code) => mayEnter(actor, code));
  return village === undefined
    ? refuse('not-found')
    : { ok: { subject, village, file: undefined } };
}

export function contributionOf(given: input.Promised | undefined): Contribution {
  return { ...nothingYet, ...stated(given ?? {}) };
}

/** The present code of each village among the subjects of a helper, and of others that are asked about. */
export async function presentOf(
  ports: Pick<Ports, 'present'>,
  { helper, pairings }: HelperFile,
  ...codes: readonly AreaCode[]
): Promise<(code: string) => string> {
  const subjects = pairings
    .filter(isCurrent)
    .flatMap(({ subject }) => (subject.type === 'village' ? [subject.code] : []));
  const all = [...new Set([...subjects, ...codes, helper.details.village ?? ''])];
  const known = new Map<string, string>();
  for (const code of all) {
    const [one, ...others] = code === '' ? [] : await ports.present(code);
    if (one !== undefined && others.length === 0) known.set(code, one);
  }
  return (code) => known.get(code) ?? code;
}

/** The household's part of pairings that begin or end. */
export async function householdPart(
  ports: Ports,
  file: HouseholdFile,
  about: {
    readonly actor: Actor;
    readonly begins: readonly Helping[];
    readonly ends: readonly Helping[];
    readonly heldOn: string;
    readonly reason: string | null;
    /** Import it comes from. */
    readonly source?: string;
  },
): Promise<Decided<readonly HouseholdPart[]>> {
  const { actor, source, ...help } = about;
  const known = (await ports.helping(file.household.id)).filter(({ pairing }) =>
    isCurrent(pairing),
  );
  const context = {
    ...contextAt(actor, ports.now(), ports.newId),
    ...(source !== undefined && { source }),
  };
  const changed = helpHousehold(file, { known, ...help }, context);
  if (isRefused(changed)) return changed;
  return { ok: changed.ok ? [{ ...changed.ok, before: file }] : [] };
}

function subjectOf({ household, village = '' }: input.NewPairing): PairingSubject {
  return household === undefined
    ? { type: 'village', code: village }
    : { type: 'household', id: household };
}

async function refuseVillage(ports: Ports, subject: PairingSubject): Promise<Refusal | undefined> {
  if (subject.type === 'household') return undefined;
  return placementRefusal(subject.code, await ports.division(subject.code));
}

/**
 * Pairs a helper with a household or village.
 * Refusals: not-found, helper-above-right, area-unknown, area-closed, household-closed, those of `beginPairing`.
 */
export async function pair(
  ports: Ports,
  { actor, id }: Pick<Asking, 'actor' | 'id'>,
  body: input.NewPairing,
): Promise<Decided<Decision>> {
  const found = await findHelper(ports, actor, id);
  if (isRefused(found)) return found;
  const { helper } = found.ok;
  const reached = await reach(ports, actor, subjectOf(body));
  if (isRefused(reached)) return reached;
  const { subject, village, file } = reached.ok;
  const refused =
    refuseKeeping(ports, actor, { kind: helper.kind, place: village }) ??
    (await refuseVillage(ports, subject));
  if (refused) return refused;
  const context = contextOf(ports, actor);
  const rule = pairingRuleOn(context.today, village);
  const { from = context.today, duty = null } = body;
  const order = { subject, from, duty, promised: contributionOf(body.promised) };
  const present = await presentOf(ports, found.ok, village);
  const begun = beginPairing(found.ok, order, { rule, context, present });
  if (isRefused(begun)) return begun;
  const begins = begun.ok.pairings.map((pairing) => ({ helper, pairing }));
  const about = { actor, begins, ends: [], heldOn: from, reason: duty };
  const households = file ? await householdPart(ports, file, about) : { ok: [] };
  if (isRefused(households)) return households;
  const changes = [{ change: begun.ok, sealed: found.ok.sealed }];
  return { ok: { changes, households: households.ok } };
}

/** One pairing of a helper that the actor may act on, at the version that was read. */
interface Acting extends Asking {
  readonly pairing: string;
}

interface LoadedPairing extends Loaded, Reached {
  readonly pairing: Pairing;
  readonly context: PairingContext;
}

async function loadPairing(ports: Ports, acting: Acting): Promise<Decided<LoadedPairing>> {
  const { actor, id, version } = acting;
  const found = await findHelper(ports, actor, id);
  if (isRefused(found)) return found;
  const pairing = found.ok.pairings.find((one) => one.id === acting.pairing);
  if (!pairing) return refuse('not-found');
  const reached = await reach(ports, actor, pairing.subject);
  if (isRefused(reached)) return reached;
  const place = reached.ok.village;
  const refused = refuseKeeping(ports, actor, { kind: pairing.kind, place });
  if (refused) return refused;
  if (pairing.version !== version) return refuse('version-stale', { version: pairing.version });
  return { ok: { ...found.ok, ...reached.ok, pairing, context: contextOf(ports, actor) } };
}

function alone({ sealed }: Loaded, decided: Decided<HelperChange>): Decided<Decision> {
  if (isRefused(decided)) return decided;
  return { ok: { changes: [{ change: decided.ok, sealed }], households: [] } };
}

/** What is agreed anew; undefined when nothing is. */
export async function agree(
  ports: Ports,
  acting: Acting,
  body: input.PairingChanges,
): Promise<Decided<Decision | undefined>> {
  const loaded = await loadPairing(ports, acting);
  if (isRefused(loaded)) return loaded;
  const { pairing, context } = loaded.ok;
  const { duty, promised: given, reason = null } = body;
  const promised = given && { ...pairing.promised, ...stated(given) };
  const of = { pairing, patch: stated({ duty, promised }), reason };
  const decided = changePairing(loaded.ok, of, context);
  if (isRefused(decided)) return decided;
  return decided.ok ? alone(loaded.ok, { ok: decided.ok }) : { ok: undefined };
}

/** Notes what came. */
export async function bring(
  ports: Ports,
  acting: Acting,
  body: input.NewDelivery,
): Promise<Decided<Decision>> {
  const loaded = await loadPairing(ports, acting);
  if (isRefused(loaded)) return loaded;
  const { context } = loaded.ok;
  const { on = context.today, what, ...given } = body;
  const order = { on, what, contribution: contributionOf(given) };
  return alone(loaded.ok, deliver(loaded.ok, order, context));
}

/** Takes a delivery back. */
export async function takeBack(
  ports: Ports,
  acting: Acting,
  order: { readonly delivery: string; readonly reason: string },
): Promise<Decided<Decision>> {
  const loaded = await loadPairing(ports, acting);
  if (isRefused(loaded)) return loaded;
  const { pairing, context } = loaded.ok;
  const deliveries = await ports.deliveries(pairing);
  return alone(loaded.ok, correctDelivery({ ...loaded.ok, deliveries }, order, context));
}

/** Ends a pairing; whoever saw the household by it sees it no longer. */
export async function unpair(
  ports: Ports,
  acting: Acting,
  { on, reason }: input.Ending,
): Promise<Decided<Decision>> {
  const loaded = await loadPairing(ports, acting);
  if (isRefused(loaded)) return loaded;
  const { helper, pairing, file, context } = loaded.ok;
  const heldOn = on ?? context.today;
  const ended = endPairing(loaded.ok, { on: heldOn, reason }, context);
  if (isRefused(ended)) return ended;
  const about = { actor: acting.actor, begins: [], ends: [{ helper, pairing }], heldOn, reason };
  const households = file ? await householdPart(ports, file, about) : { ok: [] };
  if (isRefused(households)) return households;
  const changes = [{ change: ended.ok, sealed: loaded.ok.sealed }];
  return { ok: { changes, households: households.ok } };
}
