import type { FactSheet, PersonFacts } from './fact.ts';
import { sparingLater } from './fact-sparing.ts';
import type { Member } from './household.ts';
import { correctMember } from './household-change.ts';
import { type Draft, putMemberFacts } from './household-draft.ts';
import type { LedgerContext, WantedHousehold, WantedMember } from './household-wanted.ts';
import { enterMember, relationOf } from './member.ts';

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
  const matches = matchMembers(draft, wanted.members);
  for (const stated of wanted.members) {
    const member = matches.get(stated);
    if (member) {
      const compared = compareMember(entered, member, { stated, context });
      entered = compared.draft;
      kept.push(...compared.kept.map((field) => `${member.id}.${field}`));
    } else if (leftLater(draft, stated, context.ledgerDay)) {
      kept.push('member');
    } else {
      entered = join(entered, stated, context);
    }
  }
  const named = new Set([...matches.values()].map(({ id }) => id));
  const missing = draft.household.members
    .filter((member) => !named.has(member.id))
    .map((member) => member.id);
  return { draft: entered, missing, kept };
}

/** A way of telling that a row speaks of a member; what is told by a `sole` way must be told of one member alone. */
interface Sign {
  readonly tells: (draft: Draft, member: Member, stated: WantedMember) => boolean;
  readonly sole?: true;
}

/**
 * From the surest on: identity number, ledger number, name and birth where one side has no identity number yet. A number that arrives later
 * may tell another birth than the family did; then name and relation tell who it belongs to.
 */
const signs: readonly Sign[] = [
  { tells: hasIdentity },
  { tells: (_, member, { number }) => number !== null && member.number === number },
  {
    tells: (draft, member, stated) =>
      isNamesake(draft, member, stated) && member.birth === stated.birth,
  },
  {
    tells: (draft, member, stated) =>
      isNamesake(draft, member, stated) && relationOf(member) === stated.relation,
    sole: true,
  },
];

/** The live member each row speaks of, every member spoken of once, the surest signs first. */
function matchMembers(
  draft: Draft,
  stated: readonly WantedMember[],
): ReadonlyMap<WantedMember, Member> {
  const matches = new Map<WantedMember, Member>();
  const free = new Set(draft.household.members);
  for (const { tells, sole } of signs) {
    for (const one of stated.filter((row) => !matches.has(row))) {
      const [found, ...others] = [...free].filter((member) => tells(draft, member, one));
      if (!found || (sole && others.length > 0)) continue;
      matches.set(one, found);
      free.delete(found);
    }
  }
  return matches;
}

/** Whether the two have one name and no two identity numbers tell them apart. */
function isNamesake(draft: Draft, member: Member, stated: WantedMember): boolean {
  const isUnsure = stated.identity === null || draft.secrets.identities[member.id] === undefined;
  return isUnsure && member.name === stated.name;
}

function hasIdentity(draft: Draft, member: Member, stated: WantedMember): boolean {
  return stated.identity !== null && draft.secrets.identities[member.id] === stated.identity;
}

/** Whether the person came to this household and left it since the ledger's day, or left it later: the ledger is simply older. */
function leftLater(draft: Draft, stated: WantedMember, ledgerDay: string): boolean {
  return pastOf(draft, stated).some(
    (member) => member.heldFrom >= ledgerDay || (member.heldTo ?? '') > ledgerDay,
  );
}

function pastOf(draft: Draft, stated: WantedMember): readonly Member[] {
  return draft.household.past.filter(
    (member) =>
      hasIdentity(draft, member, stated) ||
      (isNamesake(draft, member, stated) && member.birth === stated.birth),
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
  const { name, number } = stated;
  const corrected = correctMember(entered, member.id, {
    name,
    ...(number !== null && { number }),
    ...rightOf(draft, member, stated),
  });
  return { draft: corrected, kept: spared.kept };
}

/** Who the person is, as the row puts it right: a number tells birth and sex; without one the row's own word counts. */
function rightOf(
  draft: Draft,
  member: Member,
  stated: WantedMember,
): Parameters<typeof correctMember>[2] {
  const { identity, birth, sex } = stated;
  const held = draft.secrets.identities[member.id];
  if (identity !== null)
    return held === identity ? {} : { identity: { number: identity, birth, sex } };
  return held === undefined ? { birth, sex } : {};
}
