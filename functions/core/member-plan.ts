import type { FactSheet, PersonFacts } from './fact.ts';
import { sparingLater } from './fact-sparing.ts';
import type { Member } from './household.ts';
import { correctMember, fieldsPut, type RightMember } from './household-change.ts';
import { type Draft, putMemberFacts } from './household-draft.ts';
import type { LedgerContext, WantedHousehold, WantedMember } from './household-wanted.ts';
import { enterMember } from './member.ts';
import { matchMembers, pastOf } from './member-match.ts';
import { type Decided, refuse } from './refusal.ts';
import { isSettled, type UndatedField } from './undated.ts';

interface Entered {
  readonly draft: Draft;
  readonly missing: readonly string[];
  readonly kept: readonly string[];
}

/**
 * Enters a ledger's members: known ones are compared, new ones join, those it does not name are reported.
 * Refusals: member-unclear.
 */
export function enterLedgerMembers(
  draft: Draft,
  wanted: WantedHousehold,
  context: LedgerContext,
): Decided<Entered> {
  let entered = draft;
  const kept: string[] = [];
  const { known, unclear } = matchMembers(draft, wanted.members, context.ledgerDay);
  for (const stated of wanted.members) {
    const member = known.get(stated);
    if (member) {
      const compared = compareMember(entered, member, { stated, context });
      entered = compared.draft;
      kept.push(...compared.kept.map((field) => `${member.id}.${field}`));
    } else if (leftLater(draft, stated, context.ledgerDay)) {
      kept.push('member');
    } else if (unclear.includes(stated)) {
      return refuse('member-unclear', { name: stated.name });
    } else {
      entered = join(entered, stated, context);
    }
  }
  const named = new Set([...known.values()].map(({ id }) => id));
  const missing = draft.household.members
    .filter((member) => !named.has(member.id))
    .map((member) => member.id);
  return { ok: { draft: entered, missing, kept } };
}

/** Whether the person came to this household and left it since the ledger's day, or left it later: the ledger is simply older. */
function leftLater(draft: Draft, stated: WantedMember, ledgerDay: string): boolean {
  return pastOf(draft, stated, ledgerDay).some(
    (member) => member.heldFrom >= ledgerDay || (member.heldTo ?? '') > ledgerDay,
  );
}

/** A new member, or one who comes back under the same id, from the ledger's day. */
function join(draft: Draft, stated: WantedMember, context: LedgerContext): Draft {
  const { ledgerDay, at } = context;
  const id = stated.id ?? pastOf(draft, stated, ledgerDay)[0]?.id ?? context.newId('per');
  return enterMember(
    draft,
    { ...stated, id },
    {
      heldFrom: ledgerDay,
      joinReason: null,
      factsFrom: ledgerDay,
      enteredAt: at,
      open: ledgerDay,
      isKnown: stated.id !== undefined,
    },
  );
}

function compareMember(
  draft: Draft,
  member: Member,
  row: { readonly stated: WantedMember; readonly context: LedgerContext },
): { readonly draft: Draft; readonly kept: readonly string[] } {
  const { stated, context } = row;
  const values = { ...stated.facts, relation: stated.relation };
  const entry: FactSheet<PersonFacts> = {
    heldFrom: context.ledgerDay,
    heldTo: null,
    enteredAt: context.at,
    values,
  };
  const spared = sparingLater(member.facts, entry);
  const entered = spared.entry ? putMemberFacts(draft, member.id, spared.entry) : draft;
  const right = sparedRight(draft, member, row);
  const open = context.ledgerDay;
  const corrected = correctMember(entered, member.id, { ...right.right, open });
  return { draft: corrected, kept: [...spared.kept, ...right.kept] };
}

/** What a row puts right about a member, without what was put later than the ledger's day. */
function sparedRight(
  draft: Draft,
  member: Member,
  { stated, context }: { readonly stated: WantedMember; readonly context: LedgerContext },
): { readonly right: RightMember; readonly kept: readonly string[] } {
  const { name, number } = stated;
  const who = rightOf(draft, member, stated);
  const isFirst = who.identity && isFirstNumber(draft, member, stated);
  const wanted = { name, ...(number !== null && { number }), ...who };
  const kept = fieldsPut(draft, member, wanted).filter(
    (field) =>
      !(field === 'identity' && isFirst) && isSettled(member.openFrom, field, context.ledgerDay),
  );
  const isKept = (field: UndatedField) => kept.includes(field);
  const right = {
    ...(!isKept('name') && { name }),
    ...(number !== null && !isKept('number') && { number }),
    ...(!isKept('identity') && who),
  };
  const called = who.identity ? 'identityNumber' : 'birth';
  return { right, kept: kept.map((field) => (field === 'identity' ? called : field)) };
}

/** A first identity number that agrees with what is known contradicts nobody. */
function isFirstNumber(draft: Draft, member: Member, { birth, sex }: WantedMember): boolean {
  const held = draft.secrets.identities[member.id];
  return held === undefined && member.birth === birth && member.sex === sex;
}

/** Who the person is, as the row puts it right: a number tells birth and sex; without one the row's own word counts. */
function rightOf(
  draft: Draft,
  member: Member,
  stated: WantedMember,
): Pick<RightMember, 'identity' | 'birth' | 'sex'> {
  const { identity, birth, sex } = stated;
  const held = draft.secrets.identities[member.id];
  if (identity !== null)
    return held === identity ? {} : { identity: { number: identity, birth, sex } };
  return held === undefined ? { birth, sex } : {};
}
