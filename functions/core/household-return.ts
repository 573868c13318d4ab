import { overlapsPast, putArriving } from './arrival.ts';
import type { Day } from './day.ts';
import { refuseDays } from './fact-history.ts';
import { type HouseholdFile, isClosed, since } from './household.ts';
import { type Draft, draftOf, putFacts, putPast, settle } from './household-draft.ts';
import {
  type DecisionContext,
  type HouseholdChange,
  type HouseholdEvent,
  noteChange,
} from './household-event.ts';
import { later } from './member.ts';
import { type Decided, inField, isRefused, type Refusal, refuse } from './refusal.ts';
import { liveMember, type Succession, succeed } from './succession.ts';

/**
 * Statuses a household may come back to, by the one it was struck off in: what had been decided of it stands, a proposed exit has lapsed.
 * Whoever applied in vain applies again.
 */
const comesBackAs: Readonly<Record<string, readonly string[]>> = {
  new: ['new', 'unexited'],
  unexited: ['unexited'],
  'pre-exit': ['unexited'],
  exited: ['exited'],
  returned: ['returned'],
};

/** A person who does not come back with the household. */
export interface GonePerson {
  readonly person: string;
  /** Code list `endReason`. */
  readonly endReason: string;
  /** First day the person was no longer a member; the day the household was struck off unless told. */
  readonly heldTo?: Day;
}

/** A household comes back onto the register (恢复). */
export interface Reinstatement {
  readonly status: string;
  readonly heldFrom: Day;
  /** Code list `reinstatementReason`. */
  readonly reason: string;
  readonly note: string | null;
  /** Where its number stands for another household meanwhile. */
  readonly number?: string;
  readonly gone: readonly GonePerson[];
  /** Who had left before and lives there again, with the relation to the head. */
  readonly back: Readonly<Record<string, string>>;
  readonly succession: Succession;
}

/** The status a household had when it was struck off last, by its events; `new` where they do not tell. */
export function statusBefore(events: readonly HouseholdEvent[]): string {
  const told = events
    .toSorted((one, other) => other.version - one.version)
    .flatMap(({ changes }) => changes)
    .find(({ field, person, after }) => field === 'status' && !person && after === 'struck-off');
  return typeof told?.before === 'string' ? told.before : 'new';
}

/**
 * Puts a struck-off household back onto the register: file, id and events are the old ones; the write takes number and persons again.
 * @param was `statusBefore`
 * Refusals: household-live, status-transition, member-unknown, member-not-live, void-day, head-cannot-leave, head-stays, date-order,
 * date-future and what is refused of any household.
 */
export function reinstate(
  file: HouseholdFile,
  { order, was }: { readonly order: Reinstatement; readonly was: string },
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { heldFrom, status, reason, number = file.household.number } = order;
  const refused =
    refuseReturn(file, order, was) ?? refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  const draft = bringBack(withoutGone(file, order, context), order, context);
  if (isRefused(draft)) return draft;
  const entry = { heldFrom, heldTo: null, enteredAt: context.at, values: { status } };
  const open = putFacts(draft.ok, entry);
  // Struck off on a later day: it would stay so.
  if (isClosed(open.household)) return refuse('date-order', { field: 'heldFrom' });
  const before = file.household.number;
  const renumbered = { field: 'number', person: null, before, after: number };
  const more = [...(number === before ? [] : [renumbered]), ...noteChange(order.note)];
  return settle(
    { ...open, household: { ...open.household, number } },
    { kind: 'reinstated', heldOn: heldFrom, reason, more },
    context,
  );
}

function refuseReturn(
  file: HouseholdFile,
  { status }: Reinstatement,
  was: string,
): Refusal | undefined {
  if (!isClosed(file.household)) return refuse('household-live');
  const may = comesBackAs[was] ?? [];
  return may.includes(status) ? undefined : refuse('status-transition', { from: was, to: status });
}

/** First day without a person who does not come back, or why there is none. */
function goneOn(draft: Draft, gone: GonePerson, order: Reinstatement): Decided<Day> {
  const member = liveMember(draft, gone.person);
  if (isRefused(member)) return member;
  const first = member.ok.heldFrom;
  if (gone.endReason === 'error')
    return (gone.heldTo ?? first) === first ? { ok: first } : refuse('void-day');
  const heldTo = gone.heldTo ?? later(first, since(draft.household, 'status'));
  return first <= heldTo && heldTo <= order.heldFrom
    ? { ok: heldTo }
    : refuse('date-order', { field: 'heldTo' });
}

/** The file without those who do not come back, under a new head where the head is one of them. */
function withoutGone(
  file: HouseholdFile,
  order: Reinstatement,
  context: DecisionContext,
): Decided<Draft> {
  const { gone, succession, heldFrom } = order;
  const leaving = new Set(gone.map(({ person }) => person));
  const isHeadBack = Object.values(order.back).includes('head');
  const named = { ...succession, heldFrom: () => heldFrom, enteredAt: context.at };
  const headed = isHeadBack ? { ok: draftOf(file) } : succeed(draftOf(file), leaving, named);
  if (isRefused(headed)) return headed;
  let draft = headed.ok;
  for (const one of gone) {
    const heldTo = goneOn(draft, one, order);
    if (isRefused(heldTo)) return heldTo;
    const end = { endReason: one.endReason, heldTo: () => heldTo.ok };
    draft = putPast(draft, new Set([one.person]), end);
  }
  return { ok: draft };
}

/** With those who had left before and live there again. */
function bringBack(
  left: Decided<Draft>,
  { back, heldFrom }: Reinstatement,
  context: DecisionContext,
): Decided<Draft> {
  if (isRefused(left)) return left;
  let draft = left.ok;
  for (const [id, relation] of Object.entries(back)) {
    const member = draft.household.past.findLast((one) => one.id === id);
    const isThere = draft.household.members.some((one) => one.id === id);
    if (!member || isThere) return inField(refuse('member-unknown'), `back.${id}`);
    if (overlapsPast(draft, { id, heldFrom })) return refuse('date-order', { field: 'heldFrom' });
    const person = { member, identity: draft.secrets.identities[id] };
    const arrival = { heldFrom, joinReason: 'returned', relation, enteredAt: context.at };
    draft = putArriving(draft, person, arrival);
  }
  return { ok: draft };
}
