import { describe, expect, it } from 'vitest';
import { UNCALCULATED } from '../../functions/core/ledger-cell.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { type BookSpec, collect, fileMaker, workbook } from '../support/sheet.ts';

const file = await fileMaker();

async function rowsOf(bytes: Buffer | string, name = '台账.xlsx') {
  return collect(readSheet(await file(bytes), name));
}

async function cellsOf(book: BookSpec) {
  return (await rowsOf(workbook(book))).map(({ cells }) => cells);
}

describe('a workbook is read as the clerk sees it', () => {
  it('texts, numbers and ticks keep their kind, rows keep their number', async () => {
    const rows = [['姓名', '人数', '是否'], [], ['林样一', 3, true], [null, -0.5, false]];
    expect(await rowsOf(workbook({ sheets: [{ name: '贫困户', rows }] }))).toEqual([
      { sheet: '贫困户', row: 1, cells: ['姓名', '人数', '是否'] },
      { sheet: '贫困户', row: 3, cells: ['林样一', 3, true] },
      { sheet: '贫困户', row: 4, cells: [null, -0.5, false] },
    ]);
  });

  it('hidden sheets are not read, hidden rows and columns are', async () => {
    const data = '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>';
    const cols = '<cols><col min="1" max="1" hidden="1"/></cols>';
    const sheets: BookSpec['sheets'] = [
      { state: 'hidden', rows: [['字典']] },
      { name: '明细', xml: `<worksheet>${cols}<sheetData>${data}</sheetData></worksheet>` },
      { state: 'veryHidden', rows: [['字典']] },
      { name: '附表', rows: [['二']] },
    ];
    expect(await rowsOf(workbook({ sheets }))).toEqual([
      { sheet: '明细', row: 1, cells: [1] },
      { sheet: '附表', row: 1, cells: ['二'] },
    ]);
  });

  it('a formula gives the value it last showed and is never calculated', async () => {
    const data =
      '<row><c><f>1+1</f><v>7</v></c><c t="str"><f>A1&amp;"x"</f><v>旧</v></c><c t="str"><f>A1</f><v></v></c><c><v>1</v></c></row>';
    expect(await cellsOf({ sheets: [{ data }] })).toEqual([[7, '旧', null, 1]]);
  });

  it('a formula without a value, as programs write it that do not calculate, is not an empty cell', async () => {
    const data =
      '<row><c><f>A1</f></c><c><f>A1</f><v></v></c><c t="str"><f>A1</f></c><c><v></v></c><c><v>1</v></c></row>';
    expect(await cellsOf({ sheets: [{ data }] })).toEqual([
      [UNCALCULATED, UNCALCULATED, UNCALCULATED, null, 1],
    ]);
  });

  it('a cell that shows an error says so', async () => {
    const data = '<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c><v>1</v></c></row>';
    expect(await cellsOf({ sheets: [{ data }] })).toEqual([['#DIV/0!', 1]]);
  });

  it('cells and rows without an address follow the one before', async () => {
    const data =
      '<row><c><v>1</v></c><c r="C1"><v>3</v></c><c><v>4</v></c></row><row r="5"><c><v>5</v></c></row><row><c><v>6</v></c></row>';
    const rows = await rowsOf(workbook({ sheets: [{ data }] }));
    expect(rows.map(({ row, cells }) => [row, cells])).toEqual([
      [1, [1, null, 3, 4]],
      [5, [5]],
      [6, [6]],
    ]);
  });

  it('shared texts join their runs, leave out readings and undo escapes', async () => {
    const strings =
      '<si><t>甲</t></si><si><r><t>林</t></r><r><t xml:space="preserve"> 样</t></r><rPh sb="0" eb="1"><t>lin</t></rPh></si><si><t>_x0009_a_x005F_x0041_</t></si><si><t/></si>';
    const cells = [0, 1, 2, 3].map((at) => `<c t="s"><v>${at}</v></c>`).join('');
    expect(await cellsOf({ sheets: [{ data: `<row>${cells}</row>` }], strings })).toEqual([
      ['甲', '林 样', '\ta_x0041_'],
    ]);
  });

  it('prefixes chosen by the writer make no difference', async () => {
    const sheet =
      '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="2"><x:c r="B2"><x:v>2</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>';
    expect(await cellsOf({ sheets: [{ xml: sheet }] })).toEqual([[1], [1, 2]]);
  });

  it('a chart among the tabs has no rows', async () => {
    const book: BookSpec = { sheets: [{ rows: [['有']] }] };
    const relations =
      '<Relationship Id="rId9" Type="http://x/chartsheet" Target="chartsheets/sheet1.xml"/>';
    const parts = [
      {
        name: 'xl/workbook.xml',
        data: '<workbook xmlns:r="urn:r"><sheets><sheet name="图" r:id="rId9"/><sheet name="表" r:id="rId1"/></sheets></workbook>',
      },
    ];
    expect(await cellsOf({ ...book, relations, parts })).toEqual([['有']]);
  });
});

describe('dates in cells', () => {
  const dated = (serial: number | string, style = 1) =>
    `<row><c s="${style}"><v>${serial}</v></c></row>`;

  it('a number shown as a date is a day, and a time where it has one', async () => {
    const formats = ['yyyy"年"m"月"d"日"'];
    expect(await cellsOf({ sheets: [{ data: dated(43031) }], formats })).toEqual([
      [{ day: '2017-10-23' }],
    ]);
    expect(await cellsOf({ sheets: [{ data: dated(43031.5) }], formats })).toEqual([
      [{ day: '2017-10-23', time: '12:00' }],
    ]);
  });

  it('workbooks that count from 1904 give the same day', async () => {
    const book = { sheets: [{ data: dated(43031 - 1462) }], formats: [14], is1904: true };
    expect(await cellsOf(book)).toEqual([[{ day: '2017-10-23' }]]);
  });

  it('the 29 February 1900 that never was shifts only the days before it', async () => {
    const days = await Promise.all(
      [1, 59, 60, 61].map(
        async (n) => (await cellsOf({ sheets: [{ data: dated(n) }], formats: [14] }))[0],
      ),
    );
    expect(days).toEqual([
      [{ day: '1900-01-01' }],
      [{ day: '1900-02-28' }],
      [60],
      [{ day: '1900-03-01' }],
    ]);
  });

  it('only formats that show a day make a date', async () => {
    const shows = async (format: string | number) => {
      const [[cell] = []] = await cellsOf({ sheets: [{ data: dated(43031) }], formats: [format] });
      return typeof cell === 'object';
    };
    const dates = [
      14,
      22,
      31,
      57,
      'yyyy.m.d',
      'm"月"',
      '[$-804]yyyy"年"m"月";@',
      'd-mmm',
      '[$-F800]dddd',
    ];
    const plain = [
      0,
      2,
      9,
      20,
      46,
      49,
      '0.00',
      '#,##0.00"yd"',
      '[Red]0',
      'h:mm',
      '\\d0',
      'G/通用格式',
      '0.00%',
      '@',
    ];
    for (const format of dates) expect([format, await shows(format)]).toEqual([format, true]);
    for (const format of plain) expect([format, await shows(format)]).toEqual([format, false]);
  });

  it('a number no calendar knows stays a number, an ISO cell is a day', async () => {
    const data = `${dated(-1)}${dated(2_958_466)}<row><c t="d"><v>2017-09-01T00:00:00</v></c><c t="d"><v>2017-09-01T08:30:00</v></c><c t="d"><v>?</v></c></row>`;
    expect(await cellsOf({ sheets: [{ data }], formats: [14] })).toEqual([
      [-1],
      [2_958_466],
      [{ day: '2017-09-01' }, { day: '2017-09-01', time: '08:30' }, '?'],
    ]);
  });
});

describe('merged cells', () => {
  it('the value of a merged household stands on every row of it', async () => {
    const rows = [
      ['户编号', '姓名', '村'],
      ['H1', '甲', '东'],
      [null, '乙'],
      ['旧', '丙'],
      ['H2', '丁', '西'],
    ];
    expect(await cellsOf({ sheets: [{ rows, merges: ['C2:C4', 'A2:A4'] }] })).toEqual([
      ['户编号', '姓名', '村'],
      ['H1', '甲', '东'],
      ['H1', '乙', '东'],
      ['H1', '丙', '东'],
      ['H2', '丁', '西'],
    ]);
  });

  it('a title over the whole sheet is repeated only as far as columns may go, a row of repetitions only is left out', async () => {
    const rows = [['台账'], [null], ['a', 'b']];
    const [title, second] = await cellsOf({ sheets: [{ rows, merges: ['A1:XFD2'] }] });
    expect(new Set(title)).toEqual(new Set(['台账']));
    expect(title?.length).toBe(256);
    expect(second).toEqual(['a', 'b']);
  });

  it('an area whose first row is missing from the file is empty', async () => {
    const data = '<row r="2"><c r="A2"><v>9</v></c><c r="B2"><v>1</v></c></row>';
    expect(await cellsOf({ sheets: [{ data, merges: ['A1:A2', 'C1:C9'] }] })).toEqual([
      [null, 1, null],
    ]);
  });

  it('areas that overlap or are turned round are refused', async () => {
    const rows = Array.from({ length: 3 }, () => [1]);
    const overlapping = Array.from({ length: 200 }, () => 'A1:B3');
    for (const merges of [overlapping, ['B1:A1'], ['A2:A1'], ['A1'], ['夏']]) {
      await expect(cellsOf({ sheets: [{ rows, merges }] })).rejects.toMatchObject({
        code: 'file-malformed',
      });
    }
  });

  it('an area hidden in a comment is not believed', async () => {
    const sheet =
      '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><!-- <mergeCell ref="A1:B2"/> --></worksheet>';
    await expect(cellsOf({ sheets: [{ xml: sheet }] })).rejects.toMatchObject({
      code: 'file-malformed',
    });
  });

  it('a household merged column by column over thousands of rows is read whole', async () => {
    const rows = Array.from({ length: 6_000 }, (_, at) =>
      at % 3 === 0 ? [`H${at / 3}`, at] : [null, at],
    );
    const merges = Array.from(
      { length: 2_000 },
      (_, at) => `A${at * 3 + 1}:A${at * 3 + 3}`,
    ).reverse();
    const cells = await cellsOf({ sheets: [{ rows, merges }] });
    expect(cells).toEqual(rows.map(([, at]) => [`H${Math.floor(Number(at) / 3)}`, at]));
  });
});
