import type { Reader } from './import-cell.ts';
import type { ImportFault } from './import-reason.ts';
import type { LedgerRow } from './ledger-cell.ts';
import {
  cellOf,
  type LedgerField,
  type LedgerHeading,
  type LedgerKind,
  labelOf,
} from './ledger-heading.ts';
import { readList } from './ledger-text.ts';
import { isRefused, type RefusalCode } from './refusal.ts';

/** Reads the cells of one row, collecting what cannot be read. */
export class RowReader<K extends LedgerKind> {
  readonly faults: ImportFault[] = [];
  readonly #heading: LedgerHeading<K>;
  readonly #row: LedgerRow;

  constructor(heading: LedgerHeading<K>, row: LedgerRow) {
    this.#heading = heading;
    this.#row = row;
  }

  /** Fields for which the sheet has a column. */
  get fields(): readonly LedgerField<K>[] {
    return [...this.#heading.columns.keys()];
  }

  /** What a cell says; null where it says nothing or cannot be read. */
  read<Value>(field: LedgerField<K>, reader: Reader<Value>): Value | null {
    const read = reader(cellOf(this.#heading, this.#row, field), labelOf(this.#heading, field));
    if (!isRefused(read)) return read.ok;
    this.fault(field, read.refused, read.values);
    return null;
  }

  /** What is stated; a fault where nothing is. */
  stated<Value>(field: LedgerField<K>, reader: Reader<Value>): Value | null {
    const value = this.read(field, reader);
    if (value === null && !this.isFaulty(field))
      this.fault(field, 'value-missing', { field: this.called(field) });
    return value;
  }

  isFaulty(field: LedgerField<K>): boolean {
    return this.faults.some((fault) => fault.field === field);
  }

  /** Several values in one cell. */
  list(field: LedgerField<K>): readonly string[] {
    return readList(cellOf(this.#heading, this.#row, field));
  }

  fault(field: LedgerField<K>, code: RefusalCode, values?: ImportFault['values']): void {
    const { sheet, row } = this.#row;
    this.faults.push({ sheet, row, field, code, ...(values && { values: { ...values } }) });
  }

  /** What the sheet calls a field. */
  called(field: LedgerField<K>): string {
    return labelOf(this.#heading, field).heading;
  }
}
