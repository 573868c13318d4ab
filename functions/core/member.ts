import { overlapsPast } from './arrival.ts';
import type { Day } from './day.ts';
import { refuseDays } from './fact-history.ts';
import { type HouseholdFile, headOf, isClosed, type Member, since } from './household.ts';
import { refuseInCase } from './household-check.ts';
import { closeDraft } from './household-close.ts';
import {
  type Draft,
  draftOf,
  putIdentity,
  putMember,
  putMemberFacts,
  putPast,
  settle,
} from './household-draft.ts';
import { type DecisionContext, type HouseholdChange, noteChange } from './household-event.ts';
import type { WantedMember } from './household-wanted.ts';
import { maskIdentity } from './identity-number.ts';
import { type Decided, isRefused, type Refusal, refuse } from './refusal.ts';
import {
  liveMember,
  refuseAbsent,
  relationSince,
  restate,
  type Succession,
  succeed,
} from './succession.ts';
import { openAfter, putOpen } from './undated.ts';

/** How a person enters: from which day, why, and from which day the stated facts are held. */
export interface Entry {
  readonly heldFrom: Day;
  readonly joinReason: string | null;
  readonly factsFrom: Day;
  readonly enteredAt: string;
  /** First day whose ledger may say otherwise of name, number and identity. */
  readonly open: Day;
  /** Registered before, elsewhere. */
  readonly isKnown?: boolean;
}

/** The later of two days. */
export function later(one: Day, other: Day): Day {
  return one > other ? one : other;
}

/** Puts a new member into a draft; nobody belongs to a household before birth. */
export function enterMember(
  draft: Draft,
  wanted: WantedMember & { id: string },
  entry: Entry,
): Draft {
  const heldFrom = later(entry.heldFrom, wanted.birth);
  const { enteredAt } = entry;
  const isNumbered = wanted.number !== null;
  const relation = { heldFrom, heldTo: null, enteredAt, values: { relation: wanted.relation } };
  const member: Member = {
    id: wanted.id,
    number: wanted.number,
    name: wanted.name,
    sex: wanted.sex,
    birth: wanted.birth,
    identityMasked: wanted.identity === null ? null : maskIdentity(wanted.identity),
    heldFrom,
    joinReason: entry.joinReason,
    ...(entry.isKnown && { isKnown: true }),
    heldTo: null,
    endReason: null,
    facts: [relation],
    openFrom: putOpen(
      {},
      isNumbered ? ['name', 'identity', 'number'] : ['name', 'identity'],
      entry.open,
    ),
  };
  const factsFrom = later(entry.factsFrom, heldFrom);
  const facts = { heldFrom: factsFrom, heldTo: null, enteredAt, values: wanted.facts };
  const withMember = putMemberFacts(putMember(draft, member), member.id, facts);
  return wanted.identity === null
    ? withMember
    : putIdentity(withMember, member.id, wanted.identity);
}

/** Why a household cannot be changed at all. */
export function refuseClosed(file: HouseholdFile): Refusal | undefined {
  return isClosed(file.household) ? refuse('household-closed') : undefined;
}

/** Adds a person: birth, marriage, moving in, release … */
export function addMember(
  file: HouseholdFile,
  wanted: WantedMember & {
    readonly heldFrom: Day;
    readonly joinReason: string;
    readonly note?: string | null;
  },
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { heldFrom, joinReason } = wanted;
  const refused = refuseClosed(file) ?? refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  if (heldFrom < wanted.birth) return refuse('date-order', { field: 'heldFrom' });
  const member = { ...wanted, id: wanted.id ?? context.newId('per') };
  const place = file.household.members.findIndex((one) => one.id === member.id);
  if (place >= 0) return refuse('person-twice', { rows: place + 1 });
  if (overlapsPast(file, member)) return refuse('date-order', { field: 'heldFrom' });
  const open = openAfter(context.today);
  const entry = { heldFrom, joinReason, factsFrom: heldFrom, enteredAt: context.at, open };
  return settle(
    enterMember(draftOf(file), member, entry),
    {
      kind: 'member-added',
      heldOn: heldFrom,
      reason: joinReason,
      more: noteChange(wanted.note ?? null),
    },
    context,
  );
}

/** Why and from when a membership ends, and who heads the household then where it is the head who leaves. */
export interface MemberEnding extends Succession {
  readonly person: string;
  /** First day the person is no longer a member; today unless told. What was entered by mistake is void from its first day. */
  readonly heldTo?: Day;
  readonly endReason: string;
  readonly note?: string | null;
}

/**
 * Ends a membership: death, marriage, moving out … The head leaves when a successor is named with it; when the last member leaves, nobody
 * is left and the household is struck off with that change. A membership that was entered by mistake (`error`) never was.
 */
export function endMember(
  file: HouseholdFile,
  end: MemberEnding,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const closed = refuseClosed(file);
  if (closed) return closed;
  const found = liveMember(file, end.person);
  if (isRefused(found)) return found;
  const { endReason, note = null } = end;
  const heldTo = end.heldTo ?? (endReason === 'error' ? found.ok.heldFrom : context.today);
  const wrong = refuseEnd(found.ok, { heldTo, endReason }, context.today);
  if (wrong) return wrong;
  const isLast = file.household.members.length === 1;
  const left = leave(file, { ...end, heldTo }, context);
  if (isRefused(left)) return left;
  const kind = isLast ? 'struck-off' : 'member-ended';
  const more = noteChange(note);
  return settle(left.ok, { kind, heldOn: heldTo, reason: endReason, more }, context);
}

/** The household without the member: under a new head where the head left, struck off where nobody is left. */
function leave(
  file: HouseholdFile,
  end: MemberEnding & { readonly heldTo: Day },
  context: DecisionContext,
): Decided<Draft> {
  const { person, heldTo, endReason } = end;
  const leaving = new Set([person]);
  const gone = { endReason, heldTo: () => heldTo };
  if (file.household.members.length === 1 && end.newHead === undefined)
    return closeEmpty(putPast(draftOf(file), leaving, gone), { heldTo, endReason }, context);
  const heldFrom = (one: Member) =>
    endReason === 'error' ? later(heldTo, relationSince(one)) : heldTo;
  const order = { ...end, heldFrom, enteredAt: context.at };
  const headed = succeed(draftOf(file), leaving, order);
  return isRefused(headed) ? headed : { ok: putPast(headed.ok, leaving, gone) };
}

interface End {
  readonly heldTo: Day;
  readonly endReason: string;
}

function refuseEnd(member: Member, { heldTo, endReason }: End, today: Day): Refusal | undefined {
  if (endReason === 'error' && heldTo !== member.heldFrom) return refuse('void-day');
  if (heldTo > today) return refuse('date-future', { field: 'heldTo' });
  return heldTo < member.heldFrom ? refuse('date-order', { field: 'heldTo' }) : undefined;
}

/** Strikes off a household that nobody is left in; one that had others is empty since the last of them left. */
function closeEmpty(
  draft: Draft,
  { heldTo, endReason }: End,
  context: DecisionContext,
): Decided<Draft> {
  const refused = refuseInCase(draft.household);
  if (refused) return refused;
  const real = draft.household.past.filter((one) => one.endReason !== 'error');
  const lastLeft = real.reduce((day, one) => later(day, one.heldTo ?? ''), '');
  const from = endReason === 'error' ? later(lastLeft, since(draft.household, 'status')) : heldTo;
  const closed = closeDraft(draft, from, context);
  // Older than the present status: the household would stay open with nobody in it.
  return isClosed(closed.household) ? { ok: closed } : refuse('date-order', { field: 'heldTo' });
}

/** A new head, and how the others stand to the new head from that day. */
export interface HeadChange {
  readonly person: string;
  readonly heldFrom: Day;
  readonly reason: string;
  /** Relations to the new head by person; the old head is `other` unless stated. */
  readonly relations: Readonly<Record<string, string>>;
}

/** Names a new head; the old one stays a member. */
export function changeHead(
  file: HouseholdFile,
  change: HeadChange,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { heldFrom, person } = change;
  const refused = refuseClosed(file) ?? refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  const found = liveMember(file, person);
  if ('refused' in found) return found;
  const old = headOf(file.household);
  if (old === found.ok) return refuse('head-twice');
  if (refuseAbsent(file, Object.keys(change.relations))) return refuse('member-unknown');
  const relations = { ...(old && { [old.id]: 'other' }), ...change.relations, [person]: 'head' };
  let draft = draftOf(file);
  for (const [id, relation] of Object.entries(relations)) {
    draft = restate(draft, id, { heldFrom, relation, enteredAt: context.at });
  }
  // The present head took over on a later day: this would only rewrite the past.
  if (headOf(draft.household)?.id !== person) return refuse('date-order', { field: 'heldFrom' });
  return settle(draft, { kind: 'head-changed', heldOn: heldFrom, reason: change.reason }, context);
}
