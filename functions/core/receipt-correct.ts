import type { AreaCode } from './division.ts';
import { largestFen } from './receipt.ts';
import type { Correction } from './receipt-view.ts';
import type { AnyReceipt } from './receipt-village.ts';
import { type Decided, refuse } from './refusal.ts';

/**
 * A receipt put right: another amount, or withdrawn because it was paid in error (and brought back where that was the error). The row
 * stays, and so does what it was.
 * Refusals: receipt-nothing, receipt-amount-large.
 */
export function correctReceipt<Known extends AnyReceipt>(
  known: Known,
  given: Correction,
  by: { readonly at: string; readonly actor: string; readonly place: AreaCode },
): Decided<Known> {
  const { at, actor, place } = by;
  const isWithdrawn = known.withdrawn !== null;
  const { amountFen: asked, withdrawn = isWithdrawn, reason } = given;
  const amountFen = asked ?? known.amountFen;
  if (amountFen === known.amountFen && withdrawn === isWithdrawn) return refuse('receipt-nothing');
  const most = largestFen(known.on, place, 'village' in known ? 'village' : 'household');
  if (amountFen !== null && amountFen > most) {
    return refuse('receipt-amount-large', { max: most / 100 });
  }
  const since = isWithdrawn ? known.withdrawn : { at, actor, reason };
  const version = known.version + 1;
  return {
    ok: { ...known, version, amountFen, withdrawn: withdrawn ? since : null, at, actor },
  };
}
