import { describe, expect, it } from 'vitest';
import type { VillageEvent } from '../../functions/core/village-event.ts';
import { profileKnown, profileOn } from '../../functions/core/village-on.ts';
import { profile } from '../support/roster.ts';

const first = { ...profile({ heldOn: '2016-10-23', population: 900 }), industries: ['茶叶'] };
const second = { ...first, heldOn: '2017-10-23', population: 1000, version: 2 };

function event(heldOn: string, before: VillageEvent['before']): VillageEvent {
  const who = { actor: 'clerk', at: `${heldOn}T01:00:00.000Z`, reason: '导入', source: 'imp_1' };
  const { village } = first;
  return { village, version: 1, kind: 'changed', fields: [], heldOn, before, ...who };
}

const events = [event('2017-10-23', first), event('2016-10-23', null)];

describe('the profile of a village on a day', () => {
  it('is the present one from the day its latest facts hold', () => {
    expect(profileOn(second, events, '2017-10-23')).toEqual(second);
    expect(profileOn(second, [], '2010-01-01')).toEqual(second);
  });

  it('is the one before on the days before', () => {
    expect(profileOn(second, events, '2017-10-22')).toEqual(first);
    expect(profileOn(undefined, [event('2018-01-01', second), ...events], '2017-12-31')).toEqual(
      second,
    );
  });

  it('has an exit from its day, though it was marked after facts of a later day', () => {
    const [third, left] = [
      { ...second, heldOn: '2017-12-01', population: 1100, version: 3 },
      { exitedOn: '2017-11-03', version: 4 },
    ];
    const marked = { ...event('2017-11-03', third), fields: ['exitedOn'] };
    const late = [marked, event('2017-12-01', second), ...events];
    const now = { ...third, ...left };
    expect(profileOn(now, late, '2017-11-02')).toEqual(second);
    expect(profileOn(now, late, '2017-11-03')).toEqual({ ...second, exitedOn: '2017-11-03' });
    expect(profileOn(now, late, '2017-12-01')).toEqual(now);
    const corrected = { ...event('2017-12-05', now), fields: ['population'] };
    const later = { ...now, heldOn: '2017-12-05', population: 1200, version: 5 };
    expect(profileOn(later, [corrected, ...late], '2017-11-03')).toEqual({
      ...second,
      exitedOn: '2017-11-03',
    });
    expect(profileOn(undefined, [event('2016-11-01', second), ...events], '2017-01-01')).toEqual(
      first,
    );
  });

  it('is unknown before anybody described the village', () => {
    expect(profileOn(second, events, '2016-10-22')).toBeUndefined();
    expect(profileOn(undefined, [], '2016-10-22')).toBeUndefined();
  });
});

describe('the profile of a village in the account of a year', () => {
  it('is the one known by then, save that a village which left the list later was still on it', () => {
    const left = { ...profile(), exitedOn: '2017-11-03' };
    expect(profileKnown(left, '2016-12-31')).toEqual({ ...left, exitedOn: null });
    expect(profileKnown(left, '2017-12-31')).toBe(left);
    expect(profileKnown(profile(), '2016-12-31')).toEqual(profile());
  });
});
