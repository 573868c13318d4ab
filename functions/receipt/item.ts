import * as z from 'zod';
import { Receipt } from '../core/receipt.ts';
import { ReceiptMove, VillageReceipt } from '../core/receipt-village.ts';

/** Versions of the shapes stored here. */
export const V = { receipt: 1, pointer: 1, event: 1, home: 1, move: 1 } as const;

/** Where a receipt lies, found by its id and by its person; ids are the same for the same payment, so nothing is taken in twice. */
export const ReceiptPointer = z.object({
  id: z.string(),
  household: z.string(),
  item: z.string(),
  person: z.string().nullable(),
  on: z.string(),
});
export type ReceiptPointer = z.infer<typeof ReceiptPointer>;

/** A household whose results were found with what its person received elsewhere; told when that changes. */
export const PersonHome = z.object({ sk: z.string(), household: z.string() });
export type PersonHome = z.infer<typeof PersonHome>;

/** What a change replaced, and why; a receipt that is new tells of itself. */
export const ReceiptEvent = z.object({
  receipt: z.string(),
  version: z.int(),
  at: z.iso.datetime(),
  actor: z.string(),
  reason: z.string(),
  before: Receipt,
  after: Receipt,
});
export type ReceiptEvent = z.infer<typeof ReceiptEvent>;

/** The same of receipts of villages. */
export const VillagePointer = ReceiptPointer.omit({ household: true, person: true }).extend({
  village: z.string(),
});

export const AnyPointer = z.union([ReceiptPointer, VillagePointer]);
export type AnyPointer = z.infer<typeof AnyPointer>;

export const VillageReceiptEvent = ReceiptEvent.extend({
  before: VillageReceipt,
  after: VillageReceipt,
});
export type VillageReceiptEvent = z.infer<typeof VillageReceiptEvent>;

/** A change of divisions, under the code that was left and under the one that came: whichever is read leads to the other. */
export const StoredMove = ReceiptMove.extend({ sk: z.string() });
