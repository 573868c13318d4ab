import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import rules from './receipt-rule.json' with { type: 'json' };
import { type RuleScope, ruleInForce } from './rule-scope.ts';

/** How often an item may be had; a receipt belongs to one of its periods. */
export const receiptPeriods = ['once', 'month', 'term', 'year'] as const;
export type ReceiptPeriod = (typeof receiptPeriods)[number];

const day = z.string().refine(isDay);
const text = z.string().nullable();

/** Where a receipt was told: the row of an import, and what the department's own books call it. */
export const ReceiptSource = z.object({
  import: z.string(),
  sheet: z.string(),
  row: z.int(),
  /** Number of the allocation it was paid from (分配编号). */
  allocation: text,
  /** Number of the document of the fund (文号). */
  document: text,
});
export type ReceiptSource = z.infer<typeof ReceiptSource>;

/** Why a receipt does not count: paid to the wrong one, sent back, entered twice. */
export const Withdrawal = z.object({ at: z.iso.datetime(), actor: z.string(), reason: z.string() });
export type Withdrawal = z.infer<typeof Withdrawal>;

/** What a department paid or did for a household or a person of it. Never deleted: what was wrong is withdrawn and stays to be read. */
export const Receipt = z.object({
  /** `rc_…`; follows from the department's own reference, else from what the row says, so that it is the same when told again. */
  id: z.string(),
  version: z.int().positive(),
  household: z.string(),
  /** For whom, where the item is a person's; null for the household. */
  person: text,
  /** Who took it for the household, where the department says so. */
  payee: text,
  /** Id of the policy item. */
  item: z.string(),
  /** Day of payment or service. */
  on: day,
  /** Fen; null for a service that has no price. */
  amountFen: z.int().positive().nullable(),
  /** Period of the item it belongs to: `2017`, `2017-1` (term), `2017-09`, `once`. */
  period: z.string(),
  department: z.string(),
  /** The department's own number of it (补助编号, 凭证号). */
  reference: text,
  source: ReceiptSource,
  withdrawn: Withdrawal.nullable(),
  /** When and by whom it was said last. */
  at: z.iso.datetime(),
  actor: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;

/**
 * The period of an item that holds a day: the year, the month, the school term (1 spring, 2 autumn; January belongs to the autumn before),
 * or `once`. When terms begin is dated configuration of a place (receipt-rule.json).
 */
export function periodOf(on: Day, period: ReceiptPeriod, place: AreaCode): string {
  switch (period) {
    case 'once':
      return 'once';
    case 'year':
      return on.slice(0, 4);
    case 'month':
      return on.slice(0, 7);
    case 'term':
      return termOf(on, place);
  }
}

function termOf(on: Day, place: AreaCode): string {
  const { spring, autumn } = inForce(rules.terms, on, place);
  const [year, monthDay] = [Number(on.slice(0, 4)), on.slice(5)];
  if (monthDay < spring) return `${year - 1}-2`;
  return `${year}-${monthDay < autumn ? 1 : 2}`;
}

/** The largest amount one receipt of a household, or of a village, may have, fen; larger ones are slips of the pen. */
export function largestFen(on: Day, place: AreaCode, of: 'household' | 'village'): number {
  const { maxYuan, maxVillageYuan } = inForce(rules.limits, on, place);
  return (of === 'village' ? maxVillageYuan : maxYuan) * 100;
}

/** The rule of a day; the file has one for every day there may be a receipt of. */
function inForce<Rule extends RuleScope>(all: readonly Rule[], on: Day, place: AreaCode): Rule {
  const found = ruleInForce(all, on, place);
  if (!found) throw new Error(`receipt-rule.json has no rule for ${on}`);
  return found;
}
