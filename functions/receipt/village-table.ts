import type { AreaCode } from '../core/division.ts';
import { destinationsOf, divides, type VillageMove } from '../core/division-plan.ts';
import {
  heldBy,
  ReceiptMove,
  type VillageHeld,
  type VillageKept,
  VillageReceipt,
} from '../core/receipt-village.ts';
import { absent, putItem, queryAll } from '../lib/dynamo.ts';
import { StoredMove, V, VillageReceiptEvent } from './item.ts';
import { partitionOf, receiptById } from './table.ts';

/** Where villages came from, and where they went, lies before events and receipts. */
const FROM = '0#from#';
const TO = '0#to#';

interface Kept extends VillageKept {
  readonly events: readonly VillageReceiptEvent[];
}

/** Everything under the code of a village: one Query. */
async function keptUnder(table: string, village: AreaCode, consistent: boolean): Promise<Kept> {
  const receipts: VillageReceipt[] = [];
  const from: ReceiptMove[] = [];
  const events: VillageReceiptEvent[] = [];
  for await (const item of queryAll(table, { pk: partitionOf(village), consistent })) {
    const sk = String(item.sk);
    if (sk.startsWith(FROM)) from.push(ReceiptMove.parse(item));
    else if (sk.startsWith('3#')) events.push(VillageReceiptEvent.parse(item));
    else if (!sk.startsWith(TO)) receipts.push(VillageReceipt.parse(item));
  }
  return { receipts, from, events };
}

/** What a village of today received, under whichever codes, withdrawn receipts included. */
export function villageReceipts(
  table: string,
  village: AreaCode,
  consistent = true,
): Promise<readonly VillageHeld[]> {
  return heldBy(village, (code) => keptUnder(table, code, consistent));
}

/** The same, with what happened to them since they were told. */
export async function villageReceiptFile(table: string, village: AreaCode) {
  const events: VillageReceiptEvent[] = [];
  const held = await heldBy(village, async (code) => {
    const kept = await keptUnder(table, code, true);
    events.push(...kept.events);
    return kept;
  });
  return { held, events };
}

/** A receipt that a village of today has, by its id. */
export async function findVillageReceipt(
  table: string,
  of: { readonly village: AreaCode; readonly id: string },
): Promise<VillageReceipt | undefined> {
  const found = await receiptById(table, of.id);
  if (!found || !('village' in found)) return undefined;
  const held = await villageReceipts(table, of.village);
  return held.some(({ receipt }) => receipt.id === of.id) ? found : undefined;
}

/** The codes under which a village of today may have received as a whole: its own, and those of the villages whose place it has taken. */
export async function formerVillages(
  table: string,
  village: AreaCode,
): Promise<readonly AreaCode[]> {
  const codes: AreaCode[] = [];
  await heldBy(village, async (code) => {
    codes.push(code);
    const { from } = await keptUnder(table, code, true);
    return { receipts: [], from: from.filter(({ isPart }) => !isPart) };
  });
  return codes;
}

/** A village and those that took its place, theirs in turn: all that count what is told of it. */
export async function villagesToTell(
  table: string,
  village: AreaCode,
): Promise<readonly AreaCode[]> {
  const codes = new Set([village]);
  for (const code of codes) {
    const query = { pk: partitionOf(code), prefix: TO, consistent: true } as const;
    for await (const item of queryAll(table, query)) codes.add(StoredMove.parse(item).to);
  }
  return [...codes];
}

/**
 * Has the villages that take another's place count what it received. Both ways are noted, first the one by which what is told of it later
 * reaches them; done twice it is done once. A part that left may be joined by the rest later: that is another note, since codes are used
 * once, so of each kind there is one.
 * @param day first day of the change
 */
export async function noteMove(table: string, move: VillageMove, day: string): Promise<void> {
  const { from } = move;
  const others = destinationsOf(move).filter((to) => to !== from);
  const stays = destinationsOf(move).includes(from);
  const isPart = divides(move);
  const kind = isPart ? 'part' : 'whole';
  for (const to of others) {
    const note = { v: V.move, from, to, until: stays ? day : null, isPart };
    const ways = [
      { pk: partitionOf(from), sk: `${TO}${to}#${kind}` },
      { pk: partitionOf(to), sk: `${FROM}${from}#${kind}` },
    ];
    for (const way of ways) await putItem(table, { ...way, ...note }, absent);
  }
}
