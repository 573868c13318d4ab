import { type Actor, mayReach, type Place } from '../core/access.ts';
import {
  type ChangeRequest,
  type Ending,
  ended,
  fileRequest,
  refuseDecision,
  refuseWithdrawal,
} from '../core/change-request.ts';
import { dayOf } from '../core/day.ts';
import type { Judged } from '../core/household-right.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { type AskedChange, frozen, type NewRequest } from '../core/request-input.ts';
import type { NewlyAsked, StoredRequest } from './item.ts';

/** Who asks for a change of which household, at which version of it; filing only, or decided on for who asked for it. */
export interface Asking {
  readonly actor: Actor;
  readonly id: string;
  readonly version: number;
  readonly request: Pick<ChangeRequest, 'id' | 'requestedBy'>;
  readonly isFiling?: true;
}

/** Where a household stands now. */
export interface Home extends Place {
  readonly version: number;
}

/** What requests need of the outside. */
export interface Ports {
  now(): Date;
  load(id: string): Promise<StoredRequest | undefined>;
  /** The change that was asked for, unsealed; undefined where its route no longer takes it. */
  open(stored: StoredRequest): Promise<AskedChange | undefined>;
  home(household: string): Promise<Home | undefined>;
  /** Decides as the route does that makes the change; empty when nothing is new. */
  decide(asking: Asking, change: AskedChange): Promise<Decided<readonly Judged[]>>;
}

/** Decides on the present file what is asked for, and freezes it. Refusals: those of the change, request-nothing, request-not-needed. */
export async function file(
  ports: Ports,
  actor: Actor,
  { id, body }: { readonly id: string; readonly body: NewRequest },
): Promise<Decided<NewlyAsked>> {
  const now = ports.now();
  const today = dayOf(now);
  const { household, version, reason, note = null } = body;
  const change = frozen(body.change, today);
  const request = { id, requestedBy: actor.sub };
  const asking = { actor, id: household, version, request, isFiling: true } as const;
  const decided = await ports.decide(asking, change);
  if (isRefused(decided)) return decided;
  const { kind } = change;
  const filing = { id, kind, actor, at: now.toISOString(), today, reason, note };
  const filed = fileRequest(decided.ok, filing);
  return isRefused(filed) ? filed : { ok: { request: filed.ok, change } };
}

/** A request the actor may see, and where its household stands. */
export interface Found {
  readonly stored: StoredRequest;
  readonly home: Home;
}

/** A request about a household that lives in the actor's area now; others are as if they did not exist. */
export async function find(ports: Ports, actor: Actor, id: string): Promise<Decided<Found>> {
  const stored = await ports.load(id);
  const home = stored && (await ports.home(stored.request.household));
  return stored && home && mayReach(actor, home) ? { ok: { stored, home } } : refuse('not-found');
}

/** A request that ends, as it was and as it will be. */
export interface Step {
  readonly stored: StoredRequest;
  readonly next: ChangeRequest;
  readonly home: Home;
}

function stepOf(ports: Ports, { stored, home }: Found, ending: Omit<Ending, 'at'>): Step {
  const next = ended(stored.request, { ...ending, at: ports.now().toISOString() });
  return { stored, home, next };
}

/** The step by which a request lapses. */
export function lapse(ports: Ports, actor: Actor, found: Found): Step {
  return stepOf(ports, found, { state: 'stale', by: actor.sub });
}

/** An approval: the change to be made with it, empty where the request lapses instead. */
export interface Approval extends Step {
  readonly decided: readonly Judged[];
}

const nothing: Decided<readonly Judged[]> = { ok: [] };

/** Whether a household was changed since the version that was named. */
export function isStale({ refused, faults = [] }: Refusal): boolean {
  return refused === 'version-stale' || faults.some(({ code }) => code === 'version-stale');
}

/**
 * Decides once more, on the present file and by the right of who approves. A household that has changed since is another one than was
 * asked about: the request lapses.
 * Refusals: not-found, request-not-open, request-stale, request-same-person, above-right, those of the change.
 */
export async function approve(ports: Ports, actor: Actor, id: string): Promise<Decided<Approval>> {
  const found = await find(ports, actor, id);
  if (isRefused(found)) return found;
  const { stored, home } = found.ok;
  const { request } = stored;
  const refused = refuseDecision(request, actor, home.village);
  if (refused) return refused;
  const [{ version } = { version: 0 }] = request.parts;
  const change = await ports.open(stored);
  const asking = { actor, id: request.household, version, request };
  const decided = change ? await ports.decide(asking, change) : nothing;
  const lapsed = { ok: { ...lapse(ports, actor, found.ok), decided: [] } };
  if (isRefused(decided)) return isStale(decided) ? lapsed : decided;
  const [first] = decided.ok;
  if (!first) return lapsed;
  const made = first.next.household.version;
  const ending = { state: 'approved', by: actor.sub, made } as const;
  return { ok: { ...stepOf(ports, found.ok, ending), decided: decided.ok } };
}

/** Rejects a request with a reason. Refusals: not-found, request-not-open, request-stale, request-same-person, above-right. */
export async function reject(
  ports: Ports,
  actor: Actor,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<Decided<Step>> {
  const found = await find(ports, actor, id);
  if (isRefused(found)) return found;
  const { stored, home } = found.ok;
  const refused = refuseDecision(stored.request, actor, home.village);
  const ending = { state: 'rejected', by: actor.sub, reason } as const;
  return refused ?? { ok: stepOf(ports, found.ok, ending) };
}

/** Takes a request back. Refusals: not-found, request-not-open, request-not-yours. */
export async function withdraw(ports: Ports, actor: Actor, id: string): Promise<Decided<Step>> {
  const found = await find(ports, actor, id);
  if (isRefused(found)) return found;
  const refused = refuseWithdrawal(found.ok.stored.request, actor);
  return refused ?? { ok: stepOf(ports, found.ok, { state: 'withdrawn', by: actor.sub }) };
}
