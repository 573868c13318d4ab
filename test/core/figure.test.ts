import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, ageOn } from '../../functions/core/day.ts';
import {
  addTallies,
  countVillage,
  equalFigures,
  isNothing,
  nextChangeOf,
  nothing,
  registeredIn,
  settingOf,
  sumIn,
  villagesIn,
} from '../../functions/core/figure.ts';
import { decodeFigures, encodeFigures } from '../../functions/core/figure-codec.ts';
import { householdPlace } from '../../functions/core/figure-layout.ts';
import { entryKeysOf } from '../../functions/core/list-entry.ts';
import { anyDay, anyRoster, member, profile, roster } from '../support/roster.ts';
import { runs } from '../support/seed.ts';

const day = '2017-10-23';
const some = fc.array(anyRoster, { maxLength: 6 });

describe('figures of a village', () => {
  it('a household struck off counts in the dimension of status only', () => {
    const gone = countVillage([roster({ status: 'struck-off' })], undefined, day);
    expect(registeredIn(gone.figures)).toEqual({ households: 0, persons: 0 });
    expect(gone.figures.filter((amount) => amount > 0)).toEqual([1, 1]);
    expect(gone.until).toBe('9999-12-31');
  });

  it('figures of two villages add up to those of all their households together', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const apart = addTallies([
          countVillage(a, undefined, day),
          countVillage(b, undefined, day),
        ]);
        const together = countVillage([...a, ...b], undefined, day);
        const differing = apart.figures.filter((amount, at) => amount !== together.figures[at]);
        // Only the number of villages with households may differ: two places instead of one.
        expect(differing.length).toBeLessThanOrEqual(1);
        expect(apart.until).toBe(together.until);
        expect(villagesIn(apart.figures).withHouseholds).toBeLessThanOrEqual(2);
      }),
      runs(50),
    );
  });

  it('stored figures come back as they were, in the same number of bytes whatever they count', () => {
    const empty = encodeFigures(nothing).byteLength;
    fc.assert(
      fc.property(some, (rosters) => {
        const { figures } = countVillage(rosters, profile(), day);
        const bytes = encodeFigures(figures);
        expect(bytes.byteLength).toBe(empty);
        expect(decodeFigures(bytes)).toEqual(figures);
      }),
      runs(50),
    );
  });

  it('the most households that fit come back, and one more is a fault', () => {
    const most = nothing.map((_, place) => (place === 0 ? 0xff_ff_ff : 0));
    expect(decodeFigures(encodeFigures(most))).toEqual(most);
    expect(() => encodeFigures(most.map((amount) => amount * 2))).toThrow(RangeError);
  });

  it('figures stored in another layout are not read as if they were ours', () => {
    const bytes = encodeFigures(nothing);
    expect(decodeFigures(bytes.slice(1))).toBeUndefined();
    bytes[3] = 99;
    expect(decodeFigures(bytes)).toBeUndefined();
  });

  it('a value that no figure has room for is a fault, not a household lost from the count', () => {
    expect(() => countVillage([roster({ status: 'vanished' })], undefined, day)).toThrow(
      'no figure for status=vanished',
    );
    expect(() => householdPlace({ id: 'nobody', values: ['a'] }, 'a')).toThrow();
  });

  it('equal means every counter and sum', () => {
    const one = countVillage([roster()], undefined, day).figures;
    expect(equalFigures(one, countVillage([roster({ id: 'hh_2' })], undefined, day).figures)).toBe(
      true,
    );
    expect(equalFigures(one, nothing)).toBe(false);
    expect(registeredIn([])).toEqual(registeredIn(nothing));
    expect(isNothing(nothing)).toBe(true);
    expect(isNothing(one)).toBe(false);
  });

  it('a village with a profile but nobody in it still counts as a village', () => {
    const { figures } = countVillage([], profile({ poor: false, population: 800 }), day);
    expect(villagesIn(figures)).toMatchObject({ withHouseholds: 0, withProfile: 1, poor: 0 });
    expect(sumIn(figures, 'population')).toBe(800);
  });
});

describe('figures hold until an age changes', () => {
  it('on every day before the change they are the same, on its day something differs', () => {
    fc.assert(
      fc.property(anyRoster, anyDay, (one, from) => {
        const listed = { ...one, status: 'unexited' };
        const { figures, until } = countVillage([listed], undefined, from);
        expect(until > from).toBe(true);
        const last = until === '9999-12-31' ? addDays(from, 9000) : addDays(until, -1);
        const before = countVillage([listed], undefined, last);
        expect(before.figures).toEqual(figures);
        expect(entryKeysOf(listed, last)).toEqual(entryKeysOf(listed, from));
        if (until === '9999-12-31') return;
        // Two members may change places on one day and the sum stay as it was; then each of them alone has changed.
        const alone = listed.members.map((one) => ({ ...listed, members: [one] }));
        const differs = [listed, ...alone].some(
          (some) =>
            !equalFigures(
              countVillage([some], undefined, last).figures,
              countVillage([some], undefined, until).figures,
            ),
        );
        expect(differs).toBe(true);
      }),
      runs(300),
    );
  });

  it('a child born on 29 February reaches the next band on 1 March of a common year', () => {
    const child = roster({ members: [member({ birth: '2012-02-29' })] });
    expect(nextChangeOf(child, '2018-02-28')).toBe('2018-03-01');
    expect(ageOn('2012-02-29', '2018-03-01')).toBe(6);
    expect(nextChangeOf(child, '2027-09-01')).toBe('2028-02-29');
  });

  it('compulsory education begins and ends with the school year, not on the birthday', () => {
    const child = roster({ members: [member({ birth: '2011-09-01' })] });
    expect(nextChangeOf(child, '2017-09-01')).toBe('2018-08-31');
    const older = roster({ members: [member({ birth: '2011-08-31' })] });
    expect(nextChangeOf(older, '2017-08-31')).toBe('2026-08-31');
  });

  it('the setting of a village without a profile does not say it is not poor', () => {
    expect(settingOf(undefined, day).poorVillage).toBeNull();
    expect(settingOf(profile({ poor: false }), day).poorVillage).toBe(false);
  });
});
