import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise } from '../../functions/core/ledger-formula.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import {
  type OutRow,
  type SheetLayout,
  writeCsv,
  writeWorkbook,
} from '../../functions/lib/sheet-write.ts';
import { runs } from '../support/seed.ts';
import { collect, fileMaker } from '../support/sheet.ts';

const file = await fileMaker();
const layout: SheetLayout = { sheet: '名单', header: ['姓名', '证件号码', '金额'] };

async function rowsOf(stream: AsyncIterable<Uint8Array>, name: string) {
  const path = await file(Buffer.concat(await collect(stream)));
  return collect(readSheet(path, name));
}

const back = (rows: OutRow[], of: SheetLayout = layout) =>
  rowsOf(writeWorkbook(rows, of), 'a.xlsx');
const backCsv = (rows: OutRow[]) => rowsOf(writeCsv(rows, layout), 'a.csv');

/** A text as it is written, worked out the slow way. */
function written(one: string) {
  const signs = [...one.toWellFormed()].filter((sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return code >= 32 ? code !== 0xfffe && code !== 0xffff : '\t\n\r'.includes(sign);
  });
  return neutralise(signs.join(''));
}

/** What a row looks like after reading: no empty cells at its end, empty text is an empty cell. */
function seen(row: OutRow) {
  const cells = row.map((cell) => (cell === '' ? null : cell));
  return cells.slice(0, cells.findLastIndex((cell) => cell !== null) + 1);
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const dangerous = fc
  .tuple(fc.constantFrom(..."=+-@\t\r\n＝＋－＠'"), fc.string({ maxLength: 8 }))
  .map(([sign, rest]) => sign + rest);
const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const cell = fc.oneof(text, dangerous, number, fc.constant(null));
const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { maxLength: 6 });

describe('a list written as a workbook', () => {
  it('reads back as it was, formulas defused, numbers as numbers', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const read = await back(all);
        const expected = all
          .map((row) => seen(row.map((one) => (typeof one === 'string' ? written(one) : one))))
          .map((cells, at) => ({ sheet: '名单', row: at + 2, cells }))
          .filter(({ cells }) => cells.length > 0);
        expect(read.slice(1)).toEqual(
          expected.map((row) => ({ ...row, cells: row.cells.map((c) => (c === 0 ? 0 : c)) })),
        );
      }),
      runs(40),
    );
  });

  it('what XML cannot carry and what looks like its escapes come back alike', async () => {
    const row = ['_x0041_', '_x0041_x0042_', '_x004', 'a\rb\r\nc', '<&>"', '_x005F_', ' a '];
    expect((await back([row]))[1]?.cells).toEqual(row);
    expect((await back([['a\u0000\uFFFEb\u001F']]))[1]?.cells).toEqual(['ab']);
  });

  it('has its heading first; a negative number stays a number', async () => {
    expect(
      await back([['=cmd', '350199199001010017', -5.5]], {
        ...layout,
        textColumns: [1],
        widths: [10, 22],
      }),
    ).toEqual([
      { sheet: '名单', row: 1, cells: layout.header },
      { sheet: '名单', row: 2, cells: ["'=cmd", '350199199001010017', -5.5] },
    ]);
  });

  it('cuts a text longer than a cell, and repairs the name of the sheet', async () => {
    const [, row] = await back([['长'.repeat(40_000)]], {
      ...layout,
      sheet: `'a[b]:c*?/\\${'长'.repeat(40)}`,
    });
    expect(row?.cells[0]).toHaveLength(32_767);
    expect(row?.sheet).toMatch(/^a b {2}c {4}长+$/);
    expect(row?.sheet.length).toBeLessThanOrEqual(31);
    expect((await back([[1]], { ...layout, sheet: '[]' }))[0]?.sheet).toBe('Sheet1');
  });

  it('is written while the rows are still being read', async () => {
    let asked = 0;
    async function* source() {
      for (; asked < 200_000; asked += 1) yield [`${Math.sin(asked)}`, asked, null];
    }
    const reader = writeWorkbook(source(), layout).getReader();
    await reader.read();
    await reader.read();
    expect(asked).toBeLessThan(200_000);
    await reader.cancel();
  });
});

describe('a list written as CSV', () => {
  it('begins with its mark, quotes every text, leaves numbers bare', async () => {
    const bytes = Buffer.concat(
      await collect(
        writeCsv(
          [
            ['a "b", c', '=1', -5],
            [null, 'x', Number.NaN],
          ],
          layout,
        ),
      ),
    );
    expect(bytes.toString('utf8')).toBe(
      '\uFEFF"姓名","证件号码","金额"\r\n"a ""b"", c","\'=1",-5\r\n,"x",\r\n',
    );
  });

  it('reads back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const expected = all
          .map((row) => row.map((one) => (typeof one === 'string' ? written(one) : one)))
          .map((row, at) => ({
            row: at + 2,
            text: row.map((one) => (one === null ? '' : String(one))),
          }))
          .filter(({ text: cells }) => cells.some((one) => one.trim() !== ''));
        const read = (await backCsv(all)).slice(1);
        expect(
          read.map(({ row, cells }) => [row, cells.map((one) => one ?? '').join('|')]),
        ).toEqual(
          expected.map(({ row, text: cells }) => [
            row,
            cells.slice(0, cells.findLastIndex((one) => one.trim() !== '') + 1).join('|'),
          ]),
        );
      }),
      runs(60),
    );
  });
});
