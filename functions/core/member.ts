import type { Day } from './day.ts';
import type { FactSheet, PersonFacts } from './fact.ts';
import { refuseDays } from './fact-history.ts';
import { current, type HouseholdFile, headOf, isClosed, type Member } from './household.ts';
import { closeDraft } from './household-close.ts';
import {
  type Draft,
  draftOf,
  putIdentity,
  putMember,
  putMemberFacts,
  settle,
} from './household-draft.ts';
import type { DecisionContext, HouseholdChange } from './household-event.ts';
import type { WantedMember } from './household-wanted.ts';
import { maskIdentity } from './identity-number.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';
import { openAfter, putOpen } from './undated.ts';

/** How a person enters: from which day, why, and from which day the stated facts are held. */
export interface Entry {
  readonly heldFrom: Day;
  readonly joinReason: string | null;
  readonly factsFrom: Day;
  readonly enteredAt: string;
  /** First day whose ledger may say otherwise of name, number and identity. */
  readonly open: Day;
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

/** Whether a membership from that day would overlap one that has ended, or begin with it. */
function overlapsPast(
  file: HouseholdFile,
  joining: { readonly id: string; readonly heldFrom: Day },
): boolean {
  const { id, heldFrom } = joining;
  return file.household.past.some(
    (one) => one.id === id && (one.heldFrom >= heldFrom || (one.heldTo ?? '9999-12-31') > heldFrom),
  );
}

/** Adds a person: birth, marriage, moving in, release … */
export function addMember(
  file: HouseholdFile,
  wanted: WantedMember & { readonly heldFrom: Day; readonly joinReason: string },
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
    { kind: 'member-added', heldOn: heldFrom, reason: joinReason },
    context,
  );
}

/** The live member of that id, or why there is none. */
function liveMember(file: HouseholdFile, person: string): Decided<Member> {
  const member = file.household.members.find((one) => one.id === person);
  if (member) return { ok: member };
  const isPast = file.household.past.some((one) => one.id === person);
  return refuse(isPast ? 'member-not-live' : 'member-unknown');
}

/**
 * Ends a membership: death, marriage, moving out … The head stays until a new one is named; when the last member leaves, nobody is
 * left and the household is struck off with that change.
 */
export function endMember(
  file: HouseholdFile,
  end: { readonly person: string; readonly heldTo: Day; readonly endReason: string },
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { heldTo, endReason } = end;
  const refused =
    refuseClosed(file) ??
    (heldTo > context.today ? refuse('date-future', { field: 'heldTo' }) : undefined);
  if (refused) return refused;
  const found = liveMember(file, end.person);
  if ('refused' in found) return found;
  const member = found.ok;
  const { members, past } = file.household;
  const isLast = members.length === 1;
  if (!isLast && headOf(file.household) === member) return refuse('head-cannot-leave');
  if (heldTo < member.heldFrom) return refuse('date-order', { field: 'heldTo' });
  const draft = draftOf(file);
  const household = {
    ...draft.household,
    members: members.filter((one) => one !== member),
    past: [...past, { ...member, heldTo, endReason }],
  };
  const without = { ...draft, household };
  const left = isLast ? closeDraft(without, heldTo, context) : without;
  // Older than the present status: the household would stay open with nobody in it.
  if (isLast && !isClosed(left.household)) return refuse('date-order', { field: 'heldTo' });
  return settle(
    left,
    { kind: isLast ? 'struck-off' : 'member-ended', heldOn: heldTo, reason: endReason },
    context,
  );
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
  const stated = Object.keys(change.relations).find((id) => 'refused' in liveMember(file, id));
  if (stated !== undefined) return refuse('member-unknown');
  const relations = { ...(old && { [old.id]: 'other' }), ...change.relations, [person]: 'head' };
  let draft = draftOf(file);
  for (const [id, relation] of Object.entries(relations)) {
    draft = restate(draft, id, { heldFrom, relation, enteredAt: context.at });
  }
  // The present head took over on a later day: this would only rewrite the past.
  if (headOf(draft.household)?.id !== person) return refuse('date-order', { field: 'heldFrom' });
  return settle(draft, { kind: 'head-changed', heldOn: heldFrom, reason: change.reason }, context);
}

function restate(
  draft: Draft,
  person: string,
  stated: { readonly heldFrom: Day; readonly relation: string; readonly enteredAt: string },
): Draft {
  const { heldFrom, enteredAt, relation } = stated;
  const sheet: FactSheet<PersonFacts> = { heldFrom, heldTo: null, enteredAt, values: { relation } };
  return putMemberFacts(draft, person, sheet);
}

/** The relation a member has now; a member always has one. */
export function relationOf(member: Member): string {
  return current(member.facts).relation ?? 'other';
}
