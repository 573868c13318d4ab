import { describe, expect, it } from 'vitest';
import { digestOf } from '../../functions/core/measure.ts';
import { followMeasures } from '../../functions/core/measure-household.ts';
import { NewMeasure } from '../../functions/core/measure-input.ts';
import { hadPost, type LastPost, postsWith } from '../../functions/core/measure-past.ts';
import { context, granted } from '../support/build.ts';
import {
  digest,
  loanBody,
  opened,
  postBody,
  refusedOpening,
  trainingBody,
  working,
} from '../support/measure.ts';

const ended = { endedOn: '2016-12-31', result: 'achieved' };
const past = (of: object, given: object = {}) => ({
  ...{ ...of, startedOn: '2016-01-01' },
  ended: { ...ended, ...given },
});

describe('a measure that is entered once it is over', () => {
  it('has its days, its result and what is to be said of it', () => {
    expect(opened(past(trainingBody, { note: '已结业' }))).toMatchObject({
      ...{ startedOn: '2016-01-01', endedOn: '2016-12-31', result: 'achieved', endNote: '已结业' },
    });
    expect(opened(trainingBody)).toMatchObject({ endedOn: null, result: null, endNote: null });
  });

  it('ran on a day at least, and not on days to come; what never was is not entered', () => {
    expect(refusedOpening(past(trainingBody, { endedOn: '2016-01-01' }))[0]).toBe('date-order');
    expect(refusedOpening(past(trainingBody, { endedOn: '2016-01-02' }))).toBe('granted');
    expect(refusedOpening(past(trainingBody, { endedOn: '2017-10-24' }))[0]).toBe('date-future');
    expect(NewMeasure.safeParse(past(trainingBody, { result: 'error' })).success).toBe(false);
    expect(refusedOpening(past(trainingBody, { result: 'written-off' }))).toEqual([
      'measure-no-loan',
      'result',
    ]);
  });
});

describe('a public-welfare post before the present one', () => {
  const present = digestOf(opened(postBody));

  it('is entered where no other one was held on its days', () => {
    expect(refusedOpening(postBody, { measures: [present] })[0]).toBe('post-twice');
    expect(refusedOpening(past(postBody), { measures: [present] })).toBe('granted');
    expect(refusedOpening(past(postBody, { endedOn: '2017-01-01' }), { measures: [present] })).toBe(
      'granted',
    );
    expect(
      refusedOpening(past(postBody, { endedOn: '2017-01-02' }), { measures: [present] })[0],
    ).toBe('post-twice');
  });

  it('is held against those of the person in other households too, whichever was the last', () => {
    const own = (measure: string, startedOn: string, endedOn: string | null) => {
      return { household: 'hh_other', measure, startedOn, endedOn };
    };
    const now = postsWith(undefined, own('ms_2', '2017-02-01', null));
    const lastPost = postsWith(now, own('ms_1', '2015-06-01', '2016-02-01'));
    expect(lastPost).toMatchObject({ measure: 'ms_2', others: [{ measure: 'ms_1' }] });
    expect(refusedOpening(past(postBody), { lastPost })[0]).toBe('post-twice');
    const before = { ...past(postBody), startedOn: '2016-02-01' };
    expect(refusedOpening(before, { lastPost })).toBe('granted');
    const over = postsWith(lastPost, own('ms_2', '2017-02-01', '2017-03-01'));
    expect(over).toMatchObject({ endedOn: '2017-03-01', others: [{ measure: 'ms_1' }] });
    const days = { startedOn: '2017-03-01', endedOn: null };
    expect([hadPost(over, days), hadPost(lastPost, days), hadPost(undefined, days)]).toEqual([
      ...[false, true, false],
    ]);
  });

  it('leaves known that the person has one now, in whatever household that is', () => {
    const measure = digestOf(opened(past(postBody)));
    const told = {
      ...({ kind: 'measure-opened', measure, heldOn: measure.startedOn, reason: null } as const),
    };
    const elsewhere = [{ person: 'per_a', startedOn: '2017-02-01', endedOn: null }];
    const changed = (step: object) =>
      granted(
        followMeasures(
          working(),
          { before: [], after: [measure], ...step },
          { told, context: context() },
        ),
      ).next.household.members[0]?.facts.map(({ values, heldFrom }) => [
        heldFrom,
        values.publicPost,
      ]);
    expect(changed({ elsewhere })).toContainEqual(['2017-02-01', true]);
    expect(changed({})).not.toContainEqual(['2017-02-01', true]);
    const stranger = [{ ...elsewhere[0], person: 'per_b' }];
    expect(changed({ elsewhere: stranger })).not.toContainEqual(['2017-02-01', true]);
    // Of mistakes alone nobody can tell that there was no post.
    const mistaken = [{ ...elsewhere[0], endedOn: '2017-02-01' }];
    const undone = { before: [measure], after: [{ ...measure, result: 'error' }] };
    expect(changed({ ...undone, elsewhere: mistaken })).toEqual(changed(undone));
  });
});

describe('a micro-credit that was repaid before it was entered', () => {
  const loan = (given: object = {}) => ({
    ...loanBody,
    ended: {
      ...{ endedOn: '2017-03-01', result: 'achieved' },
      repayments: [
        { on: '2017-02-28', fen: 1_000_000 },
        { on: '2016-09-01', fen: 2_000_000 },
      ],
      ...given,
    },
  });

  it('is entered with what was repaid, part by part', () => {
    const { details } = opened(loan());
    expect(details).toMatchObject({ repayments: [{ on: '2016-09-01' }, { on: '2017-02-28' }] });
    expect(digestOf(opened(loan())).loan?.outstandingFen).toBe(0);
    const repayments = loan().ended.repayments.toReversed();
    expect(opened(loan({ repayments })).details).toEqual(details);
  });

  it('is over when nothing is owed, or it was written off', () => {
    expect(refusedOpening(loan({ repayments: undefined }))[0]).toBe('loan-outstanding');
    expect(refusedOpening(loan({ repayments: undefined, result: 'written-off' }))).toBe('granted');
    const paid = (on: string, fen: number) => refusedOpening(loan({ repayments: [{ on, fen }] }));
    expect(paid('2016-09-01', 3_000_001)).toEqual(['loan-overpaid', 'ended.repayments']);
    expect(paid('2017-03-02', 3_000_000)).toEqual(['date-order', 'ended.repayments']);
    expect(
      refusedOpening(past(trainingBody, { repayments: [{ on: '2016-02-01', fen: 1 }] })),
    ).toEqual(['measure-details', 'ended.repayments']);
  });

  it('takes no room of a loan that came after it was repaid', () => {
    const later = digest({
      ...{ kind: 'micro-credit', startedOn: '2017-03-01' },
      loan: {
        principalFen: 5_000_000,
        outstandingFen: 5_000_000,
        dueOn: '2019-03-01',
        topUp: false,
      },
    });
    expect(refusedOpening(loanBody, { measures: [later] })).toEqual([
      'loan-too-large',
      'details.principalFen',
    ]);
    expect(refusedOpening(loan(), { measures: [later] })).toBe('granted');
    expect(refusedOpening(loan({ endedOn: '2017-03-02' }), { measures: [later] })[0]).toBe(
      'loan-too-large',
    );
  });
});

describe('the posts of a person', () => {
  it('of two that began on one day the one entered last stands last', () => {
    const one = {
      household: 'hh_1',
      measure: 'ms_1',
      startedOn: '2017-01-01',
      endedOn: '2017-01-01',
    };
    const known: LastPost = { ...one, others: [] };
    expect(postsWith(known, { ...one, measure: 'ms_2', endedOn: null })).toMatchObject({
      ...{ measure: 'ms_2', others: [{ measure: 'ms_1' }] },
    });
  });
});
