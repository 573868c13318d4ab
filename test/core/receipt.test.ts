import { expect, it } from 'vitest';
import { largestFen, periodOf } from '../../functions/core/receipt.ts';

const LIANJIANG = '350122';

it.each([
  ['2017-10-20', 'once', 'once'],
  ['2017-10-20', 'year', '2017'],
  ['2017-01-01', 'year', '2017'],
  ['2017-09-30', 'month', '2017-09'],
  ['2017-01-31', 'term', '2016-2'],
  ['2017-02-01', 'term', '2017-1'],
  ['2017-07-31', 'term', '2017-1'],
  ['2017-08-01', 'term', '2017-2'],
  ['2017-12-31', 'term', '2017-2'],
] as const)('what was paid on %s for every %s belongs to %s', (on, period, wanted) => {
  expect(periodOf(on, period, LIANJIANG)).toBe(wanted);
});

it('a day without a rule is a fault of ours, not a period', () => {
  expect(() => periodOf('1948-03-01', 'term', LIANJIANG)).toThrow('no rule for 1948-03-01');
});

it('no receipt of a household comes to more than a million yuan, none of a village to more than a hundred million', () => {
  expect(largestFen('2017-03-01', LIANJIANG, 'household')).toBe(100_000_000);
  expect(largestFen('2017-03-01', LIANJIANG, 'village')).toBe(10_000_000_000);
});
