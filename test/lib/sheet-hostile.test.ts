import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SHEET_LIMITS, type SheetLimits } from '../../functions/lib/sheet-limit.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import {
  type BookSpec,
  bookParts,
  collect,
  fileMaker,
  type Part,
  workbook,
  zip,
} from '../support/sheet.ts';

const file = await fileMaker();
const MIB = 1024 * 1024;
const good: BookSpec = { sheets: [{ rows: [['姓名'], ['林样一']] }] };

/** The code with which a file is refused, or the number of its rows where it is taken. */
async function fateOf(bytes: Buffer | string, name = '台账.xlsx', limits?: SheetLimits) {
  try {
    return (await collect(readSheet(await file(bytes), name, limits))).length;
  } catch (fault) {
    return fault instanceof Error && 'code' in fault ? fault.code : fault;
  }
}

const withParts = (...parts: Part[]) => workbook({ ...good, parts });
const sheetOf = (data: string) => workbook({ sheets: [{ data }] });

/** As many bytes as told, packing a thousand to one. */
function swollenSheet(bytes: number, patch: Partial<Part> = {}): Buffer {
  const row = '<row><c><v>1</v></c></row>';
  const data = `<worksheet><sheetData>${row.repeat(bytes / row.length)}</sheetData></worksheet>`;
  return withParts({ name: 'xl/worksheets/sheet1.xml', data, ...patch });
}

describe('control', () => {
  it('a good file is taken, also with many pictures, a hyperlink and notes', async () => {
    expect(await fateOf(workbook(good))).toBe(2);
    const pictures = Array.from({ length: 300 }, (_, at) => ({
      name: `xl/media/${at}.png`,
      data: `${at}`,
    }));
    const link = `<Relationships><Relationship Id="a" Type="http://x/hyperlink" TargetMode="External" Target="http://x"/></Relationships>`;
    const parts = [...pictures, { name: 'xl/worksheets/_rels/sheet1.xml.rels', data: link }];
    expect(await fateOf(withParts(...parts))).toBe(2);
  });
});

describe('a file that swells is refused before it is unpacked', () => {
  it('one that says so', async () => {
    expect(await fateOf(swollenSheet(20 * MIB))).toBe('file-bomb');
    const limits = { ...SHEET_LIMITS, maxInflatedBytes: 1_000 };
    expect(await fateOf(workbook(good), '台账.xlsx', limits)).toBe('file-bomb');
  });

  it('one whose directory lies about the size', async () => {
    expect(await fateOf(swollenSheet(20 * MIB, { claimedSize: 4_000 }))).toBe('file-bomb');
  });

  it('a control that swells less is read', async () => {
    expect(await fateOf(swollenSheet(MIB / 2))).toBeGreaterThan(1_000);
  });

  it('the memory of the process stays small whatever the file claims', async () => {
    const paths = [
      await file(swollenSheet(60 * MIB)),
      await file(swollenSheet(60 * MIB, { claimedSize: 4_000 })),
      await file(sheetOf(`<row><c t="str"><v>${'a'.repeat(60 * MIB)}</v></c></row>`)),
    ];
    const script = `
      import { readSheet, SHEET_LIMITS } from './functions/lib/sheet-read.ts';
      const codes = [];
      for (const path of process.argv.slice(1)) {
        try { for await (const _ of readSheet(path, 'a.xlsx', { ...SHEET_LIMITS, maxRatio: 1e6 })); codes.push('taken'); }
        catch (fault) { codes.push(fault.code); }
      }
      console.log(JSON.stringify({ codes, mib: process.resourceUsage().maxRSS / 1024 }));`;
    const args = ['--input-type=module', '--eval', script, ...paths];
    const { codes, mib } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    // Even with the ratio switched off, the other bounds hold.
    expect(codes).toEqual(['file-too-long', 'file-bomb', 'file-cell-too-long']);
    expect(mib).toBeLessThan(256);
  });
});

describe('a file that carries more than values is refused', () => {
  it('macros, whatever the file is called', async () => {
    const macro = 'application/vnd.ms-excel.sheet.macroEnabled.main+xml';
    expect(await fateOf(withParts({ name: 'xl/vbaProject.bin', data: 'x' }))).toBe('file-macro');
    expect(await fateOf(withParts({ name: 'xl/macrosheets/sheet1.xml', data: 'x' }))).toBe(
      'file-macro',
    );
    expect(await fateOf(workbook({ ...good, type: macro }))).toBe('file-macro');
    expect(await fateOf(workbook(good), '台账.xlsm')).toBe('file-macro');
    const relations = '<Relationship Id="r" Type="http://x/vbaProject" Target="code.bin"/>';
    expect(await fateOf(workbook({ ...good, relations }))).toBe('file-macro');
  });

  it('links to other files and data sources', async () => {
    const outside = (type: string) =>
      `<Relationship Id="r" Type="http://x/${type}" TargetMode="External" Target="file:///c:/a.xlsx"/>`;
    expect(await fateOf(withParts({ name: 'xl/externalLinks/externalLink1.xml', data: 'x' }))).toBe(
      'file-external-link',
    );
    expect(await fateOf(withParts({ name: 'xl/connections.xml', data: 'x' }))).toBe(
      'file-external-link',
    );
    expect(await fateOf(workbook({ ...good, relations: outside('externalLink') }))).toBe(
      'file-external-link',
    );
    const parts = [
      {
        name: 'xl/_rels/workbook.xml.rels',
        data: `<Relationships>${outside('worksheet').replace('"r"', '"rId1"')}</Relationships>`,
      },
    ];
    expect(await fateOf(workbook({ ...good, parts }))).toBe('file-external-link');
  });

  it('entities, in any part', async () => {
    const laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>';
    for (const part of bookParts({ ...good, strings: '<si><t>a</t></si>' })) {
      const data = `${laughs}${String(part.data).replace(/^<\?xml[^>]*>/, '')}`;
      const parts = [{ ...part, data }];
      const book = { ...good, strings: '<si><t>a</t></si>', parts };
      expect([part.name, await fateOf(workbook(book))]).toEqual([part.name, 'file-xml-entity']);
    }
  });

  it('an entity nobody declared', async () => {
    expect(await fateOf(sheetOf('<row><c><v>&e9;</v></c></row>'))).toBe('file-malformed');
  });
});

describe('a sheet beyond all measure is refused', () => {
  it('too wide: a value far to the right; empty styled cells there are harmless', async () => {
    expect(await fateOf(workbook({ sheets: [{ rows: [Array(256).fill(1)] }] }))).toBe(1);
    expect(await fateOf(workbook({ sheets: [{ rows: [Array(257).fill(1)] }] }))).toBe(
      'file-too-wide',
    );
    expect(
      await fateOf(sheetOf('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row>')),
    ).toBe(1);
    expect(await fateOf(sheetOf(`<row>${'<c/>'.repeat(50_000)}</row>`))).toBe('file-too-wide');
  });

  it('two cells in opposite corners cost nothing', async () => {
    const corners = (column: string) =>
      `<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="${column}1048576"><v>1</v></c></row>`;
    expect(await fateOf(sheetOf(corners('XFD')))).toBe('file-too-wide');
    expect(await fateOf(sheetOf(corners('A')))).toBe(2);
  });

  it('too long, too large, too complex', async () => {
    const fate = (limits: Partial<SheetLimits>, book: BookSpec = good) =>
      fateOf(workbook(book), '台账.xlsx', { ...SHEET_LIMITS, ...limits });
    expect(await fate({ maxRows: 1 })).toBe('file-too-long');
    expect(await fate({ maxRows: 2 })).toBe(2);
    expect(await fate({ maxBytes: 100 })).toBe('file-too-large');
    expect(await fate({ maxParts: 5 })).toBe('file-too-complex');
    const merged = { sheets: [{ rows: [['a']], merges: ['A1:B1', 'A2:B2'] }] };
    expect(await fate({ maxMerges: 1 }, merged)).toBe('file-too-complex');
    expect(await fate({ maxMerges: 2 }, merged)).toBe(1);
    const shared = { ...good, strings: '<si><t>甲乙</t></si><si/>' };
    expect(await fate({ maxStrings: 1 }, shared)).toBe('file-too-complex');
    expect(await fate({ maxStringChars: 1 }, shared)).toBe('file-too-complex');
    expect(await fate({}, shared)).toBe(2);
  });

  it('a cell longer than a cell can be', async () => {
    const long = (length: number) => ({ sheets: [{ rows: [['a'.repeat(length)]] }] });
    expect(await fateOf(workbook(long(32_767)))).toBe(1);
    expect(await fateOf(workbook(long(32_768)))).toBe('file-cell-too-long');
    const strings = `<si><t>${'a'.repeat(32_768)}</t></si>`;
    expect(await fateOf(workbook({ ...good, strings }))).toBe('file-cell-too-long');
  });
});

describe('a file that is not what it says is refused', () => {
  it('a text, a web page or another document under the name of a workbook', async () => {
    const letter = zip([
      { name: '[Content_Types].xml', data: '<Types/>' },
      {
        name: '_rels/.rels',
        data: '<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="word/document.xml"/></Relationships>',
      },
      { name: 'word/document.xml', data: '<w:document xmlns:w="urn:w"/>' },
    ]);
    for (const bytes of [
      'a,b\n1,2\n',
      '<html><table></table></html>',
      letter,
      zip([{ name: 'a.txt', data: 'a' }]),
    ]) {
      expect(await fateOf(bytes)).toBe('file-mislabelled');
    }
  });

  it('a workbook, a web page or pictures under the name of a text', async () => {
    for (const bytes of [
      workbook(good),
      '\n<HTML><table>',
      '<?xml version="1.0"?>',
      '%PDF-1.4',
      Buffer.from([137, 80, 78, 71, 0]),
    ]) {
      expect(await fateOf(bytes, '台账.csv')).toBe('file-mislabelled');
    }
  });

  it('names that promise neither', async () => {
    for (const name of ['台账', '台账.pdf', '台账.xlsx.exe']) {
      expect(await fateOf(workbook(good), name)).toBe('file-kind');
    }
    expect(await fateOf(workbook(good), '台账.XLSX')).toBe(2);
  });

  it('old formats and passwords are called by their name', async () => {
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(100_000)]);
    const locked = Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le'), ole]);
    expect(await fateOf(ole)).toBe('file-old-format');
    expect(await fateOf(locked)).toBe('file-encrypted');
    expect(await fateOf(workbook(good), '台账.xls')).toBe('file-old-format');
    expect(await fateOf(withParts({ name: 'xl/media/1', data: '', flags: 1 }))).toBe(
      'file-encrypted',
    );
    const type = 'application/vnd.ms-excel.sheet.binary.macro.main';
    expect(await fateOf(workbook({ ...good, type }))).toBe('file-old-format');
  });
});

describe('a broken file is refused', () => {
  it('cut off anywhere', async () => {
    const whole = workbook(good);
    for (const share of [0.1, 0.5, 0.9]) {
      expect(await fateOf(whole.subarray(0, whole.length * share))).toBe('file-truncated');
    }
  });

  it('empty, without rows, or without a visible sheet', async () => {
    expect(await fateOf('')).toBe('file-empty');
    expect(await fateOf(workbook({ sheets: [{ rows: [] }] }))).toBe('file-empty');
    expect(await fateOf(workbook({ sheets: [{ rows: [[null, '']] }] }))).toBe('file-empty');
    expect(await fateOf(workbook({ sheets: [{ ...good.sheets[0], state: 'hidden' }] }))).toBe(
      'file-no-sheet',
    );
  });

  it('bytes changed, sizes wrong, parts doubled or missing', async () => {
    const parts = bookParts(good);
    const patched = (patch: Partial<Part>) =>
      zip(parts.map((part) => (part.name.includes('sheet1') ? { ...part, ...patch } : part)));
    expect(await fateOf(patched({ claimedCrc: 1 }))).toBe('file-malformed');
    expect(await fateOf(patched({ claimedSize: 100_000 }))).toBe('file-malformed');
    expect(await fateOf(patched({ method: 99 }))).toBe('file-malformed');
    expect(await fateOf(patched({ name: 'xl/other.xml' }))).toBe('file-malformed');
    expect(await fateOf(zip([...parts, { name: 'XL/Worksheets/sheet1.xml', data: '' }]))).toBe(
      'file-malformed',
    );
    expect(await fateOf(zip([...parts, { name: '../../etc/x', data: '' }]))).toBe('file-malformed');
  });

  it('sheets that are not well-formed, count backwards or point at texts that are not there', async () => {
    const cell = '<c r="A1"><v>1</v></c>';
    const bad = [
      '<row><c>',
      `<row r="2">${cell}</row><row r="1">${cell}</row>`,
      `<row r="1048577">${cell}</row>`,
      `<row r="x">${cell}</row>`,
      `<row>${cell}${cell}</row>`,
      '<row><c r="1"><v>1</v></c></row>',
      '<row><c><v>eins</v></c></row>',
      '<row><c><v>1e999</v></c></row>',
      '<row><c t="z"><v>1</v></c></row>',
      '<row><c t="s"><v>0</v></c></row>',
      '<row><c t="s"><v>-1</v></c></row>',
      '<row><c t="s"><v>__proto__</v></c></row>',
    ];
    for (const data of bad)
      expect([data, await fateOf(sheetOf(data))]).toEqual([data, 'file-malformed']);
    const latin = Buffer.from(
      '<worksheet><sheetData><row><c t="str"><v>\xe9</v></c></row>',
      'latin1',
    );
    expect(await fateOf(withParts({ name: 'xl/worksheets/sheet1.xml', data: latin }))).toBe(
      'file-encoding',
    );
  });

  it('any single byte of a good file changed ends in rows or a refusal, never in a fault', async () => {
    const whole = workbook(good);
    for (let at = 0; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x55;
      const fate = await fateOf(bytes);
      expect([at, typeof fate === 'number' || /^file-/.test(String(fate))]).toEqual([at, true]);
    }
  });

  it('a fault of the machine is not laid on the file', async () => {
    await expect(collect(readSheet('/nowhere/at/all', '台账.xlsx'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });

  it('a reader who stops early leaves nothing open', async () => {
    const path = await file(
      workbook({ sheets: [{ rows: Array.from({ length: 9_999 }, (_, at) => [at]) }] }),
    );
    for await (const row of readSheet(path, 'a.xlsx')) if (row.row === 5) break;
    const open = execFileSync('ls', ['-l', `/proc/${process.pid}/fd`], { encoding: 'utf8' });
    expect(open).not.toContain(path);
    expect((await readFile(path)).length).toBeGreaterThan(0);
  });
});

describe('a file that is small itself and large in what it says', () => {
  const long = '长'.repeat(1000);

  it('one long text in every cell of a row is too much, in a few cells it is not', async () => {
    const row = (cells: number) =>
      workbook({ sheets: [{ rows: [Array.from({ length: cells }, () => long)] }] });
    expect(await fateOf(row(101))).toBe('file-row-too-long');
    expect(await fateOf(row(99))).toBe(1);
  });

  it('rows that are each bearable add up', async () => {
    const rows = Array.from({ length: 20 }, () => [long]);
    const limits = { ...SHEET_LIMITS, maxChars: 10_500 };
    expect(await fateOf(workbook({ sheets: [{ rows }] }), '台账.xlsx', limits)).toBe(
      'file-too-much-text',
    );
    expect(
      await fateOf(workbook({ sheets: [{ rows: rows.slice(10) }] }), '台账.xlsx', limits),
    ).toBe(10);
  });

  it('numbers and dates add up as well: a merged one is repeated in every cell', async () => {
    const limits = { ...SHEET_LIMITS, maxChars: 1_000 };
    const data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="Z2"><v>1</v></c></row>';
    const spread = (merges: string[]) => workbook({ sheets: [{ data, merges }] });
    expect(await fateOf(spread([]), '台账.xlsx', limits)).toBe(2);
    expect(await fateOf(spread(['A1:GR1']), '台账.xlsx', limits)).toBe('file-too-much-text');
  });

  it('a text of many pieces is refused before they are put together', async () => {
    const { maxCellChars } = SHEET_LIMITS;
    const pieces = (count: number) =>
      sheetOf(`<row><c t="inlineStr"><is>${'<r><t>长长长长</t></r>'.repeat(count)}</is></c></row>`);
    expect(await fateOf(pieces(Math.floor(maxCellChars / 4)))).toBe(1);
    expect(await fateOf(pieces(maxCellChars))).toBe('file-cell-too-long');
    // Cut off within the cell: what has been put together until then is what counts.
    const open = `<worksheet><sheetData><row><c t="inlineStr"><is>${'<r><t>长长长长</t></r>'.repeat(maxCellChars * 3)}`;
    const cut = withParts({ name: 'xl/worksheets/sheet1.xml', data: open });
    expect(await fateOf(cut, '台账.xlsx', { ...SHEET_LIMITS, maxRatio: 10_000 })).toBe(
      'file-cell-too-long',
    );
  });

  it('tags inside tags inside tags are refused', async () => {
    expect(await fateOf(sheetOf(`<worksheet>${'<a>'.repeat(100)}`))).toBe('file-too-complex');
  });
});

describe('a file that counts without measure', () => {
  const { maxSheets, maxStyles, maxRelations, maxLines } = SHEET_LIMITS;
  const sheets = (count: number) => Array.from({ length: count }, () => ({ rows: [['林样一']] }));
  const styled = (inside: string) =>
    withParts({ name: 'xl/styles.xml', data: `<styleSheet>${inside}</styleSheet>` });
  const link = (at: number) =>
    `<Relationship Id="r${at}" Type="http://x/hyperlink" TargetMode="External" Target="${at * 7919}"/>`;
  const linked = (count: number) =>
    withParts({
      name: 'xl/worksheets/_rels/sheet1.xml.rels',
      data: `<Relationships>${Array.from({ length: count }, (_, at) => link(at)).join('')}</Relationships>`,
    });

  it('sheets: as many as a county has villages, not as many as one can write, hidden ones included', async () => {
    expect(await fateOf(workbook({ sheets: sheets(300) }))).toBe(300);
    const tab = '<sheet name="a" state="hidden" r:id="rId1"/>';
    const data = `<workbook xmlns:r="r"><sheets>${tab.repeat(maxSheets + 1)}</sheets></workbook>`;
    const many = withParts({ name: 'xl/workbook.xml', data });
    expect(await fateOf(many)).toBe('file-too-many-sheets');
  });

  it('one sheet under many tabs, and a name that goes along with every row', async () => {
    const tabs = (name: string, count: number) => {
      const tab = `<sheet name="${name}" r:id="rId1"/>`;
      const data = `<workbook xmlns:r="r"><sheets>${tab.repeat(count)}</sheets></workbook>`;
      return withParts({ name: 'xl/workbook.xml', data });
    };
    expect(await fateOf(tabs('台账', 1))).toBe(2);
    expect(await fateOf(tabs('台账', 2))).toBe('file-malformed');
    expect(await fateOf(tabs('账'.repeat(256), 1))).toBe('file-too-complex');
  });

  it('cell formats and number formats', async () => {
    const formats = (count: number) => styled(`<cellXfs>${'<xf/>'.repeat(count)}</cellXfs>`);
    expect(await fateOf(formats(maxStyles))).toBe(2);
    expect(await fateOf(formats(maxStyles + 10))).toBe('file-too-complex');
    const numbers = Array.from({ length: maxStyles + 10 }, (_, at) => `<numFmt numFmtId="${at}"/>`);
    expect(await fateOf(styled(numbers.join('')))).toBe('file-too-complex');
  });

  it('a number format whose brackets never close is not looked through again and again', async () => {
    const began = performance.now();
    const formatCode = '['.repeat(900_000);
    expect(await fateOf(styled(`<numFmt numFmtId="1" formatCode="${formatCode}"/>`))).toBe(
      'file-too-complex',
    );
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('relations, though every hyperlink of a sheet is one', async () => {
    expect(await fateOf(linked(maxRelations))).toBe(2);
    expect(await fateOf(linked(maxRelations + 1))).toBe('file-too-complex');
  });

  it('empty lines of a text', async () => {
    const text = (lines: number) => `姓名\n${'\n'.repeat(lines)}林样一\n`;
    expect(await fateOf(text(1_000), 'a.csv')).toBe(2);
    expect(await fateOf(text(maxLines), 'a.csv')).toBe('file-too-long');
  });
});
