import { describe, expect, it } from 'vitest';
import type { LedgerCell, LedgerRow } from '../../functions/core/ledger-cell.ts';
import { isTotal, readLedger } from '../../functions/core/ledger-record.ts';
import { collect } from '../support/sheet.ts';

type Cells = readonly (LedgerCell | null)[];

function sheet(name: string, ...rows: readonly Cells[]): LedgerRow[] {
  return rows.map((cells, at) => ({ sheet: name, row: at + 1, cells }));
}

const heading = ['序号', '户编号', '行政村', '姓名', '证件号码', '与户主关系'];
const person = (number: number) => [number, 'H1', '东村', '甲', 'A1', '户主'];

/** Each item in a word: what it is, and its row or reason. */
async function story(rows: readonly LedgerRow[]) {
  const items = await collect(readLedger('registry', rows));
  return items.map((item) => {
    if (item.is === 'row') return `row ${item.row.row}`;
    if (item.is === 'skipped') return `${item.why} ${item.row.row}`;
    if (item.is === 'foreign') return `foreign ${item.sheet}`;
    if (item.is === 'refused') return item.refusal.refused;
    return `heading ${item.heading.row}`;
  });
}

describe('the rows of a ledger are told apart', () => {
  it('data from totals, notes at the foot, repeated headings and prepared empty rows', async () => {
    const rows = sheet(
      '台账',
      ['某县台账'],
      heading,
      person(1),
      heading,
      person(2),
      [3],
      [4, null, '#REF!', null, null, '#DIV/0!'],
      ['东村小计', null, null, '2人'],
      ['合 计：', '1户', null, '2人', null],
      ['合计', '合计', '合计', '合计', '合计', '合计', 99],
      ['注：姓名以户口簿为准'],
      ['填表人：', '某', '审核：', '某'],
    );
    expect(await story(rows)).toEqual([
      'heading 2',
      'row 3',
      'heading 4',
      'row 5',
      'empty 6',
      'empty 7',
      'total 8',
      'total 9',
      'total 10',
      'note 11',
      'note 12',
    ]);
  });

  it('words at the foot that no list foresees are no data, a figure or a name without the rest is', async () => {
    const bare = ['乡镇', '户编号', '行政村', '姓名', '证件号码', '与户主关系', '工资性收入'];
    const across = Array.from({ length: bare.length }, () => '户口簿与系统一致');
    const rows = sheet(
      '台账',
      bare,
      ['东镇', 'H1', '东村', '甲', 'A1', '户主', 5],
      ['二〇一八年年底'],
      ['村主任（签字）', null, null, '某', null, '代'],
      across,
      [null, null, null, null, null, null, 300],
      [null, null, null, '乙'],
      ['东镇', null, '东村'],
    );
    expect(await story(rows)).toEqual([
      'heading 1',
      'row 2',
      'note 3',
      'note 4',
      'note 5',
      'row 6',
      'row 7',
      'row 8',
    ]);
  });

  it('a person whose row only looks like a total is data', async () => {
    const odd = [1, 'H1', '合计', '总计', 'A1', '户主'];
    expect(await story(sheet('台账', heading, odd))).toEqual(['heading 1', 'row 2']);
  });

  it('a row without its key is data too, so that it is refused with its number and not lost', async () => {
    const rows = sheet(
      '台账',
      heading,
      [1, 'H1', '东村', '甲', null, '户主'],
      [2, '备注户', '东', '乙', null, '子', 1],
    );
    expect(await story(rows)).toEqual(['heading 1', 'row 2', 'row 3']);
  });

  it('rows beyond the first thirty are read as they come', async () => {
    const rows = sheet('台账', heading, ...Array.from({ length: 50 }, (_, at) => person(at)));
    const told = await story(rows);
    expect(told).toEqual(['heading 1', ...Array.from({ length: 50 }, (_, at) => `row ${at + 2}`)]);
  });
});

describe('a total', () => {
  const total = (...cells: Cells) => isTotal({ sheet: '表', row: 9, cells });

  it('begins with a word of summing, after numbers only', () => {
    expect(total('合计')).toBe(true);
    expect(total(12, '凤城镇小计', 3)).toBe(true);
    expect(total(null, '总计（户）', 3)).toBe(true);
    expect(total('甲', '合计')).toBe(false);
    expect(total(1, 2)).toBe(false);
    expect(total()).toBe(false);
  });
});

describe('the sheets of a ledger', () => {
  it('each find their own heading; others are passed over by name', async () => {
    const rows = [
      ...sheet('说明', ['填表说明']),
      ...sheet('东镇', heading, person(1)),
      ...sheet('汇总', ['乡镇', '行政村', '户数'], ['东镇', '东村', 1]),
      ...sheet('西镇', ['台账'], heading, person(1)),
    ];
    expect(await story(rows)).toEqual([
      'foreign 说明',
      'heading 1',
      'row 2',
      'foreign 汇总',
      'heading 2',
      'row 3',
    ]);
  });

  it('none of which is ours: the file is refused with what the nearest lacks', async () => {
    const rows = [
      ...sheet('名单', heading.slice(0, 4), [1, 'H1', '东村', '甲']),
      ...sheet('说明', ['填表说明']),
    ];
    const items = await collect(readLedger('registry', rows));
    expect(items.at(-1)).toEqual({
      is: 'refused',
      refusal: {
        refused: 'column-missing',
        values: { columns: '证件号码 (identity number)、与户主关系 (relation to the head)' },
      },
    });
    expect(await story(sheet('说明', ['填表说明']))).toEqual(['foreign 说明', 'heading-missing']);
    expect(await story([])).toEqual(['heading-missing']);
  });

  it('a column named twice refuses the file at once', async () => {
    const rows = [
      ...sheet('东镇', [...heading, '姓名'], person(1)),
      ...sheet('西镇', heading, person(1)),
    ];
    expect(await story(rows)).toEqual(['column-twice']);
    expect(await story(rows.slice(0, 2))).toEqual(['column-twice']);
  });
});
