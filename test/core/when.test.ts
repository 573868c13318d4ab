import { describe, expect, it } from 'vitest';
import { atTime, pastOf } from '../../functions/core/as-of.ts';
import { boardOf } from '../../functions/core/board.ts';
import { addTallies } from '../../functions/core/figure.ts';
import { WhenQuery } from '../../functions/core/household-path.ts';
import { cursorOf, positionOf } from '../../functions/core/list-cursor.ts';
import { householdsLink } from '../../functions/core/list-link.ts';

describe('when a question is about', () => {
  it('is today, a past day, or the end of a frozen year, and not two of them', () => {
    const today = '2017-10-23';
    expect(pastOf({}, today)).toEqual({ ok: {} });
    expect(pastOf({ asOf: today }, today)).toEqual({ ok: {} });
    expect(pastOf({ asOf: '2016-12-31' }, today)).toEqual({ ok: { asOf: '2016-12-31' } });
    expect(pastOf({ snapshot: 2016 }, today)).toEqual({ ok: { snapshot: 2016 } });
    expect(pastOf({ asOf: '2018-01-01' }, today)).toMatchObject({ refused: 'date-future' });
    expect(pastOf({ asOf: today, snapshot: 2016 }, today)).toEqual({
      refused: 'snapshot-and-as-of',
    });
    expect(WhenQuery.parse({ snapshot: '2016' })).toEqual({ snapshot: 2016 });
    expect(WhenQuery.safeParse({ snapshot: '2016-12-31' }).success).toBe(false);
  });

  it('stands in the addresses an answer names', () => {
    expect(atTime('/a', {})).toBe('/a');
    expect(atTime('/a', { asOf: '2016-12-31' })).toBe('/a?asOf=2016-12-31');
    expect(atTime('/a', { snapshot: 2016 })).toBe('/a?snapshot=2016');
    expect(householdsLink({ area: '35', snapshot: 2016 }, { status: 'exited' })).toBe(
      '/households?area=35&status=exited&snapshot=2016',
    );
  });

  it('makes cursors of different questions', () => {
    const question = { kind: 'households', area: '350122', filters: [] } as const;
    const cursor = cursorOf(question, { village: '350122101201', household: 'hh_1' });
    expect(positionOf({ ...question, snapshot: 2016 }, cursor)).toMatchObject({
      refused: 'cursor-invalid',
    });
  });

  it('is said by a board', () => {
    const input = { area: { code: '350122' }, tally: addTallies([]), children: [] };
    const frozen = {
      knownAt: '2017-01-01T00:10:00.000Z',
      snapshot: { year: 2016, counties: ['350122'], without: [] },
    };
    const board = boardOf({ ...input, today: '2016-12-31', frozen });
    expect(board).toMatchObject({ basis: 'snapshot', asOf: '2016-12-31', ...frozen });
    expect(JSON.stringify(board)).toContain('"/households?area=350122&snapshot=2016"');
    const past = { outOfReach: 0 };
    expect(boardOf({ ...input, today: '2016-12-31', past }).basis).toBe('known-now');
    expect(boardOf({ ...input, today: '2016-12-31' }).basis).toBe('current');
  });
});
