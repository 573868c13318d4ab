import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import { readIdentity } from './identity-number.ts';
import { identifier, identity, type Reader, text } from './import-cell.ts';
import type { ImportFault } from './import-reason.ts';
import type { LedgerRow } from './ledger-cell.ts';
import { readDay } from './ledger-date.ts';
import type { LedgerHeading } from './ledger-heading.ts';
import { readFen } from './ledger-number.ts';
import { readPeriod } from './receipt-period.ts';
import { isRefused } from './refusal.ts';
import { RowReader } from './row-reader.ts';

type Heading = LedgerHeading<'receipts'>;

const said = z.string().nullable();
const named = z.string().exactOptional();

/** One payment or service as a department's sheet says it. */
export const ReceiptRow = z.object({
  sheet: z.string(),
  row: z.int(),
  /** 18 characters. */
  identity: said,
  householdNumber: said,
  personNumber: said,
  /** Name of who had it, and of the head of the household. */
  name: said,
  head: said,
  item: z.string(),
  on: z.string().refine(isDay),
  amountFen: z.int().nullable(),
  period: z
    .object({
      year: z.int(),
      month: z.int().nullable(),
      term: z.literal([1, 2]).nullable(),
    })
    .nullable(),
  reference: said,
  department: said,
  allocation: said,
  document: said,
  /** The village as it is written, where neither household nor person is named. */
  village: z
    .object({ code: named, county: named, town: named, village: named })
    .nullable()
    .default(null),
});
export type ReceiptRow = z.infer<typeof ReceiptRow>;

/** A row after its cells were read; `row` is null where what cannot be read leaves no receipt. */
export interface ReceiptRead {
  readonly row: ReceiptRow | null;
  readonly label: string;
  readonly faults: readonly ImportFault[];
}

type Cells = RowReader<'receipts'>;

/** Money that was paid: 1,000.00元, １０００; nil and less are no payment. */
const amount: Reader<number> = (cell, column) => {
  const read = readFen(cell, column);
  const isNone = isRefused(read) ? read.refused === 'income-negative' : read.ok === 0;
  return isNone ? { refused: 'receipt-amount-none', values: { field: column.heading } } : read;
};

function dayOf(cells: Cells, today: Day): Day | null {
  const on = cells.stated('paidOn', readDay);
  if (on !== null && on > today)
    cells.fault('paidOn', 'date-future', { field: cells.called('paidOn') });
  return on;
}

/** The number of a person; one that cannot be right is a fault, as in the registry. */
function identityOf(cells: Cells, today: Day): string | null {
  const given = cells.read('identityNumber', identity);
  if (given === null) return null;
  const read = readIdentity(given, today);
  if (!isRefused(read)) return read.ok.number;
  cells.fault('identityNumber', read.refused);
  return null;
}

function periodOf(cells: Cells): ReceiptRow['period'] {
  const written = cells.read('period', text(40));
  const period = written === null ? null : readPeriod(written);
  if (written !== null && period === null) {
    cells.fault('period', 'receipt-period', { field: cells.called('period') });
  }
  return period;
}

/** The village a row names; null where it names none. */
function villageOf(cells: Cells): ReceiptRow['village'] {
  const fields = {
    code: cells.read('villageCode', identifier),
    county: cells.read('county', text(60)),
    town: cells.read('town', text(60)),
    village: cells.read('village', text(60)),
  };
  if (fields.code === null && fields.village === null) return null;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/**
 * Reads a row of what a department paid or did: who by identity number, by 户编号 and 人编号, or the household by 户编号 alone, a village by
 * name or code where neither is given; which item; when; how much in fen.
 * @param today days after it are faults
 */
export function readReceiptRow(heading: Heading, row: LedgerRow, today: Day): ReceiptRead {
  const cells = new RowReader(heading, row);
  const person = identityOf(cells, today);
  const householdNumber = cells.read('householdNumber', identifier);
  const item = cells.stated('item', text(60));
  const on = dayOf(cells, today);
  const name = cells.read('name', text(40));
  const head = cells.read('head', text(40));
  const personNumber = cells.read('personNumber', identifier);
  const isNobody = [person, householdNumber, personNumber].every((one) => one === null);
  const village = isNobody && !cells.isFaulty('identityNumber') ? villageOf(cells) : null;
  const isNamed = person !== null || householdNumber !== null || village !== null;
  if (!isNamed && !cells.isFaulty('identityNumber')) {
    cells.fault('householdNumber', 'receipt-nobody-named');
  }
  const rest = {
    sheet: row.sheet,
    row: row.row,
    identity: person,
    householdNumber,
    personNumber,
    name,
    head,
    amountFen: cells.read('amount', amount),
    period: periodOf(cells),
    reference: cells.read('reference', identifier),
    department: cells.read('department', text(60)),
    allocation: cells.read('allocation', identifier),
    document: cells.read('document', text(60)),
    village,
  };
  const label = name ?? head ?? village?.village ?? village?.code ?? '';
  const { faults } = cells;
  const isWhole = faults.length === 0 && item !== null && on !== null;
  return { row: isWhole ? { ...rest, item, on } : null, label, faults };
}

/** What a row says that its department would say again of the same payment, as one text; where it stands in the sheet left out. */
export function contentOf(row: ReceiptRow): string {
  const { sheet, row: _, ...content } = row;
  return JSON.stringify(content);
}
