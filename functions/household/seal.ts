import { type Day, dayOf } from '../core/day.ts';
import type { Household, HouseholdFile, Member } from '../core/household.ts';
import {
  type HouseholdEvent,
  type ReplacedSecrets,
  replacedSecrets,
} from '../core/household-event.ts';
import { openAfter } from '../core/undated.ts';
import type { Keys } from '../lib/keys.ts';
import {
  EventItem,
  HouseholdItem,
  keyOf,
  MemberItem,
  SealedContact,
  SealedReplaced,
  V,
} from './item.ts';

/** A household as stored: everything but the sealed values can be read without a key. */
export interface StoredFile {
  readonly household: Household;
  readonly sealed: {
    readonly contact: Uint8Array | null;
    readonly identities: Readonly<Record<string, Uint8Array>>;
  };
}

type Item = Readonly<Record<string, unknown>>;

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const bytes = (value: string) => Buffer.from(value, 'utf8');

interface StoredMember {
  readonly member: Member;
  readonly sealed: Uint8Array | null;
}

/** @param unknown first day whose ledger may say otherwise, where the item does not know */
function memberOf(item: Item, unknown: Day): StoredMember {
  const { v, sealed, openFrom, ...member } = MemberItem.parse(item);
  const whole = { name: unknown, number: unknown, identity: unknown };
  // Before version 4 nobody kept it, so whoever was entered with a household may have been known.
  const mayBeKnown = v < V.member && member.joinReason === null;
  const stored = { ...member, ...(mayBeKnown && ({ isKnown: true } as const)) };
  return { member: { ...stored, openFrom: openFrom ?? whole }, sealed };
}

/** In the order of the county's ledger; who has no number there keeps the order of ids. */
function byNumber({ member: one }: StoredMember, { member: other }: StoredMember): number {
  if (one.number === other.number) return 0;
  return (one.number ?? '~') < (other.number ?? '~') ? -1 : 1;
}

/** Reads a household out of the items of its partition; undefined when there is none. */
export function storedFileOf(items: readonly Item[]): StoredFile | undefined {
  const [first] = items;
  if (first?.sk !== '0') return undefined;
  const { v: _, sealed, openFrom, ...household } = HouseholdItem.parse(first);
  // What items of the first version know counts as put by hand on the day of the latest change.
  const unknown = openAfter(dayOf(new Date(household.changedAt)));
  const all = (prefix: string) =>
    items
      .filter((item) => String(item.sk).startsWith(prefix))
      .map((item) => memberOf(item, unknown));
  const [live, past] = [all('1#'), all('2#')];
  const identities: Record<string, Uint8Array> = {};
  for (const one of [...past, ...live]) if (one.sealed) identities[one.member.id] = one.sealed;
  const isHead = ({ member }: StoredMember) =>
    member.facts.some((sheet) => sheet.values.relation === 'head');
  const others = live.filter((one) => !isHead(one)).toSorted(byNumber);
  const members = [...live.filter(isHead), ...others];
  return {
    household: {
      ...household,
      openFrom: openFrom ?? { phone: unknown, bankName: unknown, bankAccount: unknown },
      members: members.map((one) => one.member),
      past: past.map((one) => one.member),
    },
    sealed: { contact: sealed, identities },
  };
}

export function eventOf(item: Item): HouseholdEvent {
  const { v: _, sealed: __, ...event } = EventItem.parse(item);
  return event;
}

const recordOf = {
  contact: (id: string) => id,
  identity: (id: string, person: string) => `${id}/${person}`,
  event: (id: string, version: number) => `${id}@${version}`,
};

/** Opens the sealed values of a household. */
export async function openFile(stored: StoredFile, keys: Keys): Promise<HouseholdFile> {
  const { household, sealed } = stored;
  const contact = sealed.contact
    ? SealedContact.parse(
        JSON.parse(text(await keys.open(recordOf.contact(household.id), sealed.contact))),
      )
    : { phone: null, bankAccount: null };
  const opened = await Promise.all(
    Object.entries(sealed.identities).map(async ([person, one]) => {
      return [person, text(await keys.open(recordOf.identity(household.id, person), one))] as const;
    }),
  );
  return { household, secrets: { ...contact, identities: Object.fromEntries(opened) } };
}

/** The household's own item, its contact sealed. */
export async function householdItem(file: HouseholdFile, keys: Keys): Promise<Item> {
  const { members: _, past: __, ...household } = file.household;
  const { phone, bankAccount } = file.secrets;
  const about = { record: recordOf.contact(household.id), county: household.county, shape: 1 };
  const isKnown = phone !== null || bankAccount !== null;
  const plain = bytes(JSON.stringify({ phone, bankAccount }));
  const sealed = isKnown ? await keys.seal(about, plain) : null;
  return { ...keyOf.household(household.id), v: V.household, ...household, sealed };
}

/** A membership that was void leaves room for another from the same day, which stands beside it. */
function pastKey({ household }: HouseholdFile, member: Member) {
  const { id: person, heldFrom } = member;
  const earlier = household.past
    .slice(0, household.past.indexOf(member))
    .filter((one) => one.id === person && one.heldFrom === heldFrom).length;
  return keyOf.past(household.id, { person, heldFrom, ...(earlier > 0 && { order: earlier + 1 }) });
}

/** A member's item under the given key, the identity number sealed. */
export async function memberItem(file: HouseholdFile, member: Member, keys: Keys): Promise<Item> {
  const { id, county } = file.household;
  const number = file.secrets.identities[member.id];
  const about = { record: recordOf.identity(id, member.id), county, shape: 1 };
  const sealed = number === undefined ? null : await keys.seal(about, bytes(number));
  const key = member.heldTo === null ? keyOf.member(id, member.id) : pastKey(file, member);
  return { ...key, v: V.member, ...member, sealed };
}

/** An event's item; the full values it replaced are sealed beside it. */
export async function eventItem(
  event: HouseholdEvent,
  files: { readonly before: HouseholdFile | undefined; readonly next: HouseholdFile },
  keys: Keys,
): Promise<Item> {
  const { before, next } = files;
  const replaced = before ? replacedSecrets(before.secrets, next.secrets) : {};
  const { id, county } = next.household;
  const about = { record: recordOf.event(id, event.version), county, shape: 1 };
  const isKnown = Object.keys(replaced).length > 0;
  const sealed = isKnown ? await keys.seal(about, bytes(JSON.stringify(replaced))) : null;
  return { ...keyOf.event(id, event.version), v: V.event, ...event, sealed };
}

/** The full values an event replaced, for the few who may ask. */
export async function replacedOf(item: Item, keys: Keys): Promise<ReplacedSecrets> {
  const { sealed, household, version } = EventItem.parse(item);
  if (!sealed) return {};
  const opened = await keys.open(recordOf.event(household, version), sealed);
  return SealedReplaced.parse(JSON.parse(text(opened)));
}
