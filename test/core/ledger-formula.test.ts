import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise, restore } from '../../functions/core/ledger-formula.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
const dangerous = fc
  .tuple(fc.constantFrom(..."=+-@\t\r\n＝＋－＠'"), fc.string({ maxLength: 8 }))
  .map(([sign, rest]) => sign + rest);

describe('text that looks like a formula', () => {
  it('gets an apostrophe, full-width signs and leading blanks too', () => {
    for (const one of [
      '=1+1',
      '+86 100',
      '-2+3',
      '@SUM(A1)',
      '\t=1',
      '\rx',
      '＝1+1',
      '－cmd',
      '  =1',
      '\u00A0=1',
      '=',
    ]) {
      expect(neutralise(one)).toBe(`'${one}`);
    }
  });

  it('ordinary text, numbers written as text and dashes stay as they are', () => {
    for (const one of ['林样一', '-5', '+3.50', '-', '—', '--', '350199199001010017', 'a=b', '']) {
      expect(neutralise(one)).toBe(one);
    }
  });

  it('what is neutralised can be restored exactly', () => {
    fc.assert(fc.property(fc.oneof(text, dangerous), (one) => restore(neutralise(one)) === one));
  });

  it('nothing that is written begins to calculate', () => {
    fc.assert(
      fc.property(fc.oneof(text, dangerous), (one) => {
        const out = neutralise(one);
        return !/^[=+\-@\t\r＝＋－＠]/.test(out) || /^[+-]?[\d.]+$|^[-－]+$/.test(out);
      }),
    );
  });
});
