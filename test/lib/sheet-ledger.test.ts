import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labelledLists } from '../../functions/core/code-label.ts';
import type { Code } from '../../functions/core/code-list.ts';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import { readCode, readCodes, readYesNo } from '../../functions/core/ledger-code.ts';
import { readYear } from '../../functions/core/ledger-date.ts';
import {
  cellOf,
  type LedgerField,
  type LedgerHeading,
  type LedgerKind,
  labelOf,
} from '../../functions/core/ledger-heading.ts';
import { readFen, readInteger } from '../../functions/core/ledger-number.ts';
import { type LedgerItem, readLedger } from '../../functions/core/ledger-record.ts';
import { type ColumnLabel, readIdentifier, readText } from '../../functions/core/ledger-text.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import expected from '../../sample/expected.json' with { type: 'json' };
import { collect, fileMaker, rowsXml, type Value, workbook } from '../support/sheet.ts';

const file = await fileMaker();
const sample = (name: string) => fileURLToPath(new URL(`../../sample/${name}`, import.meta.url));

type RowItem<K extends LedgerKind> = Extract<LedgerItem<K>, { is: 'row' }>;

async function ledger<K extends LedgerKind>(kind: K, path: string, name = path) {
  const items = await collect(readLedger(kind, readSheet(path, name)));
  const rows = items.filter((item): item is RowItem<K> => item.is === 'row');
  const ofField = (field: LedgerField<K>) =>
    rows.map(({ heading, row }) => ({
      cell: cellOf(heading, row, field),
      label: labelOf(heading, field),
    }));
  return { items, rows, ofField };
}

/** The value of a field that must be readable. */
function ok<T>(read: { ok: T } | { refused: string }): T {
  if ('refused' in read) throw new Error(read.refused);
  return read.ok;
}

/** Every cell of a column has its code, or several. */
function readAll(
  column: readonly { cell: LedgerCell | null; label: ColumnLabel }[],
  codes: readonly Code[],
) {
  for (const { cell, label } of column) ok(readCodes(cell, { ...label, codes }));
}

describe('the sample ledgers are understood', () => {
  it('the persons, every income to the fen as the sheet sums it up itself', async () => {
    const { items, rows, ofField } = await ledger('registry', sample('贫困人口台账.xlsx'));
    expect(rows).toHaveLength(expected.totals.persons);
    const numbers = ofField('householdNumber').map(({ cell, label }) =>
      ok(readIdentifier(cell, label)),
    );
    expect(new Set(numbers).size).toBe(expected.totals.households);
    const total = items.find((item) => item.is === 'skipped' && item.why === 'total');
    const heading = rows[0]?.heading;
    if (total?.is !== 'skipped' || !heading)
      throw new Error('the ledger has a heading and a total');
    for (const field of ['wages', 'business', 'property', 'transfer', 'businessCost'] as const) {
      const sum = ofField(field).reduce(
        (all, { cell, label }) => all + (ok(readFen(cell, label)) ?? 0),
        0,
      );
      expect([field, sum]).toEqual([
        field,
        ok(readFen(cellOf(heading, total.row, field), labelOf(heading, field))),
      ]);
    }
  });

  it('every coded cell is in its list', async () => {
    const { ofField } = await ledger('registry', sample('贫困人口台账.xlsx'));
    const single = [
      'sex',
      'relation',
      'nation',
      'politics',
      'education',
      'school',
      'labour',
      'workRegion',
      'status',
      'type',
      'housingGrade',
    ] as const;
    for (const field of single) readAll(ofField(field), labelledLists[field]);
    readAll(ofField('measures'), labelledLists.measure);
    readAll(ofField('health'), labelledLists.health);
    for (const { cell, label } of ofField('familyDoctor'))
      expect(ok(readYesNo(cell, label))).toBe(true);
    for (const { cell, label } of ofField('identifiedYear'))
      expect(ok(readYear(cell, label))).toBeGreaterThan(2000);
  });

  it('the villages, with amounts in wan', async () => {
    const { rows, ofField } = await ledger('villages', sample('贫困村台账.xlsx'));
    expect(rows).toHaveLength(50);
    for (const { cell, label } of ofField('collectiveIncome')) {
      expect(ok(readFen(cell, label))).toBe(Math.round(Number(cell) * 1_000_000));
    }
  });

  it('the divisions', async () => {
    const { rows, ofField } = await ledger('divisions', sample('divisions.csv'));
    expect(rows.length).toBeGreaterThan(300);
    expect(ofField('code').every(({ cell }) => /^\d{6,12}$/.test(String(cell)))).toBe(true);
  });
});

describe('a ledger of another county is understood', () => {
  const group = '帮扶干部';
  const rows: Value[][] = [
    ['样县2016年度扶贫对象花名册', ...Array(12).fill(null)],
    ['填报单位：样县扶贫办', null, null, '截至2016年12月31日', null, null, '金额单位：元'],
    [
      '序号',
      '镇街',
      '村（居）',
      '户号',
      '户主姓名',
      '成员姓名',
      '公民身份号码',
      '关系',
      '家庭收入',
      null,
      group,
      null,
      '是否不愁吃',
    ],
    [null, null, null, null, null, null, null, null, '工资性', '转移性', '姓名', '手机', null],
    [
      1,
      '东镇',
      '东村',
      '07',
      '林样一',
      '林　样一',
      '350199199001010017',
      '本人',
      '1,234.50元',
      '６００',
      '陈样',
      '10000000001',
      '√',
    ],
    [2, null, null, null, null, '王样', '35019919920202002X', '妻', null, null, null, null, null],
    ['东村小计', null, null, '1户', null, '2人'],
    [
      3,
      '西镇',
      '西村',
      '08',
      '李样',
      '李样',
      '350199198003030030',
      '户主',
      0,
      '/',
      '陈样',
      '10000000001',
      '否',
    ],
    ['填表人：某某', null, null, null, null, null, '审核人：某某'],
  ];
  const merges = [
    'A1:M1',
    'I3:J3',
    'K3:L3',
    ...['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'M'].map((at) => `${at}3:${at}4`),
    ...['B', 'C', 'D', 'E', 'I', 'J', 'K', 'L', 'M'].map((at) => `${at}5:${at}6`),
  ];
  const book = {
    sheets: [
      { name: '字典', state: 'hidden' as const, rows: [['户主']] },
      { name: '花名册', rows, merges },
    ],
  };

  async function read() {
    const path = await file(workbook(book));
    return ledger('registry', path, '花名册.xlsx');
  }

  it('its two-row heading, its merged households, its sums and its notes', async () => {
    const { items, ofField } = await read();
    expect(items.map((item) => (item.is === 'skipped' ? item.why : item.is))).toEqual([
      'heading',
      'row',
      'row',
      'total',
      'row',
      'note',
    ]);
    const texts = (field: LedgerField<'registry'>) =>
      ofField(field).map(({ cell, label }) => ok(readText(cell, label)));
    expect(texts('name')).toEqual(['林样一', '王样', '李样']);
    expect(texts('town')).toEqual(['东镇', '东镇', '西镇']);
    expect(texts('householdNumber')).toEqual(['07', '07', '08']);
    expect(texts('helperName')).toEqual(['陈样', '陈样', '陈样']);
    expect(texts('helperPhone')).toEqual(['10000000001', '10000000001', '10000000001']);
    const relations = ofField('relation').map(({ cell, label }) =>
      ok(readCode(cell, { ...label, codes: labelledLists.relation })),
    );
    expect(relations).toEqual(['head', 'spouse', 'head']);
    expect(ofField('wages').map(({ cell, label }) => ok(readFen(cell, label)))).toEqual([
      123_450, 123_450, 0,
    ]);
    expect(ofField('transfer').map(({ cell, label }) => ok(readFen(cell, label)))).toEqual([
      60_000,
      60_000,
      null,
    ]);
    expect(ofField('food').map(({ cell, label }) => ok(readYesNo(cell, label)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('the day it speaks of, and the columns nobody reads', async () => {
    const {
      rows: [first],
    } = await read();
    const heading: LedgerHeading<'registry'> | undefined = first?.heading;
    expect(heading?.note).toEqual({ day: '2016-12-31', period: null, unit: '元' });
    expect(heading?.unread).toEqual([]);
  });
});

describe('a large ledger', () => {
  // 5,000 persons in every run; the soak sets 100,000.
  const persons = Number(process.env.SOAK_ROWS ?? 5_000);

  it('is read row by row in less than 512 MB', async ({ annotate }) => {
    const heading = ['户编号', '行政村', '姓名', '证件号码', '与户主关系', '人数'];
    const filler = Array.from({ length: 47 }, (_, at) => `列${at}`);
    const rows = Array.from({ length: persons }, (_, at) => [
      `H${Math.floor(at / 3)}`,
      '东村',
      `林样${at}`,
      `350199${at}`,
      at % 3 === 0 ? '户主' : '之子',
      3,
      ...filler.map((text, column) => (column % 5 === 0 ? at : text)),
    ]);
    const merges = Array.from(
      { length: Math.floor(persons / 3) },
      (_, at) => `A${at * 3 + 2}:A${at * 3 + 4}`,
    );
    const path = await file(
      workbook({ sheets: [{ data: rowsXml([[...heading, ...filler], ...rows]), merges }] }),
    );
    const script = `
      import { readSheet } from './functions/lib/sheet-read.ts';
      import { readLedger } from './functions/core/ledger-record.ts';
      let rows = 0;
      for await (const item of readLedger('registry', readSheet(process.argv[1], 'a.xlsx'))) if (item.is === 'row') rows += 1;
      console.log(JSON.stringify({ rows, mib: process.resourceUsage().maxRSS / 1024 }));`;
    const args = ['--input-type=module', '--eval', script, path];
    const told = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    expect(ok(readInteger(told.rows, { heading: 'rows' }, { min: persons, max: persons }))).toBe(
      persons,
    );
    await annotate(`${told.rows} rows, ${Math.round(told.mib)} MB`);
    expect(told.mib).toBeLessThan(512);
  }, 1_800_000);
});
