import type { Actor } from '../core/access.ts';
import type { HelperChange, PairingContext } from '../core/helper-change.ts';
import { isCurrent, nameOfSubject, type Pairing } from '../core/pairing.ts';
import { beginPairing, endPairing, fileAfter } from '../core/pairing-change.ts';
import { type Handover, MOST_HANDED } from '../core/pairing-input.ts';
import { pairingRuleOn, refuseKind, refuseLimit } from '../core/pairing-rule.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import {
  contextOf,
  type Decision,
  findHelper,
  type Loaded,
  type Ports,
  refuseKeeping,
} from './ports.ts';
import { householdPart, presentOf, reach } from './service.ts';

/** Both helpers of a handover, as they were read last. */
export interface Both {
  readonly giver: Loaded;
  readonly taker: Loaded;
}

/** What is handed over: settled when the request comes first. */
export interface Chosen {
  readonly pairings: readonly string[];
  /** First day of the successors. */
  readonly from: string;
}

export async function findBoth(
  ports: Ports,
  actor: Actor,
  { id, to }: { readonly id: string; readonly to: string },
): Promise<Decided<Both>> {
  const giver = await findHelper(ports, actor, id);
  if (isRefused(giver)) return giver;
  const taker = await findHelper(ports, actor, to);
  if (isRefused(taker)) return taker;
  return id === to ? refuse('handover-same') : { ok: { giver: giver.ok, taker: taker.ok } };
}

/** The pairings under way that were asked for: all in reach, or those with the households and villages named. */
async function wanted(
  ports: Ports,
  { actor, giver }: { readonly actor: Actor; readonly giver: Loaded },
  { households, villages }: Handover,
): Promise<readonly Pairing[]> {
  const named = households || villages ? [...(households ?? []), ...(villages ?? [])] : undefined;
  const current = giver.pairings.filter(isCurrent);
  const asked = current.filter(({ subject }) => !named || named.includes(nameOfSubject(subject)));
  if (asked.length > MOST_HANDED) return asked;
  const found: Pairing[] = [];
  for (const one of asked) {
    // What is out of reach stays where it is, and is not told of.
    if (!isRefused(await reach(ports, actor, one.subject))) found.push(one);
  }
  return found;
}

/** Whether the one who takes over may have so much more. */
function refuseTaking(
  { taker }: Both,
  pairings: readonly Pairing[],
  today: string,
): Refusal | undefined {
  const { helper } = taker;
  if (helper.endedOn !== null) return refuse('helper-ended', { endedOn: helper.endedOn });
  const rule = pairingRuleOn(today, helper.area);
  for (const { subject } of pairings) {
    const refused = refuseKind(rule, helper.kind, subject.type);
    if (refused) return refused;
  }
  // What both of them have already is refused row by row, and adds nothing.
  const own = new Set(
    taker.pairings.filter(isCurrent).map(({ subject }) => nameOfSubject(subject)),
  );
  const more = pairings.filter(
    ({ subject }) => subject.type === 'household' && !own.has(subject.id),
  );
  return refuseLimit(rule, helper, more.length);
}

/**
 * Settles what is handed over, before anything is: the limits of who takes over are those of all of it.
 * Refusals: handover-none, handover-too-many, date-future, helper-ended, helper-above-right, pairing-kind, pairing-over-limit.
 */
export async function choose(
  ports: Ports,
  asked: { readonly actor: Actor; readonly body: Handover; readonly both: Both },
): Promise<Decided<Chosen>> {
  const { actor, body, both } = asked;
  const { today } = contextOf(ports, actor);
  const { from = today } = body;
  if (from > today) return refuse('date-future', { field: 'from' });
  const pairings = await wanted(ports, { actor, giver: both.giver }, body);
  if (pairings.length === 0) return refuse('handover-none');
  if (pairings.length > MOST_HANDED)
    return refuse('handover-too-many', { most: MOST_HANDED, count: pairings.length });
  const refused = refuseTaking(both, pairings, today);
  return refused ?? { ok: { pairings: pairings.map(({ id }) => id), from } };
}

/** One pairing to hand over, and what its successor will be called. */
export interface Row {
  readonly pairing: string;
  readonly successor: string;
  readonly from: string;
  readonly reason: string;
}

/** A row that was decided: both helpers as they will be. */
export interface RowDecision extends Decision {
  readonly after: Both;
}

function bothAfter(both: Both, given: HelperChange, taken: HelperChange): Both {
  return {
    giver: { ...fileAfter(both.giver, given), sealed: both.giver.sealed },
    taker: { ...fileAfter(both.taker, taken), sealed: both.taker.sealed },
  };
}

/** Ends one pairing and begins its successor. `done`: this very request has done it before. */
export async function handRow(
  ports: Ports,
  asked: { readonly actor: Actor; readonly both: Both; readonly row: Row },
): Promise<Decided<RowDecision | 'done'>> {
  const { actor, both, row } = asked;
  const { giver, taker } = both;
  const pairing = giver.pairings.find(({ id }) => id === row.pairing);
  if (!pairing) return refuse('pairing-unknown');
  if (pairing.successor === row.successor) return { ok: 'done' };
  const reached = await reach(ports, actor, pairing.subject);
  if (isRefused(reached)) return reached;
  const { village, file } = reached.ok;
  // Whoever hands over ends the one pairing and begins the other, so both must be theirs to keep.
  const above =
    refuseKeeping(ports, actor, { kind: pairing.kind, place: village }) ??
    refuseKeeping(ports, actor, { kind: taker.helper.kind, place: village });
  if (above) return above;
  const context: PairingContext = contextOf(ports, actor);
  const { from, reason, successor } = row;
  const given = endPairing(
    { helper: giver.helper, pairing },
    { on: from, reason, successor },
    context,
  );
  if (isRefused(given)) return given;
  const present = await presentOf(ports, taker, village);
  const { subject, duty, promised } = pairing;
  const order = { subject, from, duty, promised, predecessor: pairing.id, id: successor };
  const rule = pairingRuleOn(context.today, village);
  const taken = beginPairing(taker, order, { rule, context, present });
  if (isRefused(taken)) return taken;
  const begins = taken.ok.pairings.map((one) => ({ helper: taker.helper, pairing: one }));
  const ends = [{ helper: giver.helper, pairing }];
  const about = { actor, begins, ends, heldOn: from, reason };
  const households = file ? await householdPart(ports, file, about) : { ok: [] };
  if (isRefused(households)) return households;
  const changes = [
    { change: given.ok, sealed: giver.sealed },
    { change: taken.ok, sealed: taker.sealed },
  ];
  const after = bothAfter(both, given.ok, taken.ok);
  return { ok: { changes, households: households.ok, after } };
}
