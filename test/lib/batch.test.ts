import { describe, expect, it } from 'vitest';
import { collapse } from '../../functions/lib/batch.ts';

function batch(...bodies: readonly string[]) {
  return { Records: bodies.map((body, at) => ({ messageId: `m${at}`, body })) };
}

describe('a batch of a queue', () => {
  it('equal tasks are done once; a task that fails returns all its messages, the others are done', async () => {
    const done: string[] = [];
    const answer = await collapse(batch('"a"', '"b"', '"a"', '"c"', '"b"'), {
      read: String,
      keyOf: (task) => task,
      work: async (task) => {
        if (task === 'b') throw new Error('not now');
        done.push(task);
      },
      lanes: 2,
    });
    expect(done.sort()).toEqual(['a', 'c']);
    expect(answer.batchItemFailures.map((one) => one.itemIdentifier)).toEqual(['m1', 'm4']);
  });

  it('a message nobody can read is returned alone', async () => {
    const answer = await collapse(batch('{', '"a"'), {
      read: String,
      keyOf: (task) => task,
      work: () => Promise.resolve(),
      lanes: 1,
    });
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'm0' }]);
  });
});
