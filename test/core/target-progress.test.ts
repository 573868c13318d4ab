import { describe, expect, it } from 'vitest';
import { addTallies, countVillage, type Figures } from '../../functions/core/figure.ts';
import type { VillageProfile } from '../../functions/core/roster.ts';
import { none, type Target } from '../../functions/core/target.ts';
import { targetsOn, yearOfDay } from '../../functions/core/target-board.ts';
import { progressOf, proposedFor } from '../../functions/core/target-progress.ts';
import { villageYearsOf } from '../../functions/core/village-year.ts';
import { member, roster } from '../support/roster.ts';

const town = '350122101';
const village = '350122101201';
const day = '2017-10-23';

function home(id: string, more: Parameters<typeof roster>[0] = {}) {
  const members = [member({ id: `per_${id}a` }), member({ id: `per_${id}b` })];
  return roster({ id: `hh_${id}`, village, members, ...more });
}

const homes = [
  home('1', { status: 'exited', exitYear: 2017 }),
  home('2', { status: 'exited', exitYear: 2016 }),
  home('3', { status: 'unexited', planYear: 2017 }),
  home('4', { status: 'unexited', planYear: 2017 }),
  home('5', { status: 'unexited', planYear: null }),
];

const described: VillageProfile & { readonly exitedOn: string | null } = {
  village,
  version: 1,
  heldOn: day,
  poor: true,
  planExitYear: 2017,
  exitedOn: null,
  homes: null,
  population: null,
  hamlets: null,
  poweredHamlets: null,
  road: null,
  network: null,
  dropouts: null,
  collectiveIncomeFen: null,
  industries: [],
};

const counted = countVillage(homes, described, day).figures;
const own = { households: 3, persons: 7, villages: 1 };

function progress(more: Partial<Parameters<typeof progressOf>[0]> = {}) {
  const input = { area: town, figures: counted, year: 2017, day, own, parts: [] };
  return progressOf({ ...input, ...more });
}

describe('the years of a village', () => {
  it('a poor village is planned for its year until it leaves the list, then it counts in the year it left', () => {
    expect(villageYearsOf(described)).toEqual([['planYear', '2017']]);
    const unplanned = { poor: true, planExitYear: null, exitedOn: null };
    expect(villageYearsOf(unplanned)).toEqual([['planYear', 'unknown']]);
    expect(villageYearsOf({ ...described, poor: false })).toEqual([]);
    const left = { ...described, exitedOn: '2018-01-05' };
    expect(villageYearsOf(left)).toEqual([['exitYear', '2018']]);
  });

  it('figures count both', () => {
    const out = { ...described, exitedOn: '2017-12-20' };
    const left = countVillage([], out, day).figures;
    expect(progress({ figures: left }).exited.villages).toBe(1);
    expect(progress({ figures: left }).planned.villages).toBe(0);
    expect(progress().planned.villages).toBe(1);
  });
});

describe('progress against a target', () => {
  it('counts what exited in the year and no other, what is planned and has not, and what remains', () => {
    expect(progress()).toMatchObject({
      year: 2017,
      target: own,
      exited: {
        ...{ households: 1, persons: 2, villages: 0 },
        lists: {
          households: `/households?area=${town}&exitYear=2017`,
          persons: `/persons?area=${town}&exitYear=2017`,
          villages: `/villages?area=${town}&exitYear=2017`,
        },
      },
      planned: {
        ...{ households: 2, persons: 4, villages: 1 },
        lists: { households: `/households?area=${town}&planYear=2017` },
      },
      remaining: { households: 2, persons: 5, villages: 1 },
      percent: { households: 33.3, persons: 28.5, villages: 0 },
    });
  });

  it('without a target nothing remains and nothing is a share; a target of none has no share', () => {
    expect(progress({ own: null })).toMatchObject({ target: null, remaining: null, percent: null });
    expect(progress({ own: none }).percent).toEqual({
      households: null,
      persons: null,
      villages: null,
    });
  });

  it('short of one person is not 100 percent; beyond the target nothing remains', () => {
    expect(progress({ own: { households: 1, persons: 2001, villages: 0 } }).percent?.persons).toBe(
      0,
    );
    const many = { ...none, persons: 2 };
    const nearly = Array.from({ length: 1999 }, () => ({ figures: counted, until: day }));
    const figures = addTallies(nearly).figures;
    expect(progress({ figures, own: { ...many, persons: 3999 } }).percent?.persons).toBe(99.9);
    expect(progress({ figures, own: many }).remaining).toEqual(none);
    expect(progress({ figures, own: many }).percent?.persons).toBe(199900);
  });

  it('what is not split, or split twice, is told for each unit; nothing while no part has a target', () => {
    expect(progress().unsplit).toBeNull();
    expect(progress({ own: null, parts: [none] }).unsplit).toBeNull();
    const parts = [
      { households: 1, persons: 9, villages: 1 },
      { households: 1, persons: 0, villages: 0 },
    ];
    expect(progress({ parts }).unsplit).toEqual({ households: 1, persons: -2, villages: 0 });
  });
});

describe('the forecast', () => {
  const many: Figures = addTallies(
    Array.from({ length: 100 }, () => ({ figures: counted, until: day })),
  ).figures;

  it('goes on at the pace of the days gone, rounded down', () => {
    // 23 October is day 296 of 365: 100 households make 123.3.
    expect(progress({ figures: many }).forecast.pace).toEqual({
      households: 123,
      persons: 246,
      villages: 0,
    });
  });

  it('is what it is on the last day and after it, and nothing before the year begins', () => {
    const asOf = (when: string) => progress({ figures: many, day: when }).forecast.pace?.households;
    expect(asOf('2017-12-31')).toBe(100);
    expect(asOf('2018-06-01')).toBe(100);
    expect(asOf('2017-01-01')).toBe(36500);
    expect(asOf('2016-12-31')).toBeUndefined();
  });

  it('counts those with a procedure of exit under way as on course, in the year of the day alone', () => {
    const openCase = { id: 'cs_1', kind: 'household-exit', act: 'notice', dueOn: null } as const;
    const other = { ...openCase, kind: 'strike-off' } as const;
    const homesNow = [...homes, home('6', { openCase }), home('7', { openCase: other })];
    const figures = countVillage(homesNow, described, day).figures;
    expect(progress({ figures })).toMatchObject({
      leaving: {
        ...{ households: 1, persons: 2 },
        lists: { persons: `/persons?area=${town}&case=household-exit` },
      },
      forecast: { onCourse: { households: 2, persons: 4 } },
    });
    expect(progress({ figures, year: 2016 }).forecast.onCourse).toEqual({
      households: 1,
      persons: 2,
    });
  });

  it('says how it comes about', () => {
    expect(progress().forecast.formula.pace.zh).toContain('舍去小数');
  });
});

describe('a proposal', () => {
  it('is what is planned for the year and what exited in it already', () => {
    expect(proposedFor(counted, 2017)).toEqual({ households: 3, persons: 6, villages: 1 });
    expect(proposedFor(counted, 2016)).toEqual({ households: 1, persons: 2, villages: 0 });
  });
});

describe('targets on a board', () => {
  const base = { year: 2017, version: 1, actor: 'a', at: 'x', reason: 'r', document: null };
  const set = (code: string, more: Partial<Target> = {}): Target => ({
    ...{ code, ...base, split: null, movedTo: null, ...own },
    ...more,
  });
  const board = {
    area: town,
    figures: counted,
    year: yearOfDay(day),
    day,
    children: [{ code: village, figures: counted }],
  };

  it('stand beside the whole and each part', () => {
    const told = targetsOn(board, { own: set(town), parts: [set(village)] });
    expect(told.whole).toMatchObject({ target: own, unsplit: none });
    expect(told.parts.get(village)).toEqual({
      target: own,
      exited: { households: 1, persons: 2, villages: 0 },
      remaining: { households: 2, persons: 5, villages: 1 },
    });
  });

  it('one that went along with a division is told where it went, and no part without one has any', () => {
    const told = targetsOn(board, { own: set(town, { movedTo: '350122111' }), parts: [] });
    expect(told.whole.target).toBeNull();
    expect(told.parts.get(village)).toMatchObject({ target: null, remaining: null });
  });
});
