import type { Day } from '../core/day.ts';
import { findVillage } from '../core/division-name.ts';
import type { StagedEntry } from '../core/import-entry.ts';
import type { ImportFault } from '../core/import-reason.ts';
import type { LedgerRow } from '../core/ledger-cell.ts';
import type { LedgerHeading } from '../core/ledger-heading.ts';
import { contentOf, type ReceiptRow, readReceiptRow } from '../core/receipt-row.ts';
import { type Decided, isRefused, type Refusal } from '../core/refusal.ts';
import { lettersFrom } from '../lib/id.ts';
import { type Passed, raw, type Stager } from './stager.ts';

/** Rows that a refusal names. */
const NAMED = 5;

/** Rows met under one reference, or with one content. */
interface Met {
  /** Digest of what the first of them says. */
  readonly content: string;
  /** The first rows. */
  readonly spots: string[];
  isMixed: boolean;
}

/** What departments paid or did, one a row. */
export class ReceiptsStager implements Stager<'receipts'> {
  readonly entriesAChunk = 100;
  readonly #today: Day;
  readonly #met = new Map<string, Met>();
  #firstSheet: string | undefined;
  #next = 0;

  constructor(today: Day) {
    this.#today = today;
  }

  /** Every row is a group; what it is called by its department is kept, to find what stands twice. */
  meet(heading: LedgerHeading<'receipts'>, row: LedgerRow): number {
    const read = readReceiptRow(heading, row, this.#today).row;
    if (read) this.#meet(read);
    this.#next += 1;
    return this.#next - 1;
  }

  entries(
    rows: readonly LedgerRow[],
    about: {
      readonly heading: (row: LedgerRow) => LedgerHeading<'receipts'>;
      readonly passed: Pick<Passed, 'places'>;
    },
  ): readonly StagedEntry[] {
    return rows.map((row) => {
      const { row: wanted, label, faults } = readReceiptRow(about.heading(row), row, this.#today);
      const spot = this.#spot(row);
      const twice = wanted ? this.#twice(wanted, spot) : [];
      const village = villageIn(about.passed, wanted);
      const nowhere = isRefused(village) ? [faultAt(row, village)] : [];
      const all = [...faults, ...twice, ...nowhere];
      const entry = {
        key: keyOf(wanted) ?? `#${spot}`,
        label,
        place: isRefused(village) ? '' : village.ok,
        rows: [raw(row)],
        faults: all,
      };
      return all.length === 0 ? { ...entry, wanted } : entry;
    });
  }

  /** A row as a clerk finds it; the sheet is named from the second on. */
  #spot({ sheet, row }: Pick<LedgerRow, 'sheet' | 'row'>): string {
    this.#firstSheet ??= sheet;
    return sheet === this.#firstSheet ? String(row) : `${sheet}!${row}`;
  }

  #meet(row: ReceiptRow): void {
    const content = lettersFrom(contentOf(row));
    const key = keyOf(row) ?? content;
    const met = this.#met.get(key) ?? { content, spots: [], isMixed: false };
    this.#met.set(key, met);
    met.isMixed ||= met.content !== content;
    if (met.spots.length <= NAMED) met.spots.push(this.#spot(row));
  }

  /** The first of several rows that say the same is taken; rows that use one reference for different things are not. */
  #twice(row: ReceiptRow, spot: string): readonly ImportFault[] {
    const met = this.#met.get(keyOf(row) ?? lettersFrom(contentOf(row)));
    const others = met?.spots.filter((one) => one !== spot).slice(0, NAMED) ?? [];
    const { sheet, row: at } = row;
    if (met?.isMixed) {
      const values = { rows: others.join('、') };
      return [{ sheet, row: at, field: 'reference', code: 'receipt-reference-twice', values }];
    }
    const [first] = met?.spots ?? [];
    if (first === undefined || first === spot) return [];
    return [{ sheet, row: at, code: 'receipt-twice', values: { rows: first } }];
  }
}

/** The village a row means, by its code; empty where it names a household or person. */
function villageIn({ places }: Pick<Passed, 'places'>, wanted: ReceiptRow | null): Decided<string> {
  return wanted?.village ? findVillage(places(), wanted.village) : { ok: '' };
}

function faultAt({ sheet, row }: LedgerRow, { refused: code, values }: Refusal): ImportFault {
  return { sheet, row, field: 'village', code, ...(values && { values: { ...values } }) };
}

/** What a department calls a receipt; null where it has no number of its own. */
function keyOf(row: ReceiptRow | null): string | null {
  if (!row || row.reference === null) return null;
  return row.department === null ? row.reference : `${row.department} ${row.reference}`;
}
