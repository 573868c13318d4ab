import { describe, expect, it } from 'vitest';
import { type Division, newDivision } from '../../functions/core/division-register.ts';
import {
  chunksOf,
  countyOf,
  dayOfYear,
  refuseCounty,
  refuseYear,
  type Snapshot,
  SnapshotMessage,
  yearBefore,
} from '../../functions/core/snapshot.ts';
import { SnapshotBody, SnapshotPath, snapshotView } from '../../functions/core/snapshot-view.ts';

const open = (code: string, given: Partial<Division> = {}): Division => ({
  ...newDivision(code, `名${code}`, null),
  ...given,
});
const gone = { validTo: '2017-01-01', successors: ['350122102'] };

describe('the year of a snapshot', () => {
  it('is over when its last day has passed', () => {
    expect(yearBefore('2017-01-01')).toBe(2016);
    expect(dayOfYear(2016)).toBe('2016-12-31');
    expect(refuseYear(2016, '2017-01-01')).toBeUndefined();
    expect(refuseYear(2016, '2016-12-31')).toEqual({
      refused: 'snapshot-year-not-over',
      values: { year: 2016, day: '2016-12-31' },
    });
  });

  it('is one of the register, and of a county', () => {
    const body = { area: '350122', year: 2016, reason: '年终' };
    expect(SnapshotBody.safeParse(body).success).toBe(true);
    for (const wrong of [{ area: '350122101' }, { year: 2012 }, { reason: ' ' }])
      expect(SnapshotBody.safeParse({ ...body, ...wrong }).success).toBe(false);
    const path = (area: string) => SnapshotPath.safeParse({ area, year: '2016' }).success;
    expect(['350122', '350122101', '350122101201', '3501', 'x'].map(path)).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
    expect(countyOf('350122101201')).toBe('350122');
  });
});

describe('a county', () => {
  const county = open('350122');

  it('is frozen as its divisions stand', () => {
    expect(refuseCounty('350122', [county, open('350122101', gone)])).toBeUndefined();
    expect(refuseCounty('350122', [])).toMatchObject({ refused: 'area-unknown' });
    const closed = open('350122', { validTo: '2017-01-01', successors: ['350181', '350182'] });
    expect(refuseCounty('350122', [closed])).toEqual({
      refused: 'area-closed',
      values: { area: '350122', successors: '350181、350182' },
    });
    expect(refuseCounty('350122', [county, open('350122101', { change: 'dc_1' })])).toEqual({
      refused: 'division-change-running',
      values: { code: '350122101' },
    });
  });

  it('has a chunk for each town in use, with its villages in use, in their order', () => {
    const chunks = chunksOf([
      ...[county, open('350122102'), open('350122101'), open('350122103', gone)],
      ...[open('350122101202'), open('350122101201'), open('350122101203', gone)],
    ]);
    expect(chunks).toEqual([
      {
        chunk: 0,
        isDone: false,
        town: { code: '350122101', name: '名350122101' },
        villages: ['350122101201', '350122101202'].map((code) => ({ code, name: `名${code}` })),
      },
      {
        chunk: 1,
        isDone: false,
        town: { code: '350122102', name: '名350122102' },
        villages: [],
      },
    ]);
  });
});

describe('a snapshot', () => {
  const running: Snapshot = {
    ...{ county: '350122', year: 2016, day: '2016-12-31', state: 'running', job: 'ys_1' },
    ...{ chunks: 3, actor: 'county', role: 'office', reason: '年终', knownAt: 'then' },
    ...{ frozenAt: null, hash: null, version: 1 },
  };

  it('tells how many towns are done, and nothing of where its chunks are', () => {
    expect(snapshotView(running, 1)).toMatchObject({ towns: { all: 3, done: 1 } });
    const view = snapshotView({ ...running, state: 'frozen', hash: 'h' }, 0);
    expect(view).toMatchObject({ askedBy: 'county', towns: { all: 3, done: 3 }, hash: 'h' });
    expect(Object.keys(view)).not.toContain('job');
  });

  it('is worked on by four kinds of messages', () => {
    const steps = ['year', 'open', 'town', 'close'];
    const parsed = steps.map((step) =>
      SnapshotMessage.safeParse({ step, area: '0', county: '350122', year: 2016, chunk: 0 }),
    );
    expect(parsed.every(({ success }) => success)).toBe(true);
    expect(SnapshotMessage.safeParse({ step: 'thaw' }).success).toBe(false);
  });
});
