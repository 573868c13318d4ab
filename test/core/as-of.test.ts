import { describe, expect, it } from 'vitest';
import { onDay, pastDay } from '../../functions/core/as-of.ts';
import { householdsLink } from '../../functions/core/list-link.ts';

describe('the day a question is about', () => {
  it('is a past one, or today, which the register as it stands answers', () => {
    expect(pastDay('2016-12-31', '2017-10-23')).toEqual({ ok: '2016-12-31' });
    expect(pastDay('2017-10-23', '2017-10-23')).toEqual({ ok: undefined });
    expect(pastDay(undefined, '2017-10-23')).toEqual({ ok: undefined });
  });

  it('is none to come', () => {
    expect(pastDay('2017-10-24', '2017-10-23')).toEqual({
      refused: 'date-future',
      values: { field: 'asOf' },
    });
  });

  it('goes along in every address', () => {
    expect(onDay('/areas/350122/board', '2016-12-31')).toBe('/areas/350122/board?asOf=2016-12-31');
    expect(onDay('/areas/350122/board', undefined)).toBe('/areas/350122/board');
    const filters = { exited: 'yes' };
    expect(householdsLink({ area: '350122', asOf: '2016-12-31' }, filters)).toBe(
      '/households?area=350122&exited=yes&asOf=2016-12-31',
    );
    expect(householdsLink({ area: '350122' }, filters)).toBe('/households?area=350122&exited=yes');
  });
});
