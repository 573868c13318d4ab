import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDecimal, readFen, readInteger } from '../../functions/core/ledger-number.ts';

const column = { heading: '工资性收入' };
const range = { min: 0, max: 100 };
const invalid = (text: string) => ({
  refused: 'number-invalid',
  values: { field: column.heading, text },
});

/** An amount written out by hand, so that the reader is not tested by itself. */
function written(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

const wide = (text: string) =>
  text.replace(/[!-~]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));
const grouped = (text: string) => text.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');

describe('money is read to the fen', () => {
  const amount = fc.integer({ min: 0, max: 999_999_999_999 });

  it('every amount comes back exactly, however it is written', () => {
    fc.assert(
      fc.property(amount, (fen) => {
        const text = written(fen);
        for (const one of [
          text,
          grouped(text),
          wide(text),
          `${grouped(text)}元`,
          `￥${text}`,
          ` ${text} 元/年`,
          `人民币${text}元整`,
        ]) {
          expect([one, readFen(one, column)]).toEqual([one, { ok: fen }]);
        }
      }),
    );
  });

  it('every amount that a sheet holds as a number comes back exactly', () => {
    fc.assert(
      fc.property(amount, (fen) => {
        expect(readFen(fen / 100, column)).toEqual({ ok: fen });
      }),
    );
  });

  it('wan are ten thousand yuan, said in the cell or in the heading', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), (fen) => {
        const wan = `${Math.floor(fen / 1_000_000)}.${String(fen % 1_000_000).padStart(6, '0')}`;
        expect(readFen(`${wan}万元`, column)).toEqual({ ok: fen });
        expect(readFen(wan, { ...column, unit: '万元' })).toEqual({ ok: fen });
      }),
    );
    expect(readFen('3元', { ...column, unit: '万元' })).toEqual({ ok: 300 });
    expect(readFen('1.5亿元', column)).toEqual({ ok: 15_000_000_000 });
    expect(readFen(10.34, { ...column, unit: '万元' })).toEqual({ ok: 10_340_000 });
    expect(readFen('12', { ...column, unit: '元' })).toEqual({ ok: 1_200 });
  });

  it('what a formula calculated is rounded half up as the sheet shows it, what was typed must be exact', () => {
    expect(readFen(8857 / 3, column)).toEqual({ ok: 295_233 });
    expect(readFen(0.125, column)).toEqual({ ok: 13 });
    expect(readFen(1.005, column)).toEqual({ ok: 101 });
    expect(readFen('0.1250', column)).toEqual({
      refused: 'amount-too-fine',
      values: { field: column.heading, text: '0.1250' },
    });
    expect(readFen('0.1200', column)).toEqual({ ok: 12 });
  });

  it('nothing is unknown, not zero; a zero is zero', () => {
    expect(readFen(null, column)).toEqual({ ok: null });
    expect(readFen('/', column)).toEqual({ ok: null });
    expect(readFen(0, column)).toEqual({ ok: 0 });
    expect(readFen('-0.00', column)).toEqual({ ok: 0 });
    expect(readFen('.5', column)).toEqual({ ok: 50 });
    expect(readFen('5.', column)).toEqual({ ok: 500 });
  });

  it('a negative amount is refused', () => {
    for (const one of ['-1', '（12.50）', '－3', '−4', -0.01]) {
      expect(readFen(one, column)).toEqual({
        refused: 'income-negative',
        values: { field: column.heading },
      });
    }
  });

  it('what is no amount is refused', () => {
    for (const one of ['三千', '1,23', '1.2.3', '12美元', '5人', '元', '+', '1e5', '1 2元3']) {
      expect(readFen(one, column)).toEqual(invalid(one.normalize('NFKC')));
    }
    expect(readFen(true, column)).toEqual(invalid('是'));
    expect(readFen({ day: '2017-09-01' }, column)).toEqual(invalid('2017-09-01'));
    expect(readFen('constructor', column)).toEqual(invalid('constructor'));
    expect(readFen('1constructor', column)).toEqual(invalid('1constructor'));
  });

  it('an amount beyond all counting is refused', () => {
    expect(readFen('99999999999999', column)).toMatchObject({ refused: 'number-out-of-range' });
    expect(readFen(1e21, column)).toMatchObject({ refused: 'number-invalid' });
  });
});

describe('counts and measures', () => {
  it('are read with their unit and within their range', () => {
    expect(readInteger('3人', column, range)).toEqual({ ok: 3 });
    expect(readInteger('１２个月', column, range)).toEqual({ ok: 12 });
    expect(readInteger(7, column, range)).toEqual({ ok: 7 });
    expect(readInteger('3.0', column, range)).toEqual({ ok: 3 });
    expect(readInteger('', column, range)).toEqual({ ok: null });
    expect(readDecimal('86.5㎡', column, range)).toEqual({ ok: 86.5 });
    expect(readDecimal('-2.5', column, { min: -5, max: 5 })).toEqual({ ok: -2.5 });
    expect(readDecimal('-0', column, range)).toEqual({ ok: 0 });
  });

  it('every whole number comes back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (value) => {
        const all = { min: -1e9, max: 1e9 };
        expect(readInteger(String(value), column, all)).toEqual({ ok: value });
        expect(readInteger(value, column, all)).toEqual({ ok: value });
      }),
    );
  });

  it('are refused outside their range, as a fraction, or in a foreign unit', () => {
    expect(readInteger(101, column, range)).toEqual({
      refused: 'number-out-of-range',
      values: { field: column.heading, ...range },
    });
    expect(readInteger(-1, column, range)).toMatchObject({ refused: 'number-out-of-range' });
    expect(readInteger('3.5', column, range)).toEqual(invalid('3.5'));
    expect(readDecimal('3元', column, range)).toEqual(invalid('3元'));
    expect(readDecimal('x', column, range)).toEqual(invalid('x'));
  });
});

describe('what calculating leaves behind', () => {
  it('residue of a sum that shows as nought is nought, of either sign', () => {
    for (const residue of [0.1 + 0.2 - 0.3, -1.8e-12, 1e-9])
      expect(readFen(residue, column)).toEqual({ ok: 0 });
  });
});
