import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkCharacter,
  maskIdentity,
  normalizeIdentity,
  readIdentity,
} from '../../functions/core/identity-number.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { MOST_LEFT, numbersLeft } from '../support/rebuild.ts';

const TODAY = '2017-10-23';

function numberOf(area: string, birth: string, order: number): string {
  const digits = `${area}${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
  return digits + checkCharacter(digits);
}

const births = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2017-10-23'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const numbers = fc
  .tuple(births, fc.integer({ min: 1, max: 999 }))
  .map(([birth, order]) => ({ birth, order, number: numberOf('350199', birth, order) }));

describe('identity numbers', () => {
  it('a valid number tells birth and sex, and nothing about residence', () => {
    fc.assert(
      fc.property(numbers, ({ birth, order, number }) => {
        expect(readIdentity(number, TODAY)).toEqual({
          ok: { number, birth, sex: order % 2 ? 'male' : 'female', card: null },
        });
      }),
    );
  });

  it('any single wrong digit is caught by the check character', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.integer({ min: 0, max: 16 }),
        fc.integer({ min: 1, max: 9 }),
        ({ number }, place, shift) => {
          const digit = String((Number(number[place]) + shift) % 10);
          const wrong = number.slice(0, place) + digit + number.slice(place + 1);
          expect(readIdentity(wrong, TODAY)).toEqual({ refused: 'identity-checksum' });
        },
      ),
    );
  });

  it('lower-case x, full-width digits, blanks and hyphens name the same person', () => {
    const withX = Array.from({ length: 999 }, (_, order) =>
      numberOf('350199', '1950-03-08', order),
    );
    const number = withX.find((candidate) => candidate.endsWith('X')) ?? '';
    const wide = [...number.toLowerCase()]
      .map((character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
      .join(' ');
    expect(normalizeIdentity(wide)).toBe(number);
    expect(normalizeIdentity(`'${number.slice(0, 6)}-${number.slice(6)}\u200b`)).toBe(number);
    expect(readIdentity(wide, TODAY)).toMatchObject({ ok: { number } });
  });

  it('the disability card of a person maps to the same person, with kind and grade', () => {
    const number = numberOf('350199', '1962-07-15', 21);
    expect(readIdentity(`${number}43`, TODAY)).toMatchObject({
      ok: { number, card: { kind: 4, grade: 3 } },
    });
    expect(readIdentity(`${number}71B1`, TODAY)).toMatchObject({
      ok: { number, card: { kind: 7, grade: 1 } },
    });
  });

  it.each(['03', '81', '10', '15'])('a disability card ending in %s is refused', (tail) => {
    const number = numberOf('350199', '1962-07-15', 21);
    expect(readIdentity(number + tail, TODAY)).toEqual({ refused: 'disability-card-invalid' });
  });

  it('an area code that was abolished long ago is accepted', () => {
    const read = readIdentity(numberOf('350182', '1971-01-01', 7), TODAY);
    expect(isRefused(read)).toBe(false);
  });

  it('a birth date that never was, or lies ahead, is refused', () => {
    expect(readIdentity(numberOf('350199', '2015-02-29', 1), TODAY)).toEqual({
      refused: 'identity-date',
    });
    expect(readIdentity(numberOf('350199', '2017-10-24', 1), TODAY)).toEqual({
      refused: 'identity-future',
    });
    expect(readIdentity(numberOf('350199', TODAY, 1), TODAY)).toMatchObject({
      ok: { birth: TODAY },
    });
  });

  it('nothing, too few and too many characters are told apart', () => {
    expect(readIdentity('  ', TODAY)).toEqual({ refused: 'identity-missing' });
    expect(readIdentity('35019919500308', TODAY)).toEqual({ refused: 'identity-length' });
    expect(readIdentity(`${numberOf('350199', '1962-07-15', 21)}4`, TODAY)).toEqual({
      refused: 'identity-length',
    });
  });

  it('a masked number shows the area prefix only, so that birth and sex beside it narrow nothing down', () => {
    fc.assert(
      fc.property(numbers, ({ number }) => {
        const masked = maskIdentity(number);
        expect(masked).toHaveLength(18);
        expect(masked.replaceAll('*', '')).toBe(number.slice(0, 6));
        expect(maskIdentity(masked)).toBe(masked);
        expect(numbersLeft(masked, number)).toBe(MOST_LEFT);
      }),
      { numRuns: 20 },
    );
  });

  it('what is left to guess is counted: the last two leave a few, the last four with a birth none', () => {
    const number = numberOf('350199', '1962-07-15', 21);
    const showing = (tail: number) => `${number.slice(0, 6)}****${number.slice(-tail)}`;
    const left = [4, 3, 2, 1].map((tail) => numbersLeft(showing(tail), number));
    expect(left[0]).toBe(1);
    expect(left.toSorted((one, other) => one - other)).toEqual(left);
    expect(left[3]).toBeLessThan(MOST_LEFT / 5);
    expect(numbersLeft(`证件 ${number}`, number)).toBe(1);
    expect(numbersLeft('100******17', number)).toBe(MOST_LEFT);
  });
});
