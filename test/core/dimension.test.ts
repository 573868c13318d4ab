import { describe, expect, it } from 'vitest';
import { boardOf, shareOf } from '../../functions/core/board.ts';
import type { Setting } from '../../functions/core/dimension.ts';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { ageBandOf, personDimensions } from '../../functions/core/dimension-person.ts';
import { addTallies, countVillage } from '../../functions/core/figure.ts';
import { COUNTERS } from '../../functions/core/figure-layout.ts';
import { member, profile, roster } from '../support/roster.ts';

const setting: Setting = { day: '2017-10-23', poorVillage: null };
const income = {
  to: '2016-09-30',
  wagesFen: 0,
  businessFen: 0,
  propertyFen: 0,
  transferFen: 0,
  businessCostFen: 0,
};

function valuesOf(id: string, one = roster()): readonly string[] {
  return householdDimensions.find((dimension) => dimension.id === id)?.of(one, setting) ?? [];
}

describe('dimensions', () => {
  it('what nobody recorded is unknown, never "no"', () => {
    for (const id of ['cause', 'type', 'planYear', 'identifiedYear', 'poorVillage', 'belowLine'])
      expect(valuesOf(id), id).toEqual(['unknown']);
    for (const id of ['labour', 'health', 'school', 'workRegion', 'nation', 'politics'])
      expect(
        personDimensions.find((dimension) => dimension.id === id)?.of(member(), setting),
        id,
      ).toEqual(['unknown']);
  });

  it('only households that have exited have a year of exit, only the others a planned one', () => {
    expect(valuesOf('exitYear', roster({ status: 'exited', exitYear: 2016 }))).toEqual(['2016']);
    expect(valuesOf('planYear', roster({ status: 'exited', planYear: 2016 }))).toEqual([]);
    expect(valuesOf('planYear', roster({ planYear: 2005 }))).toEqual(['earlier']);
    expect(valuesOf('planYear', roster({ planYear: 2099 }))).toEqual(['later']);
    expect(valuesOf('exitYear')).toEqual([]);
  });

  it('income is judged by the line of its own period; without line, income or persons it is unknown', () => {
    expect(valuesOf('belowLine', roster({ income }))).toEqual(['yes']);
    expect(valuesOf('belowLine', roster({ income: { ...income, wagesFen: 295_200 } }))).toEqual([
      'no',
    ]);
    expect(valuesOf('belowLine', roster({ income: { ...income, to: '1990-01-01' } }))).toEqual([
      'unknown',
    ]);
    expect(valuesOf('belowLine', roster({ income, members: [] }))).toEqual(['unknown']);
  });

  it('households of ten and more stand together', () => {
    const many = Array.from({ length: 11 }, (_, at) => member({ id: `per_${at}` }));
    expect(valuesOf('size', roster({ members: many }))).toEqual(['10+']);
  });

  it('age bands begin at 6, 16 and 60 completed years', () => {
    const born = '2000-06-15';
    expect(ageBandOf(born, '2006-06-14')).toBe('0-5');
    expect(ageBandOf(born, '2006-06-15')).toBe('6-15');
    expect(ageBandOf(born, '2016-06-15')).toBe('16-59');
    expect(ageBandOf(born, '2060-06-15')).toBe('60+');
  });

  it('every value fits in the room kept for its dimension, and parameters are told apart by value', () => {
    for (const dimension of [...householdDimensions, ...personDimensions]) {
      expect(dimension.values.length).toBeLessThanOrEqual(dimension.room);
      expect(new Set(dimension.values).size).toBe(dimension.values.length);
      for (const value of dimension.keyed) expect(dimension.values).toContain(value);
    }
    const guarantees = [...householdDimensions, ...personDimensions].flatMap((dimension) =>
      dimension.param === 'guarantee' ? dimension.values : [],
    );
    expect(new Set(guarantees).size).toBe(guarantees.length);
  });

  it('stored figures stay near three kilobytes', () => {
    expect(COUNTERS * 4).toBeLessThan(3072);
  });
});

describe('a board', () => {
  it('has shares in percent with one decimal, none of nothing', () => {
    expect(shareOf(1, 3)).toBe(33.3);
    expect(shareOf(2, 3)).toBe(66.7);
    expect(shareOf(0, 0)).toBeNull();
  });

  it('of an empty area has no shares and no income per head', () => {
    const empty = boardOf({
      area: { code: '350122' },
      tally: addTallies([]),
      today: '2017-10-23',
      children: [],
    });
    expect(empty.shares.exitedPersons).toBeNull();
    expect(empty.income.netPerPersonFen).toBeNull();
    expect(empty.villages.incidence.percent).toBeNull();
    expect(empty.asOf).toBe('2017-10-23');
  });

  it('says the last day on which its figures hold when an age has not been taken yet', () => {
    const child = roster({ members: [member({ birth: '2011-12-01' })] });
    const tally = countVillage([child], profile({ population: 500 }), '2017-10-23');
    const late = boardOf({ area: { code: '350122' }, tally, today: '2018-03-01', children: [] });
    expect(late.asOf).toBe('2017-11-30');
    expect(late.villages.incidence.percent).toBe(0.2);
  });

  it('shows its parts without links and zeros; their own boards have both', () => {
    const tally = countVillage([roster({ mainCause: 'illness' })], undefined, '2017-10-23');
    const board = boardOf({
      area: { code: '350122101' },
      tally,
      today: '2017-10-23',
      children: [{ area: { code: '350122101201', name: '样村' }, figures: tally.figures }],
    });
    expect(board.children[0]).toMatchObject({
      area: { name: '样村' },
      board: '/areas/350122101201/board',
      households: { registered: 1, exited: 0, unexited: 1 },
      byCause: { illness: { households: 1, persons: 1 } },
    });
    expect(JSON.stringify(board.children)).not.toContain('lists');
  });
});
