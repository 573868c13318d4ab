import { describe, expect, it } from 'vitest';
import { moveHousehold } from '../../functions/core/household-close.ts';
import type { HouseholdEvent } from '../../functions/core/household-event.ts';
import { placedAfter, presentVillage, profileFrom } from '../../functions/core/village-present.ts';
import { context, granted, registered, VILLAGE } from '../support/build.ts';
import { profile } from '../support/roster.ts';

const [east, west] = ['350122101202', '350122101203'];

describe('where a household was placed after a day', () => {
  it('is told in the order of time', () => {
    let file = registered();
    const events: HouseholdEvent[] = [];
    for (const [village, heldFrom] of [
      [east, '2017-01-01'],
      [west, '2017-05-01'],
    ] as const) {
      const move = { village, heldFrom, reason: '搬迁' };
      const change = granted(moveHousehold(file, move, context()));
      if (!change) throw new Error('it did not move');
      file = change.next;
      events.push(change.event);
    }
    const placed = (day: string) => placedAfter(file.household, events, day);
    expect(placed('2016-12-31')).toEqual([east, west]);
    expect(placed('2017-01-01')).toEqual([west]);
    expect(placed('2017-05-01')).toEqual([]);
    expect(placed('2015-01-01')).toEqual([VILLAGE, east, west]);
  });
});

describe('the village of today that stands for one of a past day', () => {
  it('is itself while it is in use', () => {
    expect(presentVillage(VILLAGE, [VILLAGE], [east])).toBe(VILLAGE);
  });

  it('is its successor', () => {
    expect(presentVillage(VILLAGE, [east], [])).toBe(east);
    expect(presentVillage(VILLAGE, [east], [west])).toBe(east);
  });

  it('is the part the household went to, where it was divided', () => {
    expect(presentVillage(VILLAGE, [east, west], [west])).toBe(west);
    expect(presentVillage(VILLAGE, [east, west], ['350122101299', west, east])).toBe(west);
  });

  it('is the first part for a household that had left before', () => {
    expect(presentVillage(VILLAGE, [east, west], ['350122101299'])).toBe(east);
  });

  it('is itself for a household that still waits to be moved', () => {
    expect(presentVillage(VILLAGE, [VILLAGE, east], [])).toBe(VILLAGE);
    expect(presentVillage(VILLAGE, [VILLAGE, east], [east])).toBe(east);
  });

  it('is the code as it was where nobody has taken its place', () => {
    expect(presentVillage(VILLAGE, [], [])).toBe(VILLAGE);
  });
});

describe('the profile of a village on a past day, by those whose place it has taken', () => {
  const whole = profile({ population: 1000, hamlets: 4, industries: ['茶叶'] });
  const source = (one: typeof whole | undefined, isDivided = false) => ({
    profile: one,
    isDivided,
  });

  it('is unknown where none was described', () => {
    expect(profileFrom(east, [])).toBeUndefined();
    expect(profileFrom(east, [source(undefined)])).toBeUndefined();
  });

  it('is that of the one before, under the code of today', () => {
    expect(profileFrom(east, [source(undefined), source(whole)])).toEqual({
      ...whole,
      village: east,
    });
  });

  it('adds up where villages became one, held on the later day', () => {
    const other = profile({ population: 500, heldOn: '2017-06-01' });
    const joined = { village: east, population: 1500, hamlets: null, heldOn: '2017-06-01' };
    expect(profileFrom(east, [source(whole), source(other)])).toMatchObject(joined);
    expect(profileFrom(east, [source(other), source(whole)])).toMatchObject(joined);
  });

  it('says nothing of the counts of a part of a village that was divided', () => {
    expect(profileFrom(east, [source(whole, true)])).toMatchObject({
      village: east,
      poor: true,
      population: null,
      industries: ['茶叶'],
    });
  });
});
