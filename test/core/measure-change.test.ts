import { describe, expect, it } from 'vitest';
import { digestOf, isOverdue, type Measure, outstandingOf } from '../../functions/core/measure.ts';
import {
  changeMeasure,
  endMeasure,
  renewMeasure,
  repayMeasure,
} from '../../functions/core/measure-change.ts';
import type { MeasureDecision } from '../../functions/core/measure-open.ts';
import type { Decided } from '../../functions/core/refusal.ts';
import { context, granted, VILLAGE } from '../support/build.ts';
import { loanBody, opened, postBody, trainingBody } from '../support/measure.ts';

const on = (measure: Measure) => ({ measure, context: context() });
const codeOf = (decided: Decided<MeasureDecision>) =>
  'refused' in decided ? decided.refused : 'granted';
const loan = () => opened(loanBody);
const repaid = (measure: Measure, fen: number) =>
  granted(repayMeasure(on(measure), { paidOn: '2017-03-01', fen })).measure;

describe('a measure that is changed', () => {
  it('says what changed, before and after', () => {
    const responsible = { name: '王样本', organisation: null, helper: null };
    const body = {
      plannedEnd: '2018-01-01',
      note: '已联系',
      income: [{ year: 2017, fen: 200_000, basis: 'stated' }],
    };
    const { measure, event } = granted(changeMeasure(on(opened()), body, responsible));
    expect(measure).toMatchObject({ version: 2, ...body, responsible });
    expect(event).toMatchObject({
      kind: 'changed',
      before: { plannedEnd: null, income: [], responsible: null, note: null },
      after: { plannedEnd: '2018-01-01', responsible },
    });
    expect(Object.keys(event.before)).not.toContain('version');
  });

  it('keeps what is not spoken of', () => {
    const before = opened({ note: '原注' });
    expect(granted(changeMeasure(on(before), { name: '养蜂' }, undefined)).measure).toMatchObject({
      ...{ name: '养蜂', note: '原注', responsible: null },
    });
  });

  it('details are put right by their kind', () => {
    const training = granted(
      changeMeasure(on(opened(trainingBody)), { training: { certificate: true } }, undefined),
    );
    expect(training.measure.details).toMatchObject({ dayCount: 10, certificate: true });
    const post = granted(
      changeMeasure(on(opened(postBody)), { post: { insured: false } }, undefined),
    );
    expect(post.measure.details).toMatchObject({ wageFen: 80_000, insured: false });
    expect(codeOf(changeMeasure(on(opened()), { post: { wageFen: 1 } }, undefined))).toBe(
      'measure-details',
    );
    expect(codeOf(changeMeasure(on(opened(postBody)), { training: {}, post: {} }, undefined))).toBe(
      'measure-details',
    );
    expect(
      codeOf(changeMeasure(on(opened(trainingBody)), { training: {}, post: {} }, undefined)),
    ).toBe('measure-details');
  });

  it('ends after it begins', () => {
    const measure = opened({ startedOn: '2017-03-01' });
    expect(codeOf(changeMeasure(on(measure), { plannedEnd: '2017-03-01' }, undefined))).toBe(
      'date-order',
    );
  });
});

describe('a measure that ends', () => {
  it('has a result and a day, today unless told', () => {
    const { measure, event } = granted(
      endMeasure(on(opened()), {
        result: 'achieved',
        note: '蜂已售',
        income: [{ year: 2017, fen: 1, basis: 'checked' }],
      }),
    );
    expect(measure).toMatchObject({ endedOn: '2017-10-23', result: 'achieved', endNote: '蜂已售' });
    expect(event).toMatchObject({ kind: 'ended', heldOn: '2017-10-23', before: { endedOn: null } });
    expect(codeOf(endMeasure(on(measure), { result: 'failed' }))).toBe('measure-ended');
  });

  it('neither in the future nor before it began', () => {
    const measure = opened({ startedOn: '2017-03-01' });
    expect(codeOf(endMeasure(on(measure), { result: 'failed', endedOn: '2017-10-24' }))).toBe(
      'date-future',
    );
    expect(codeOf(endMeasure(on(measure), { result: 'failed', endedOn: '2017-02-28' }))).toBe(
      'date-order',
    );
  });

  it('one entered by mistake ran on no day, though it had ended, and stays so', () => {
    const ended = granted(
      endMeasure(on(opened({ startedOn: '2017-03-01' })), { result: 'partly' }),
    ).measure;
    const gone = granted(endMeasure(on(ended), { result: 'error', endedOn: '2017-09-01' })).measure;
    expect(gone).toMatchObject({ endedOn: '2017-10-23', result: 'error' });
    expect(codeOf(endMeasure(on(gone), { result: 'error' }))).toBe('measure-void');
    expect(codeOf(changeMeasure(on(gone), { name: '另名' }, undefined))).toBe('measure-void');
    const void_ = granted(endMeasure(on(loan()), { result: 'error' })).measure;
    expect(void_.endedOn).toBe('2016-03-01');
    expect(codeOf(repayMeasure(on(void_), { fen: 1 }))).toBe('measure-void');
  });

  it('a loan ends when it is repaid or written off, and nothing else is written off', () => {
    expect(codeOf(endMeasure(on(loan()), { result: 'achieved' }))).toBe('loan-outstanding');
    expect(codeOf(endMeasure(on(loan()), { result: 'written-off' }))).toBe('granted');
    expect(codeOf(endMeasure(on(repaid(loan(), 3_000_000)), { result: 'achieved' }))).toBe(
      'granted',
    );
    expect(codeOf(endMeasure(on(opened()), { result: 'written-off' }))).toBe('measure-no-loan');
  });
});

describe('a loan', () => {
  it('is repaid in parts, never more than is owed', () => {
    const part = repaid(loan(), 1_000_000);
    expect(digestOf(part).loan).toMatchObject({ outstandingFen: 2_000_000 });
    expect(codeOf(repayMeasure(on(part), { fen: 2_000_001 }))).toBe('loan-overpaid');
    expect(codeOf(repayMeasure(on(part), { paidOn: '2017-10-24', fen: 1 }))).toBe('date-future');
    expect(codeOf(repayMeasure(on(part), { paidOn: '2016-02-28', fen: 1 }))).toBe('date-order');
    expect(codeOf(repayMeasure(on(opened()), { fen: 1 }))).toBe('measure-no-loan');
  });

  it('is overdue after the day it was due, while anything is owed', () => {
    const due = digestOf(loan());
    expect(isOverdue(due, '2018-03-01')).toBe(false);
    expect(isOverdue(due, '2018-03-02')).toBe(true);
    expect(isOverdue(digestOf(repaid(loan(), 3_000_000)), '2018-03-02')).toBe(false);
    expect(isOverdue(digestOf(opened()), '2018-03-02')).toBe(false);
  });

  it('is renewed once, to a later day, for 36 months at most', () => {
    const renewed = granted(renewMeasure(on(loan()), { dueOn: '2019-03-01' }, VILLAGE)).measure;
    expect(renewed.details).toMatchObject({
      dueOn: '2019-03-01',
      renewals: [{ on: '2017-10-23', from: '2018-03-01', dueOn: '2019-03-01' }],
    });
    const tries = [
      [renewed, { dueOn: '2020-01-01' }, 'loan-renewed-often'],
      [loan(), { dueOn: '2018-03-01' }, 'date-order'],
      [loan(), { dueOn: '2020-10-24' }, 'loan-too-long'],
      [loan(), { renewedOn: '2017-10-24', dueOn: '2019-01-01' }, 'date-future'],
      [loan(), { renewedOn: '2016-02-28', dueOn: '2019-01-01' }, 'date-order'],
      [loan(), { renewedOn: '2014-01-01', dueOn: '2019-01-01' }, 'loan-no-rule'],
      [repaid(loan(), 3_000_000), { dueOn: '2019-01-01' }, 'loan-repaid'],
      [opened(), { dueOn: '2019-01-01' }, 'measure-no-loan'],
      [
        granted(endMeasure(on(loan()), { result: 'written-off' })).measure,
        { dueOn: '2019-01-01' },
        'measure-ended',
      ],
    ] as const;
    for (const [measure, body, code] of tries)
      expect(codeOf(renewMeasure(on(measure), body, VILLAGE))).toBe(code);
  });

  it('owes what was lent and not repaid', () => {
    const { details } = repaid(loan(), 1);
    expect(details?.type === 'loan' && outstandingOf(details)).toBe(2_999_999);
  });
});
