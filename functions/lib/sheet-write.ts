import { ReadableStream } from 'node:stream/web';
import { writeXlsxStream } from 'hucre/xlsx';
import { neutralise } from '../core/ledger-formula.ts';

/** A row to be written: texts, numbers, and `null` for an empty cell. */
export type OutRow = readonly (string | number | null)[];
export type OutRows = AsyncIterable<OutRow> | Iterable<OutRow>;

/** How a list is laid out as a sheet. */
export interface SheetLayout {
  /** Name of the tab; signs the format forbids are replaced. */
  readonly sheet: string;
  readonly header: readonly string[];
  /** Column widths in characters. */
  readonly widths?: readonly number[];
  /** Columns (from 0) kept as text when a clerk types into them: identity numbers, phones, account numbers, codes. */
  readonly textColumns?: readonly number[];
  /** Number formats of columns, where they have one. */
  readonly formats?: readonly (string | undefined)[];
  /** Rows of one text each, above the heading. */
  readonly above?: readonly string[];
}

const MAX_CELL = 32_767;
const MAX_TAB = 31;
const DEFAULT_WIDTH = 12;

function tabName(name: string): string {
  const clean = name
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/^'+|'+$/g, '')
    .trim();
  return [...clean].slice(0, MAX_TAB).join('').slice(0, MAX_TAB).trim() || 'Sheet1';
}

/** Control characters and the two code points that neither XML nor a clerk can use; line breaks and tabs stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNWRITABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

/** A text as it may stand in a cell: writable, never a formula, never longer than the format allows. */
function outText(text: string): string {
  const safe = neutralise(text.toWellFormed().replace(UNWRITABLE, ''));
  return safe.length > MAX_CELL ? `${safe.slice(0, MAX_CELL - 1).toWellFormed()}…` : safe;
}

/** A text that looks like the format's own escape would be read back as the sign it names. */
function escapeText(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

async function* outCells(rows: OutRows): AsyncGenerator<(string | number | null)[]> {
  for await (const row of rows) {
    yield row.map((cell) => (typeof cell === 'string' ? escapeText(outText(cell)) : cell));
  }
}

async function* after(above: OutRows, rows: OutRows): AsyncGenerator<OutRow> {
  yield* above;
  yield* rows;
}

/**
 * Writes a list as an .xlsx workbook of one sheet with a frozen heading, row by row in bounded memory.
 * Text is always text: see `neutralise`. Past 1,048,576 rows it goes on in a second sheet.
 */
export function writeWorkbook(rows: OutRows, layout: SheetLayout): ReadableStream<Uint8Array> {
  const { header, above = [], formats = [], widths = [] } = layout;
  const asText = new Set(layout.textColumns);
  const isBare = above.length > 0;
  const cells = isBare ? after([...above.map((text) => [text]), header], rows) : rows;
  return writeXlsxStream(outCells(cells), {
    name: tabName(layout.sheet),
    freezePane: { rows: above.length + 1 },
    columns: header.map((heading, column) => {
      const numFmt = asText.has(column) ? '@' : formats[column];
      return {
        ...(!isBare && { header: escapeText(outText(heading)) }),
        width: widths[column] ?? DEFAULT_WIDTH,
        ...(numFmt !== undefined && { numFmt }),
      };
    }),
  });
}

function csvLine(row: OutRow): string {
  const fields = row.map((cell) => {
    if (typeof cell === 'string') return `"${outText(cell).replaceAll('"', '""')}"`;
    return cell === null || !Number.isFinite(cell) ? '' : String(cell);
  });
  return `${fields.join(',')}\r\n`;
}

async function* csvBytes(rows: OutRows, header: readonly string[]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  // The mark tells the spreadsheet program that the text is UTF-8 and not GBK.
  yield encoder.encode(`\uFEFF${csvLine(header)}`);
  for await (const row of rows) yield encoder.encode(csvLine(row));
}

/** Writes a list as CSV in UTF-8 with its mark; every text is quoted and neutralised, numbers are bare. */
export function writeCsv(
  rows: OutRows,
  { header }: Pick<SheetLayout, 'header'>,
): ReadableStream<Uint8Array> {
  return ReadableStream.from(csvBytes(rows, header));
}
