import { describe, expect, it } from 'vitest';
import { exitVillage, refuseCandidate } from '../../functions/core/village-leave.ts';
import { villageSheet } from '../../functions/core/village-sheet.ts';
import { granted } from '../support/build.ts';
import { profile } from '../support/roster.ts';

const on = '2017-12-01';
const good = profile({
  version: 4,
  hamlets: 3,
  poweredHamlets: 3,
  dropouts: 0,
  road: true,
  network: true,
  collectiveIncomeFen: 10_000_000,
  industries: ['茶叶'],
  population: 1146,
  heldOn: '2017-11-30',
});
const sheet = villageSheet(good, 3, on);
const occasion = { at: '2017-12-20T01:00:00.000Z' };
const exit = { exitedOn: '2017-12-20', sheet };

describe('a village leaves the list of poor villages', () => {
  it('on a proof of every criterion, and stays named as a poor village', () => {
    const { before, after } = granted(exitVillage(good, exit, occasion));
    expect(before).toBe(good);
    expect(after).toEqual({ ...good, exitedOn: '2017-12-20', heldOn: '2017-12-20', version: 5 });
  });

  it('and facts known from a later day stay of that day', () => {
    const later = { ...good, heldOn: '2017-12-31' };
    const { after } = granted(exitVillage(later, exit, occasion));
    expect(after).toMatchObject({ exitedOn: '2017-12-20', heldOn: '2017-12-31' });
  });

  it('not with a criterion that is not met or not known', () => {
    for (const lacking of [
      { ...good, dropouts: 1 },
      { ...good, road: null },
    ]) {
      const refused = exitVillage(good, { ...exit, sheet: villageSheet(lacking, 3, on) }, occasion);
      expect(refused).toMatchObject({ refused: 'exit-not-proven' });
    }
  });

  it('not when it is not on the list, nor twice', () => {
    expect(exitVillage({ ...good, poor: false }, exit, occasion)).toEqual({
      refused: 'village-not-poor',
    });
    expect(exitVillage({ ...good, exitedOn: '2016-12-31' }, exit, occasion)).toEqual({
      refused: 'village-exited',
      values: { exitedOn: '2016-12-31' },
    });
    expect(refuseCandidate(good)).toBeUndefined();
  });

  it('not before the day of its proof, nor on a day to come', () => {
    expect(exitVillage(good, { ...exit, exitedOn: '2017-11-30' }, occasion)).toMatchObject({
      refused: 'date-order',
    });
    expect(exitVillage(good, { ...exit, exitedOn: '2017-12-21' }, occasion)).toMatchObject({
      refused: 'date-future',
    });
    // An evening in London is the next day in Lianjiang.
    const night = { at: '2017-12-20T16:00:00.000Z' };
    expect(exitVillage(good, { ...exit, exitedOn: '2017-12-21' }, night)).toHaveProperty('ok');
  });
});
