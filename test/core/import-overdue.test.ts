import { expect, test } from 'vitest';
import { type Import, importStates } from '../../functions/core/import.ts';
import { isUnderWay, remedyFor, standsStill } from '../../functions/core/import-overdue.ts';

const since = '2019-03-01T02:00:00.000Z';
const found: Import = {
  id: 'imp_1',
  version: 1,
  kind: 'registry',
  state: 'awaiting',
  fileName: '台账.xlsx',
  size: 1,
  area: '350199',
  uploadedBy: 'clerk',
  createdAt: since,
  changedAt: since,
  heldOn: '2019-03-01',
  heldOnGiven: false,
};
const after = (minutes: number) => new Date(Date.parse(since) + minutes * 60_000);

test.each(importStates)('an import that is %s needs nothing at first', (state) => {
  expect(remedyFor({ ...found, state }, after(5))).toBe('wait');
});

test.each(importStates)(
  'an import that is %s needs something later only if no person has to act',
  (state) => {
    const needsNothing = remedyFor({ ...found, state }, after(8 * 24 * 60)) === 'wait';
    expect(needsNothing).toBe(!isUnderWay(state));
  },
);

test('a look comes before forgetting', () => {
  expect([60, 120, 8 * 24 * 60].map((minutes) => remedyFor(found, after(minutes)))).toEqual([
    'wait',
    'look',
    'forget',
  ]);
});

test('a phase stands still that has not begun, or has come no further since the last look', () => {
  expect([standsStill(0, undefined), standsStill(3, 3)]).toEqual([true, true]);
  expect([standsStill(2, undefined), standsStill(3, 2)]).toEqual([false, false]);
});
