import { type Actor, mayEnter } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type Division, placementRefusal } from '../core/division-register.ts';
import { stated } from '../core/fact-history.ts';
import { type HouseholdFile, villageOf } from '../core/household.ts';
import {
  contextAt,
  type DecisionContext,
  type HouseholdChange,
  type HouseholdEvent,
} from '../core/household-event.ts';
import { mergeHouseholds } from '../core/household-merge.ts';
import { relocate } from '../core/household-relocation.ts';
import { type GonePerson, reinstate, statusBefore } from '../core/household-return.ts';
import { refuseAboveRight } from '../core/household-right.ts';
import { splitHousehold } from '../core/household-split.ts';
import type * as input from '../core/life-input.ts';
import { type Decided, inField, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import type { Succession } from '../core/succession.ts';

/** What the use cases need of the outside. */
export interface Ports {
  now(): Date;
  newId(kind: string): string;
  /** The file the actor may change, at the version the actor has read. */
  load(
    actor: Actor,
    asked: { readonly id: string; readonly version: number },
  ): Promise<Decided<HouseholdFile>>;
  /** Every event of a household. */
  events(household: string): Promise<readonly HouseholdEvent[]>;
  division(code: AreaCode): Promise<Division | undefined>;
}

/** Who asks about which household, and the version they have read. */
export interface Asking {
  readonly actor: Actor;
  readonly id: string;
  readonly version: number;
  /** Asked for by whoever may not do it: the right is looked at where it is decided. */
  readonly isFiling?: true;
  /** The request that is decided on, and who filed it. */
  readonly request?: { readonly id: string; readonly requestedBy: string };
}

/** A decided change and the file it was decided on. */
export interface Decision extends HouseholdChange {
  readonly before: HouseholdFile | undefined;
}
/** What changes, the household asked about first. */
export type Decisions = readonly [Decision, ...Decision[]];

function contextOf(ports: Ports, { actor, request }: Asking): DecisionContext {
  return {
    ...contextAt(actor, ports.now(), ports.newId),
    ...(request && { source: request.id, requestedBy: request.requestedBy }),
  };
}

/** Whether the actor may place a household there, and anybody may. */
async function refusePlace(
  ports: Ports,
  { actor, isFiling }: Asking,
  village: AreaCode,
): Promise<Refusal | undefined> {
  if (!isFiling && !mayEnter(actor, village)) return refuse('village-outside');
  return placementRefusal(village, await ports.division(village));
}

/** What was decided, if the actor has the right to all of it. */
function withRight(asking: Asking, decisions: Decisions, today: Day): Decided<Decisions> {
  if (asking.isFiling) return { ok: decisions };
  return refuseAboveRight(asking.actor, decisions, today) ?? { ok: decisions };
}

function successionOf({
  newHead,
  relations,
}: {
  readonly newHead?: string | undefined;
  readonly relations?: Readonly<Record<string, string>> | undefined;
}): Succession {
  return stated({ newHead, relations });
}

/** Splits a household. */
export async function split(
  ports: Ports,
  asking: Asking,
  body: input.SplitRequest,
): Promise<Decided<Decisions>> {
  const context = contextOf(ports, asking);
  const file = await ports.load(asking.actor, asking);
  if (isRefused(file)) return file;
  const village = body.village ?? villageOf(file.ok.household);
  const barrier = await refusePlace(ports, asking, village);
  if (barrier) return barrier;
  const { persons, number, heldFrom = context.today, reason, note = null, facts = {} } = body;
  const order = {
    ...{ persons, number, village, heldFrom, reason, note },
    facts: stated(facts),
    succession: successionOf(body),
  };
  const decided = splitHousehold(file.ok, order, context);
  if (isRefused(decided)) return decided;
  const { stays, parts } = decided.ok;
  const both: Decisions = [
    { ...stays, before: file.ok },
    { ...parts, before: undefined },
  ];
  return withRight(asking, both, context.today);
}

/** The other household of a merger, or why it cannot be had; the reason lies in the body. */
async function loadOther(
  ports: Ports,
  actor: Actor,
  { household: id, version }: input.MergerRequest,
): Promise<Decided<HouseholdFile>> {
  const other = await ports.load(actor, { id, version });
  if (!isRefused(other)) return other;
  return inField(other, other.refused === 'version-stale' ? 'version' : 'household');
}

/** Joins another household to this one. */
export async function merge(
  ports: Ports,
  asking: Asking,
  body: input.MergerRequest,
): Promise<Decided<Decisions>> {
  const { actor } = asking;
  const context = contextOf(ports, asking);
  const file = await ports.load(actor, asking);
  if (isRefused(file)) return file;
  const other = await loadOther(ports, actor, body);
  if (isRefused(other)) return other;
  const { relations, heldFrom = context.today, reason, note = null } = body;
  const order = { relations, heldFrom, reason, note };
  const decided = mergeHouseholds(file.ok, other.ok, { order, context });
  if (isRefused(decided)) return decided;
  const { stays, gone } = decided.ok;
  const both: Decisions = [
    { ...stays, before: file.ok },
    { ...gone, before: other.ok },
  ];
  return withRight(asking, both, context.today);
}

/** Moves a household to another village. */
export async function move(
  ports: Ports,
  asking: Asking,
  body: input.RelocationRequest,
): Promise<Decided<Decisions>> {
  const context = contextOf(ports, asking);
  const file = await ports.load(asking.actor, asking);
  if (isRefused(file)) return file;
  const { village, heldFrom = context.today, reason, note = null, hamlet, group } = body;
  const barrier = await refusePlace(ports, asking, village);
  if (barrier) return barrier;
  const order = { village, heldFrom, reason, note, ...stated({ hamlet, group }) };
  const decided = relocate(file.ok, order, context);
  if (isRefused(decided)) return decided;
  return withRight(asking, [{ ...decided.ok, before: file.ok }], context.today);
}

/** Puts a struck-off household back onto the register. */
export async function comeBack(
  ports: Ports,
  asking: Asking,
  body: input.ReinstatementRequest,
): Promise<Decided<Decisions>> {
  const context = contextOf(ports, asking);
  const file = await ports.load(asking.actor, asking);
  if (isRefused(file)) return file;
  const { status, heldFrom = context.today, reason, note = null, number, back = {} } = body;
  const gone = (body.gone ?? []).map(({ personId: person, reason: endReason, heldTo }) => {
    return { person, endReason, ...stated({ heldTo }) } satisfies GonePerson;
  });
  const order = {
    ...{ status, heldFrom, reason, note, gone, back },
    ...stated({ number }),
    succession: successionOf(body),
  };
  const was = statusBefore(await ports.events(asking.id));
  const decided = reinstate(file.ok, { order, was }, context);
  if (isRefused(decided)) return decided;
  return withRight(asking, [{ ...decided.ok, before: file.ok }], context.today);
}
