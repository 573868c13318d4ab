import type { AreaCode } from '../core/division.ts';
import { type Division, placementRefusal } from '../core/division-register.ts';
import { type Household, type Member, villageOf } from '../core/household.ts';
import type { Receipt } from '../core/receipt.ts';
import type { AnyWanted } from '../core/receipt-decide.ts';
import {
  type Beneficiary,
  holdsOn,
  homeOn,
  householdNamed,
  isNumbered,
  isOneOf,
  type Lived,
  membershipsOf,
} from '../core/receipt-match.ts';
import type { ReceiptRow } from '../core/receipt-row.ts';
import { type Decided, type Refusal, refuse } from '../core/refusal.ts';

/** Who holds an identity number, in the household where she lives or lived last. */
export interface PersonHeld {
  readonly household: string;
  readonly person: string;
}

/** What a chunk of rows is matched with. */
export interface Register {
  /** Whether a village lies in the area the file is for. */
  readonly within: (village: AreaCode) => boolean;
  /** Holders by identity number; unknown ones are missing. */
  readonly holders: ReadonlyMap<string, PersonHeld>;
  /** The household in which a number was entered that was put right since, if nobody holds it now. */
  putRightIn(identity: string): Promise<string | undefined>;
  /** Households by number in the county of the file; unknown ones are missing. */
  readonly numbered: ReadonlyMap<string, string>;
  household(id: string): Promise<Household | undefined>;
  /** Households that were split from this one, merged into it, or the other way round. */
  relatives(id: string): Promise<readonly string[]>;
  /** Where somebody who left a household lives, if known. */
  homeNow(household: string, person: string): Promise<string | undefined>;
  /** Villages that rows name, as they stand; unknown ones are missing. */
  readonly villages: ReadonlyMap<AreaCode, Division>;
  /** The codes under which a village may have received: its own, and those whose place it has taken. */
  formerly(village: AreaCode): Promise<readonly AreaCode[]>;
}

/** Whose receipts: ids of households, codes of villages. */
export interface Holders {
  readonly households: readonly string[];
  readonly villages: readonly AreaCode[];
}

export const holderOf = (one: AnyWanted) => ('village' in one ? one.village : one.household);

export function holdersOf(wanted: readonly AnyWanted[]): Holders {
  const [villages = [], households = []] = [true, false].map((isVillage) =>
    wanted.filter((one) => 'village' in one === isVillage).map(holderOf),
  );
  return { households, villages };
}

/** Why a village has nothing entered now: it lies elsewhere, or its place was taken since the file was read. */
export function refuseVillage(
  { within, villages }: Register,
  village: AreaCode,
): Refusal | undefined {
  if (!within(village)) return refuse('village-outside');
  return placementRefusal(village, villages.get(village));
}

/** The same words whether nobody is called so or somebody out of the area is: nothing can be found out by trying. */
const nobody = refuse('receipt-nobody');

/**
 * Whose a row is. By identity number wherever she lives in the area; by 户编号 and 人编号, or 户编号 alone, with the names given beside
 * them. What was paid to somebody who lived elsewhere then belongs to the household of that day.
 * Refusals: receipt-nobody, receipt-household-differs.
 */
export async function whoseIs(register: Register, row: ReceiptRow): Promise<Decided<Beneficiary>> {
  const held = row.identity === null ? undefined : register.holders.get(row.identity);
  const numbered = await byNumber(register, row);
  if (held) return byIdentity(register, { row, held, numbered });
  if (!numbered) return nobody;
  if (row.personNumber !== null) return byPersonNumber(register, row, numbered);
  // A number that nobody holds names a person, and no household stands in for her.
  const named = row.identity === null ? householdNamed(numbered, row) : null;
  return named && isWithin(register, named) ? { ok: named } : nobody;
}

/**
 * Whose a row is that names her by a number that was put right since, where what it tells is known: her department's books may have the old
 * number for long. Of anything else a number that nobody holds says nothing.
 * @param known the receipt of that reference
 * Refusals: receipt-nobody.
 */
export async function whoseStill(
  register: Register,
  row: ReceiptRow,
  known: Receipt,
): Promise<Decided<Beneficiary>> {
  const who = known.person ?? known.payee;
  const home = row.identity === null ? undefined : await register.putRightIn(row.identity);
  if (home === undefined || register.holders.has(row.identity ?? '')) return nobody;
  const ids = [...new Set([known.household, home])];
  const read = await Promise.all(ids.map((id) => register.household(id)));
  const lives = read.map((one) => membershipsOf(one ? [one] : [], ({ id }) => id === who));
  const then = homeOn(lives[0] ?? [], row.on);
  if (!then || lives.some((one) => one.length === 0) || !isWithin(register, then)) return nobody;
  if (!isOneOf([then.member], [row.name])) return nobody;
  return { ok: { ...then, isNamedOtherwise: false, isElsewhere: false } };
}

function isWithin({ within }: Register, { household }: Pick<Beneficiary, 'household'>): boolean {
  return within(villageOf(household));
}

async function byNumber(register: Register, row: ReceiptRow): Promise<Household | undefined> {
  const id = row.householdNumber === null ? undefined : register.numbered.get(row.householdNumber);
  const found = id === undefined ? undefined : await register.household(id);
  return found && isWithin(register, { household: found }) ? found : undefined;
}

interface Held {
  readonly row: ReceiptRow;
  readonly held: PersonHeld;
  readonly numbered: Household | undefined;
}

async function byIdentity(
  register: Register,
  { row, held, numbered }: Held,
): Promise<Decided<Beneficiary>> {
  const isWho = ({ id }: Member) => id === held.person;
  const own = await register.household(held.household);
  const known = [own, numbered].flatMap((one) => (one ? [one] : []));
  const lives = await livesOf(register, { known, isWho, row });
  const then = homeOn(lives, row.on);
  if (!then || !isWithin(register, then)) return nobody;
  const { householdNumber: number } = row;
  if (number !== null && !lives.some(({ household }) => household.number === number)) {
    return refuse('receipt-household-differs', { number });
  }
  const isNamedOtherwise = !isOneOf([then.member], [row.name]);
  const isElsewhere = then.household.id !== held.household;
  return { ok: { ...then, isNamedOtherwise, isElsewhere } };
}

async function byPersonNumber(
  register: Register,
  row: ReceiptRow,
  numbered: Household,
): Promise<Decided<Beneficiary>> {
  const inHousehold = membershipsOf([numbered], isNumbered(numbered, row.personNumber ?? ''));
  const [first] = inHousehold;
  const member =
    inHousehold.find(({ member: one }) => one.heldTo === null)?.member ?? first?.member;
  // The number of a member who has another one on file is somebody else's.
  const isOther = row.identity !== null && member?.identityMasked !== null;
  if (!member || isOther || !isOneOf([member], [row.name])) return nobody;
  const isWho = ({ id }: Member) => id === member.id;
  const isAway = !numbered.members.some(isWho);
  const now = isAway ? await register.homeNow(numbered.id, member.id) : undefined;
  const home = now === undefined ? undefined : await register.household(now);
  const known = [numbered, home].flatMap((one) => (one ? [one] : []));
  const then = homeOn(await livesOf(register, { known, isWho, row }), row.on);
  if (!then || !isWithin(register, then)) return nobody;
  const isElsewhere = then.household.id !== (home ?? numbered).id;
  return { ok: { ...then, isNamedOtherwise: false, isElsewhere } };
}

interface Asked {
  readonly known: readonly Household[];
  readonly isWho: (member: Member) => boolean;
  readonly row: ReceiptRow;
}

/** Memberships of a person in the households that are known; where none covers the day, also in those they came from or went into. */
async function livesOf(
  register: Register,
  { known, isWho, row }: Asked,
): Promise<readonly Lived[]> {
  const once = [...new Map(known.map((one) => [one.id, one])).values()];
  const lives = membershipsOf(once, isWho);
  if (lives.some(({ member }) => holdsOn(member, row.on))) return lives;
  const ids = await Promise.all(once.map(({ id }) => register.relatives(id)));
  const others = new Set(ids.flat().filter((id) => once.every((one) => one.id !== id)));
  const more = await Promise.all([...others].map((id) => register.household(id)));
  return [
    ...lives,
    ...membershipsOf(
      more.flatMap((one) => (one ? [one] : [])),
      isWho,
    ),
  ];
}
