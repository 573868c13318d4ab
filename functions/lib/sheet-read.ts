import { open } from 'node:fs/promises';
import { charsOf, type LedgerCell, type LedgerRow } from '../core/ledger-cell.ts';
import { readCsv } from './sheet-csv.ts';
import { MIB, SHEET_LIMITS, type SheetLimits, SheetRefusal } from './sheet-limit.ts';
import { readRows } from './sheet-rows.ts';
import { readWorkbook } from './sheet-workbook.ts';
import { openArchive } from './sheet-zip.ts';

export type Cell = LedgerCell;
export type SheetRow = LedgerRow;
export { SHEET_LIMITS, type SheetLimits, SheetRefusal };

const HEAD_BYTES = 8_192;
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const ZIP = Buffer.from('504b', 'hex');
const NOT_TEXT =
  /^\s*<(?:!doctype|!--|html|\?xml|table|meta|head|body|style|script)|^%PDF|^\{\\rtf/i;

type Kind = 'workbook' | 'text';

async function readHead(path: string): Promise<{ head: Buffer; size: number; isLocked: boolean }> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    return { head, size, isLocked: head.indexOf(OLE) === 0 && (await namesPackage(file)) };
  } finally {
    await file.close();
  }
}

/** A workbook with a password is a compound file that lists an `EncryptedPackage`; the old .xls is one without. */
async function namesPackage(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const name = Buffer.from('EncryptedPackage', 'utf16le');
  const stream = file.createReadStream({ start: 0, autoClose: false });
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk]);
    if (bytes.includes(name)) return true;
    rest = bytes.subarray(-name.length);
  }
  return false;
}

function kindOf(head: Buffer, isLocked: boolean): Kind {
  if (isLocked) throw new SheetRefusal('file-encrypted', 'compound file');
  if (head.indexOf(OLE) === 0) throw new SheetRefusal('file-old-format', 'compound file');
  if (head.indexOf(ZIP) === 0) return 'workbook';
  const isUtf16 = head[0] === 0xff && head[1] === 0xfe;
  const text = head.toString('utf8').replace(/^\uFEFF/, '');
  if ((head.includes(0) && !isUtf16) || NOT_TEXT.test(text)) {
    throw new SheetRefusal('file-mislabelled', 'neither a workbook nor plain text');
  }
  return 'text';
}

/** What the name promises. */
function promiseOf(fileName: string): Kind {
  const extension = /\.([^.]*)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  if (/^(xlsm|xltm|xlam)$/.test(extension)) throw new SheetRefusal('file-macro', extension);
  if (/^(xls|xlsb|et|ett|xlt)$/.test(extension))
    throw new SheetRefusal('file-old-format', extension);
  if (extension === 'xlsx') return 'workbook';
  if (extension === 'csv' || extension === 'txt') return 'text';
  throw new SheetRefusal('file-kind', 'extension');
}

async function* readBook(path: string, limits: SheetLimits): AsyncGenerator<LedgerRow> {
  const archive = await openArchive(path, limits);
  try {
    const workbook = await readWorkbook(archive, limits);
    for (const sheet of workbook.sheets) yield* readRows({ archive, workbook, sheet, limits });
  } finally {
    await archive.close();
  }
}

function checkChars(
  { sheet, row }: SheetRow,
  { wide, chars }: { readonly wide: number; readonly chars: number },
  { maxRowChars, maxChars }: SheetLimits,
): void {
  const where = `${sheet} ${row}`;
  if (wide > maxRowChars) {
    throw new SheetRefusal('file-row-too-long', where, { row, max: maxRowChars });
  }
  if (chars > maxChars) throw new SheetRefusal('file-too-much-text', where, { max: maxChars });
}

/**
 * Reads a ledger row by row in bounded memory: the visible sheets of an .xlsx workbook in their order, or a .csv file
 * in UTF-8, UTF-16 or GBK. What the file is, is decided by its content; a name that says otherwise is refused.
 * Hidden rows and columns are read, hidden sheets are not; merged cells repeat their value; formulas give the value
 * they last showed; rows without a value are left out, their numbers kept.
 * @throws SheetRefusal where the file as a whole cannot be taken, also after rows have been read
 */
export async function* readSheet(
  path: string,
  fileName: string,
  limits: SheetLimits = SHEET_LIMITS,
): AsyncGenerator<SheetRow> {
  const { head, size, isLocked } = await readHead(path);
  if (size === 0) throw new SheetRefusal('file-empty', 'no bytes');
  if (size > limits.maxBytes)
    throw new SheetRefusal('file-too-large', 'bytes', { max: limits.maxBytes / MIB });
  const promised = promiseOf(fileName);
  const kind = kindOf(head, isLocked);
  if (kind !== promised) throw new SheetRefusal('file-mislabelled', `a ${kind}`);
  let rows = 0;
  let chars = 0;
  for await (const row of kind === 'workbook'
    ? readBook(path, limits)
    : readCsv(path, head, limits)) {
    rows += 1;
    if (rows > limits.maxRows)
      throw new SheetRefusal('file-too-long', row.sheet, { max: limits.maxRows });
    // One long text, shared by every cell, is small in the file and large in every row.
    const wide = charsOf(row.cells);
    chars += wide;
    checkChars(row, { wide, chars }, limits);
    yield row;
  }
  if (rows === 0) throw new SheetRefusal('file-empty', 'no rows');
}
