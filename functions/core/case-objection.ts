import { type Case, noticeClock, type Objection } from './case.ts';
import { type CaseContext, refuseEnded } from './case-step.ts';
import type { Day } from './day.ts';
import { type Level, levels } from './division.ts';
import type { DecisionContext } from './household-event.ts';
import { type Decided, refuse } from './refusal.ts';

/** Objections one case can take: far more than a village has households that quarrel. */
const MOST = 50;

/**
 * Somebody objects while a notice hangs, or before what it announces is decided: the clock stands from that day until it is settled.
 * Refusals: case-ended, objection-no-notice, date-future, date-order, objection-too-many.
 */
export function raiseObjection(
  found: Case,
  order: { readonly id: string; readonly raisedOn: Day; readonly note: string },
  context: DecisionContext,
): Decided<Case> {
  const ended = refuseEnded(found);
  if (ended) return ended;
  const clock = noticeClock(found);
  const isDecided = found.records.some(({ act }) => act === 'decide');
  if (!clock || isDecided) return refuse('objection-no-notice');
  if (order.raisedOn > context.today) return refuse('date-future', { field: 'raisedOn' });
  if (order.raisedOn < clock.postedOn) return refuse('date-order', { field: 'raisedOn' });
  if (found.objections.length >= MOST) return refuse('objection-too-many', { most: MOST });
  const { at, actor } = context;
  const settled = { resolvedOn: null, upheld: null, resolution: null, resolvedBy: null };
  const objection: Objection = { ...order, at, actor, ...settled };
  return {
    ok: {
      ...found,
      version: found.version + 1,
      objections: [...found.objections, objection],
    },
  };
}

/**
 * An objection is settled: upheld ends the case, dismissed lets the clock run on.
 * Refusals: case-ended, objection-unknown, objection-settled, date-future, date-order.
 */
export function settleObjection(
  found: Case,
  order: {
    readonly id: string;
    readonly resolvedOn: Day;
    readonly upheld: boolean;
    readonly resolution: string;
  },
  context: DecisionContext,
): Decided<Case> {
  const ended = refuseEnded(found);
  if (ended) return ended;
  const objection = found.objections.find(({ id }) => id === order.id);
  if (!objection) return refuse('objection-unknown');
  if (objection.resolvedOn !== null) return refuse('objection-settled');
  if (order.resolvedOn > context.today) return refuse('date-future', { field: 'resolvedOn' });
  if (order.resolvedOn < objection.raisedOn) return refuse('date-order', { field: 'resolvedOn' });
  const { resolvedOn, upheld, resolution } = order;
  const settled = { ...objection, resolvedOn, upheld, resolution, resolvedBy: context.actor };
  return {
    ok: {
      ...found,
      version: found.version + 1,
      objections: found.objections.map((one) => (one === objection ? settled : one)),
      ...(upheld && { state: 'refused', endedOn: resolvedOn }),
    },
  };
}

/** Who proposed, an office above the lowest that may propose, and the county. */
function isAbove({ steps, openedBy }: Case, context: CaseContext): boolean {
  const rank = (level: Level) => levels.indexOf(level);
  const lowest = Math.max(...(steps[0]?.levels ?? []).map(rank));
  const isHigher = (level: Level) => level === 'county' || rank(level) < lowest;
  return openedBy === context.actor || context.levels.some(isHigher);
}

/** Whoever proposed, or the office above, takes a proposal back before it is decided. Refusals: case-ended, case-decided, case-not-yours. */
export function withdraw(found: Case, context: CaseContext): Decided<Case> {
  const ended = refuseEnded(found);
  if (ended) return ended;
  if (!isAbove(found, context)) return refuse('case-not-yours');
  if (found.records.some(({ act }) => act === 'decide')) return refuse('case-decided');
  return {
    ok: { ...found, version: found.version + 1, state: 'withdrawn', endedOn: context.today },
  };
}
