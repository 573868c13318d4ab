import { type Actor, mayEnter } from '../core/access.ts';
import { dayOf } from '../core/day.ts';
import { type AreaCode, liesWithin } from '../core/division.ts';
import type { Division } from '../core/division-register.ts';
import type { Helper } from '../core/helper.ts';
import type { HelperChange, PairingContext } from '../core/helper-change.ts';
import type { HouseholdFile } from '../core/household.ts';
import type { HouseholdChange } from '../core/household-event.ts';
import type { Delivery, Pairing } from '../core/pairing.ts';
import type { HelperFile } from '../core/pairing-change.ts';
import type { Helping } from '../core/pairing-household.ts';
import { pairingRuleOn, refuseLevel } from '../core/pairing-rule.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';

/** A helper with its pairings and what is sealed of it. */
export interface Loaded extends HelperFile {
  readonly sealed: Uint8Array | null;
}

/** What the use cases need of the outside. */
export interface Ports {
  now(): Date;
  newId(kind: string): string;
  helper(id: string): Promise<Loaded | undefined>;
  deliveries(pairing: Pairing): Promise<readonly Delivery[]>;
  household(id: string): Promise<HouseholdFile | undefined>;
  /** Who helps a household, ended pairings included. */
  helping(household: string): Promise<readonly Helping[]>;
  /** Codes under which areas stand today: themselves, or those of what took their place. */
  present(code: AreaCode): Promise<readonly AreaCode[]>;
  division(code: AreaCode): Promise<Division | undefined>;
}

/** A household's part of a decision. */
export interface HouseholdPart extends HouseholdChange {
  readonly before: HouseholdFile;
}

/** What was decided: changes of helpers, and of the households that go with them. */
export interface Decision {
  readonly changes: readonly {
    readonly change: HelperChange;
    /** The phone as it is to be sealed; undefined leaves it as it is. */
    readonly phone?: string | null;
    readonly sealed: Uint8Array | null;
  }[];
  readonly households: readonly HouseholdPart[];
}

/** Who asks for a change of which helper, or of one of its pairings, and the version they have read. */
export interface Asking {
  readonly actor: Actor;
  readonly id: string;
  readonly version: number;
}

export function contextOf(ports: Pick<Ports, 'now' | 'newId'>, actor: Actor): PairingContext {
  const now = ports.now();
  return { actor: actor.sub, at: now.toISOString(), today: dayOf(now), newId: ports.newId };
}

/** Whether an actor may see a helper: one kept inside the own areas, one kept above them who helps there, and a helper herself. */
export function isVisible(actor: Actor, helper: Helper, present: readonly AreaCode[]): boolean {
  if (actor.role === 'helper') return helper.sub === actor.sub;
  return present.some(
    (code) => mayEnter(actor, code) || actor.areas.some((own) => liesWithin(own, code)),
  );
}

/** The helper as the actor may use it. Refusals: not-found. */
export async function findHelper(ports: Ports, actor: Actor, id: string): Promise<Decided<Loaded>> {
  const found = await ports.helper(id);
  const present = found ? await ports.present(found.helper.area) : [];
  return found && isVisible(actor, found.helper, present) ? { ok: found } : refuse('not-found');
}

/** The same for who keeps it. Refusals: not-found, helper-above-right. */
export async function keptHelper(
  ports: Ports,
  { actor, id, version }: Asking,
): Promise<Decided<Loaded>> {
  const found = await findHelper(ports, actor, id);
  if (isRefused(found)) return found;
  const { helper } = found.ok;
  const [place = helper.area] = await ports.present(helper.area);
  const refused = refuseKeeping(ports, actor, { kind: helper.kind, place });
  if (refused) return refused;
  return helper.version === version ? found : refuse('version-stale', { version: helper.version });
}

/** Whether the actor's office keeps and pairs such helpers there. Refusals: helper-above-right. */
export function refuseKeeping(
  ports: Pick<Ports, 'now'>,
  actor: Actor,
  { kind, place }: { readonly kind: Helper['kind']; readonly place: AreaCode },
): Refusal | undefined {
  const rule = pairingRuleOn(dayOf(ports.now()), place);
  return refuseLevel(rule, kind, { areas: actor.areas, place });
}
