import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

/** One part of a zip archive; the claims are what the directory says instead of the truth. */
export interface Part {
  name: string;
  data: string | Buffer;
  claimedSize?: number;
  flags?: number;
  method?: number;
  claimedCrc?: number;
}

function header(part: Part, packed: Buffer, data: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x800 | (part.flags ?? 0), 2);
  fields.writeUInt16LE(part.method ?? 8, 4);
  fields.writeUInt32LE(part.claimedCrc ?? crc32(data), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(part.claimedSize ?? data.length, 18);
  fields.writeUInt16LE(Buffer.byteLength(part.name), 22);
  return fields;
}

/** A zip archive made byte by byte, so that it can lie. */
export function zip(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data);
    const packed = deflateRawSync(data, { level: 9 });
    const name = Buffer.from(part.name);
    const fields = header(part, packed, data);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, tail, name]));
    bodies.push(entry);
    offset += entry.length;
  }
  const end = Buffer.alloc(22);
  const length = directory.reduce((sum, { length: one }) => sum + one, 0);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

export type Value = string | number | boolean | null;

export interface SheetSpec {
  name?: string;
  state?: 'hidden' | 'veryHidden';
  rows?: readonly (readonly Value[])[];
  /** Instead of rows: what stands inside `<sheetData>`. */
  data?: string;
  merges?: readonly string[];
  /** Replaces the whole part. */
  xml?: string;
}

export interface BookSpec {
  sheets: readonly SheetSpec[];
  /** What stands inside `<sst>`. */
  strings?: string;
  /** Number formats; the first is style 1. A number is a built-in one. */
  formats?: readonly (string | number)[];
  is1904?: boolean;
  /** Further parts, or parts to put instead of those of the same name. */
  parts?: readonly Part[];
  /** Further relations of the workbook. */
  relations?: string;
  /** Content type of the workbook. */
  type?: string;
}

export function xml(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.codePointAt(0)};`);
}

/** Letters of a column, from 0. */
export function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter;
}

/** A cell; nothing where it is empty. */
export function cellXml(value: Value, address: string): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${address}"><v>${value}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${address}" t="b"><v>${Number(value)}</v></c>`;
  return `<c r="${address}" t="inlineStr"><is><t xml:space="preserve">${xml(value)}</t></is></c>`;
}

/** Rows as the inside of `<sheetData>`, texts inline; an empty row is left out but counted. */
export function rowsXml(rows: readonly (readonly Value[])[]): string {
  const lines = rows.map((row, index) => {
    const cells = row.map((value, column) => cellXml(value, `${columnName(column)}${index + 1}`));
    return row.length === 0 ? '' : `<row r="${index + 1}">${cells.join('')}</row>`;
  });
  return lines.join('');
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

function sheetXml({ xml: whole, data, rows = [], merges = [] }: SheetSpec): string {
  if (whole !== undefined) return whole;
  const areas = merges.map((area) => `<mergeCell ref="${area}"/>`).join('');
  const tail = areas === '' ? '' : `<mergeCells count="${merges.length}">${areas}</mergeCells>`;
  return `${PROLOG}<worksheet xmlns="${MAIN}"><sheetData>${data ?? rowsXml(rows)}</sheetData>${tail}</worksheet>`;
}

function stylesXml(formats: readonly (string | number)[]): string {
  const custom = formats.flatMap((format, at) =>
    typeof format === 'string'
      ? `<numFmt numFmtId="${164 + at}" formatCode="${xml(format)}"/>`
      : [],
  );
  const styles = formats.map(
    (format, at) => `<xf numFmtId="${typeof format === 'number' ? format : 164 + at}"/>`,
  );
  return `${PROLOG}<styleSheet xmlns="${MAIN}"><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`;
}

function relationXml(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
}

/** The parts of a workbook as the spreadsheet program writes them. */
export function bookParts(book: BookSpec): Part[] {
  const { sheets, strings, formats = [], is1904, parts = [], relations = '' } = book;
  const type =
    book.type ?? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml';
  const tabs = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${xml(name ?? `表${at + 1}`)}" sheetId="${at + 1}"${state ? ` state="${state}"` : ''} r:id="rId${at + 1}"/>`,
  );
  const links = sheets.map((_, at) =>
    relationXml(`rId${at + 1}`, 'worksheet', `worksheets/sheet${at + 1}.xml`),
  );
  const own: Part[] = [
    {
      name: '[Content_Types].xml',
      data: `${PROLOG}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}"/></Types>`,
    },
    {
      name: '_rels/.rels',
      data: `${PROLOG}<Relationships xmlns="${PACKAGE}/relationships">${relationXml('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      data: `${PROLOG}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${is1904 ? ' date1904="1"' : ''}/><sheets>${tabs.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: `${PROLOG}<Relationships xmlns="${PACKAGE}/relationships">${links.join('')}${relationXml('rIdStyles', 'styles', 'styles.xml')}${strings === undefined ? '' : relationXml('rIdStrings', 'sharedStrings', '/xl/sharedStrings.xml')}${relations}</Relationships>`,
    },
    { name: 'xl/styles.xml', data: stylesXml(formats) },
    ...sheets.map((sheet, at) => ({
      name: `xl/worksheets/sheet${at + 1}.xml`,
      data: sheetXml(sheet),
    })),
  ];
  if (strings !== undefined) {
    own.push({
      name: 'xl/sharedStrings.xml',
      data: `${PROLOG}<sst xmlns="${MAIN}">${strings}</sst>`,
    });
  }
  const replaced = new Set(parts.map(({ name }) => name));
  return [...own.filter(({ name }) => !replaced.has(name)), ...parts];
}

/** A workbook as bytes. */
export function workbook(book: BookSpec): Buffer {
  return zip(bookParts(book));
}

/** A folder for the files of one test file, removed when the process of the test ends. */
export async function fileMaker(): Promise<(bytes: Buffer | string) => Promise<string>> {
  const folder = await mkdtemp(join(tmpdir(), 'sheet-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return async (bytes) => {
    const path = join(folder, randomUUID());
    await writeFile(path, bytes);
    return path;
  };
}

/** Everything an asynchronous source yields. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
