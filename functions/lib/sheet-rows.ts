import { type LedgerCell, type LedgerRow, UNCALCULATED } from '../core/ledger-cell.ts';
import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';
import { columnOf, type Merges, scanMerges } from './sheet-merge.ts';
import { ownText, unescapeText } from './sheet-part.ts';
import { dateOfIso, dateOfSerial } from './sheet-style.ts';
import type { Workbook } from './sheet-workbook.ts';
import { parseXml, type XmlListener } from './sheet-xml.ts';
import type { Archive } from './sheet-zip.ts';

type Attributes = Readonly<Record<string, string>>;
type Row = (LedgerCell | null)[];

const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_384;

/** Hears the parts of one sheet and collects its rows. */
class RowListener implements XmlListener {
  readonly ready: LedgerRow[] = [];
  readonly #workbook: Workbook;
  readonly #sheet: string;
  readonly #limits: SheetLimits;
  readonly #merges: Merges<LedgerCell>;
  #passedMerges = 0;
  #inRows = false;
  #row = 0;
  #cells: Row = [];
  #isEmpty = true;
  #column = -1;
  #inCell = false;
  #type = '';
  #style = 0;
  #text = '';
  #hasValue = false;
  #isFormula = false;
  #phonetic = 0;
  #capturing = false;

  constructor(source: SheetSource, merges: Merges<LedgerCell>) {
    this.#workbook = source.workbook;
    this.#sheet = source.sheet.name;
    this.#limits = source.limits;
    this.#merges = merges;
  }

  open(name: string, attributes: Attributes): void {
    if (this.#inCell) this.#openValue(name);
    else if (this.#inRows && name === 'row') this.#openRow(attributes);
    else if (this.#inRows && name === 'c') this.#openCell(attributes);
    else if (name === 'sheetData') this.#inRows = true;
    else if (name === 'mergeCell') this.#passMerge(attributes.ref ?? '');
  }

  text(text: string): void {
    if (!this.#capturing) return;
    this.#text += text;
    // A cell may come in many pieces; its escapes are longer than what they stand for.
    if (this.#text.length > this.#limits.maxCellChars * 8) throw this.#tooLong();
  }

  close(name: string): void {
    if (this.#inCell) this.#closeValue(name);
    else if (name === 'row') this.#closeRow();
    else if (name === 'sheetData') this.#inRows = false;
  }

  /** Every merged area found beforehand must have been met, and no other. */
  finish(): void {
    if (this.#passedMerges !== this.#merges.count) throw this.#damaged('merged cells');
  }

  #damaged(what: string): SheetRefusal {
    return new SheetRefusal('file-malformed', `${this.#sheet} row ${this.#row}: ${what}`);
  }

  #passMerge(reference: string): void {
    if (!this.#merges.isAt(this.#passedMerges, reference)) throw this.#damaged('merged cells');
    this.#passedMerges += 1;
  }

  #openRow({ r }: Attributes): void {
    const row = r === undefined ? this.#row + 1 : Number(r);
    if (!(Number.isInteger(row) && row > this.#row && row <= LAST_ROW)) {
      throw this.#damaged('row number');
    }
    this.#row = row;
    this.#cells = [];
    this.#column = -1;
    this.#isEmpty = true;
  }

  #openCell({ r, t, s }: Attributes): void {
    const column = r === undefined ? this.#column + 1 : columnOf(r);
    if (column <= this.#column) throw this.#damaged('cell address');
    if (column >= LAST_COLUMN) throw this.#tooWide();
    this.#column = column;
    this.#inCell = true;
    this.#type = t ?? 'n';
    this.#style = Number(s ?? 0);
    this.#text = '';
    this.#hasValue = false;
    this.#isFormula = false;
  }

  #tooWide(): SheetRefusal {
    const max = this.#limits.maxColumns;
    return new SheetRefusal('file-too-wide', `${this.#sheet} row ${this.#row}`, { max });
  }

  #openValue(name: string): void {
    if (name === 'f') this.#isFormula = true;
    else if (name === 'rPh') this.#phonetic += 1;
    else if (name === 'v' || (name === 't' && this.#phonetic === 0)) {
      this.#capturing = true;
      this.#hasValue = true;
    }
  }

  #closeValue(name: string): void {
    if (name === 'v' || name === 't') this.#capturing = false;
    else if (name === 'rPh') this.#phonetic -= 1;
    else if (name === 'c') {
      this.#inCell = false;
      const value = this.#shown();
      if (value === null) return;
      // Styled but empty cells beyond the limit are common and harmless; a value there is not.
      if (this.#column >= this.#limits.maxColumns) throw this.#tooWide();
      while (this.#cells.length < this.#column) this.#cells.push(null);
      this.#cells[this.#column] = value;
      this.#isEmpty = false;
    }
  }

  /** A program that writes formulas without calculating them leaves their value out: that is not an empty cell. */
  #shown(): LedgerCell | null {
    const isOpen = !this.#hasValue || (this.#text === '' && this.#type === 'n');
    if (this.#isFormula && isOpen) return UNCALCULATED;
    return this.#hasValue ? this.#value() : null;
  }

  #value(): LedgerCell | null {
    switch (this.#type) {
      case 's':
        return this.#shared();
      case 'str':
      case 'inlineStr':
      case 'e':
        return this.#checked(ownText(unescapeText(this.#text)));
      case 'b':
        return this.#text.trim() === '1' || this.#text.trim() === 'true';
      case 'd':
        return dateOfIso(this.#text.trim()) ?? this.#checked(this.#text);
      case 'n':
        return this.#number();
      default:
        throw this.#damaged('cell type');
    }
  }

  #checked(text: string): string | null {
    if (text.length > this.#limits.maxCellChars) throw this.#tooLong();
    return text === '' ? null : text;
  }

  #tooLong(): SheetRefusal {
    const max = this.#limits.maxCellChars;
    return new SheetRefusal('file-cell-too-long', `${this.#sheet} row ${this.#row}`, { max });
  }

  #shared(): string | null {
    const index = this.#text.trim();
    const text = /^\d+$/.test(index) ? this.#workbook.strings[Number(index)] : undefined;
    if (text === undefined) throw this.#damaged('shared text');
    return this.#checked(text);
  }

  #number(): LedgerCell | null {
    const text = this.#text.trim();
    if (text === '') return null;
    const value = Number(text);
    if (!Number.isFinite(value)) throw this.#damaged('number');
    if (!this.#workbook.dateStyles[this.#style]) return value;
    return dateOfSerial(value, this.#workbook.is1904) ?? value;
  }

  #closeRow(): void {
    if (!this.#inRows) return;
    const cells = this.#cells;
    this.#merges.fill(this.#row, cells);
    if (!this.#isEmpty) this.ready.push({ sheet: this.#sheet, row: this.#row, cells });
  }
}

/** One sheet of an opened workbook. */
export interface SheetSource {
  readonly archive: Archive;
  readonly workbook: Workbook;
  readonly sheet: { readonly name: string; readonly part: string };
  readonly limits: SheetLimits;
}

/** The rows of one sheet, in order, rows without any value of their own left out. */
export async function* readRows(source: SheetSource): AsyncGenerator<LedgerRow> {
  const { archive, sheet, limits } = source;
  const merges = await scanMerges<LedgerCell>(archive.read(sheet.part), limits);
  const listener = new RowListener(source, merges);
  for await (const _ of parseXml(archive.read(sheet.part), sheet.part, listener)) {
    yield* listener.ready.splice(0);
  }
  yield* listener.ready.splice(0);
  listener.finish();
}
