import { maskBankAccount, maskPhone } from './contact.ts';
import type { Day } from './day.ts';
import { ancestorAt, levelOf } from './division.ts';
import { refuseDays, stated } from './fact-history.ts';
import type { HouseholdFile } from './household.ts';
import { type Draft, putFacts, settle } from './household-draft.ts';
import type { DecisionContext, HouseholdChange } from './household-event.ts';
import { openingStates } from './household-status.ts';
import type { WantedContact, WantedHousehold } from './household-wanted.ts';
import { enterMember } from './member.ts';
import { type Decided, isRefused, refuse } from './refusal.ts';
import { openAfter, putOpen } from './undated.ts';

/** From which days the parts of a new household are held. */
export interface OpeningDays {
  /** Placement in the village, membership, identification year. */
  readonly placed: Day;
  /** Status and exit year. */
  readonly status: Day;
  readonly facts: Day;
  /** First day whose ledger may say otherwise of what has no day. */
  readonly open: Day;
}

export const contactFields = ['phone', 'bankName', 'bankAccount'] as const;

/** The contact in full. */
export function contactOf({ household, secrets }: HouseholdFile): Required<WantedContact> {
  const { phone, bankAccount } = secrets;
  return { phone, bankName: household.bankName, bankAccount };
}

/**
 * Puts the contact as far as it is stated; the full values stay among the secrets.
 * @param open first day whose ledger may say otherwise
 */
export function putContact(draft: Draft, contact: WantedContact, open: Day): Draft {
  const known = contactOf(draft);
  const next = { ...known, ...stated(contact) };
  const put = contactFields.filter((field) => next[field] !== known[field]);
  const { phone, bankName, bankAccount } = next;
  return {
    ...draft,
    secrets: { ...draft.secrets, phone, bankAccount },
    household: {
      ...draft.household,
      phoneMasked: phone === null ? null : maskPhone(phone),
      bankName,
      bankAccountMasked: bankAccount === null ? null : maskBankAccount(bankAccount),
      openFrom: putOpen(draft.household.openFrom, put, open),
    },
  };
}

/** A household of which nothing but number and village is known yet. */
export function emptyFile(
  wanted: Pick<WantedHousehold, 'number' | 'village'>,
  context: DecisionContext,
): HouseholdFile {
  return {
    household: {
      id: context.newId('hh'),
      number: wanted.number,
      county: ancestorAt(wanted.village, 'county'),
      version: 0,
      createdAt: context.at,
      changedAt: context.at,
      facts: [],
      members: [],
      past: [],
      phoneMasked: null,
      bankName: null,
      bankAccountMasked: null,
      openFrom: {},
      helperSubs: [],
      paired: false,
      openCase: null,
    },
    secrets: { phone: null, bankAccount: null, identities: {} },
  };
}

/** Enters a household that was not registered: all its members and facts at once. */
export function openHousehold(
  wanted: WantedHousehold,
  days: OpeningDays,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { status } = wanted.facts;
  if (status === undefined) return refuse('value-missing', { field: 'status' });
  if (!openingStates.some((state) => state === status))
    return refuse('status-transition', { from: '', to: status });
  const opened = openDraft(wanted, days, context);
  if (isRefused(opened)) return opened;
  return settle(opened.ok, { kind: 'registered', heldOn: days.placed, reason: null }, context);
}

/** A family that applies to be identified, on its way to a first version: the case that decides it begins with it. */
export function openApplication(
  wanted: WantedHousehold,
  heldFrom: Day,
  context: DecisionContext,
): Decided<Draft> {
  const refused = refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  const facts = { ...wanted.facts, status: 'applicant' };
  return openDraft({ ...wanted, facts }, daysFrom(heldFrom, context.today), context);
}

function daysFrom(heldFrom: Day, today: Day): OpeningDays {
  return { placed: heldFrom, status: heldFrom, facts: heldFrom, open: openAfter(today) };
}

function openDraft(
  wanted: WantedHousehold,
  days: OpeningDays,
  context: DecisionContext,
): Decided<Draft> {
  if (levelOf(wanted.village) !== 'village')
    return refuse('area-not-village', { area: wanted.village });
  const { status, exitYear, identifiedYear, ...others } = wanted.facts;
  const placed = {
    village: wanted.village,
    ...(identifiedYear !== undefined && { identifiedYear }),
  };
  const exit = {
    ...(status !== undefined && { status }),
    ...(exitYear !== undefined && { exitYear }),
  };
  const enteredAt = context.at;
  let draft: Draft = {
    ...emptyFile(wanted, context),
    before: undefined,
    putAway: [],
    putAwayOf: {},
  };
  draft = putFacts(draft, { heldFrom: days.placed, heldTo: null, enteredAt, values: placed });
  draft = putFacts(draft, { heldFrom: days.status, heldTo: null, enteredAt, values: exit });
  draft = putFacts(draft, { heldFrom: days.facts, heldTo: null, enteredAt, values: others });
  draft = putContact(draft, wanted.contact, days.open);
  const { placed: heldFrom, facts: factsFrom, open } = days;
  const entry = { heldFrom, joinReason: null, factsFrom, enteredAt, open };
  for (const member of wanted.members) {
    const isKnown = member.id !== undefined;
    const who = { ...member, id: member.id ?? context.newId('per') };
    draft = enterMember(draft, who, { ...entry, isKnown });
  }
  return { ok: draft };
}

/** Registers a household from a day on, as a clerk does. */
export function registerHousehold(
  wanted: WantedHousehold,
  heldFrom: Day,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const refused = refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  return openHousehold(wanted, daysFrom(heldFrom, context.today), context);
}
