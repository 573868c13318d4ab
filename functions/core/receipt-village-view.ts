import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import { freeText } from './free-text.ts';
import { VillagePath } from './pairing-input.ts';
import { Slug } from './policy.ts';
import { type WantedVillageReceipt, wantVillageReceipt } from './receipt-decide.ts';
import { findItem, type ReceiptItem } from './receipt-match.ts';
import { readPeriod } from './receipt-period.ts';
import { historyOf, type ReceiptChange, ReceiptHistory } from './receipt-view.ts';
import { type VillageHeld, VillageReceipt } from './receipt-village.ts';
import { type Decided, isRefused, refuse } from './refusal.ts';

export const VillageReceiptPath = VillagePath.extend({
  receiptId: z.string().regex(/^rc_[0-9a-z_]{1,40}$/),
});

const text = freeText(60).exactOptional();

/** What a village received, as it is typed in. */
export const NewVillageReceipt = z.strictObject({
  item: Slug,
  on: z.string().refine(isDay),
  /** Fen; missing for a service or project that has no price. */
  amountFen: z.int().positive().exactOptional(),
  /** As departments write it: 2017, 2017-09, 2017年春季学期; that of the day where it is missing. */
  period: freeText(40).exactOptional(),
  /** That of the item where it is missing. */
  department: text,
  reference: text,
  allocation: text,
  document: text,
});
export type NewVillageReceipt = z.infer<typeof NewVillageReceipt>;

/**
 * The receipt of a village that is typed in.
 * Refusals: date-future, receipt-item-unknown, receipt-item-household, receipt-amount-missing, receipt-amount-large, receipt-period.
 */
export function typedVillageReceipt(
  given: NewVillageReceipt,
  of: {
    readonly village: AreaCode;
    /** In force on its day. */
    readonly items: readonly ReceiptItem[];
    readonly place: AreaCode;
    readonly today: Day;
  },
): Decided<WantedVillageReceipt> {
  const { on, amountFen = null, department = null, reference = null } = given;
  const { allocation = null, document = null } = given;
  const { village, items, place, today } = of;
  if (on > today) return refuse('date-future', { field: 'on' });
  const item = findItem(items, { item: given.item, on, amountFen });
  if (isRefused(item)) return item;
  const period = given.period === undefined ? null : readPeriod(given.period);
  if (given.period !== undefined && period === null)
    return refuse('receipt-period', { field: 'period' });
  const row = { on, amountFen, period, department, reference, allocation, document };
  const spot = { sheet: null, row: null };
  return wantVillageReceipt({ row, item: item.ok, place, village }, spot);
}

const Words = z.object({ zh: z.string(), en: z.string() });

export const VillageReceiptsView = z.object({
  village: z.string(),
  /** Latest first; what was withdrawn stays to be read and counts in no sum. */
  receipts: z.array(
    z.object({
      ...VillageReceipt.omit({ item: true }).shape,
      /** Item of the policy list, as it was called on the day. */
      item: z.object({ id: z.string(), name: Words.nullable() }),
      isPart: z
        .boolean()
        .describe('of a village that was divided since: how much of it is this part’s nobody said'),
    }),
  ),
  totalFen: z.int().describe('without what a divided village received'),
  history: ReceiptHistory,
});

/** The receipts of a village as the API shows them, latest first. */
export function villageReceiptsView(
  village: AreaCode,
  of: {
    readonly held: readonly VillageHeld[];
    readonly changes: readonly ReceiptChange[];
    readonly called: (receipt: VillageReceipt) => z.infer<typeof Words> | undefined;
  },
): z.infer<typeof VillageReceiptsView> {
  const latest = of.held.toSorted((one, other) => (one.receipt.on < other.receipt.on ? 1 : -1));
  const own = latest.filter(({ receipt, isPart }) => !isPart && receipt.withdrawn === null);
  return {
    village,
    receipts: latest.map(({ receipt, isPart }) => ({
      ...receipt,
      item: { id: receipt.item, name: of.called(receipt) ?? null },
      isPart,
    })),
    totalFen: own.reduce((sum, { receipt }) => sum + (receipt.amountFen ?? 0), 0),
    history: historyOf(of.changes),
  };
}
