import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { LedgerRow } from '../core/ledger-cell.ts';
import { type SheetLimits, SheetRefusal } from './sheet-limit.ts';

/** The sheet name of a row that came from a CSV file. */
export const CSV_SHEET = 'csv';

/** The heading lies within these rows; later rows may not be wider than the widest of them. */
const HEADING_ROWS = 30;

/** Text of the file in one encoding, strictly; throws a TypeError at the first wrong byte. */
async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(path)) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  yield decoder.decode();
}

async function isWholly(path: string, encoding: string): Promise<boolean> {
  try {
    for await (const _ of decoded(path, encoding));
    return true;
  } catch (fault) {
    if (fault instanceof TypeError) return false;
    throw fault;
  }
}

/** UTF-16 and UTF-8 by their marks, then strict UTF-8, then strict GB 18030 (which reads GBK alike). */
async function encodingOf(path: string, head: Buffer): Promise<string> {
  const marked = head[0] === 0xff && head[1] === 0xfe ? ['utf-16le'] : ['utf-8', 'gb18030'];
  for (const encoding of marked) if (await isWholly(path, encoding)) return encoding;
  throw new SheetRefusal('file-encoding', CSV_SHEET);
}

/** Comma, tab or semicolon: whichever the first piece of text holds most of outside quotes. */
async function delimiterOf(path: string, encoding: string): Promise<string> {
  for await (const text of decoded(path, encoding)) {
    const bare = text.replace(/"[^"]*"/g, '');
    const count = (mark: string) => bare.split(mark).length;
    return [',', '\t', ';'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
  }
  return ',';
}

function refusalOf(fault: unknown, max: number): unknown {
  if (!(fault instanceof CsvError)) return fault;
  if (fault.code === 'CSV_QUOTE_NOT_CLOSED') return new SheetRefusal('file-truncated', CSV_SHEET);
  if (fault.code === 'CSV_MAX_RECORD_SIZE')
    return new SheetRefusal('file-cell-too-long', CSV_SHEET, { max });
  return new SheetRefusal('file-malformed', `${CSV_SHEET} line ${String(fault.lines ?? '')}`);
}

async function* records(
  path: string,
  encoding: string,
  { maxRowChars: maxChars, maxLines: max }: SheetLimits,
): AsyncGenerator<string[]> {
  const delimiter = await delimiterOf(path, encoding);
  const parser = parse({ delimiter, max_record_size: maxChars, relax_column_count: true });
  // Errors of either side reach the loop below through the parser, which the pipeline destroys.
  pipeline(Readable.from(decoded(path, encoding)), parser, () => undefined);
  let lines = 0;
  try {
    for await (const record of parser) {
      lines += 1;
      if (lines > max) throw new SheetRefusal('file-too-long', CSV_SHEET, { max });
      yield record;
    }
  } catch (fault) {
    throw refusalOf(fault, maxChars);
  }
}

/** The rows of a CSV file; every cell is text. Blank lines are left out but counted, as the spreadsheet program does. */
export async function* readCsv(
  path: string,
  head: Buffer,
  limits: SheetLimits,
): AsyncGenerator<LedgerRow> {
  const encoding = await encodingOf(path, head);
  let row = 0;
  let widest = 0;
  for await (const record of records(path, encoding, limits)) {
    row += 1;
    const width = record.findLastIndex((text) => text.trim() !== '') + 1;
    if (width === 0) continue;
    const where = `${CSV_SHEET} row ${row}`;
    if (width > limits.maxColumns)
      throw new SheetRefusal('file-too-wide', where, { max: limits.maxColumns });
    if (record.some((text) => text.length > limits.maxCellChars)) {
      throw new SheetRefusal('file-cell-too-long', where, { max: limits.maxCellChars });
    }
    if (row <= HEADING_ROWS) widest = Math.max(widest, width);
    // A comma inside a text that nobody quoted pushes the rest of the row one column on.
    else if (width > widest) throw new SheetRefusal('file-ragged', where, { row });
    const cells = record.slice(0, width).map((text) => (text === '' ? null : text));
    yield { sheet: CSV_SHEET, row, cells };
  }
}
