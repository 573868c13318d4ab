import type { Day } from './day.ts';
import { type HouseholdFile, type Member, relationOf } from './household.ts';
import type { WantedMember } from './household-wanted.ts';
import { isSettled, type UndatedField } from './undated.ts';

/** A row, the member it is held against, and the day the row speaks of. */
interface Pair {
  readonly file: HouseholdFile;
  readonly member: Member;
  readonly stated: WantedMember;
  readonly ledgerDay: Day;
}

/** A way of telling that a row speaks of a member; what is told by a `sole` way must be told of one member alone. */
interface Sign {
  readonly tells: (pair: Pair) => boolean;
  readonly sole?: true;
}

const hasNumber = ({ member, stated }: Pair) =>
  stated.number !== null && member.number === stated.number;
const hasName = ({ member, stated }: Pair) => member.name === stated.name;
const hasBirth = ({ member, stated }: Pair) => member.birth === stated.birth;

function hasIdentity({ file, member, stated }: Pair): boolean {
  return stated.identity !== null && file.secrets.identities[member.id] === stated.identity;
}

/** Whether one side has no identity number yet. */
function isUnnumbered({ file, member, stated }: Pair): boolean {
  return stated.identity === null || file.secrets.identities[member.id] === undefined;
}

/** Whether the member was there on the ledger's day, and a later word put the field right: that the row differs in it says nothing. */
function isOutdated({ member, ledgerDay }: Pair, field: UndatedField): boolean {
  return member.heldFrom <= ledgerDay && isSettled(member.openFrom, field, ledgerDay);
}

/** Whether no two identity numbers tell the two apart. */
const isUnsure = (pair: Pair) => isUnnumbered(pair) || isOutdated(pair, 'identity');
const isNamesake = (pair: Pair) => hasName(pair) && isUnsure(pair);

/** A ledger number may have passed to somebody else; who keeps it keeps name or birth, and both with another identity number. */
function isNumbersOwner(pair: Pair): boolean {
  if (isOutdated(pair, 'identity')) return true;
  return isUnnumbered(pair) ? hasName(pair) || hasBirth(pair) : hasName(pair) && hasBirth(pair);
}

/**
 * From the surest on: identity number, ledger number, name and birth. A number that arrives later may tell another birth than the family
 * did; then name and relation tell who it belongs to. What was put right since the ledger's day is not held against a row.
 */
const signs: readonly Sign[] = [
  { tells: hasIdentity },
  { tells: (pair) => hasNumber(pair) && isNumbersOwner(pair) },
  { tells: (pair) => isNamesake(pair) && hasBirth(pair) },
  {
    tells: (pair) => isNamesake(pair) && relationOf(pair.member) === pair.stated.relation,
    sole: true,
  },
  { tells: (pair) => hasName(pair) && isOutdated(pair, 'identity'), sole: true },
  {
    tells: (pair) => hasBirth(pair) && isOutdated(pair, 'name') && isUnsure(pair),
    sole: true,
  },
];

export interface Matches {
  /** The live member a row speaks of. */
  readonly known: ReadonlyMap<WantedMember, Member>;
  /** Rows that may speak of a member and may not: people must tell. */
  readonly unclear: readonly WantedMember[];
}

/** Rows that may have a sign at all: an identity number that is somebody's here is nobody else's, live or gone. */
function mayHave(file: HouseholdFile, { tells }: Sign, { identity }: WantedMember): boolean {
  const isHeld = Object.values(file.secrets.identities).some((number) => number === identity);
  return tells === hasIdentity || !isHeld;
}

/** Holds a ledger's rows against the live members, the surest signs first; every member is spoken of once. */
export function matchMembers(
  file: HouseholdFile,
  rows: readonly WantedMember[],
  ledgerDay: Day,
): Matches {
  const known = new Map<WantedMember, Member>();
  const free = new Set(file.household.members);
  for (const sign of signs) {
    for (const stated of rows.filter((row) => !known.has(row) && mayHave(file, sign, row))) {
      const told = [...free].filter((member) => sign.tells({ file, member, stated, ledgerDay }));
      const [found] = told;
      if (!found || (sign.sole && told.length > 1)) continue;
      known.set(stated, found);
      free.delete(found);
    }
  }
  const isUnclear = (stated: WantedMember) =>
    !known.has(stated) &&
    (file.household.members.some(({ id }) => id === stated.id) ||
      [...free].some((member) => mayBe({ file, member, stated, ledgerDay })));
  return { known, unclear: rows.filter(isUnclear) };
}

/** Whether a row that is nobody's may still be a member's whom no row speaks of. */
function mayBe(pair: Pair): boolean {
  return (
    hasNumber(pair) ||
    (hasName(pair) && hasBirth(pair)) ||
    (isOutdated(pair, 'name') && isUnsure(pair) && (hasBirth(pair) || isOutdated(pair, 'identity')))
  );
}

/** Memberships here that ended and were this person's. */
export function pastOf(
  file: HouseholdFile,
  stated: WantedMember,
  ledgerDay: Day,
): readonly Member[] {
  return file.household.past.filter((member) => {
    const pair = { file, member, stated, ledgerDay };
    return hasIdentity(pair) || (isNamesake(pair) && hasBirth(pair));
  });
}
