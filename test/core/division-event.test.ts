import { expect, it } from 'vitest';
import { kindOfStep } from '../../functions/core/division-event.ts';
import { newDivision } from '../../functions/core/division-register.ts';

it('every step of a division has its name', () => {
  const opened = newDivision('350122204', '潘渡乡', null);
  const claimed = { ...opened, change: 'job_1' };
  const leaving = { ...claimed, successors: ['350122116'] };
  const closed = { ...leaving, validTo: '2018-01-01', change: null };
  expect(kindOfStep(null, opened)).toBe('opened');
  expect(kindOfStep(opened, claimed)).toBe('claimed');
  expect(kindOfStep(claimed, leaving)).toBe('leaving');
  expect(kindOfStep(leaving, closed)).toBe('closed');
  expect(kindOfStep(claimed, { ...claimed, name: '潘渡镇' })).toBe('renamed');
  expect(kindOfStep(claimed, opened)).toBe('released');
});
