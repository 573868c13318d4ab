import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DivisionChange } from '../../functions/core/division-change.ts';
import {
  type ChangeJob,
  chunksOf,
  claimedBy,
  piecesOf,
  viewOf,
} from '../../functions/core/division-job.ts';
import { runs } from '../support/seed.ts';

const change = DivisionChange.parse({
  kind: 'rename',
  code: '350122204',
  name: '潘渡镇',
  newCode: '350122116',
  effective: '2017-10-01',
  reason: '撤乡设镇',
});
const job: ChangeJob = {
  id: 'dc_1',
  change,
  state: 'moving',
  actor: 'county-office',
  role: 'office',
  at: '2017-10-23T01:00:00.000Z',
  doneAt: null,
  chunks: 2,
  version: 1,
};

describe('a division change under way', () => {
  it('tells from its chunks how far it has come', () => {
    const [first, second] = chunksOf([
      { from: '350122204201', to: '350122116201', hamlets: {} },
      { from: '350122204202', to: '350122116202', hamlets: {} },
    ]);
    if (!first || !second) throw new Error('unreachable');
    expect(viewOf(job, [])).toMatchObject({ villages: { all: 2, done: 0 }, households: 0 });
    const half = [{ ...first, state: 'done', households: 12 } as const, second];
    expect(viewOf(job, half)).toMatchObject({ villages: { all: 2, done: 1 }, households: 12 });
  });

  it('takes hold of the divisions it is about', () => {
    expect(claimedBy(change)).toEqual(['350122204']);
    const merge = DivisionChange.parse({
      kind: 'merge',
      codes: ['350122101201', '350122101202'],
      into: { code: '350122101202', name: '合村' },
      effective: '2017-10-01',
      reason: '合并',
    });
    expect(claimedBy(merge)).toEqual(['350122101201', '350122101202']);
  });

  it('stores every division of its plan once, whatever their number', () => {
    const codes = fc.array(fc.string({ minLength: 1 }), { maxLength: 250 });
    fc.assert(
      fc.property(codes, codes, codes, (opened, renamed, closed) => {
        const opens = opened.map((code) => ({ code, name: code }));
        const renames = renamed.map((code) => ({ code, name: code }));
        const closes = closed.map((code) => ({ code, successors: [code] }));
        const pieces = piecesOf({ opens, renames, closes, moves: [] });
        expect(pieces.flatMap((piece) => piece.opens)).toEqual(opens);
        expect(pieces.flatMap((piece) => piece.renames)).toEqual(renames);
        expect(pieces.flatMap((piece) => piece.closes)).toEqual(closes);
      }),
      runs(20),
    );
  });
});
