import * as z from 'zod';
import { roles } from './access.ts';
import { codesOf } from './code-list.ts';
import { addDays, type Day, isDay } from './day.ts';
import { freeText, hasLongNumber } from './free-text.ts';
import { type Household, isClosed, since } from './household.ts';
import { id } from './household-path.ts';
import { type Decided, inField, type Refusal, refuse } from './refusal.ts';
import type { VisitRule } from './visit-rule.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const subject = z
  .string()
  .min(1)
  .max(128)
  .refine((text) => !hasLongNumber(text), { error: 'no-long-number' });

/** Who came: somebody with a token that is paired with the household, or a helper by the id it has. */
export const Visitor = z.union([z.strictObject({ sub: subject }), z.strictObject({ helper: id })]);
export type Visitor = z.infer<typeof Visitor>;

/** What a visit says. Nothing of where a phone was: there are no such fields, and unknown ones are refused. */
export const VisitContent = z.strictObject({
  heldOn: day,
  /** Who came; the helper that enters it where nobody is named. */
  visitors: z.array(Visitor).min(1).max(10).exactOptional(),
  purposes: z
    .array(z.enum(codesOf('visitPurpose')))
    .min(1)
    .max(4),
  found: freeText(1000),
  promised: freeText(500).exactOptional(),
  /** What comes next, and by when. */
  next: z.strictObject({ what: freeText(300), by: day }).exactOptional(),
  /** What the household asks for. */
  demand: freeText(500).exactOptional(),
});
export type VisitContent = z.infer<typeof VisitContent>;

/** Who entered a version of a visit, when, and why it was changed. */
const Entered = { actor: z.string(), role: z.enum(roles), at: z.iso.datetime() };

/** A visit as it stands, in its latest version. */
export const Visit = z.object({
  /** `vs_…`, given by the phone that entered it. */
  id,
  household: z.string(),
  version: z.int().positive(),
  ...VisitContent.shape,
  visitors: z.array(Visitor),
  /** Who entered it first, and when. */
  ...Entered,
  /** The correction that made this version; null of the first. */
  corrected: z.object({ ...Entered, reason: z.string() }).nullable(),
  withdrawn: z.object({ ...Entered, reason: z.string() }).nullable(),
});
export type Visit = z.infer<typeof Visit>;

/** What is to be known of a household for a visit to it. */
export interface Visited {
  readonly household: Household;
  readonly rule: VisitRule | null;
}

/** Who enters, when, and by which id the phone knows it. */
export interface VisitContext {
  readonly actor: string;
  readonly role: (typeof roles)[number];
  /** Instant of entry, ISO 8601 UTC. */
  readonly at: string;
  readonly today: Day;
}

/** The first day a household was on the register, as the memberships in it tell. */
export function registeredFrom({ members, past }: Pick<Household, 'members' | 'past'>): Day {
  return [...members, ...past].map(({ heldFrom }) => heldFrom).toSorted()[0] ?? '';
}

function refuseDay({ heldOn }: VisitContent, { household, rule }: Visited, today: Day) {
  if (heldOn > today) return refuse('date-future', { field: 'heldOn' });
  const late = rule && addDays(today, -rule.lateDays);
  if (late && heldOn < late) return refuse('visit-too-late', { days: rule.lateDays, day: late });
  const from = registeredFrom(household);
  if (heldOn < from) return refuse('visit-before-registration', { day: from });
  const isOver = isClosed(household) && heldOn >= since(household, 'status');
  return isOver ? refuse('household-closed') : undefined;
}

function refuseNext({ heldOn, next }: VisitContent): Refusal | undefined {
  const isBefore = next !== undefined && next.by < heldOn;
  return isBefore ? inField(refuse('date-order', { field: 'by' }), 'next.by') : undefined;
}

/** Tokens that may stand for a visitor: those paired with the household, and whoever enters the visit as a helper. */
function refuseVisitors(
  visitors: readonly Visitor[],
  { helperSubs }: Household,
  own: readonly string[],
): Refusal | undefined {
  const known = new Set([...helperSubs, ...own]);
  const isStranger = visitors.some((one) => 'sub' in one && !known.has(one.sub));
  return isStranger ? inField(refuse('visitor-unknown'), 'visitors') : undefined;
}

function visitorsOf(
  { visitors }: VisitContent,
  { actor, role }: Pick<VisitContext, 'actor' | 'role'>,
): readonly Visitor[] | undefined {
  return visitors ?? (role === 'helper' ? [{ sub: actor }] : undefined);
}

/**
 * A visit as it is entered: dated by the day it was held, whenever its phone had signal again.
 * Refusals: date-future, visit-too-late, visit-before-registration, household-closed, date-order, value-missing, visitor-unknown.
 */
export function newVisit(
  visited: Visited,
  given: { readonly id: string; readonly content: VisitContent },
  context: VisitContext,
): Decided<Visit> {
  const { household } = visited;
  const { id: visit, content } = given;
  const visitors = visitorsOf(content, context);
  if (!visitors) return inField(refuse('value-missing', { field: 'visitors' }), 'visitors');
  const own = context.role === 'helper' ? [context.actor] : [];
  const refused =
    refuseDay(content, visited, context.today) ??
    refuseNext(content) ??
    refuseVisitors(visitors, household, own);
  if (refused) return refused;
  const { actor, role, at } = context;
  const entered = { actor, role, at, corrected: null, withdrawn: null };
  return {
    ok: {
      ...{ id: visit, household: household.id, version: 1, ...content, visitors: [...visitors] },
      ...entered,
    },
  };
}

/** A visit is put right by who entered it, or by an office over the household. */
function refuseOther({ actor, withdrawn }: Visit, context: VisitContext): Refusal | undefined {
  if (context.role !== 'office' && context.actor !== actor) return refuse('visit-not-yours');
  return withdrawn ? refuse('visit-withdrawn') : undefined;
}

/**
 * A visit with other content, for a reason; what it said before is kept.
 * Refusals: visit-not-yours, visit-withdrawn, and those of `newVisit`; how late it is does not matter for the day it already has.
 */
export function correctVisit(
  before: Visit,
  given: {
    readonly visited: Visited;
    readonly content: VisitContent;
    readonly reason: string;
  },
  context: VisitContext,
): Decided<Visit> {
  const { visited, content, reason } = given;
  const visitors = content.visitors ?? before.visitors;
  const named = before.visitors.flatMap((one) => ('sub' in one ? [one.sub] : []));
  const refused =
    refuseOther(before, context) ??
    (content.heldOn === before.heldOn ? undefined : refuseDay(content, visited, context.today)) ??
    refuseNext(content) ??
    refuseVisitors(visitors, visited.household, [before.actor, ...named]);
  if (refused) return refused;
  const { id: visit, household, version, actor, role, at } = before;
  const corrected = { actor: context.actor, role: context.role, at: context.at, reason };
  return {
    ok: {
      ...{ id: visit, household, version: version + 1, ...content, visitors: [...visitors] },
      ...{ actor, role, at, corrected, withdrawn: null },
    },
  };
}

/** A visit that was none, or was entered for another household: it stays, and no longer counts. Refusals: visit-not-yours, visit-withdrawn. */
export function withdrawVisit(
  before: Visit,
  reason: string,
  context: VisitContext,
): Decided<Visit> {
  const refused = refuseOther(before, context);
  if (refused) return refused;
  const { actor, role, at } = context;
  return { ok: { ...before, version: before.version + 1, withdrawn: { actor, role, at, reason } } };
}

/** The words of a visit that could not be entered, given back so that nothing is lost. */
export function refuseReturning(refusal: Refusal, content: VisitContent): Refusal {
  const { found, promised, next, demand } = content;
  const texts = { found, promised, next: next?.what, demand };
  const faults = Object.entries(texts).flatMap(([field, text]) =>
    text === undefined ? [] : [{ field, code: 'text-returned', values: { text } } as const],
  );
  return { ...refusal, faults };
}

/** A visit's content as one text: the same text is the same content, whatever order a phone sent it in. */
export function contentText(content: VisitContent): string {
  const { heldOn, visitors, purposes, found, promised, next, demand } = content;
  const who = visitors?.map((one) => ('sub' in one ? ['sub', one.sub] : ['helper', one.helper]));
  const then = next && [next.what, next.by];
  return JSON.stringify([heldOn, who, purposes, found, promised, then, demand]);
}
