import { describe, expect, it } from 'vitest';
import {
  beginsAfter,
  chunked,
  type EvaluationChunk,
  isOvertakenBy,
  type VillageSize,
} from '../../functions/core/evaluation.ts';

async function* villages(...sizes: readonly number[]): AsyncGenerator<VillageSize> {
  for (const [at, households] of sizes.entries()) yield { area: `v${at}`, households };
}

async function cut(most: number, ...sizes: readonly number[]) {
  const chunks: EvaluationChunk[] = [];
  for await (const chunk of chunked(villages(...sizes), most)) chunks.push(chunk);
  return chunks.map(({ chunk, villages: codes, households }) => [chunk, codes, households]);
}

describe('an evaluation is cut into chunks', () => {
  it('of so many households at most, and no village is cut', async () => {
    expect(await cut(10, 4, 6, 1, 30, 0, 2)).toEqual([
      [0, ['v0', 'v1'], 10],
      [1, ['v2'], 1],
      [2, ['v3'], 30],
      [3, ['v4', 'v5'], 2],
    ]);
  });

  it('and of so many villages, empty ones too', async () => {
    const chunks = await cut(10, ...Array.from({ length: 150 }, () => 0));
    expect(chunks.map(([, codes]) => codes)).toMatchObject([{ length: 100 }, { length: 50 }]);
  });

  it('of an area without villages there are none', async () => {
    expect(await cut(10)).toEqual([]);
  });
});

describe('an evaluation leaves the rest to the latest of its area', () => {
  it.each([
    ['changed rules', 'changed rules', true],
    ['changed rules', 'everybody', true],
    ['everybody', 'changed rules', false],
    ['everybody', 'everybody', true],
  ])('asked for %s, when the latest is for %s: %s', (own, other, expected) => {
    const [job, latest] = [own, other].map((of, at) => ({
      id: `ev_${at}`,
      isWhole: of === 'everybody',
    }));
    expect(job && latest && isOvertakenBy(job, latest)).toBe(expected);
  });

  it('unless it is the latest itself', () => {
    const job = { id: 'ev_1', isWhole: true };
    expect(isOvertakenBy(job, job)).toBe(false);
  });

  it('and begins after it, whatever the clocks say', () => {
    const now = new Date('2017-10-23T04:00:00.000Z');
    expect(beginsAfter(undefined, now)).toBe('2017-10-23T04:00:00.000Z');
    expect(beginsAfter({ startedAt: '2017-10-23T03:00:00.000Z' }, now)).toBe(
      '2017-10-23T04:00:00.000Z',
    );
    expect(beginsAfter({ startedAt: '2017-10-23T04:00:03.000Z' }, now)).toBe(
      '2017-10-23T04:00:03.001Z',
    );
  });
});
