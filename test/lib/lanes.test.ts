import { expect, it } from 'vitest';
import { inLanes } from '../../functions/lib/lanes.ts';

it('many are worked on a bounded number at a time, and answered in their order', async () => {
  let [now, most] = [0, 0];
  const answers = await inLanes([...Array(100).keys()], 32, async (at) => {
    now += 1;
    most = Math.max(most, now);
    await Promise.resolve();
    now -= 1;
    return at * 2;
  });
  expect(answers).toEqual([...Array(100).keys()].map((at) => at * 2));
  expect(most).toBe(32);
  expect(await inLanes([], 32, () => Promise.resolve(1))).toEqual([]);
});
