import { describe, expect, it } from 'vitest';
import { SHEET_LIMITS, type SheetLimits } from '../../functions/lib/sheet-limit.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { collect, fileMaker } from '../support/sheet.ts';

const file = await fileMaker();

async function read(bytes: Buffer | string, limits?: SheetLimits) {
  return collect(readSheet(await file(bytes), '名单.csv', limits));
}

async function cells(bytes: Buffer | string) {
  return (await read(bytes)).map((row) => row.cells);
}

/** 姓名,村 / 林𠮷,东村 in GB 18030, where 𠮷 (not in GBK) takes four bytes. */
const GBK = Buffer.from('d0d5c3fb2cb4e50d0ac1d69534b2352cb6abb4e5', 'hex');

describe('a CSV file is read as text', () => {
  it('every cell is text, numbers too; empty cells are empty', async () => {
    expect(await read('编号,人数\r\n007,3\r\n,"a ""b"", c\nd"\r\n')).toEqual([
      { sheet: 'csv', row: 1, cells: ['编号', '人数'] },
      { sheet: 'csv', row: 2, cells: ['007', '3'] },
      { sheet: 'csv', row: 3, cells: [null, 'a "b", c\nd'] },
    ]);
  });

  it('blank lines are left out but counted', async () => {
    const rows = await read('a,b\n\n , \n1,2\n');
    expect(rows.map(({ row }) => row)).toEqual([1, 4]);
  });

  it('UTF-8 with and without its mark and UTF-16 give the same', async () => {
    const text = '姓名,村\n林𠮷,东村\n';
    const plain = await cells(text);
    expect(plain).toEqual([
      ['姓名', '村'],
      ['林𠮷', '东村'],
    ]);
    expect(await cells(`\uFEFF${text}`)).toEqual(plain);
    expect(await cells(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toEqual(plain);
  });

  it('GBK is recognised', async () => {
    expect(await cells(GBK)).toEqual(await cells('姓名,村\n林𠮷,东村'));
  });

  it('tabs and semicolons separate where there are no commas', async () => {
    expect(await cells('a\tb\n"1,2,3"\t2\n')).toEqual([
      ['a', 'b'],
      ['1,2,3', '2'],
    ]);
    expect(await cells('a;b\n1;2')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('rows may be shorter than the heading, as the spreadsheet program leaves out empty ends', async () => {
    expect(await cells('a,b,c\n1\n')).toEqual([['a', 'b', 'c'], ['1']]);
  });
});

describe('a CSV file that cannot be trusted is refused', () => {
  const fate = async (bytes: Buffer | string, limits: Partial<SheetLimits> = {}) => {
    try {
      return (await read(bytes, { ...SHEET_LIMITS, ...limits })).length;
    } catch (fault) {
      return fault instanceof Error && 'code' in fault ? fault.code : fault;
    }
  };

  it('one in no known encoding, or cut off within a character', async () => {
    expect(await fate(Buffer.from([0x61, 0x2c, 0xff, 0xff, 0x0a]))).toBe('file-encoding');
    expect(await fate(GBK.subarray(0, -1))).toBe('file-encoding');
  });

  it('one cut off within a quoted text, or quoted wrongly', async () => {
    expect(await fate('a,b\n1,"2')).toBe('file-truncated');
    expect(await fate('a,b\n1,"2"x\n')).toBe('file-malformed');
    expect(await fate('a,b\n1,x"2\n')).toBe('file-malformed');
  });

  it('an unquoted comma that pushes a row one column on', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => `${at},x`);
    expect(await fate(rows.join('\n'))).toBe(40);
    expect(await fate([...rows, '41,x,y'].join('\n'))).toBe('file-ragged');
    expect(await fate([...rows, '41,x,,'].join('\n'))).toBe(41);
  });

  it('one beyond all measure', async () => {
    expect(await fate(`${'a,'.repeat(256)}a`)).toBe('file-too-wide');
    expect(await fate(`${'a,'.repeat(255)}a`)).toBe(1);
    expect(await fate(`b,${'a'.repeat(32_768)}`)).toBe('file-cell-too-long');
    expect(await fate('a'.repeat(2_000_000))).toBe('file-cell-too-long');
    expect(await fate('a\nb\n', { maxRows: 1 })).toBe('file-too-long');
  });

  it('one without a value', async () => {
    for (const bytes of ['', '\uFEFF', '\n\n', ',,\n,,\n'])
      expect(await fate(bytes)).toBe('file-empty');
  });
});
