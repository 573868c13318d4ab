import { describe, expect, it } from 'vitest';
import { digestOf } from '../../functions/core/measure.ts';
import {
  isListed,
  listedIn,
  loansIn,
  measuresLink,
  sumMeasures,
} from '../../functions/core/measure-sum.ts';
import {
  LoanQuery,
  MeasureQuery,
  MeasureSum,
  measureRow,
  measureTaken,
  measureView,
} from '../../functions/core/measure-view.ts';
import { digest, loanBody, opened, postBody, trainingBody } from '../support/measure.ts';
import { roster } from '../support/roster.ts';

const today = '2017-10-23';
const asked = { area: '350122', today } as const;
const bees = digest({
  income: [
    { year: 2016, fen: 100, basis: 'checked' },
    { year: 2017, fen: 50, basis: 'stated' },
  ],
});
const pigs = digest({
  mode: 'dividend',
  endedOn: '2017-06-01',
  result: 'achieved',
  income: [{ year: 2017, fen: -20, basis: 'stated' }],
});
const wrong = digest({
  result: 'error',
  endedOn: '2017-01-01',
  income: [{ year: 2017, fen: 999, basis: 'stated' }],
});
const post = digestOf(opened(postBody));
const training = digestOf(opened(trainingBody));
const loan = digestOf(opened(loanBody));
const one = { roster: roster({ id: 'hh_1' }), measures: [bees, pigs, wrong, post] };
const other = {
  roster: roster({ id: 'hh_2' }),
  measures: [
    { ...post, person: 'per_b', post: { wageFen: 70_000, insured: null } },
    training,
    loan,
  ],
};
const gone = {
  roster: roster({ id: 'hh_3', status: 'struck-off' }),
  measures: [
    bees,
    {
      ...loan,
      loan: { ...loan.loan, principalFen: 1, outstandingFen: 1, topUp: false, dueOn: '2017-10-22' },
    },
  ],
};

describe('lists of measures', () => {
  it('tell those under way from those that have ended; what was entered by mistake is in none', () => {
    expect(listedIn(one, { state: 'running' }, today)).toEqual([bees, post]);
    expect(listedIn(one, { state: 'ended' }, today)).toEqual([pigs]);
    expect(isListed(wrong, {}, today)).toBe(false);
  });

  it('are told apart by batch, kind, mode, insurance and certificate', () => {
    expect(listedIn(one, { batch: 'safety-net' }, today)).toEqual([post]);
    expect(listedIn(one, { kind: 'industry', mode: 'dividend' }, today)).toEqual([pigs]);
    expect(listedIn(one, { insured: 'yes' }, today)).toEqual([post]);
    expect(listedIn(other, { insured: 'unknown' }, today)).toHaveLength(1);
    expect(listedIn(other, { certificate: 'unknown' }, today)).toEqual([training]);
    expect(listedIn(other, { certificate: 'no' }, today)).toEqual([]);
    const uninsured = { ...post, post: { wageFen: 1, insured: false } };
    expect(isListed(uninsured, { insured: 'no' }, today)).toBe(true);
  });

  it('leave out who is not on the register, whose debts stay', () => {
    expect(listedIn(gone, {}, today)).toEqual([]);
    expect(loansIn(gone, {}, today)).toHaveLength(1);
    expect(loansIn(gone, { overdue: 'yes' }, today)).toHaveLength(1);
    expect(loansIn(other, { overdue: 'yes' }, today)).toEqual([]);
    expect(loansIn(other, { dueBy: '2018-02-28' }, today)).toEqual([]);
    expect(loansIn(other, { dueBy: '2018-03-01' }, today)).toEqual([loan]);
    expect(loansIn(other, {}, '2016-02-29')).toEqual([]);
  });
});

describe('measures of an area', () => {
  const sum = MeasureSum.parse(sumMeasures([one, other, gone], asked, 150));

  it('are counted by batch, kind and mode, under way and ended, with the households and persons helped', () => {
    expect(sum.all).toMatchObject({ running: 5, ended: 1, households: 2, persons: 2 });
    expect(sum.byBatch.production).toMatchObject({ running: 3, ended: 1, households: 2 });
    expect(sum.byKind['public-post']).toMatchObject({ running: 2, households: 2, persons: 2 });
    expect(sum.byMode).toEqual({
      cooperative: expect.objectContaining({ running: 1, ended: 0 }),
      dividend: expect.objectContaining({ running: 0, ended: 1 }),
    });
    expect(sum.byKind.industry?.lists.ended).toBe(
      '/measures?area=350122&kind=industry&state=ended',
    );
  });

  it('with what they brought, by year and how it is known', () => {
    expect(sum.income).toEqual({
      2016: { fen: 100, byBasis: { checked: 100 } },
      2017: { fen: 30, byBasis: { stated: 30 } },
    });
  });

  it('with posts, trainings and loans, each with its list', () => {
    expect(sum.posts).toMatchObject({
      ...{ running: 2, wageFenPerMonth: 150_000 },
      insured: { yes: { measures: 1 }, no: { measures: 0 }, unknown: { measures: 1 } },
    });
    expect(sum.posts.insured.no.list).toBe(
      '/measures?area=350122&kind=public-post&state=running&insured=no',
    );
    expect(sum.trainings).toMatchObject({ trainings: 1, persons: 1, dayCount: 10 });
    expect(sum.loans).toMatchObject({
      unpaid: { loans: 2, outstandingFen: 3_000_001, list: '/measures/loans?area=350122' },
      due: { by: '2018-03-22', loans: 2 },
      overdue: { loans: 1, outstandingFen: 1, list: '/measures/loans?area=350122&overdue=yes' },
    });
    expect(measuresLink('350122', { kind: undefined })).toBe('/measures?area=350122');
  });

  it('of nobody are nothing', () => {
    expect(MeasureSum.parse(sumMeasures([], asked, 30))).toMatchObject({ byBatch: {}, income: {} });
  });
});

describe('what is asked of measures', () => {
  it('is of a place there is', () => {
    expect(MeasureQuery.safeParse({ area: '350122', kind: 'care' }).success).toBe(true);
    expect(MeasureQuery.safeParse({ area: '3', kind: 'care' }).success).toBe(false);
    expect(LoanQuery.safeParse({ area: '350122', dueBy: '2017-02-30' }).success).toBe(false);
  });
});

describe('a measure as it is shown', () => {
  it('says whether it runs, has ended or never was, and whether it is overdue', () => {
    const measure = opened(loanBody);
    const view = measureView(measure, digestOf(measure), '2018-03-02');
    expect(view).toMatchObject({ state: 'running', overdue: true });
    expect(view.href).toBe(`/households/${measure.household}/measures/${measure.id}`);
    const ended = { ...measure, endedOn: '2017-01-01', result: 'written-off' };
    expect(measureView(ended, digestOf(ended), '2018-03-02')).toMatchObject({
      state: 'ended',
      overdue: false,
    });
    expect(measureTaken({ ...ended, result: 'error' }, today).state).toBe('void');
    expect(measureRow(roster({ id: 'hh_9' }), loan, today)).toMatchObject({
      ...{ state: 'running', overdue: false, household: { id: 'hh_9', headName: '样本' } },
    });
  });
});
