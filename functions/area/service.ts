import { type Actor, mayEnter } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, ancestorsOf, parentOf } from '../core/division.ts';
import { codesNamed, type DivisionChange } from '../core/division-change.ts';
import { claimedBy } from '../core/division-job.ts';
import { type ChangePlan, type DivisionTree, planChange } from '../core/division-plan.ts';
import type { Division } from '../core/division-register.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';

/** The register as a planner needs it. */
export interface RegisterPort {
  get(codes: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, Division>>;
  /** A division with everything inside; empty where there is none. */
  under(code: AreaCode): Promise<readonly Division[]>;
}

/** Everything a change may touch or meet: the divisions named with all inside, and all around them. */
async function treeFor(change: DivisionChange, register: RegisterPort): Promise<DivisionTree> {
  const named = codesNamed(change);
  const around = await register.get(named.flatMap(ancestorsOf));
  const inside = await Promise.all(named.map((code) => register.under(code)));
  const byCode = new Map([...around.values(), ...inside.flat()].map((one) => [one.code, one]));
  const byParent = Map.groupBy(byCode.values(), (division) => parentOf(division.code));
  return {
    get: (code) => byCode.get(code),
    children: (code) => byParent.get(code) ?? [],
  };
}

export interface PlannedChange {
  readonly plan: ChangePlan;
  /** Divisions the change takes hold of at once. */
  readonly claims: readonly Division[];
}

/**
 * Plans a change for an actor. All it names must lie in the actor's areas: a town goes to another county only by an office above both.
 * Refusals: not-found (outside), those of `planChange`.
 */
export async function prepare(
  register: RegisterPort,
  asked: { readonly change: DivisionChange; readonly actor: Actor; readonly today: Day },
): Promise<Decided<PlannedChange>> {
  const { change, actor, today } = asked;
  if (!codesNamed(change).every((code) => mayEnter(actor, code))) return refuse('not-found');
  const tree = await treeFor(change, register);
  const plan = planChange(change, tree, today);
  if (isRefused(plan)) return plan;
  const claims = claimedBy(change).flatMap((code) => tree.get(code) ?? []);
  return { ok: { plan: plan.ok, claims } };
}

/** Whether an actor may look at a change: it touches a place of the actor's. */
export function maySee(actor: Actor, change: DivisionChange): boolean {
  return codesNamed(change).some((code) => mayEnter(actor, code));
}
