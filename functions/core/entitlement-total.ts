import type { Day } from './day.ts';
import type { Entitlement, Had } from './entitlement.ts';
import type { PolicyItem } from './policy.ts';

/** Fen of a batch of measures in a year. */
export interface BatchTotal {
  readonly batch: string;
  readonly dueFen: number;
  readonly receivedFen: number;
}

/** What comes together in the calendar year of a day. */
export interface YearTotal {
  readonly year: number;
  /** Of the items entitled to, after exclusions, if what holds on the day held all year. */
  readonly dueFen: number;
  /** Up to the day, whether entitled or not. */
  readonly receivedFen: number;
  readonly batches: BatchTotal[];
  /** Entitled items that come to no amount: services, or an amount that is unknown. */
  readonly unpriced: number;
}

function isDue({ result }: Entitlement): boolean {
  return result === 'received' || result === 'missed';
}

function receivedIn(year: string, receipts: readonly Had[], day: Day): readonly Had[] {
  return receipts.filter(({ on }) => on.startsWith(year) && on <= day);
}

function sumOf(amounts: readonly (number | null)[]): number {
  return amounts.reduce((sum: number, one) => sum + (one ?? 0), 0);
}

/**
 * The stacking total of the year of a day: what is due and what was received, together and by batch.
 * @param items every version of the items that may be named
 */
export function yearTotalOf(
  entitlements: readonly Entitlement[],
  about: {
    readonly items: readonly Pick<PolicyItem, 'id' | 'batch'>[];
    readonly receipts: readonly Had[];
    readonly day: Day;
  },
): YearTotal {
  const { items, receipts, day } = about;
  const batchOf = new Map(items.map(({ id, batch }) => [id, batch]));
  const due = entitlements.filter(isDue);
  const received = receivedIn(day.slice(0, 4), receipts, day);
  const batches = [...new Set(batchOf.values())].toSorted().map((batch) => ({
    batch,
    dueFen: sumOf(
      due.filter(({ item }) => batchOf.get(item) === batch).map(({ yearFen }) => yearFen),
    ),
    receivedFen: sumOf(
      received.filter(({ item }) => batchOf.get(item) === batch).map((one) => one.amountFen),
    ),
  }));
  return {
    year: Number(day.slice(0, 4)),
    dueFen: sumOf(due.map(({ yearFen }) => yearFen)),
    receivedFen: sumOf(received.map(({ amountFen }) => amountFen)),
    batches: batches.filter(({ dueFen, receivedFen }) => dueFen > 0 || receivedFen > 0),
    unpriced: due.filter(({ yearFen }) => yearFen === null).length,
  };
}
