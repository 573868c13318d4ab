import type { Day } from './day.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import { refuseDays } from './fact-history.ts';
import {
  current,
  type HouseholdFile,
  type Member,
  statusOfHousehold,
  villageOf,
} from './household.ts';
import { refuseInCase } from './household-check.ts';
import {
  type Draft,
  draftOf,
  finish,
  putFacts,
  putIdentity,
  putMember,
  putMemberFacts,
} from './household-draft.ts';
import type { DecisionContext, HouseholdChange } from './household-event.ts';
import { putContact } from './household-register.ts';
import { refuseLeaving } from './household-relocation.ts';
import { refuseStep, refuseUnproven } from './household-status.ts';
import type { WantedContact } from './household-wanted.ts';
import { type Identity, maskIdentity } from './identity-number.ts';
import { later, refuseClosed } from './member.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';
import { openAfter, putOpen, type UndatedField } from './undated.ts';

/** What a clerk corrects or adds about one member. */
export interface MemberPatch {
  readonly person: string;
  readonly name?: string;
  readonly number?: string | null;
  /** The right number where a wrong one was entered; birth and sex follow it. */
  readonly identity?: Identity;
  readonly facts: Partial<PersonFacts>;
  readonly cleared: readonly (keyof PersonFacts)[];
}

/** What a clerk states about a household, held from a day; with `heldTo` it concerns the past only. */
export interface HouseholdPatch {
  readonly heldFrom: Day;
  readonly heldTo: Day | null;
  readonly reason: string | null;
  readonly facts: Partial<HouseholdFacts>;
  readonly cleared: readonly (keyof HouseholdFacts)[];
  readonly contact: WantedContact;
  readonly members: readonly MemberPatch[];
}

/** Changes facts, status, causes, measures, contact and members' data; undefined when nothing is new. */
export function changeHousehold(
  file: HouseholdFile,
  patch: HouseholdPatch,
  context: DecisionContext,
): Decided<HouseholdChange | undefined> {
  const refused =
    refuseClosed(file) ??
    refuseDays(patch, context.today) ??
    refusePatch(patch) ??
    refuseStrangers(file, patch.members);
  if (refused) return refused;
  const open = openAfter(context.today);
  let draft = putContact(enterPatch(draftOf(file), patch, context.at), patch.contact, open);
  for (const member of patch.members)
    draft = patchMember(draft, member, { ...patch, enteredAt: context.at, open });
  const step =
    refuseStatusChange(file, draft) ??
    refuseReasonless(file, draft, patch.reason) ??
    refuseLeaving(file, villageOf(draft.household));
  if (step) return step;
  const isMove = villageOf(draft.household) !== villageOf(file.household);
  const { heldFrom, reason } = patch;
  return finish(draft, { kind: isMove ? 'moved' : 'changed', heldOn: heldFrom, reason }, context);
}

/** Status, village and relation are always known, and striking off has a way of its own. */
function refusePatch(patch: HouseholdPatch): Refusal | undefined {
  const household = patch.cleared.find((field) => field === 'status' || field === 'village');
  if (household) return refuse('value-missing', { field: household });
  if (patch.members.some((member) => member.cleared.includes('relation')))
    return refuse('value-missing', { field: 'relation' });
  const { status } = patch.facts;
  return status === 'struck-off' ? refuseUnproven('', status) : undefined;
}

function refuseStrangers(
  file: HouseholdFile,
  members: readonly MemberPatch[],
): Refusal | undefined {
  for (const { person, identity } of members) {
    const member = file.household.members.find((one) => one.id === person);
    if (!member) return refuse('member-unknown');
    // The first number a person gets puts the birth right that the family had told, and the membership with it.
    const isWrong = identity && member.identityMasked !== null && identity.birth > member.heldFrom;
    if (isWrong) return refuse('date-order', { field: 'birth' });
  }
  return undefined;
}

/** Enters the household's part of a patch; a household that fell back has no exit year any more. */
function enterPatch(draft: Draft, patch: HouseholdPatch, enteredAt: string): Draft {
  const { heldFrom, heldTo, facts } = patch;
  const isReturn = facts.status === 'returned' && facts.exitYear === undefined;
  const cleared = [...patch.cleared, ...(isReturn ? ['exitYear' as const] : [])];
  const sheet: FactSheet<HouseholdFacts> = { heldFrom, heldTo, enteredAt, values: facts, cleared };
  return putFacts(draft, sheet);
}

function patchMember(
  draft: Draft,
  patch: MemberPatch,
  held: {
    readonly heldFrom: Day;
    readonly heldTo: Day | null;
    readonly enteredAt: string;
    readonly open: Day;
  },
): Draft {
  const { person, facts, cleared } = patch;
  const { heldFrom, heldTo, enteredAt } = held;
  const sheet = { heldFrom, heldTo, enteredAt, values: facts, cleared };
  return correctMember(putMemberFacts(draft, person, sheet), person, { ...patch, open: held.open });
}

/** What is right about a member and no dated fact. */
export interface RightMember {
  readonly name?: string;
  readonly number?: string | null;
  readonly identity?: Pick<Identity, 'number' | 'birth'> & { readonly sex: string };
  /** Where there is no identity number to tell them. */
  readonly birth?: Day;
  readonly sex?: string;
}

/** The fields in which a member is not right yet. */
export function fieldsPut(
  { secrets }: HouseholdFile,
  member: Member,
  right: RightMember,
): readonly UndatedField[] {
  const { name = member.name, number = member.number, identity } = right;
  const held = secrets.identities[member.id];
  const { birth = member.birth, sex = member.sex } = identity ?? right;
  const isOther =
    (identity?.number ?? held) !== held || birth !== member.birth || sex !== member.sex;
  return [
    ...(name === member.name ? [] : ['name' as const]),
    ...(number === member.number ? [] : ['number' as const]),
    ...(isOther ? ['identity' as const] : []),
  ];
}

/** Puts right what is no dated fact: name, ledger number, identity with the birth and sex it tells. */
export function correctMember(
  draft: Draft,
  person: string,
  /** `open`: first day whose ledger may say otherwise. */
  right: RightMember & { readonly open: Day },
): Draft {
  const { name, number, identity } = right;
  const { birth, sex } = identity ?? right;
  const put = (member: Member): Member => ({
    ...member,
    openFrom: putOpen(member.openFrom, fieldsPut(draft, member, right), right.open),
    ...(name !== undefined && { name }),
    ...(number !== undefined && { number }),
    // Nobody belongs to a household before birth.
    ...(birth !== undefined && { birth, heldFrom: later(member.heldFrom, birth) }),
    ...(sex !== undefined && { sex }),
    ...(identity && { identityMasked: maskIdentity(identity.number) }),
  });
  const corrected = draft.household.members
    .filter((member) => member.id === person)
    .reduce((all, member) => putMember(all, put(member)), draft);
  return identity ? putIdentity(corrected, person, identity.number) : corrected;
}

/** The refusal of a change of status that the register does not know, or that would forestall the procedure the household is in. */
export function refuseStatusChange(file: HouseholdFile, draft: Draft): Refusal | undefined {
  const from = statusOfHousehold(file.household);
  const to = statusOfHousehold(draft.household);
  return from === to ? undefined : (refuseStep(from, to) ?? refuseInCase(file.household));
}

/** A change of status, place or identity is never made without a word why. */
function refuseReasonless(
  file: HouseholdFile,
  draft: Draft,
  reason: string | null,
): Refusal | undefined {
  if (reason !== null) return undefined;
  const [was, is] = [current(file.household.facts), current(draft.household.facts)];
  const isGrave =
    was.status !== is.status ||
    was.village !== is.village ||
    Object.entries(draft.secrets.identities).some(
      ([person, number]) => (file.secrets.identities[person] ?? number) !== number,
    );
  return isGrave ? refuse('reason-required') : undefined;
}
