import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, ageOn, dayOf, isDay, lastSuch } from '../../functions/core/day.ts';

describe('days are Shanghai days', () => {
  it('an instant after 16:00 UTC belongs to the next Shanghai day', () => {
    expect(dayOf(new Date('2017-10-22T15:59:59Z'))).toBe('2017-10-22');
    expect(dayOf(new Date('2017-10-22T16:00:00Z'))).toBe('2017-10-23');
  });

  it('a day that does not exist is no day', () => {
    expect(isDay('2017-02-29')).toBe(false);
    expect(isDay('2016-02-29')).toBe(true);
    expect(isDay('2017-13-01')).toBe(false);
    expect(isDay('2017-1-1')).toBe(false);
  });

  it('adding days and taking them away again returns to the same day', () => {
    const day = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map(dayOf);
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: -9999, max: 9999 }),
        (d, n) => addDays(addDays(d, n), -n) === d,
      ),
    );
  });

  it('a completed year counts from the birthday itself', () => {
    expect(ageOn('2011-08-31', '2017-08-31')).toBe(6);
    expect(ageOn('2011-09-01', '2017-08-31')).toBe(5);
    expect(ageOn('2012-02-29', '2017-02-28')).toBe(4);
    expect(ageOn('2012-02-29', '2017-03-01')).toBe(5);
  });

  it('months later fall on the same day, or on the last one of a shorter month', () => {
    expect(addMonths('2017-10-23', -12)).toBe('2016-10-23');
    expect(addMonths('2020-02-29', -12)).toBe('2019-02-28');
    expect(addMonths('2019-02-28', 12)).toBe('2020-02-28');
    expect(addMonths('2017-08-31', 6)).toBe('2018-02-28');
    expect(addMonths('2017-01-15', -1)).toBe('2016-12-15');
  });

  it('the last such day of the year is that of this year from itself on', () => {
    expect(lastSuch('08-31', '2017-08-31')).toBe('2017-08-31');
    expect(lastSuch('08-31', '2017-08-30')).toBe('2016-08-31');
  });
});
