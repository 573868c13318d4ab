import * as z from 'zod';
import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import type { Had } from './entitlement.ts';
import { Receipt, ReceiptSource } from './receipt.ts';

const text = z.string().nullable();

/** Where it was told: by the row of an import, or by hand, which has none. */
export const VillageReceiptSource = z.object({
  import: text,
  sheet: text,
  row: z.int().nullable(),
  ...ReceiptSource.pick({ allocation: true, document: true }).shape,
});

/** What a village itself received of an item that is of villages: a road, a project, a service. Never deleted; what was wrong is withdrawn. */
export const VillageReceipt = z.object({
  ...Receipt.omit({ household: true, person: true, payee: true, source: true }).shape,
  /** Code of the village when it was told; a later change of divisions leaves it (`ReceiptMove`). */
  village: z.string(),
  source: VillageReceiptSource,
});
export type VillageReceipt = z.infer<typeof VillageReceipt>;

/** A receipt of whichever kind. */
export const AnyReceipt = z.union([Receipt, VillageReceipt]);
export type AnyReceipt = z.infer<typeof AnyReceipt>;

/** What a village received counts for the one that takes its place. */
export const ReceiptMove = z.object({
  from: z.string(),
  to: z.string(),
  /** First day from which what the one left receives is its own alone; null where it is in use no more. */
  until: z.string().nullable(),
  /** Others take its place too: what it received lies in each of them, how much of the money nobody has said. */
  isPart: z.boolean(),
});
export type ReceiptMove = z.infer<typeof ReceiptMove>;

/** A receipt as a village of today has it. */
export interface VillageHeld {
  readonly receipt: VillageReceipt;
  /** Of a village that was divided since. */
  readonly isPart: boolean;
}

/** What is kept under the code of a village. */
export interface VillageKept {
  readonly receipts: readonly VillageReceipt[];
  /** The villages in whose place it stands. */
  readonly from: readonly ReceiptMove[];
}

function earlier(one: Day | null, other: Day | null): Day | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

type Way = Omit<ReceiptMove, 'to'>;

/** Which of the ways to a code tells most of it comes first: those of the whole, then those that end last. */
function byReach(one: Way, other: Way): number {
  const kinds = Number(one.isPart) - Number(other.isPart);
  if (kinds !== 0 || one.until === other.until) return kinds;
  return earlier(one.until, other.until) === one.until ? 1 : -1;
}

/**
 * What a village of today received: its own, and what those received in whose place it stands, theirs in turn; each code once, where the
 * ways meet as a whole if any of them is, and up to the latest of their days.
 * @param read what is kept under a code
 */
export async function heldBy(
  village: AreaCode,
  read: (code: AreaCode) => Promise<VillageKept>,
): Promise<readonly VillageHeld[]> {
  const seen = new Set<AreaCode>();
  const held: VillageHeld[] = [];
  const open: Way[] = [{ from: village, until: null, isPart: false }];
  for (let one = open.shift(); one; one = open.shift()) {
    const { from: code, until, isPart } = one;
    if (seen.has(code)) continue;
    seen.add(code);
    const kept = await read(code);
    const own = kept.receipts.filter(({ on }) => until === null || on < until);
    held.push(...own.map((receipt) => ({ receipt, isPart })));
    const former = kept.from.map((move) => ({
      from: move.from,
      until: earlier(until, move.until),
      isPart: isPart || move.isPart,
    }));
    open.push(...former);
    open.sort(byReach);
  }
  return held;
}

/** Receipts of a village as its entitlements look at them: what was withdrawn is none, and of a divided village's money no part has any. */
export function hadByVillage(held: readonly VillageHeld[]): readonly Had[] {
  return held
    .filter(({ receipt }) => receipt.withdrawn === null)
    .map(({ receipt: { item, on, amountFen, period }, isPart }) => {
      return { item, person: null, on, amountFen: isPart ? null : amountFen, period };
    });
}
