import { describe, expect, it } from 'vitest';
import { median, reached, tableOf } from '../../bench/ratio.ts';

describe('bench figures', () => {
  it('the median of an even number of values lies between the middle two', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([9, 1, 5])).toBe(5);
  });

  it('a goal is an upper bound unless it says at least; without a goal nothing is judged', () => {
    const figure = { name: 'x', unit: 'ms', ours: 3, base: 2 };
    expect(reached({ ...figure, goal: 1.2 })).toBe(false);
    expect(reached({ ...figure, goal: 1.5 })).toBe(true);
    expect(reached({ ...figure, goal: 1.2, atLeast: true })).toBe(true);
    expect(reached(figure)).toBeUndefined();
    expect(tableOf([{ ...figure, goal: 1.2 }])).toContain('MISSED');
  });
});
