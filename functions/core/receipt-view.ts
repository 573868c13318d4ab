import * as z from 'zod';
import { freeText } from './free-text.ts';
import type { Household } from './household.ts';
import { Receipt } from './receipt.ts';
import type { AnyReceipt } from './receipt-village.ts';

/** What the routes of receipts take and give. */
export const ReceiptsPath = z.object({ id: z.string().regex(/^hh_[0-9a-z_]{1,40}$/) });
export const ReceiptPath = ReceiptsPath.extend({
  receiptId: z.string().regex(/^rc_[0-9a-z_]{1,40}$/),
});

export const ReceiptsQuery = z.object({
  /** Year of payment. */
  year: z.coerce.number().int().min(1949).max(2100).optional(),
});

/** A new amount in fen, or whether it was paid in error at all; why, in words. */
export const Correction = z.strictObject({
  amountFen: z.int().positive().optional(),
  withdrawn: z.boolean().optional(),
  reason: freeText(200),
});
export type Correction = z.infer<typeof Correction>;

export const ReceiptChanged = z.object({ id: z.string(), version: z.int() });

const Who = z.object({ id: z.string(), name: z.string() }).nullable();
const Words = z.object({ zh: z.string(), en: z.string() });

export const ReceiptView = z.object({
  ...Receipt.omit({ household: true, person: true, payee: true, item: true }).shape,
  person: Who,
  /** Who took it for the household. */
  payee: Who,
  /** Item of the policy list, as it was called on the day. */
  item: z.object({ id: z.string(), name: Words.nullable() }),
});
export type ReceiptView = z.infer<typeof ReceiptView>;

const What = z.object({ amountFen: z.int().nullable(), withdrawn: z.boolean() });

/** What corrections replaced, latest first. */
export const ReceiptHistory = z.array(
  z.object({
    receipt: z.string(),
    version: z.int(),
    at: z.string(),
    actor: z.string(),
    reason: z.string(),
    before: What,
    after: What,
  }),
);

export const ReceiptsView = z.object({
  household: z.string(),
  /** Latest first; what was withdrawn stays to be read and counts in no sum. */
  receipts: z.array(ReceiptView),
  totalFen: z.int(),
  history: ReceiptHistory,
});
export type ReceiptsView = z.infer<typeof ReceiptsView>;

/** A change of a receipt: what it was and what it became. */
export interface ReceiptChange {
  readonly receipt: string;
  readonly version: number;
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly before: AnyReceipt;
  readonly after: AnyReceipt;
}

type Named = NonNullable<ReceiptView['item']['name']>;

interface Shown {
  readonly receipts: readonly Receipt[];
  readonly changes: readonly ReceiptChange[];
  /** What an item was called on a day. */
  readonly called: (receipt: Receipt) => Named | undefined;
}

const whatOf = ({ amountFen, withdrawn }: AnyReceipt) => ({
  amountFen,
  withdrawn: withdrawn !== null,
});

/** Changes as the API shows them. */
export function historyOf(changes: readonly ReceiptChange[]): z.infer<typeof ReceiptHistory> {
  return changes
    .toSorted((one, other) => (one.at < other.at ? 1 : -1))
    .map(({ before, after, ...rest }) => ({
      ...rest,
      before: whatOf(before),
      after: whatOf(after),
    }));
}

/** The receipts of a household as the API shows them, latest first. */
export function receiptsView(household: Household, shown: Shown): ReceiptsView {
  const { receipts, changes, called } = shown;
  const names = new Map(
    [...household.past, ...household.members].map(({ id, name }) => [id, name]),
  );
  const who = (id: string | null) => (id === null ? null : { id, name: names.get(id) ?? '' });
  const standing = receipts.filter(({ withdrawn }) => withdrawn === null);
  const latest = receipts.toSorted((one, other) => (one.on < other.on ? 1 : -1));
  return {
    household: household.id,
    receipts: latest.map((receipt) => {
      const { person, payee, item, ...rest } = receipt;
      return {
        ...rest,
        person: who(person),
        payee: who(payee),
        item: { id: item, name: called(receipt) ?? null },
      };
    }),
    totalFen: standing.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0),
    history: historyOf(changes),
  };
}
