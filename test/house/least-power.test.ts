import { describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';

const functions = catalogue.flatMap((capability) => capability.functions);
const readers = functions.filter(
  ({ routes = [] }) => routes.length > 0 && routes.every(({ method }) => method === 'GET'),
);

describe('a function that only shows things', () => {
  it('stands behind the board, the lists and the files of households', () => {
    const ids = readers.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['board', 'list', 'household-read', 'snapshot-read']),
    );
  });

  it.each(readers)('$id may write nothing, tell nobody and open nothing sealed', (one) => {
    expect(Object.values(one.tables ?? {}).filter((access) => access !== 'read')).toEqual([]);
    expect(one.bucket?.writes ?? []).toEqual([]);
    expect([one.sends, one.dataKeys, one.restores]).toEqual([undefined, undefined, undefined]);
  });
});
