import { type Actor, mayReach } from '../core/access.ts';
import { type Day, dayOf } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { type Household, villageOf } from '../core/household.ts';
import type { HouseholdEvent } from '../core/household-event.ts';
import { type Decided, inField, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import {
  contentText,
  correctVisit,
  newVisit,
  refuseReturning,
  type Visit,
  type VisitContent,
  type VisitContext,
  type Visited,
  type Visitor,
  withdrawVisit,
} from '../core/visit.ts';
import type { VisitRule } from '../core/visit-rule.ts';

/** When a household was last visited, as it is stored. */
interface Digest {
  readonly version: number;
  readonly lastOn: Day | null;
  readonly count: number;
}

/** What is known of a visit by its id. */
interface Pointer extends Readonly<Record<'household' | 'content', string>> {
  readonly first: { readonly heldOn: Day; readonly at: string; readonly actor: string };
}

/** What visits need of the outside. */
export interface Ports {
  now(): Date;
  household(id: string): Promise<Household | undefined>;
  /** Every event of a household. */
  events(id: string): Promise<readonly HouseholdEvent[]>;
  pointer(visit: string): Promise<Pointer | undefined>;
  visit(household: string, visit: string): Promise<Visit | undefined>;
  digest(household: string): Promise<Digest | undefined>;
  /** Day of the latest visit that counts, one left out. */
  latestBut(household: string, visit: string): Promise<Day | null>;
  /** Which of these helpers there are. */
  helpers(ids: readonly string[]): Promise<ReadonlySet<string>>;
  hash(text: string): string;
  rule(day: Day, village: AreaCode): VisitRule | null;
}

/** A version of a visit that was decided. */
export interface VisitDecision {
  readonly before: Visit | undefined;
  readonly after: Visit;
  readonly known: Pick<Pointer, 'content' | 'first'>;
  readonly digest: {
    readonly before: Digest | undefined;
    readonly after: Pick<Digest, 'lastOn' | 'count'>;
  };
}

/** What the answer to a visit names. */
export type Taken = Pick<Visit, 'id' | 'household' | 'version' | 'heldOn' | 'at'>;

/** The same visit came before, and is answered as then; or it is new. */
export type Entry = { readonly known: Taken } | { readonly decision: VisitDecision };

function contextOf(ports: Pick<Ports, 'now'>, { sub, role }: Actor): VisitContext {
  const now = ports.now();
  return { actor: sub, role, at: now.toISOString(), today: dayOf(now) };
}

function reaches(actor: Actor, household: Household): boolean {
  return mayReach(actor, { village: villageOf(household), helperSubs: household.helperSubs });
}

/** Whether a household was a helper's once: only who knew it is told that it was taken away. */
async function wasHelped(ports: Ports, actor: Actor, household: string): Promise<boolean> {
  if (actor.role !== 'helper') return false;
  const events = await ports.events(household);
  return events.some(({ changes }) =>
    changes.some(
      ({ field, before }) =>
        field === 'helpers' && Array.isArray(before) && before.includes(actor.sub),
    ),
  );
}

/**
 * A household the actor may act on now.
 * @param content what a phone wrote without signal, given back where the household was taken away meanwhile
 */
async function reached(
  ports: Ports,
  asked: { readonly actor: Actor; readonly household: string },
  content?: VisitContent,
): Promise<Decided<Household>> {
  const { actor, household: id } = asked;
  const household = await ports.household(id);
  if (household && reaches(actor, household)) return { ok: household };
  if (!household || !(await wasHelped(ports, actor, id))) return refuse('not-found');
  const taken = refuse('visit-household-taken');
  return content ? refuseReturning(taken, content) : taken;
}

function visitedOf(ports: Ports, household: Household, today: Day): Visited {
  return { household, rule: ports.rule(today, villageOf(household)) };
}

async function refuseHelpers(
  ports: Ports,
  visitors: readonly Visitor[] = [],
): Promise<Refusal | undefined> {
  const ids = visitors.flatMap((one) => ('helper' in one ? [one.helper] : []));
  if (ids.length === 0) return undefined;
  const known = await ports.helpers(ids);
  const isUnknown = ids.some((id) => !known.has(id));
  return isUnknown ? inField(refuse('visitor-unknown'), 'visitors') : undefined;
}

function latest(one: Day | null, other: Day): Day {
  return one !== null && one > other ? one : other;
}

export interface Entering {
  readonly actor: Actor;
  readonly household: string;
  readonly id: string;
  readonly content: VisitContent;
}

/** The answer of the first time, where the same visit was entered before; undefined where it is new. */
async function knownVisit(
  ports: Ports,
  { household, id, content }: Entering,
): Promise<{ readonly taken: Taken | undefined; readonly by: string } | undefined> {
  const pointer = await ports.pointer(id);
  if (!pointer) return undefined;
  const { first } = pointer;
  const isSame =
    pointer.household === household && pointer.content === ports.hash(contentText(content));
  const taken = { id, household, version: 1, heldOn: first.heldOn, at: first.at };
  return { taken: isSame ? taken : undefined, by: first.actor };
}

/**
 * Enters a visit, or finds that it was entered before: a phone that lost the answer sends it again, and is answered as the first time,
 * however late, even if the household has been taken away from its helper since.
 * Refusals: not-found, visit-household-taken, visit-id-taken, visitor-unknown, those of `newVisit`.
 */
export async function enterVisit(ports: Ports, entering: Entering): Promise<Decided<Entry>> {
  const { actor, household: id, content } = entering;
  const before = await knownVisit(ports, entering);
  if (before?.taken && before.by === actor.sub) return { ok: { known: before.taken } };
  const household = await reached(ports, { actor, household: id }, content);
  if (isRefused(household)) return household;
  if (before) return before.taken ? { ok: { known: before.taken } } : refuse('visit-id-taken');
  const context = contextOf(ports, actor);
  const visited = visitedOf(ports, household.ok, context.today);
  const decided = newVisit(visited, { id: entering.id, content }, context);
  const barrier = isRefused(decided) ? decided : await refuseHelpers(ports, content.visitors);
  if (barrier) return barrier;
  if (isRefused(decided)) return decided;
  const after = decided.ok;
  const digest = await ports.digest(id);
  const next = {
    lastOn: latest(digest?.lastOn ?? null, after.heldOn),
    count: (digest?.count ?? 0) + 1,
  };
  const { heldOn, at, actor: by } = after;
  const known = { content: ports.hash(contentText(content)), first: { heldOn, at, actor: by } };
  const decision = { before: undefined, after, known, digest: { before: digest, after: next } };
  return { ok: { decision } };
}

/** Who changes which visit of which household, and the version that was read. */
export interface Changing {
  readonly actor: Actor;
  readonly household: string;
  readonly id: string;
  readonly version: number;
}

/** A visit with its household, as it is about to be changed. */
interface Found {
  readonly household: Household;
  readonly visit: Visit;
  readonly known: Pick<Pointer, 'content' | 'first'>;
}

async function found(
  ports: Ports,
  asked: Omit<Changing, 'version'>,
  content?: VisitContent,
): Promise<Decided<Found>> {
  const household = await reached(ports, asked, content);
  if (isRefused(household)) return household;
  const [visit, pointer] = await Promise.all([
    ports.visit(asked.household, asked.id),
    ports.pointer(asked.id),
  ]);
  if (!visit || !pointer) return refuse('not-found');
  return { ok: { household: household.ok, visit, known: pointer } };
}

async function decide(
  ports: Ports,
  { visit: before, known: { content, first } }: Found,
  after: Visit,
): Promise<VisitDecision> {
  // First the version that is written on: a visit that comes in after it makes this one be decided anew.
  const digest = await ports.digest(after.household);
  const other = await ports.latestBut(after.household, after.id);
  const lastOn = after.withdrawn ? other : latest(other, after.heldOn);
  const count = (digest?.count ?? 1) - (after.withdrawn ? 1 : 0);
  const known = { content, first };
  return { before, after, known, digest: { before: digest, after: { lastOn, count } } };
}

async function change(
  ports: Ports,
  changing: Changing,
  to: {
    readonly content?: VisitContent;
    readonly decide: (found: Found, context: VisitContext) => Decided<Visit>;
  },
): Promise<Decided<VisitDecision>> {
  const before = await found(ports, changing, to.content);
  if (isRefused(before)) return before;
  const { version } = before.ok.visit;
  if (version !== changing.version) return refuse('version-stale', { version });
  const context = contextOf(ports, changing.actor);
  const decided = to.decide(before.ok, context);
  if (isRefused(decided)) return decided;
  const barrier = await refuseHelpers(ports, to.content?.visitors);
  return barrier ?? { ok: await decide(ports, before.ok, decided.ok) };
}

/** Puts a visit right. Refusals: not-found, version-stale, visit-household-taken, visitor-unknown, those of `correctVisit`. */
export function putRight(
  ports: Ports,
  changing: Changing,
  { content, reason }: { readonly content: VisitContent; readonly reason: string },
): Promise<Decided<VisitDecision>> {
  return change(ports, changing, {
    content,
    decide: ({ household, visit }, context) => {
      const visited = visitedOf(ports, household, context.today);
      return correctVisit(visit, { visited, content, reason }, context);
    },
  });
}

/** Takes a visit back. Refusals: not-found, version-stale, visit-household-taken, those of `withdrawVisit`. */
export function takeBack(
  ports: Ports,
  changing: Changing,
  reason: string,
): Promise<Decided<VisitDecision>> {
  return change(ports, changing, {
    decide: ({ visit }, context) => withdrawVisit(visit, reason, context),
  });
}

/** What a photo is to be. */
export interface PhotoAsked {
  readonly id: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Whether a photo may be added to a visit; none is ever needed.
 * @returns whether it was announced before and only waits to be uploaded
 * Refusals: not-found, visit-household-taken, visit-not-yours, visit-withdrawn, photo-id-taken, photo-too-many, photo-too-large.
 */
export async function photoFor(
  ports: Ports,
  asked: Omit<Changing, 'version'>,
  about: { readonly photo: PhotoAsked; readonly present: readonly PhotoAsked[] },
): Promise<Decided<'new' | 'known'>> {
  const before = await found(ports, asked);
  if (isRefused(before)) return before;
  const { visit, household } = before.ok;
  const { actor } = asked;
  if (actor.role !== 'office' && actor.sub !== visit.actor) return refuse('visit-not-yours');
  if (visit.withdrawn) return refuse('visit-withdrawn');
  const { photo, present } = about;
  const known = present.find(({ id }) => id === photo.id);
  if (known) {
    const isSame = known.type === photo.type && known.size === photo.size;
    return isSame ? { ok: 'known' } : refuse('photo-id-taken');
  }
  const rule = ports.rule(dayOf(ports.now()), villageOf(household))?.photo;
  if (rule && present.length >= rule.most) return refuse('photo-too-many', { most: rule.most });
  if (rule && photo.size > rule.mostBytes)
    return refuse('photo-too-large', { most: Math.floor(rule.mostBytes / 1024) });
  return { ok: 'new' };
}
