import * as z from 'zod';
import type { Actor } from './access.ts';
import { type Day, isDay } from './day.ts';
import { villageOf } from './household.ts';
import type { FieldChange, HouseholdEvent } from './household-event.ts';
import { type Judged, keeperFor, keepers, refuseAboveRight, standsAt } from './household-right.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/**
 * The life of a change request: whoever may not make a change asks the level that may.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> open: filed, frozen
 *   open --> approved: made, by the level that may
 *   open --> rejected: by that level, with a reason
 *   open --> withdrawn: by who filed it
 *   open --> stale: the household changed meanwhile
 * ```
 */
export const requestStates = ['open', 'approved', 'rejected', 'withdrawn', 'stale'] as const;
export type RequestState = (typeof requestStates)[number];

const day = z.string().refine(isDay);
const instant = z.iso.datetime();
const Shown = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
  z.record(z.string(), z.unknown()),
]);

/** One field before and after, identity numbers, phones and accounts masked. */
const Difference = z.object({
  field: z.string(),
  person: z.string().nullable(),
  before: Shown,
  after: Shown,
});

/** What is said of days past and is not the present value: facts, which hold nothing that is sealed. */
const PastFacts = z.object({
  person: z.string().nullable(),
  heldFrom: day,
  heldTo: day.nullable(),
  values: z.record(z.string(), z.unknown()),
  cleared: z.array(z.string()),
});

/** What the change does to one household, as it may be shown. */
const Part = z.object({
  household: z.string(),
  /** Version the change was decided on; 0 for a household that comes into being by it. */
  version: z.int().nonnegative(),
  changes: z.array(Difference),
  past: z.array(PastFacts),
});

/** A request without its sealed body. */
export const ChangeRequest = z.object({
  id: z.string(),
  /** Grows with every change of state. */
  version: z.int().positive(),
  state: z.enum(requestStates),
  kind: z.string(),
  household: z.string(),
  /** Village of the household on the day of filing; who may see the request is decided by its present one. */
  village: z.string(),
  /** The lowest level that may make the change. */
  level: z.enum(keepers),
  heldOn: day,
  reason: z.string(),
  note: z.string().nullable(),
  /** Before and after, the household asked about first. */
  parts: z.array(Part).min(1),
  requestedBy: z.string(),
  requestedAt: instant,
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  decisionReason: z.string().nullable(),
  /** Version of the household that the approval made. */
  made: z.int().nullable(),
});
export type ChangeRequest = z.infer<typeof ChangeRequest>;
type Part = z.infer<typeof Part>;

function shown({ field, person, before, after }: FieldChange): Part['changes'][number] {
  const copy = (value: FieldChange['before']) => Shown.parse(value);
  return { field, person, before: copy(before), after: copy(after) };
}

/** Facts the change enters for days past only; what it replaces stands among the changes. */
function pastOf({ at, putAway, putAwayOf }: HouseholdEvent): Part['past'] {
  const own = putAway.map((sheet) => ({ person: null, sheet }));
  const ofPersons = putAwayOf.flatMap(({ person, sheets }) =>
    sheets.map((sheet) => ({ person, sheet })),
  );
  return [...own, ...ofPersons]
    .filter(({ sheet }) => sheet.enteredAt === at)
    .map(({ person, sheet: { heldFrom, heldTo, values, cleared = [] } }) => {
      return { person, heldFrom, heldTo, values: { ...values }, cleared: [...cleared] };
    });
}

function partOf({ before, next, event }: Judged): Part {
  return {
    household: next.household.id,
    version: before?.household.version ?? 0,
    changes: event.changes.map(shown),
    past: pastOf(event),
  };
}

/** Who asks for what, when and why. */
export interface Filing {
  readonly id: string;
  readonly kind: string;
  readonly actor: Actor;
  readonly at: string;
  readonly today: Day;
  readonly reason: string;
  readonly note: string | null;
}

/**
 * A request for a change that was decided on the present file, with the view of what it does; frozen from then on.
 * Refusals: request-nothing, request-not-needed.
 */
export function fileRequest(decided: readonly Judged[], filing: Filing): Decided<ChangeRequest> {
  const [first] = decided;
  if (!first) return refuse('request-nothing');
  const { id, kind, actor, at, today, reason, note } = filing;
  const village = villageOf((first.before ?? first.next).household);
  const level = keeperFor(decided, today);
  if (!refuseAboveRight(actor, decided, today)) return refuse('request-not-needed');
  const request: ChangeRequest = {
    ...{ id, kind, village, level, reason, note },
    version: 1,
    state: 'open',
    household: first.next.household.id,
    heldOn: first.event.heldOn,
    parts: decided.map(partOf),
    requestedBy: actor.sub,
    requestedAt: at,
    decidedBy: null,
    decidedAt: null,
    decisionReason: null,
    made: null,
  };
  return { ok: request };
}

/**
 * Why somebody cannot decide on a request about a household that lives in that village now.
 * Refusals: request-not-open, request-stale, request-same-person, above-right.
 */
export function refuseDecision(
  request: ChangeRequest,
  actor: Actor,
  village: string,
): Refusal | undefined {
  const { state, level, requestedBy } = request;
  if (state === 'stale') return refuse('request-stale');
  if (state !== 'open') return refuse('request-not-open', { state });
  if (requestedBy === actor.sub) return refuse('request-same-person');
  return standsAt(actor, village, level) ? undefined : refuse('above-right', { level });
}

/** Why somebody cannot take a request back. Refusals: request-not-open, request-not-yours. */
export function refuseWithdrawal(request: ChangeRequest, actor: Actor): Refusal | undefined {
  const { state, requestedBy } = request;
  if (state !== 'open') return refuse('request-not-open', { state });
  return requestedBy === actor.sub ? undefined : refuse('request-not-yours');
}

/** What became of a request, through whom. */
export interface Ending {
  readonly state: Exclude<RequestState, 'open'>;
  readonly by: string;
  readonly at: string;
  readonly reason?: string;
  readonly made?: number;
}

/** The request as it stands once that became of it; its view and its body stay as they were filed. */
export function ended(request: ChangeRequest, ending: Ending): ChangeRequest {
  const { state, by, at, reason = null, made = null } = ending;
  const version = request.version + 1;
  return { ...request, version, state, decidedBy: by, decidedAt: at, decisionReason: reason, made };
}
