import { describe, expect, it } from 'vitest';
import type { LedgerCell, LedgerRow } from '../../functions/core/ledger-cell.ts';
import synonyms from '../../functions/core/ledger-heading.json' with { type: 'json' };
import {
  cellOf,
  findHeading,
  type LedgerKind,
  labelOf,
} from '../../functions/core/ledger-heading.ts';
import { readNote } from '../../functions/core/ledger-note.ts';

function rowsOf(...rows: readonly (readonly (LedgerCell | null)[])[]): LedgerRow[] {
  return rows.map((cells, at) => ({ sheet: '表', row: at + 1, cells }));
}

function found<K extends LedgerKind>(kind: K, rows: readonly LedgerRow[]) {
  const heading = findHeading(kind, rows);
  if ('refused' in heading) throw new Error(heading.refused);
  return heading.ok;
}

const where = (kind: LedgerKind, rows: readonly LedgerRow[]) => {
  const { row, columns } = found(kind, rows);
  return { row, ...Object.fromEntries([...columns].map(([field, { column }]) => [field, column])) };
};

const required = ['户编号', '行政村', '姓名', '证件号码', '与户主关系'];
const places = { householdNumber: 0, village: 1, name: 2, identityNumber: 3, relation: 4 };

describe('the heading is found wherever it is', () => {
  it('on the first row, or below titles, notes and empty rows', () => {
    expect(where('registry', rowsOf(required))).toEqual({ row: 1, ...places });
    const title = Array(5).fill('某县台账');
    const low = [...rowsOf(title, ['单位：元']), { sheet: '表', row: 9, cells: required }];
    expect(
      where('registry', [
        ...low,
        { sheet: '表', row: 10, cells: ['H1', '东村', '甲', '', '户主'] },
      ]),
    ).toEqual({ row: 9, ...places });
  });

  it('columns may stand in any order and be called by any of their names', () => {
    const heading = [
      '序号',
      '姓 名',
      '身份证\n号码*',
      '村（居）',
      '与户主的关系',
      '家庭编号',
      '1.联系电话',
      'A3a主要致贫原因',
    ];
    expect(where('registry', rowsOf(heading))).toEqual({
      row: 1,
      name: 1,
      identityNumber: 2,
      village: 3,
      relation: 4,
      householdNumber: 5,
      phone: 6,
      mainCause: 7,
    });
  });

  it('every name of every kind is recognised as its field, and none means two', () => {
    for (const kind of ['registry', 'villages', 'divisions'] as const) {
      for (const [field, entry] of Object.entries<{ zh: string; en: string; also?: string[] }>(
        synonyms[kind].fields,
      )) {
        for (const name of [entry.zh, entry.en, field, ...(entry.also ?? [])]) {
          const needed = Object.entries<{ zh: string; required?: boolean }>(synonyms[kind].fields)
            .filter(([other, { required: isRequired }]) => isRequired && other !== field)
            .map(([, { zh }]) => zh);
          const columns = where(kind, rowsOf([...needed, `（${name}）`.slice(1, -1)]));
          expect([kind, name, Object.entries(columns).at(-1)]).toEqual([
            kind,
            name,
            [field, needed.length],
          ]);
        }
      }
    }
  });

  it('two rows with merged group titles are read together', () => {
    const upper = [
      '户编号',
      '行政村',
      '家庭成员',
      '家庭成员',
      '家庭成员',
      '帮扶责任人',
      '帮扶责任人',
      '家庭收入(元)',
      '备注',
    ];
    const lower = [
      '户编号',
      null,
      '姓名',
      '证件号码',
      '与户主关系',
      '姓名',
      '联系电话',
      '工资性',
      '特殊情况',
    ];
    const rows = rowsOf(Array(9).fill('台账'), upper, lower, [
      'H1',
      '东村',
      '甲',
      '1',
      '户主',
      '乙',
      '2',
      3,
    ]);
    expect(where('registry', rows)).toEqual({
      row: 3,
      ...places,
      helperName: 5,
      helperPhone: 6,
      wages: 7,
    });
    expect(found('registry', rows).unread).toEqual(['特殊情况']);
  });

  it('what stands under or beside the helpers is theirs, never the household’s', () => {
    const upper = [
      ...required,
      '帮扶干部信息',
      '帮扶干部信息',
      '帮扶干部信息',
      '帮扶干部信息',
      '帮扶干部信息',
      '帮扶',
      '帮扶',
    ];
    const lower = [...required, '姓名', '性别', '手机', '工作单位', '序数', '五个一批', '脱贫属性'];
    expect(where('registry', rowsOf(upper, lower))).toEqual({
      row: 2,
      ...places,
      helperName: 5,
      helperPhone: 7,
      helperUnit: 8,
      measures: 10,
    });
    const beside = [...required, '帮扶责任人', '单位', '联系电话', '脱贫属性', '家庭电话'];
    expect(where('registry', rowsOf(beside))).toEqual({
      row: 1,
      ...places,
      helperName: 5,
      helperUnit: 6,
      helperPhone: 7,
      status: 8,
      phone: 9,
    });
    const own = [...required, '帮扶责任人', '户主电话'];
    expect(where('registry', rowsOf(own))).toMatchObject({ helperName: 5, phone: 6 });
  });

  it('what stands under the head is not the member’s', () => {
    const upper = ['户主信息', '户主信息', '户主信息', '成员', '成员', '成员', '户编号', '行政村'];
    const lower = ['姓名', '身份证号', '联系电话', '姓名', '身份证号', '与户主关系', null, null];
    expect(where('registry', rowsOf(upper, lower))).toEqual({
      row: 2,
      phone: 2,
      name: 3,
      identityNumber: 4,
      relation: 5,
      householdNumber: 6,
      village: 7,
    });
  });

  it('a title above columns without a heading is no heading', () => {
    const rows = rowsOf(Array(8).fill('台账'), [...required, null, '宗教']);
    expect(found('registry', rows).unread).toEqual(['宗教']);
  });

  it('not beyond the thirtieth row', () => {
    const blank = Array.from({ length: 30 }, () => ['说明']);
    expect(findHeading('registry', rowsOf(...blank, required))).toMatchObject({
      refused: 'heading-missing',
    });
    expect(where('registry', rowsOf(...blank.slice(1), required))).toMatchObject({ row: 30 });
  });
});

describe('a heading that cannot be trusted is refused', () => {
  it('one that lacks a required column, naming it in both languages', () => {
    expect(findHeading('registry', rowsOf(required.slice(0, 3)))).toEqual({
      refused: 'column-missing',
      values: { columns: '证件号码 (identity number)、与户主关系 (relation to the head)' },
    });
    expect(findHeading('divisions', [])).toEqual({
      refused: 'heading-missing',
      values: { columns: '区划代码 (code)、名称 (name)' },
    });
    expect(findHeading('villages', rowsOf(['甲', '乙']))).toMatchObject({
      refused: 'heading-missing',
    });
  });

  it('one that names a column twice', () => {
    expect(findHeading('registry', rowsOf([...required, '联系电话', '手机']))).toEqual({
      refused: 'column-twice',
      values: { column: '手机' },
    });
  });

  it('of two columns the one named more strictly is read, the other reported', () => {
    const { columns, unread } = found(
      'registry',
      rowsOf([...required, '人均纯收入(2015年)', '人均纯收入']),
    );
    expect(columns.get('incomePerHead')?.column).toBe(6);
    expect(unread).toEqual(['人均纯收入(2015年)']);
  });
});

describe('cells are asked for by field', () => {
  const rows = rowsOf(
    ['单位：万元'],
    [...required, '工资性收入', '务工时间（月）', '财产性收入（元）'],
  );
  const heading = found('registry', rows);
  const row: LedgerRow = { sheet: '表', row: 3, cells: ['H1', '东村', '甲', '1', '户主', 3] };

  it('an empty cell, a cell beyond the row and a column that is not there are alike', () => {
    expect(cellOf(heading, row, 'wages')).toBe(3);
    expect(cellOf(heading, row, 'workMonths')).toBeNull();
    expect(cellOf(heading, row, 'phone')).toBeNull();
  });

  it('refusals call a column as the clerk does; its unit is its own or that of the sheet', () => {
    expect(labelOf(heading, 'wages')).toEqual({ heading: '工资性收入', unit: '万元' });
    expect(labelOf(heading, 'property')).toEqual({
      heading: '财产性收入(元)'.replace('(', '（').replace(')', '）'),
      unit: '元',
    });
    expect(labelOf(heading, 'workMonths').unit).toBe('月');
    expect(labelOf(heading, 'phone')).toEqual({ heading: 'phone', unit: '万元' });
  });
});

it('a refusal quotes no more of a heading than tells it from others', () => {
  const wordy = `姓名（${'按户口簿填写'.repeat(20)}）`;
  const heading = found(
    'registry',
    rowsOf(required.map((name) => (name === '姓名' ? wordy : name))),
  );
  const { heading: called } = labelOf(heading, 'name');
  expect(called).toBe(`${[...wordy].slice(0, [...called].length - 1).join('')}…`);
  expect([...called].length).toBeLessThan(70);
});

describe('the notes above the heading', () => {
  const note = (...texts: string[]) => readNote(rowsOf(...texts.map((text) => [text, text])));

  it('tell the day, the income period and the unit', () => {
    expect(
      note(
        '某县台账',
        '数据时点：2017-10-23；收入为2016年度(2015-10-01至2016-09-30)户合计，单位：元；面积单位：平方米',
      ),
    ).toEqual({
      day: '2017-10-23',
      period: { from: '2015-10-01', to: '2016-09-30' },
      unit: '元',
    });
    expect(note('截至2017年9月', '（金额单位：人民币万元）', '2015年10月～2016年9月')).toEqual({
      day: '2017-09-30',
      period: { from: '2015-10-01', to: '2016-09-30' },
      unit: '万元',
    });
  });

  it('say nothing where they say nothing that can be', () => {
    const silent = { day: null, period: null, unit: null };
    expect(note()).toEqual(silent);
    expect(
      note(
        '村财收入单位：万元',
        '截至2017-02-30',
        '2016-09-30至2015-10-01',
        '2016-02-30至2016-03-01',
      ),
    ).toEqual(silent);
  });
});
