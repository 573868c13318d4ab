import type { Member } from '../core/household.ts';
import { Receipt } from '../core/receipt.ts';
import { mayBeFromElsewhere } from '../core/receipt-match.ts';
import { AnyReceipt } from '../core/receipt-village.ts';
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
import { AnyPointer, PersonHome, ReceiptEvent, ReceiptPointer, V } from './item.ts';

/** A receipt as it is to be stored; `before` is what stood there, `reason` why it changes. */
export interface ReceiptStep {
  readonly before: AnyReceipt | null;
  readonly after: AnyReceipt;
  readonly reason: string;
}

/** Households read at once. */
const LANES = 16;
/** Receipts of one transaction: each takes three actions of its hundred at most. */
const TOGETHER = 33;

/** Receipts of a household, or of a village under the code by which they were told. */
export const partitionOf = (holder: string) => `R#${holder}`;

/** Ids of items begin with a letter, so events lie before all receipts. */
export function keyOf(one: AnyPointer): Required<Key> {
  const { id, item, on } = one;
  const { holder, person } =
    'village' in one ? { holder: one.village, person: null } : { ...one, holder: one.household };
  return { pk: partitionOf(holder), sk: `${item}#${person ?? '0'}#${on}#${id}` };
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
  const query = { pk: partitionOf(household), between: ['a', '~'], consistent } as const;
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
  readonly members: readonly Pick<Member, 'id' | 'joinReason' | 'isKnown'>[];
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

/** The person of a receipt by its key; undefined where it is the household's or the village's, of an event, or where a village went. */
export function personIn(sk: string): string | undefined {
  const [item, person] = sk.split('#');
  return item === '3' || item === '0' || person === '0' ? undefined : person;
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
): Promise<ReadonlyMap<string, AnyReceipt>> {
  const pointers = await batchGet(table, [...new Set(ids)].map(pointerKey), true);
  const keys = pointers.map((item) => keyOf(AnyPointer.parse(item)));
  const items = await batchGet(table, keys, true);
  return new Map(items.map((item) => [String(item.id), AnyReceipt.parse(item)]));
}

/** A receipt of a household by its id. */
export async function findReceipt(
  table: string,
  of: { readonly household: string; readonly id: string },
): Promise<Receipt | undefined> {
  const receipt = await receiptById(table, of.id);
  return receipt && 'household' in receipt && receipt.household === of.household
    ? receipt
    : undefined;
}

/** A receipt by its id, wherever it lies. */
export async function receiptById(table: string, id: string): Promise<AnyReceipt | undefined> {
  const pointer = await getItem(table, pointerKey(id));
  const item = pointer && (await getItem(table, keyOf(AnyPointer.parse(pointer))));
  return item && AnyReceipt.parse(item);
}

function itemOf(receipt: AnyReceipt): Item {
  return { ...keyOf(receipt), v: V.receipt, ...receipt };
}

/** Where a new receipt is found by its id, and by its person. */
function pointersTo(table: string, receipt: AnyReceipt): readonly Action[] {
  const { id, item, on } = receipt;
  const shared = { v: V.pointer, id, item, on };
  if ('village' in receipt)
    return [
      { table, put: { ...pointerKey(id), ...shared, village: receipt.village }, when: absent },
    ];
  const { household, person } = receipt;
  const pointer = { ...shared, household, person };
  const byId = { table, put: { ...pointerKey(id), ...pointer }, when: absent };
  if (person === null) return [byId];
  return [byId, { table, put: { pk: ofPerson(person), sk: `R#${id}`, ...pointer } }];
}

/** What a step writes: the receipt on condition of what it was decided on, and where it is found or what it was. */
export function actionsOf(
  table: string,
  { before, after, reason }: ReceiptStep,
): readonly Action[] {
  if (!before) {
    return [{ table, put: itemOf(after), when: absent }, ...pointersTo(table, after)];
  }
  const { id: receipt, version, at, actor } = after;
  const event = { receipt, version, at, actor, reason, before, after };
  const { pk } = keyOf(after);
  const sk = `3#${receipt}#${String(version).padStart(6, '0')}`;
  return [
    { table, put: itemOf(after), when: atVersion(before.version) },
    { table, put: { pk, sk, v: V.event, ...event }, when: absent },
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

/** Writes one receipt with what goes along with it, all or nothing; false where something stood in its way. */
export async function saveReceipt(
  table: string,
  step: ReceiptStep,
  along: readonly Action[],
): Promise<boolean> {
  return (await transact([...actionsOf(table, step), ...along])).length === 0;
}

/** What happened to the receipts of a household since they were told, by receipt and version. */
export async function receiptEvents(
  table: string,
  household: string,
): Promise<readonly ReceiptEvent[]> {
  const events: ReceiptEvent[] = [];
  const query = { pk: partitionOf(household), prefix: '3#', consistent: true };
  for await (const item of queryAll(table, query)) events.push(ReceiptEvent.parse(item));
  return events;
}
