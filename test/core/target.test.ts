import { describe, expect, it } from 'vitest';
import { newDivision } from '../../functions/core/division-register.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import {
  MOST_PARTS,
  type PartTarget,
  setTarget,
  splitTarget,
  type Target,
  type TargetDecision,
  type TargetOrder,
} from '../../functions/core/target.ts';
import { moveTarget } from '../../functions/core/target-move.ts';
import { granted } from '../support/build.ts';

const county = '350122';
const [aojiang, dongdai, village] = ['350122101', '350122102', '350122101201'];
const doing = { actor: 'county-office', at: '2017-01-09T01:00:00.000Z', reason: '年初下达' };
const whole = { households: 159, persons: 487, villages: 50 };

function target(code: string, more: Partial<Target> = {}): Target {
  const base = { code, year: 2017, version: 1, ...doing, document: null };
  return { ...base, split: null, movedTo: null, ...whole, ...more };
}

function order(version: number, more: Partial<TargetOrder> = {}): TargetOrder {
  return { version, ...doing, today: '2017-10-23', document: null, ...more };
}

function decided(found: TargetDecision | Target): TargetDecision {
  if (!('steps' in found)) throw new Error('nothing was decided');
  return found;
}

const place = (code: string, own?: Target, above?: Target) => ({ code, year: 2017, own, above });
const setFirst = (more: Partial<TargetOrder> = {}) =>
  setTarget(place(county), whole, order(0, more));

describe('setting what an area is to reach in a year', () => {
  it('the first one is based on none, its event says who, when and why', () => {
    const { target: set, steps, without, event } = decided(granted(setFirst()));
    expect(set).toEqual(target(county));
    expect(steps).toEqual([{ before: null, after: set }]);
    expect(without).toBe('3501');
    expect(event).toEqual({
      ...{ kind: 'set', year: 2017, ...doing, document: null },
      changes: [{ code: county, version: 1, before: null, after: whole }],
    });
  });

  it('a later one keeps who split it, and its event what stood before', () => {
    const own = target(county, { split: doing });
    const less = { ...whole, villages: 49 };
    const change = setTarget(place(county, own), less, order(1, { document: '连委〔2017〕1号' }));
    const { target: set, event } = decided(granted(change));
    expect(set).toMatchObject({
      version: 2,
      split: doing,
      document: '连委〔2017〕1号',
      villages: 49,
    });
    expect(event.changes).toEqual([{ code: county, version: 2, before: whole, after: less }]);
  });

  it('one based on another version is told so, none counts as version 0', () => {
    expect(setTarget(place(county, target(county)), whole, order(0, { actor: 'other' }))).toEqual({
      refused: 'version-stale',
      values: { version: 1 },
    });
    expect(setTarget(place(county), whole, order(3))).toMatchObject({ values: { version: 0 } });
  });

  it.each([
    ['its amounts', { households: 1 }],
    ['its reason', { reason: '调整' }],
    ['its document', { document: 'x' }],
    ['who sets it', { actor: 'other' }],
  ])('asked again it is not set again; another order is another in %s', (_what, more) => {
    const own = target(county);
    expect(setTarget(place(county, own), whole, order(0))).toEqual({ ok: own });
    const other = target(county, more);
    expect(setTarget(place(county, other), whole, order(0))).toMatchObject({
      refused: 'version-stale',
    });
  });

  it('a year that is over keeps the target it had; its last day is not over', () => {
    expect(setFirst({ today: '2018-01-01' })).toEqual({
      refused: 'target-year-over',
      values: { year: 2017 },
    });
    expect(isRefused(setFirst({ today: '2017-12-31' }))).toBe(false);
  });

  it('a village is one village', () => {
    const two = { households: 3, persons: 9, villages: 2 };
    expect(setTarget(place(village), two, order(0))).toMatchObject({
      refused: 'number-out-of-range',
    });
    const found = decided(granted(setTarget(place(village), { ...two, villages: 1 }, order(0))));
    expect(found.without).toBe(aojiang);
  });

  it('what a part is given makes a new version of the target above, so that nobody splits it unseen', () => {
    const above = target(county, { version: 4 });
    const { steps, without } = decided(
      granted(setTarget(place(aojiang, undefined, above), whole, order(0))),
    );
    expect(steps.map(({ after }) => [after.code, after.version])).toEqual([
      [aojiang, 1],
      [county, 5],
    ]);
    expect(without).toBeUndefined();
  });
});

const divisions = [
  newDivision(aojiang, '敖江镇', null),
  newDivision(dongdai, '东岱镇', null),
  { ...newDivision('350122103', '琯头镇', null), successors: [dongdai] },
];
const parts: readonly PartTarget[] = [
  { code: aojiang, households: 100, persons: 300, villages: 30 },
  { code: dongdai, households: 59, persons: 187, villages: 20 },
];

function split(
  wanted: readonly PartTarget[],
  {
    own = target(county),
    targets = [],
    version = 1,
  }: {
    readonly own?: Target | null;
    readonly targets?: readonly Target[];
    readonly version?: number;
  } = {},
) {
  const at = { code: county, year: 2017, own: own ?? undefined, divisions, targets };
  return splitTarget(at, wanted, order(version));
}

describe('splitting a target to the parts of an area', () => {
  it('every part gets its own in one decision, and the whole says who split it', () => {
    const { target: own, steps, event, without } = decided(granted(split(parts)));
    expect(own).toEqual(target(county, { version: 2, split: doing }));
    expect(steps.slice(1).map(({ after }) => after)).toEqual(
      parts.map((part) => target(part.code, part)),
    );
    expect(event).toMatchObject({ kind: 'split', changes: [{ before: null }, { before: null }] });
    expect(without).toBeUndefined();
  });

  it.each([
    { field: 'households', more: { households: 60 }, sum: 160, difference: '+1' },
    { field: 'persons', more: { persons: 180 }, sum: 480, difference: '-7' },
    { field: 'villages', more: { villages: 0 }, sum: 30, difference: '-20' },
  ] as const)('$field must add up exactly; the difference is named', (one) => {
    const { field, more, sum, difference } = one;
    const [first, second] = parts;
    if (!first || !second) throw new Error('unreachable');
    const refused = split([first, { ...second, ...more }]);
    const values = { field, target: whole[field], sum, difference };
    expect(refused).toEqual({
      refused: 'target-parts-differ',
      values,
      faults: [{ field, code: 'target-parts-differ', values }],
    });
  });

  it('every unit that differs is named at once', () => {
    expect(split(parts.slice(0, 1))).toMatchObject({
      faults: [{ field: 'households' }, { field: 'persons' }, { field: 'villages' }],
    });
  });

  it.each([
    ['of another area', '350121101'],
    ['not directly inside', village],
    ['being replaced', '350122103'],
    ['the area itself', county],
  ])('a part that is %s is refused by its code', (_what, code) => {
    const stray = { code, households: 0, persons: 0, villages: 0 };
    expect(split([...parts, stray])).toMatchObject({
      refused: 'target-part-unknown',
      values: { area: code },
    });
  });

  it('a part named twice is refused', () => {
    expect(split([...parts, ...parts.slice(0, 1)])).toMatchObject({
      refused: 'target-part-twice',
      values: { area: aojiang },
    });
  });

  it('among the parts of a town a village is one village', () => {
    const own = target(aojiang, { households: 1, persons: 1, villages: 2 });
    const wanted = [{ code: village, households: 1, persons: 1, villages: 2 }];
    const inside = [newDivision(village, '村', null)];
    const at = { code: aojiang, year: 2017, own, divisions: inside, targets: [] };
    expect(splitTarget(at, wanted, order(1))).toMatchObject({
      refused: 'number-out-of-range',
      faults: [{ field: 'parts' }],
    });
  });

  it('without a target there is nothing to split; a version nobody had is stale', () => {
    expect(split(parts, { own: null, version: 0 })).toMatchObject({ refused: 'target-missing' });
    expect(split(parts, { own: null })).toMatchObject({ refused: 'version-stale' });
    expect(split(parts, { version: 7 })).toMatchObject({ refused: 'version-stale' });
  });

  it('parts that keep what they have are not written, those no longer named get nothing', () => {
    const [first, second] = parts;
    const gone = target('350122103', { households: 5, persons: 5, villages: 5, version: 3 });
    const long = target('350122104', { households: 0, persons: 0, villages: 0, movedTo: dongdai });
    const targets = [
      target(aojiang, first),
      target(dongdai, { ...second, persons: 1 }),
      gone,
      long,
    ];
    const { steps } = decided(granted(split(parts, { targets })));
    expect(steps.slice(1).map(({ after }) => after)).toMatchObject([
      { code: dongdai, version: 2, persons: 187 },
      { code: '350122103', version: 4, households: 0, persons: 0, villages: 0 },
    ]);
  });

  it('asked again it is not split again; somebody else’s split is stale', () => {
    const targets = parts.map((part) => target(part.code, part));
    const own = target(county, { version: 2, split: doing });
    expect(split(parts, { own, targets })).toEqual({ ok: own });
    const theirs = target(county, { version: 2, split: { ...doing, actor: 'other' } });
    expect(split(parts, { own: theirs, targets })).toMatchObject({ refused: 'version-stale' });
    expect(split(parts, { own, targets: [] })).toMatchObject({ refused: 'version-stale' });
  });

  it('more parts than one transaction takes are refused by their number, not half written', () => {
    const codes = Array.from(
      { length: MOST_PARTS + 1 },
      (_, at) => `3501221${String(at).padStart(2, '0')}`,
    );
    const many = codes.map((code) => ({ code, households: 1, persons: 1, villages: 1 }));
    const count = codes.length;
    const own = target(county, { households: count, persons: count, villages: count });
    const at = {
      code: county,
      year: 2017,
      own,
      divisions: codes.map((code) => newDivision(code, code, null)),
    };
    expect(splitTarget({ ...at, targets: [] }, many, order(1))).toEqual({
      refused: 'target-parts-many',
      values: { count: 91, most: 90 },
    });
    const some = many.slice(0, 1).map(({ code, ...more }) => target(code, more));
    expect(
      decided(granted(splitTarget({ ...at, targets: some }, many, order(1)))).steps,
    ).toHaveLength(91);
  });
});

describe('the target of a division that got another code', () => {
  const occasion = { actor: 'office', at: '2018-01-02T01:00:00.000Z', reason: '撤乡设镇' };
  const to = '350122111';

  it('goes along as it was set, and the old code has none', () => {
    const left = target(aojiang, { version: 3, split: doing });
    const moved = moveTarget(left, { to, there: undefined }, occasion);
    expect(moved).toMatchObject({
      target: { ...left, code: to, version: 1 },
      steps: [
        {
          before: left,
          after: { version: 4, movedTo: to, households: 0, persons: 0, villages: 0 },
        },
        { before: null },
      ],
      event: {
        kind: 'moved',
        ...occasion,
        changes: [{ code: aojiang }, { code: to, before: null }],
      },
    });
    const [gone] = moved?.steps ?? [];
    expect(gone && moveTarget(gone.after, { to, there: undefined }, occasion)).toBeUndefined();
  });

  it('adds up with the one of the division that takes it in', () => {
    const there = target(to, { households: 1, persons: 2, villages: 0, version: 5 });
    expect(moveTarget(target(aojiang), { to, there }, occasion)?.target).toEqual(
      target(to, { households: 160, persons: 489, villages: 50, version: 6 }),
    );
  });
});
