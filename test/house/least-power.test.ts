import { describe, expect, it } from 'vitest';
import { catalogue } from '../../functions/catalogue.ts';

const functions = catalogue.flatMap((capability) => capability.functions);
const shows = functions.filter(
  ({ routes = [] }) => routes.length > 0 && routes.every(({ method }) => method === 'GET'),
);
const readers = shows.filter(({ id }) => id !== 'sheet');

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

  it('draws a list as a spreadsheet with a line in the access log, and writes nothing else', () => {
    const drawing = shows.filter((one) => !readers.includes(one));
    expect(drawing).toHaveLength(1);
    for (const { tables = {}, bucket, sends, dataKeys } of drawing) {
      const written = Object.entries(tables).filter(([, access]) => access !== 'read');
      expect(written).toEqual([['access', 'write']]);
      expect([bucket?.writes, sends, dataKeys]).toEqual([['sheets/'], undefined, undefined]);
    }
  });
});
