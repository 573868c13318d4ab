import { describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { digestOf, overlap, runsOn } from '../../functions/core/measure.ts';
import { NewMeasure } from '../../functions/core/measure-input.ts';
import { shippedModes } from '../../functions/core/measure-mode.ts';
import { measureRulesOn } from '../../functions/core/measure-rule.ts';
import { context, granted, registered, TODAY, VILLAGE, wantedMember } from '../support/build.ts';
import {
  digest,
  loanBody,
  opened,
  postBody,
  refusedOpening,
  trainingBody,
  tryOpening,
  working,
} from '../support/measure.ts';

const loan = (details: object, given = {}) => ({
  ...loanBody,
  ...given,
  details: { ...loanBody.details, ...details },
});

describe('a measure that begins', () => {
  it('says what, by which batch and mode, from when, and who is responsible', () => {
    const responsible = { name: '王样本', organisation: '农业局', helper: null };
    const decided = granted(tryOpening({ startedOn: '2017-03-01' }, { responsible }));
    expect(decided.measure).toMatchObject({
      ...{
        kind: 'industry',
        batch: 'production',
        mode: 'cooperative',
        person: null,
        details: null,
      },
      ...{ startedOn: '2017-03-01', endedOn: null, result: null, version: 1, responsible },
    });
    expect(decided.event).toMatchObject({ kind: 'opened', version: 1, before: {}, after: {} });
    expect(opened().startedOn).toBe(TODAY);
  });

  it('belongs to one of the batches of its kind; where there are several it is asked', () => {
    expect(
      refusedOpening({ kind: 'training', person: 'per_a', details: trainingBody.details }),
    ).toEqual(['measure-batch', 'batch']);
    expect(refusedOpening({ kind: 'relocation', batch: 'production' })).toEqual([
      'measure-batch',
      'batch',
    ]);
    expect(opened({ kind: 'relocation', batch: 'relocation' }).batch).toBe('relocation');
  });

  it('every kind there is has batches that there are', () => {
    const { kinds } = measureRulesOn(TODAY, VILLAGE);
    expect(Object.keys(kinds?.kinds ?? {}).toSorted()).toEqual(codesOf('measureKind').toSorted());
    for (const { batches } of Object.values(kinds?.kinds ?? {}))
      expect(codesOf('measure')).toEqual(expect.arrayContaining([...batches]));
    expect(refusedOpening({ startedOn: '2013-01-01' })).toEqual(['measure-no-rule', 'startedOn']);
  });

  it('has an open mode of the county where it is of industry, and none otherwise', () => {
    const industry = { kind: 'industry', name: '养蜂' };
    expect(refusedOpening(industry)).toEqual(['value-missing', 'mode']);
    expect(refusedOpening({ ...industry, mode: 'own-1' })).toEqual(['mode-unknown', 'mode']);
    const modes = shippedModes.modes.map((mode, at) => ({ ...mode, closed: at === 0 }));
    expect(
      refusedOpening({ ...industry, mode: 'leading-enterprise' }, { modes: { version: 1, modes } }),
    ).toEqual(['mode-closed', 'mode']);
    expect(refusedOpening({ kind: 'housing', batch: 'safety-net', mode: 'dividend' })).toEqual([
      'mode-not-industry',
      'mode',
    ]);
  });

  it('is of a person of the household, or of the household, as its kind asks', () => {
    expect(refusedOpening({ kind: 'job' })).toEqual(['measure-no-person', 'person']);
    expect(refusedOpening({ kind: 'job', person: 'per_z' })).toEqual(['member-unknown', 'person']);
    expect(refusedOpening({ person: 'per_a' })).toEqual(['measure-of-household', 'person']);
    expect(refusedOpening({ kind: 'medical-aid', person: 'per_a' })).toBe('granted');
    expect(refusedOpening({ kind: 'medical-aid' })).toBe('granted');
  });

  it('has the details of its kind and no others', () => {
    expect(refusedOpening({ ...trainingBody, details: undefined })).toEqual([
      'measure-details',
      'details',
    ]);
    expect(refusedOpening({ ...trainingBody, details: postBody.details })).toEqual([
      'measure-details',
      'details',
    ]);
    expect(refusedOpening({ kind: 'care', details: postBody.details })).toEqual([
      'measure-details',
      'details',
    ]);
    expect(opened(trainingBody).details).toEqual({
      ...{ type: 'training', course: '电焊', dayCount: 10, organiser: null, certificate: null },
    });
  });

  it('begins today or earlier and ends after it begins, in a household that is not struck off', () => {
    expect(refusedOpening({ startedOn: '2017-10-24' })).toEqual(['date-future', undefined]);
    expect(refusedOpening({ startedOn: '2017-10-01', plannedEnd: '2017-10-01' })).toEqual([
      'date-order',
      undefined,
    ]);
    const order = { heldFrom: '2017-01-01', reason: 'error' };
    const { next } = granted(strikeOff(working(), order, context()));
    expect(refusedOpening({}, { file: next })).toEqual(['household-closed', undefined]);
    const measures = Array.from({ length: 100 }, () => digest());
    expect(refusedOpening({}, { measures })).toEqual(['measure-too-many', undefined]);
  });

  it('keeps what it brought by year, the later word of a year counting', () => {
    const income = [
      { year: 2017, fen: 1, basis: 'stated' },
      { year: 2016, fen: -5, basis: 'checked' },
      { year: 2017, fen: 9, basis: 'partner' },
    ];
    expect(opened({ income }).income).toEqual([income[1], income[2]]);
  });

  it('takes no long numbers in its words', () => {
    const body = { kind: 'care', name: '电话13800000000' };
    expect(NewMeasure.safeParse(body).success).toBe(false);
  });
});

describe('a public-welfare post', () => {
  const young = (birth: string) =>
    registered({ members: [wantedMember({ id: 'per_a', birth, identity: null })] });

  it('is for those of sixteen and more', () => {
    expect(refusedOpening({ ...postBody, startedOn: '2014-12-31' })).toEqual([
      'measure-no-rule',
      undefined,
    ]);
    expect(refusedOpening(postBody, { file: young('2001-01-02') })).toEqual([
      'post-age',
      undefined,
    ]);
    expect(refusedOpening(postBody, { file: young('2001-01-01') })).toBe('granted');
  });

  it('is not for families of village cadres; where nobody knows that, it is given', () => {
    expect(refusedOpening(postBody, { file: working({ cadreFamily: true }) })).toEqual([
      'post-cadre',
      undefined,
    ]);
    expect(refusedOpening(postBody, { file: working({ cadreFamily: false }) })).toBe('granted');
  });

  it('is the only one of a person at a time, wherever the other one is', () => {
    const held = digestOf(opened(postBody));
    expect(refusedOpening(postBody, { measures: [held] })).toEqual(['post-twice', undefined]);
    expect(
      refusedOpening(postBody, {
        measures: [{ ...held, endedOn: '2017-01-01', startedOn: '2016-01-01' }],
      }),
    ).toBe('granted');
    expect(refusedOpening(postBody, { measures: [{ ...held, person: 'per_b' }] })).toBe('granted');
    expect(refusedOpening(postBody, { measures: [{ ...held, result: 'error' }] })).toBe('granted');
    const lastPost = {
      ...{ household: 'hh_x', measure: 'ms_x', startedOn: '2017-02-01', endedOn: null, others: [] },
    };
    expect(refusedOpening(postBody, { lastPost })).toEqual(['post-twice', undefined]);
    const over = { ...lastPost, startedOn: '2016-02-01', endedOn: '2016-12-31' };
    expect(refusedOpening(postBody, { lastPost: over })).toBe('granted');
    expect(refusedOpening(postBody, { lastPost: { ...lastPost, endedOn: '2017-02-01' } })).toBe(
      'granted',
    );
  });
});

describe('a micro-credit', () => {
  it('comes to 50,000 yuan of a household together, what was repaid not counted', () => {
    expect(refusedOpening(loan({ principalFen: 5_000_000 }))).toBe('granted');
    expect(refusedOpening(loan({ principalFen: 5_000_001 }))).toEqual([
      'loan-too-large',
      'details.principalFen',
    ]);
    const other = { ...digestOf(opened(loanBody)), id: 'ms_other' };
    expect(refusedOpening(loan({ principalFen: 2_000_000 }), { measures: [other] })).toBe(
      'granted',
    );
    expect(refusedOpening(loan({ principalFen: 2_000_001 }), { measures: [other] })).toEqual([
      'loan-too-large',
      'details.principalFen',
    ]);
    const over = { ...other, startedOn: '2014-12-31', endedOn: '2015-12-31' };
    expect(refusedOpening(loan({ principalFen: 5_000_000 }), { measures: [over] })).toBe('granted');
    const bees = digestOf(opened({ startedOn: '2017-01-01' }));
    expect(refusedOpening(loan({ principalFen: 5_000_000 }), { measures: [bees] })).toBe('granted');
    const wrong = { ...other, result: 'error' };
    expect(refusedOpening(loan({ principalFen: 5_000_000 }), { measures: [wrong] })).toBe(
      'granted',
    );
  });

  it('entered late, leaves room for those granted while it ran', () => {
    const during = { ...digestOf(opened(loanBody)), id: 'ms_later', startedOn: '2017-06-01' };
    expect(refusedOpening(loan({ principalFen: 2_000_001 }), { measures: [during] })).toEqual([
      'loan-too-large',
      'details.principalFen',
    ]);
    const after = { ...during, startedOn: '2018-03-01' };
    expect(refusedOpening(loan({ principalFen: 5_000_000 }), { measures: [after] })).toBe(
      'granted',
    );
  });

  it('is topped up only where the rules of its day know that', () => {
    expect(refusedOpening(loan({ topUp: true }))).toEqual(['loan-no-top-up', 'details.topUp']);
    const rule = measureRulesOn('2022-01-01', VILLAGE).loan;
    expect(rule?.topUpMostFen).toBe(10_000_000);
  });

  it('runs for 36 months at most, from the day it is granted', () => {
    expect(refusedOpening(loan({ dueOn: '2019-03-01' }))).toBe('granted');
    expect(refusedOpening(loan({ dueOn: '2019-03-02' }))).toEqual([
      'loan-too-long',
      'details.dueOn',
    ]);
    expect(refusedOpening(loan({ dueOn: '2016-03-01' }))).toEqual(['date-order', 'details']);
    expect(refusedOpening(loan({ grantedOn: '2017-10-24' }))).toEqual(['date-future', 'details']);
    expect(refusedOpening(loan({ grantedOn: '2016-02-29' }))).toEqual(['date-order', undefined]);
    const early = { startedOn: '2014-12-01' };
    expect(refusedOpening(loan({ grantedOn: '2014-12-09' }, early))).toEqual([
      'loan-no-rule',
      'details',
    ]);
  });

  it('is for borrowers of 18 to 65', () => {
    const of = (birth: string) => ({
      file: registered({ members: [wantedMember({ id: 'per_a', birth, identity: null })] }),
    });
    expect(refusedOpening(loanBody, of('1998-03-02'))).toEqual(['loan-age', 'details']);
    expect(refusedOpening(loanBody, of('1998-03-01'))).toBe('granted');
    expect(refusedOpening(loanBody, of('1950-03-02'))).toBe('granted');
    expect(refusedOpening(loanBody, of('1950-03-01'))).toEqual(['loan-age', 'details']);
  });

  it('is for production', () => {
    expect(NewMeasure.safeParse(loan({ purpose: 'wedding' })).success).toBe(false);
  });
});

describe('whether measures run', () => {
  it('from the first day up to but without the last', () => {
    const one = digest({ startedOn: '2017-02-01', endedOn: '2017-03-01' });
    expect(
      ['2017-01-31', '2017-02-01', '2017-02-28', '2017-03-01'].map((day) => runsOn(one, day)),
    ).toEqual([...[false, true, true, false]]);
    expect(runsOn({ ...one, result: 'error' }, '2017-02-01')).toBe(false);
  });

  it('two overlap where there is a day of both', () => {
    const spring = { startedOn: '2017-02-01', endedOn: '2017-05-01' };
    expect(overlap(spring, { startedOn: '2017-05-01', endedOn: null })).toBe(false);
    expect(overlap(spring, { startedOn: '2017-04-30', endedOn: null })).toBe(true);
    expect(overlap({ startedOn: '2017-03-01', endedOn: '2017-03-01' }, spring)).toBe(false);
    expect(overlap(spring, { startedOn: '2017-03-01', endedOn: '2017-03-01' })).toBe(false);
  });
});
