import type { Member } from '../core/household.ts';
import { Receipt } from '../core/receipt.ts';
import { mayBeFromElsewhere } from '../core/receipt-match.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  type Item,
  type Key,
  putItem,
  queryAll,
  transact,
} from '../lib/dynamo.ts';
import { inLanes } from '../lib/lanes.ts';
import { PersonHome, ReceiptEvent, ReceiptPointer, V } from './item.ts';

/** A receipt as it is to be stored; `before` is what stood there, `reason` why it changes. */
export interface ReceiptStep {
  readonly before: Receipt | null;
  readonly after: Receipt;
  readonly reason: string;
}

/** Households read at once. */
const LANES = 16;
/** Receipts of one transaction: each takes three actions of its hundred at most. */
const TOGETHER = 33;

type Placed = Pick<Receipt, 'id' | 'household' | 'item' | 'person' | 'on'>;

/** Ids of items begin with a letter, so events lie before all receipts. */
function keyOf({ id, household, item, person, on }: Placed): Required<Key> {
  return { pk: `R#${household}`, sk: `${item}#${person ?? '0'}#${on}#${id}` };
}

const pointerKey = (id: string): Required<Key> => ({ pk: `N#${id}`, sk: '0' });

/** What is known of a person: where her receipts lie, and which households are told of them. */
const ofPerson = (person: string) => `P#${person}`;

/** Every receipt of a household, withdrawn ones included, by item and day. */
export async function allReceiptsOf(
  table: string,
  household: string,
  consistent = true,
): Promise<readonly Receipt[]> {
  const receipts: Receipt[] = [];
  const query = { pk: `R#${household}`, between: ['a', '~'], consistent } as const;
  for await (const item of queryAll(table, query)) receipts.push(Receipt.parse(item));
  return receipts;
}

/** What a household and its persons received; what was withdrawn is left out. */
export async function receiptsOf(
  table: string,
  household: string,
  consistent = true,
): Promise<readonly Receipt[]> {
  const all = await allReceiptsOf(table, household, consistent);
  return all.filter(({ withdrawn }) => withdrawn === null);
}

/** A household and who lives in it. */
export interface Home {
  readonly id: string;
  readonly members: readonly Pick<Member, 'id' | 'joinReason'>[];
}

const cameTo = ({ members }: Home) => members.filter(mayBeFromElsewhere).map(({ id }) => id);

/** Receipts of a person that lie under other households than this one. */
async function pointersOf(
  table: string,
  person: string,
  { id, consistent }: { readonly id: string; readonly consistent: boolean },
): Promise<readonly ReceiptPointer[]> {
  const pointers: ReceiptPointer[] = [];
  for await (const item of queryAll(table, { pk: ofPerson(person), prefix: 'R#', consistent }))
    pointers.push(ReceiptPointer.parse(item));
  return pointers.filter(({ household }) => household !== id);
}

/**
 * What a household received, and what those who came from elsewhere received themselves where they lived before; what was withdrawn is left
 * out.
 */
export async function receiptsWith(
  table: string,
  home: Home,
  consistent = true,
): Promise<readonly Receipt[]> {
  const { id } = home;
  const [own, ...elsewhere] = await Promise.all([
    receiptsOf(table, id, consistent),
    ...cameTo(home).map((person) => pointersOf(table, person, { id, consistent })),
  ]);
  const brought = await batchGet(table, elsewhere.flat().map(keyOf), consistent);
  const standing = brought.map((item) => Receipt.parse(item));
  return [...own, ...standing.filter(({ withdrawn }) => withdrawn === null)];
}

/**
 * Has a household told whenever something changes of what its persons received elsewhere. Noted before receipts are read: then whatever is
 * written later finds the note, and whatever was written before is read.
 */
export async function noteHome(table: string, home: Home): Promise<void> {
  for (const person of cameTo(home)) {
    if ((await homesToTell(table, person)).includes(home.id)) continue;
    const note: PersonHome = { sk: `H#${home.id}`, household: home.id };
    await putItem(table, { pk: ofPerson(person), v: V.home, ...note });
  }
}

/** Households that are told of what a person received. */
export async function homesToTell(table: string, person: string): Promise<readonly string[]> {
  const homes: string[] = [];
  for await (const item of queryAll(table, {
    pk: ofPerson(person),
    prefix: 'H#',
    consistent: true,
  }))
    homes.push(PersonHome.parse(item).household);
  return homes;
}

/** The person of a receipt by its key; undefined where it is the household's, or of an event. */
export function personIn(sk: string): string | undefined {
  const [item, person] = sk.split('#');
  return item === '3' || person === '0' ? undefined : person;
}

/** The same for several households; those that received nothing have an empty list. */
export async function receiptsFor(
  table: string,
  households: readonly string[],
  consistent = true,
): Promise<ReadonlyMap<string, readonly Receipt[]>> {
  const found = await inLanes(
    households,
    LANES,
    async (id) => [id, await receiptsOf(table, id, consistent)] as const,
  );
  return new Map(found);
}

/** Receipts by id, wherever they lie; unknown ones are missing. */
export async function receiptsById(
  table: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Receipt>> {
  const pointers = await batchGet(table, [...new Set(ids)].map(pointerKey), true);
  const keys = pointers.map((item) => keyOf(ReceiptPointer.parse(item)));
  const items = await batchGet(table, keys, true);
  return new Map(items.map((item) => [String(item.id), Receipt.parse(item)]));
}

/** A receipt of a household by its id. */
export async function findReceipt(
  table: string,
  of: { readonly household: string; readonly id: string },
): Promise<Receipt | undefined> {
  const found = await getItem(table, pointerKey(of.id));
  const pointer = found && ReceiptPointer.parse(found);
  if (pointer?.household !== of.household) return undefined;
  const item = await getItem(table, keyOf(pointer));
  return item && Receipt.parse(item);
}

function itemOf(receipt: Receipt): Item {
  return { ...keyOf(receipt), v: V.receipt, ...receipt };
}

function actionsOf(table: string, { before, after, reason }: ReceiptStep): readonly Action[] {
  if (!before) {
    const { id, household, item, person, on } = after;
    const pointer = { v: V.pointer, id, household, item, person, on };
    const own = { table, put: { pk: ofPerson(person ?? ''), sk: `R#${id}`, ...pointer } };
    return [
      { table, put: itemOf(after), when: absent },
      { table, put: { ...pointerKey(id), ...pointer }, when: absent },
      ...(person === null ? [] : [own]),
    ];
  }
  const { id: receipt, version, household, at, actor } = after;
  const event: ReceiptEvent = { receipt, version, at, actor, reason, before, after };
  const sk = `3#${receipt}#${String(version).padStart(6, '0')}`;
  return [
    { table, put: itemOf(after), when: atVersion(before.version) },
    { table, put: { pk: `R#${household}`, sk, v: V.event, ...event }, when: absent },
  ];
}

/**
 * Writes receipts with what changes of them told, each on condition of what it was decided on; those of a transaction that is refused are
 * tried one by one.
 * @returns ids of those that somebody else has written meanwhile, or that are too much for the database
 */
export async function saveReceipts(
  table: string,
  steps: readonly ReceiptStep[],
): Promise<readonly string[]> {
  const late: string[] = [];
  for (let from = 0; from < steps.length; from += TOGETHER) {
    const group = steps.slice(from, from + TOGETHER);
    const all = await transact(group.flatMap((step) => actionsOf(table, step)));
    if (all.length === 0) continue;
    for (const step of group) {
      const alone = await transact(actionsOf(table, step));
      if (alone.length > 0) late.push(step.after.id);
    }
  }
  return late;
}

/** What happened to the receipts of a household since they were told, by receipt and version. */
export async function receiptEvents(
  table: string,
  household: string,
): Promise<readonly ReceiptEvent[]> {
  const events: ReceiptEvent[] = [];
  const query = { pk: `R#${household}`, prefix: '3#', consistent: true };
  for await (const item of queryAll(table, query)) events.push(ReceiptEvent.parse(item));
  return events;
}
