import { describe, expect, it } from 'vitest';
import { current, statusOfHousehold } from '../../functions/core/household.ts';
import { setStatus } from '../../functions/core/household-standing.ts';
import { context, granted, registered } from '../support/build.ts';

const poor = registered();
const exited = registered({ facts: { status: 'exited', exitYear: 2016 } }, '2016-12-31');
const order = { heldFrom: '2017-06-01', reason: '公示无异议' };

describe('the status a procedure has decided', () => {
  it('is held from the day of the decision, with the year of an exit', () => {
    const asked = { ...order, status: 'exited', exitYear: 2017 };
    const { next, event } = granted(setStatus(poor, asked, context()));
    expect(current(next.household.facts)).toMatchObject({ status: 'exited', exitYear: 2017 });
    expect(event).toMatchObject({ kind: 'changed', heldOn: '2017-06-01', reason: '公示无异议' });
  });

  it('takes the exit year from a household that fell back', () => {
    const { next } = granted(setStatus(exited, { ...order, status: 'returned' }, context()));
    expect(statusOfHousehold(next.household)).toBe('returned');
    expect(current(next.household.facts)).not.toHaveProperty('exitYear');
  });

  it('struck off strikes the household off', () => {
    const { next, event } = granted(
      setStatus(poor, { ...order, status: 'struck-off', reason: 'not-eligible' }, context()),
    );
    expect(statusOfHousehold(next.household)).toBe('struck-off');
    expect(event).toMatchObject({ kind: 'struck-off', reason: 'not-eligible' });
    expect(setStatus(next, { ...order, status: 'unexited' }, context())).toEqual({
      refused: 'household-closed',
    });
  });

  it.each([
    ['a step the register does not know', { status: 'unexited' }, 'status-transition'],
    ['the status it has', { status: 'exited', exitYear: 2017 }, 'status-transition'],
    ['of a day to come', { status: 'returned', heldFrom: '2999-01-01' }, 'date-future'],
    [
      'of a day before its present one',
      { status: 'returned', heldFrom: '2016-05-01' },
      'date-order',
    ],
  ])('is refused where it is %s', (_, given, code) => {
    const asked = { ...order, ...given };
    expect(setStatus(exited, asked, context())).toMatchObject({ refused: code });
  });

  it('is refused where it is an exit without its year', () => {
    const asked = { ...order, status: 'exited' };
    expect(setStatus(poor, asked, context())).toEqual({ refused: 'exit-year-missing' });
  });
});
