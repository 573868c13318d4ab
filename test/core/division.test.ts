import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ancestorAt,
  ancestorsOf,
  levelOf,
  levels,
  liesWithin,
  parentOf,
} from '../../functions/core/division.ts';

const digits = (length: number) =>
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.stringMatching(new RegExp(`^\\d{${length - 1}}$`)))
    .map(([first, rest]) => `${first}${rest}`);
const code = fc.constantFrom(2, 4, 6, 9, 12).chain(digits);

describe('the division code is the jurisdiction', () => {
  it('the length of a code is its level', () => {
    expect(['35', '3501', '350122', '350122101', '350122101201'].map(levelOf)).toEqual(levels);
    expect(['', '3', '350', '35012', '0501', '35012a', '3501221012011'].map(levelOf)).toEqual(
      Array(7).fill(undefined),
    );
  });

  it('a province has nothing above it', () => {
    expect(parentOf('35')).toBeUndefined();
    expect(ancestorsOf('35')).toEqual([]);
    expect(parentOf('no code')).toBeUndefined();
  });

  it('every place lies within all places above it and in none beside it', () => {
    fc.assert(
      fc.property(code, code, (place, other) => {
        for (const above of ancestorsOf(place)) expect(liesWithin(place, above)).toBe(true);
        const common = liesWithin(place, other);
        expect(common).toBe(place === other || ancestorsOf(place).includes(other));
      }),
    );
  });

  it('the place at a higher level is one of those above', () => {
    expect(ancestorAt('350122101201', 'county')).toBe('350122');
    expect(ancestorsOf('350122101201')).toEqual(['350122101', '350122', '3501', '35']);
  });

  it('a broken code in a token opens nothing', () => {
    expect(liesWithin('350122', '3')).toBe(false);
    expect(liesWithin('350122', '')).toBe(false);
  });
});
