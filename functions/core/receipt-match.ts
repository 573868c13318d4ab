import type { Day } from './day.ts';
import type { Household, Member } from './household.ts';
import { comparable } from './ledger-text.ts';
import type { ReceiptPeriod } from './receipt.ts';
import type { ReceiptRow } from './receipt-row.ts';
import { type Decided, refuse } from './refusal.ts';

/** What a receipt needs of a policy item in force on its day. */
export interface ReceiptItem {
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  /** What ledgers call it. */
  readonly aliases: readonly string[];
  readonly subject: 'person' | 'household' | 'village';
  readonly department: string;
  readonly benefit: {
    readonly kind: string;
    readonly period: ReceiptPeriod;
    /** For one unit and period, fen. */
    readonly amountFen: number | null;
  };
}

/** A household with one membership of a person in it. */
export interface Lived {
  readonly household: Household;
  readonly member: Member;
}

/** Who had a payment or service: a household, and the person of it where one is named. */
export interface Beneficiary {
  readonly household: Household;
  readonly member: Member | null;
  /** Whether the person is known by the number and the row calls her otherwise. */
  readonly isNamedOtherwise: boolean;
  /** Whether the person lives in another household now. */
  readonly isElsewhere: boolean;
}

/**
 * The item a row names among those in force on its day: by id or name, else by what ledgers call it; of several that are called so, the
 * one that comes to that amount (寄宿生生活补助 of primary and of junior schools).
 * Refusals: receipt-item-unknown, receipt-item-ambiguous.
 */
export function findItem(
  items: readonly ReceiptItem[],
  row: Pick<ReceiptRow, 'item' | 'on' | 'amountFen'>,
): Decided<ReceiptItem> {
  const text = comparable(row.item);
  const isSo = (name: string) => comparable(name) === text;
  const named = items.filter(({ id, name }) => [id, name.zh, name.en].some(isSo));
  const found = named.length > 0 ? named : items.filter(({ aliases }) => aliases.some(isSo));
  const [item] = found;
  if (!item) return refuse('receipt-item-unknown', { item: row.item, day: row.on });
  if (found.length === 1) return { ok: item };
  const [alike, ...others] = found.filter(({ benefit }) => benefit.amountFen === row.amountFen);
  if (alike && others.length === 0) return { ok: alike };
  const names = found.map(({ name }) => name.zh).join('、');
  return refuse('receipt-item-ambiguous', { item: row.item, names });
}

/** Every membership of a person in these households; one that was entered by mistake was none. */
export function membershipsOf(
  households: readonly Household[],
  isWho: (member: Member) => boolean,
): readonly Lived[] {
  return households.flatMap((household) =>
    [...household.members, ...household.past]
      .filter((member) => isWho(member) && member.endReason !== 'error')
      .map((member) => ({ household, member })),
  );
}

/**
 * Whether a member may have lived in another household of the registry before: all but those born here, or here from the start; of these
 * whoever was known when the household was entered, or is not known not to have been.
 */
export function mayBeFromElsewhere({
  joinReason,
  isKnown,
}: Pick<Member, 'joinReason' | 'isKnown'>): boolean {
  return isKnown === true || (joinReason !== null && joinReason !== 'birth');
}

/** Whether a membership holds on a day. */
export function holdsOn({ heldFrom, heldTo }: Member, day: Day): boolean {
  return heldFrom <= day && (heldTo === null || day < heldTo);
}

/**
 * Where a person lived on a day by what is known; before the first household that is known, in that one, after the last, in the last.
 * Undefined where no membership is known at all.
 */
export function homeOn(memberships: readonly Lived[], day: Day): Lived | undefined {
  const inOrder = memberships.toSorted((one, other) =>
    one.member.heldFrom < other.member.heldFrom ? -1 : 1,
  );
  return (
    inOrder.findLast(({ member }) => holdsOn(member, day)) ??
    inOrder.find(({ member }) => member.heldFrom > day) ??
    inOrder.at(-1)
  );
}

/** Whether a member carries that 人编号, whole or counted within the household. */
export function isNumbered(household: Household, wanted: string): (member: Member) => boolean {
  const whole = comparable(wanted);
  const inside = comparable(`${household.number}${wanted}`);
  return ({ number }) => {
    const own = number === null ? null : comparable(number);
    return own !== null && (own === whole || own === inside);
  };
}

/** Whether a name that a row gives may be that of one of these members; a row that gives none contradicts nobody. */
export function isOneOf(members: readonly Member[], names: readonly (string | null)[]): boolean {
  const given = names.flatMap((name) => (name === null ? [] : [comparable(name)]));
  return given.length === 0 || members.some(({ name }) => given.includes(comparable(name)));
}

/** The household a row names by number alone, if the names it gives are of it: now or once. */
export function householdNamed(household: Household, row: ReceiptRow): Beneficiary | null {
  const { members, past } = household;
  if (!isOneOf([...members, ...past], [row.head, row.name])) return null;
  return { household, member: null, isNamedOtherwise: false, isElsewhere: false };
}
