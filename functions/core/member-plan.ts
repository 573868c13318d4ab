import type { FactSheet, PersonFacts } from './fact.ts';
import { sparingLater } from './fact-sparing.ts';
import type { Member } from './household.ts';
import { correctMember } from './household-change.ts';
import { type Draft, putMemberFacts } from './household-draft.ts';
import type { LedgerContext, WantedHousehold, WantedMember } from './household-wanted.ts';
import { enterMember } from './member.ts';

interface Entered {
  readonly draft: Draft;
  readonly missing: readonly string[];
  readonly kept: readonly string[];
}

/** Enters a ledger's members: known ones are compared, new ones join, those it does not name are reported. */
export function enterLedgerMembers(
  draft: Draft,
  wanted: WantedHousehold,
  context: LedgerContext,
): Entered {
  let entered = draft;
  const kept: string[] = [];
  const named = new Set<string>();
  for (const stated of wanted.members) {
    const member = matchMember(draft, stated);
    if (member) {
      named.add(member.id);
      const compared = compareMember(entered, member, { stated, context });
      entered = compared.draft;
      kept.push(...compared.kept.map((field) => `${member.id}.${field}`));
    } else if (leftLater(draft, stated, context.ledgerDay)) {
      kept.push('member');
    } else {
      entered = join(entered, stated, context);
    }
  }
  const missing = draft.household.members
    .filter((member) => !named.has(member.id))
    .map((member) => member.id);
  return { draft: entered, missing, kept };
}

/** The live member a row speaks of: by identity number, else by ledger number, else, where no identity is known, by name and birth. */
function matchMember(draft: Draft, stated: WantedMember): Member | undefined {
  const { members } = draft.household;
  const { identities } = draft.secrets;
  const byIdentity =
    stated.identity === null
      ? undefined
      : members.find((member) => identities[member.id] === stated.identity);
  const byNumber = () =>
    stated.number === null ? undefined : members.find((member) => member.number === stated.number);
  const byName = () =>
    members.find(
      (member) =>
        member.name === stated.name &&
        member.birth === stated.birth &&
        (stated.identity === null || identities[member.id] === undefined),
    );
  return byIdentity ?? byNumber() ?? byName();
}

/** Whether the person came to this household and left it since the ledger's day, or left it later: the ledger is simply older. */
function leftLater(draft: Draft, stated: WantedMember, ledgerDay: string): boolean {
  return pastOf(draft, stated).some(
    (member) => member.heldFrom >= ledgerDay || (member.heldTo ?? '') > ledgerDay,
  );
}

function pastOf(draft: Draft, stated: WantedMember): readonly Member[] {
  if (stated.identity === null) return [];
  return draft.household.past.filter(
    (member) => draft.secrets.identities[member.id] === stated.identity,
  );
}

/** A new member, or one who comes back under the same id, from the ledger's day. */
function join(draft: Draft, stated: WantedMember, context: LedgerContext): Draft {
  const id = stated.id ?? pastOf(draft, stated)[0]?.id ?? context.newId('per');
  const { ledgerDay, at } = context;
  return enterMember(
    draft,
    { ...stated, id },
    { heldFrom: ledgerDay, joinReason: null, factsFrom: ledgerDay, enteredAt: at },
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
  const { name, number, sex, birth } = stated;
  const isCorrected =
    stated.identity !== null && draft.secrets.identities[member.id] !== stated.identity;
  const corrected = correctMember(entered, member.id, {
    name,
    ...(number !== null && { number }),
    ...(isCorrected && { identity: { number: stated.identity, birth, sex } }),
  });
  return { draft: corrected, kept: spared.kept };
}
