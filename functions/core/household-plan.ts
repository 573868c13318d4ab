import type { Day } from './day.ts';
import type { FactSheet, HouseholdFacts } from './fact.ts';
import { sparingLater } from './fact-sparing.ts';
import { type HouseholdFile, statusOfHousehold } from './household.ts';
import { refuseStatusChange } from './household-change.ts';
import { type Draft, draftOf, finish, putFacts } from './household-draft.ts';
import { contactFields, contactOf, openHousehold, putContact } from './household-register.ts';
import { refuseUnproven } from './household-status.ts';
import type {
  HouseholdPlan,
  LedgerContext,
  WantedContact,
  WantedHousehold,
} from './household-wanted.ts';
import { later, refuseClosed } from './member.ts';
import { enterLedgerMembers } from './member-plan.ts';
import { type Decided, isRefused, type Refusal } from './refusal.ts';
import { isSettled } from './undated.ts';

/**
 * What a ledger's household would do to the registry: new, changed (with the fields) or unchanged, or why it cannot be taken.
 * Fields the ledger does not state are left alone, members it does not name are reported, and what the registry knows from a later day
 * than the ledger's is kept; so taking the same ledger twice changes nothing.
 * @param file the household's file, undefined when its number is not registered
 */
export function planHousehold(
  file: HouseholdFile | undefined,
  wanted: WantedHousehold,
  context: LedgerContext,
): Decided<HouseholdPlan> {
  return file ? compare(file, wanted, context) : open(wanted, context);
}

function endOf(year: number): Day {
  return `${year}-12-31`;
}

function earlier(one: Day, other: Day): Day {
  return one < other ? one : other;
}

/** The last day of the exit year for exited households, of the identification year otherwise; never after the ledger's day. */
function statusDay(facts: WantedHousehold['facts'], ledgerDay: Day): Day {
  const year = facts.status === 'exited' ? facts.exitYear : facts.identifiedYear;
  return year === undefined ? ledgerDay : earlier(endOf(year), ledgerDay);
}

function open(wanted: WantedHousehold, context: LedgerContext): Decided<HouseholdPlan> {
  const { ledgerDay } = context;
  const { identifiedYear } = wanted.facts;
  const placed =
    identifiedYear === undefined ? ledgerDay : earlier(endOf(identifiedYear), ledgerDay);
  const days = {
    placed,
    status: statusDay(wanted.facts, ledgerDay),
    facts: ledgerDay,
    open: ledgerDay,
  };
  const opened = openHousehold(wanted, days, context);
  if (isRefused(opened)) return opened;
  return { ok: { outcome: 'new', ...opened.ok, changes: [], missing: [], kept: [] } };
}

function compare(
  file: HouseholdFile,
  wanted: WantedHousehold,
  context: LedgerContext,
): Decided<HouseholdPlan> {
  const closed = refuseClosed(file);
  if (closed) return closed;
  const facts = enterLedgerFacts(draftOf(file), wanted, context);
  const contact = enterLedgerContact(facts.draft, wanted.contact, context.ledgerDay);
  const entered = enterLedgerMembers(contact.draft, wanted, context);
  if (isRefused(entered)) return entered;
  const members = entered.ok;
  const step = refuseExit(file, members.draft) ?? refuseStatusChange(file, members.draft);
  if (step) return step;
  const occasion = { kind: 'changed', heldOn: context.ledgerDay, reason: null } as const;
  const finished = finish(members.draft, occasion, context);
  if (isRefused(finished)) return finished;
  const { missing } = members;
  const kept = [...facts.kept, ...contact.kept, ...members.kept];
  const change = finished.ok;
  if (!change)
    return { ok: { outcome: 'unchanged', next: file, event: null, changes: [], missing, kept } };
  return { ok: { outcome: 'changed', ...change, changes: change.event.changes, missing, kept } };
}

/** A ledger says what it says of a household it brings in; what a known one has come to is decided by a procedure. */
function refuseExit(file: HouseholdFile, draft: Draft): Refusal | undefined {
  return refuseUnproven(statusOfHousehold(file.household), statusOfHousehold(draft.household));
}

function enterLedgerFacts(
  draft: Draft,
  wanted: WantedHousehold,
  context: LedgerContext,
): { readonly draft: Draft; readonly kept: readonly string[] } {
  const { ledgerDay, at } = context;
  const { status, exitYear, ...others } = wanted.facts;
  const values = { ...others, village: wanted.village };
  const since = statusSince(draft);
  // A ledger older than the present status says nothing about its exit year either.
  const isOld = since > ledgerDay;
  const exit = {
    ...(status !== undefined && { status }),
    ...(exitYear !== undefined && !isOld && { exitYear }),
  };
  const isReturn = status === 'returned' && exitYear === undefined;
  const entries: readonly FactSheet<HouseholdFacts>[] = [
    { heldFrom: ledgerDay, heldTo: null, enteredAt: at, values },
    {
      heldFrom: isOld ? ledgerDay : later(stepDay(wanted, ledgerDay), since),
      heldTo: null,
      enteredAt: at,
      values: exit,
      ...(isReturn && { cleared: ['exitYear'] }),
    },
  ];
  let entered: { draft: Draft; kept: readonly string[] } = { draft, kept: [] };
  for (const entry of entries) {
    const spared = sparingLater(entered.draft.household.facts, entry);
    entered = {
      draft: spared.entry ? putFacts(entered.draft, spared.entry) : entered.draft,
      kept: [...entered.kept, ...spared.kept],
    };
  }
  return entered;
}

/** Puts a ledger's contact as far as it was not put later than the ledger's day. */
function enterLedgerContact(
  draft: Draft,
  contact: WantedContact,
  ledgerDay: Day,
): { readonly draft: Draft; readonly kept: readonly string[] } {
  const known = contactOf(draft);
  const { openFrom } = draft.household;
  const kept = contactFields.filter(
    (field) =>
      contact[field] !== undefined &&
      contact[field] !== known[field] &&
      isSettled(openFrom, field, ledgerDay),
  );
  const spared = Object.fromEntries(kept.map((field) => [field, known[field]]));
  return { draft: putContact(draft, { ...contact, ...spared }, ledgerDay), kept };
}

/** Day since which the present status is held. */
function statusSince(draft: Draft): Day {
  const sheets = draft.household.facts.filter((sheet) => sheet.values.status !== undefined);
  return sheets.reduce((since, sheet) => later(since, sheet.heldFrom), '');
}

/** An exit is held from the end of its year, any other step from the ledger's day. */
function stepDay(wanted: WantedHousehold, ledgerDay: Day): Day {
  return wanted.facts.status === 'exited' ? statusDay(wanted.facts, ledgerDay) : ledgerDay;
}
