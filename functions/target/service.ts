import type { Actor } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, parentOf } from '../core/division.ts';
import { type Division, isOpen } from '../core/division-register.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import {
  type Amounts,
  type PartTarget,
  setTarget,
  splitTarget,
  type Target,
  type TargetDecision,
  type TargetOrder,
  type TargetPlace,
} from '../core/target.ts';

export interface TargetPorts {
  target(code: AreaCode, year: number): Promise<Target | undefined>;
  parts(code: AreaCode, year: number): Promise<readonly Target[]>;
  division(code: AreaCode): Promise<Division | undefined>;
  children(code: AreaCode): Promise<readonly Division[]>;
  /** False when one of the targets stood at another version. */
  save(decision: TargetDecision): Promise<boolean>;
}

/** Who sets what, where, based on which version; `document` orders it. */
export interface TargetAsked {
  readonly code: AreaCode;
  readonly year: number;
  readonly version: number;
  readonly actor: Actor;
  readonly at: string;
  readonly today: Day;
  readonly reason: string;
  readonly document?: string | undefined;
}

/** Times a decision is made anew because a target beside the own one was changed meanwhile. */
const TURNS = 4;

function orderOf({ version, actor, at, today, reason, document }: TargetAsked): TargetOrder {
  return { version, actor: actor.sub, at, today, reason, document: document ?? null };
}

/** The area must be known and in use; one being replaced gets no target any more. */
async function placeOf(ports: TargetPorts, asked: TargetAsked): Promise<Decided<TargetPlace>> {
  const { code, year } = asked;
  const [division, own] = await Promise.all([ports.division(code), ports.target(code, year)]);
  if (!division) return refuse('not-found');
  if (!isOpen(division))
    return refuse('area-closed', { area: code, successors: division.successors.join('、') });
  return { ok: { code, year, own } };
}

/** Decides and writes; a decision that met another one is made again on what stands then, so that the slower one is told. */
async function carryOut(
  ports: TargetPorts,
  asked: TargetAsked,
  decide: (place: TargetPlace) => Promise<Decided<TargetDecision | Target>>,
): Promise<Decided<Target>> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const place = await placeOf(ports, asked);
    const decided = isRefused(place) ? place : await decide(place.ok);
    if (isRefused(decided)) return decided;
    if (!('steps' in decided.ok)) return { ok: decided.ok };
    if (await ports.save(decided.ok)) return { ok: decided.ok.target };
  }
  return refuse('busy');
}

/** Sets the target of an area. Refusals: not-found, area-closed, busy, those of the rule. */
export function set(
  ports: TargetPorts,
  asked: TargetAsked,
  amounts: Amounts,
): Promise<Decided<Target>> {
  return carryOut(ports, asked, async (place) => {
    const parent = parentOf(asked.code);
    const above = parent === undefined ? undefined : await ports.target(parent, asked.year);
    return setTarget({ ...place, above }, amounts, orderOf(asked));
  });
}

/** Splits the target of an area to its parts. Refusals: not-found, area-closed, busy, those of the rule. */
export function split(
  ports: TargetPorts,
  asked: TargetAsked,
  parts: readonly PartTarget[],
): Promise<Decided<Target>> {
  return carryOut(ports, asked, async (place) => {
    const [divisions, targets] = await Promise.all([
      ports.children(asked.code),
      ports.parts(asked.code, asked.year),
    ]);
    return splitTarget({ ...place, divisions, targets }, parts, orderOf(asked));
  });
}
