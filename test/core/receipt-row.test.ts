import { describe, expect, it } from 'vitest';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import { findHeading } from '../../functions/core/ledger-heading.ts';
import { periodFor, readPeriod } from '../../functions/core/receipt-period.ts';
import { contentOf, readReceiptRow } from '../../functions/core/receipt-row.ts';
import { granted, identityOf } from '../support/build.ts';

const TODAY = '2017-10-23';
const number = identityOf('1950-01-02', 1);
type Row = Readonly<Record<string, LedgerCell | null>>;

/** One row below its heading, by the names of its columns. */
function read(given: Row) {
  const stated: Row = { 补助项目: '春节慰问金', 发放日期: '2017-01-20', ...given };
  const rows = [Object.keys(stated), Object.values(stated)].map((cells, at) => ({
    sheet: '到户补助',
    row: at + 1,
    cells,
  }));
  const [, row] = rows;
  if (!row) throw new Error('no row');
  return readReceiptRow(granted(findHeading('receipts', rows)), row, TODAY);
}
const faults = (given: Row) => read(given).faults.map(({ field, code }) => [field, code]);

describe('a row of what a department paid', () => {
  it('says whose it is, which item, when and how much, and what the department calls it', () => {
    const { row, label } = read({
      补助编号: 'BZ00001',
      户编号: '35012200049',
      户主: '张宝明',
      人编号: '3501220004901',
      受益人: '张小样',
      '金额(元)': 2400,
      分配编号: 'FP0039',
      文号: '连样帮〔2016〕21号',
      单位: '县教育局',
      所属期: '2017年春季学期',
    });
    expect(label).toBe('张小样');
    expect(row).toEqual({
      sheet: '到户补助',
      row: 2,
      identity: null,
      householdNumber: '35012200049',
      personNumber: '3501220004901',
      name: '张小样',
      head: '张宝明',
      item: '春节慰问金',
      on: '2017-01-20',
      amountFen: 240_000,
      period: { year: 2017, month: null, term: 1 },
      reference: 'BZ00001',
      department: '县教育局',
      allocation: 'FP0039',
      document: '连样帮〔2016〕21号',
      village: null,
    });
  });

  it('names a village, by code or by name with what lies above, where it names no household and no person', () => {
    const { row, label } = read({ 县: '样县', 乡镇: '样东镇', 村: '上洋村', 户编号: null });
    expect(row?.village).toEqual({ county: '样县', town: '样东镇', village: '上洋村' });
    expect(label).toBe('上洋村');
    const coded = read({ 村编码: '350122101201' });
    expect(coded.row?.village).toEqual({ code: '350122101201' });
    expect(coded.label).toBe('350122101201');
    expect(read({ 村: '上洋村', 户编号: '1' }).row?.village).toBeNull();
    expect(faults({ 乡镇: '样东镇' })).toEqual([['householdNumber', 'receipt-nobody-named']]);
  });

  it('finds the person by a number of any width, with blanks and a small x', () => {
    const wide = number.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
    for (const written of [number, ` ${number.toLowerCase()} `, wide, `'${number}`])
      expect(read({ 身份证号码: written }).row?.identity).toBe(number);
    // A disability card names the same person by its first 18.
    expect(read({ 证件号码: `${number}43` }).row?.identity).toBe(number);
  });

  it.each([
    ['of 15 digits', '350199500102001', 'identity-length'],
    [
      'with a wrong check digit',
      number.slice(0, 17) + (number.endsWith('1') ? '2' : '1'),
      'identity-checksum',
    ],
    ['that the spreadsheet has cut', '3.50199E+17', 'digits-lost'],
  ])('is given back with an identity number %s, whatever household it names', (_, given, code) => {
    expect(read({ 证件号码: given, 户编号: '1' }).row).toBeNull();
    expect(faults({ 证件号码: given, 户编号: '1' })).toEqual([['identityNumber', code]]);
    expect(faults({ 证件号码: given })).toEqual([['identityNumber', code]]);
  });

  it('is given back when it names nobody', () => {
    expect(faults({ 受益人: '张小样', 人编号: '01' })).toEqual([
      ['householdNumber', 'receipt-nobody-named'],
    ]);
  });

  it.each([
    [1000, 100_000],
    ['1,000.00元', 100_000],
    ['１０００', 100_000],
    ['¥1,234.5', 123_450],
    ['0.3万元', 300_000],
    [null, null],
  ])('reads the amount %s as people do', (amount, fen) => {
    expect(read({ 户编号: '1', '金额(元)': amount }).row?.amountFen).toBe(fen);
  });

  it('reads an amount in 万元 where the heading says so', () => {
    expect(read({ 户编号: '1', '补助金额(万元)': 0.5 }).row?.amountFen).toBe(500_000);
  });

  it.each([
    [0, 'receipt-amount-none'],
    [-50, 'receipt-amount-none'],
    ['约500', 'number-invalid'],
    ['#REF!', 'number-invalid'],
    ['12.345', 'amount-too-fine'],
  ])('is given back with an amount of %s', (amount, code) => {
    const [[field, told] = []] = faults({ 户编号: '1', 金额: amount });
    expect([field, told === 'cell-failed' ? 'number-invalid' : told]).toEqual(['amount', code]);
  });

  it('is given back without item or day, or with a day to come', () => {
    expect(faults({ 户编号: '1', 补助项目: null, 发放日期: '无' })).toEqual([
      ['item', 'value-missing'],
      ['paidOn', 'value-missing'],
    ]);
    expect(faults({ 户编号: '1', 发放日期: '2017-10-24' })).toEqual([['paidOn', 'date-future']]);
    expect(faults({ 户编号: '1', 发放日期: '2017-02-30' })).toEqual([
      ['paidOn', 'date-impossible'],
    ]);
    expect(read({ 户编号: '1', 户主: '张宝明', 发放日期: { day: TODAY } })).toMatchObject({
      label: '张宝明',
      row: { on: TODAY },
    });
    expect(read({ 户编号: '1' }).label).toBe('');
  });

  it('is given back when its period cannot be read', () => {
    expect(faults({ 户编号: '1', 所属期: '第一批' })).toEqual([['period', 'receipt-period']]);
  });

  it('says the same wherever it stands', () => {
    const { row } = read({ 户编号: '1' });
    if (!row) throw new Error('no row');
    expect(contentOf({ ...row, row: 9, sheet: '另一页' })).toBe(contentOf(row));
    expect(contentOf({ ...row, amountFen: 1 })).not.toBe(contentOf(row));
  });
});

describe('the period a payment belongs to', () => {
  it.each([
    ['2017', 2017, null, null],
    ['2017年度', 2017, null, null],
    ['2017-09', 2017, 9, null],
    ['2017年9月', 2017, 9, null],
    ['201709', 2017, 9, null],
    ['2017-09-01', 2017, 9, null],
    ['2017年春季学期', 2017, null, 1],
    ['2017秋', 2017, null, 2],
    ['2016-2017学年第一学期', 2016, null, 2],
    ['2016—2017学年度下学期', 2017, null, 1],
  ])('%s is read', (text, ...parts) => {
    const [year, month, term] = parts;
    expect(readPeriod(text)).toEqual({ year, month, term });
  });

  it.each(['2017年13月', '2016-2018学年第一学期', '本学期', ''])('%s is not', (text) => {
    expect(readPeriod(text)).toBeNull();
  });

  const on = '2017-10-20';
  it.each([
    [null, 'term', '2017-2'],
    ['2017年春季学期', 'term', '2017-1'],
    ['2017年3月', 'term', '2017-1'],
    ['2016年度', 'year', '2016'],
    ['2016年9月', 'month', '2016-09'],
    ['2016年9月', 'once', 'once'],
    ['2016', 'month', null],
    ['2016', 'term', null],
    ['2017年春季学期', 'month', null],
    ['2016年9月份', 'month', '2016-09'],
    ['2016年上半年', 'year', '2016'],
    ['2016年第三季度', 'year', '2016'],
    ['2016年1-6月', 'year', '2016'],
    ['2016年1月至3月', 'year', '2016'],
    ['2016年1-6月', 'month', null],
    ['2016年下半年', 'term', null],
  ] as const)('%s for an item of every %s is %s', (text, period, wanted) => {
    const written = text === null ? null : readPeriod(text);
    expect(periodFor(written, { on, period, place: '350122' })).toBe(wanted);
  });
});
