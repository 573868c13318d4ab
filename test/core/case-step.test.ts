import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Case, dueOn, nextStep, noticeClock, openCaseOf } from '../../functions/core/case.ts';
import { newCase } from '../../functions/core/case-open.ts';
import { decidedOn, needsProof, type StepOrder, takeStep } from '../../functions/core/case-step.ts';
import { addDays } from '../../functions/core/day.ts';
import { levels } from '../../functions/core/division.ts';
import { defaultProcedure } from '../../functions/core/procedure.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { granted } from '../support/build.ts';
import { officeOf, orderFor, proposed, upTo } from '../support/case.ts';

const refusalOf = (found: Case, order: StepOrder, by = officeOf('village')) => {
  const taken = takeStep(found, order, { context: by, sheet: null });
  return isRefused(taken) ? taken.refused : undefined;
};

describe('a case', () => {
  it('goes through its steps to the end and keeps every one', () => {
    const done = upTo(proposed(), 'end');
    expect(done.state).toBe('done');
    expect(done.records.map(({ step }) => step)).toEqual(done.steps.map(({ id }) => id));
    expect(nextStep(done)).toBeUndefined();
    expect(openCaseOf(done)).toBeNull();
    expect(decidedOn(done)).toBe('2017-10-08');
    expect(done.version).toBe(1 + done.steps.length);
  });

  it('skips no step and takes none twice', () => {
    const found = proposed();
    for (const { id } of found.steps.slice(1))
      expect(refusalOf(found, orderFor(found, { step: id }))).toBe('step-not-next');
    const next = upTo(found, 'home-check');
    expect(refusalOf(next, orderFor(next, { step: 'village-review' }))).toBe('step-not-next');
  });

  it('is not taken further by an office of another level: the county cannot decide before the town', () => {
    const atTown = upTo(proposed(), 'town-review');
    const order = orderFor(atTown, { heldOn: '2017-10-08' });
    for (const level of levels.filter((one) => one !== 'town'))
      expect(refusalOf(atTown, order, officeOf(level))).toBe('step-wrong-level');
    expect(
      refusalOf(atTown, orderFor(atTown, { step: 'county-decision' }), officeOf('county')),
    ).toBe('step-not-next');
  });

  it('is decided by nobody who proposed or assessed', () => {
    const found = upTo(proposed(), 'decide');
    const order = orderFor(found);
    for (const actor of ['proposer', 'town town-review', 'village home-check'])
      expect(refusalOf(found, order, officeOf('county', actor))).toBe('step-same-person');
    expect(refusalOf(found, order, officeOf('county', 'someone-else'))).toBeUndefined();
  });

  it('takes days in their order and none that is still to come', () => {
    const found = upTo(proposed('household-exit', { openedOn: '2017-10-05' }), 'confirm');
    expect(refusalOf(found, orderFor(found, { heldOn: '2017-10-04' }))).toBe(
      'step-before-previous',
    );
    expect(refusalOf(found, orderFor(found, { heldOn: '2017-10-24' }))).toBe('date-future');
    expect(refusalOf(found, orderFor(found, { heldOn: '2017-10-05' }))).toBeUndefined();
    const opened = newCase(
      { id: 'cs_2', kind: 'return', heldOn: '2017-10-24', reason: '返贫', strikeOff: null },
      {
        subject: { type: 'household', id: 'hh_1' },
        village: '350122101201',
        procedure: defaultProcedure('return'),
      },
      officeOf('village'),
    );
    expect(opened).toMatchObject({ refused: 'date-future' });
  });

  it('waits out its notice to the last day: day one is the day of posting', () => {
    const found = upTo(proposed(), 'town-review');
    expect(noticeClock(found)).toEqual({
      ...{ step: 'notice', postedOn: '2017-10-01', days: 7, paused: 0, lastDay: '2017-10-07' },
    });
    expect(dueOn(found)).toBe('2017-10-08');
    expect(openCaseOf(found)).toMatchObject({ act: 'assess', dueOn: '2017-10-08' });
    const town = officeOf('town');
    expect(refusalOf(found, orderFor(found, { heldOn: '2017-10-07' }), town)).toBe(
      'notice-running',
    );
    expect(refusalOf(found, orderFor(found, { heldOn: '2017-10-08' }), town)).toBeUndefined();
  });

  it('ends where a step is a no, which says why', () => {
    const found = proposed();
    const no = orderFor(found, { outcome: 'failed' });
    expect(refusalOf(found, no)).toBe('reason-required');
    const ended = granted(
      takeStep(found, { ...no, note: '收入不稳' }, { context: officeOf('village'), sheet: null }),
    );
    expect(ended).toMatchObject({ state: 'refused', endedOn: '2017-10-01' });
    expect(refusalOf(ended, orderFor(ended))).toBe('case-ended');
    const posting = upTo(proposed(), 'notice');
    expect(refusalOf(posting, orderFor(posting, { outcome: 'failed', note: '不公示了' }))).toBe(
      'step-cannot-fail',
    );
  });

  it('takes the confirmation of somebody, not of nobody', () => {
    const found = upTo(proposed(), 'confirm');
    expect(refusalOf(found, orderFor(found, { confirmedBy: null }))).toBe('value-missing');
  });

  it('counts an assembly only with two thirds present and more than half of them agreeing', () => {
    const found = upTo(proposed('identification'), 'village-assembly');
    const told = (votes: StepOrder['votes'], outcome: StepOrder['outcome'] = 'passed') =>
      refusalOf(found, orderFor(found, { votes, outcome, note: '评议' }));
    expect(told(null)).toBe('votes-missing');
    expect(told({ of: 30, present: 19, agreed: 19 })).toBe('votes-too-few');
    expect(told({ of: 30, present: 20, agreed: 10 })).toBe('votes-not-agreed');
    expect(told({ of: 30, present: 20, agreed: 11 })).toBeUndefined();
    expect(told({ of: 30, present: 31, agreed: 11 })).toBe('votes-impossible');
    expect(told({ of: 30, present: 20, agreed: 21 })).toBe('votes-impossible');
    expect(told({ of: 30, present: 20, agreed: 3 }, 'failed')).toBeUndefined();
    const review = proposed();
    expect(refusalOf(review, orderFor(review, { votes: { of: 9, present: 1, agreed: 1 } }))).toBe(
      undefined,
    );
  });

  it('freezes the proof with the decision and keeps it', () => {
    const sheet = {
      kind: 'household' as const,
      on: '2017-10-08',
      rule: { id: 'r', version: 1, validFrom: '2016-01-01', source: 's' },
      items: [],
      passes: true,
    };
    const found = upTo(proposed(), 'decide');
    expect(needsProof(found, { outcome: 'passed' })).toBe(true);
    expect(needsProof(found, { outcome: 'failed' })).toBe(false);
    expect(needsProof(proposed(), { outcome: 'passed' })).toBe(false);
    expect(needsProof(upTo(proposed('return'), 'decide'), { outcome: 'passed' })).toBe(false);
    expect(needsProof(upTo(proposed('village-exit'), 'decide'), { outcome: 'passed' })).toBe(true);
    const decided = granted(
      takeStep(found, orderFor(found), { context: officeOf('county'), sheet }),
    );
    expect(decided.sheet).toEqual(sheet);
    expect(upTo(decided, 'end').sheet).toEqual(sheet);
  });

  it('is proposed by those who may take its first step', () => {
    const procedure = defaultProcedure('household-exit');
    const about = { subject: { type: 'household', id: 'hh_1' }, village: '350122101201' } as const;
    const proposal = {
      id: 'cs_1',
      kind: 'household-exit',
      heldOn: '2017-10-01',
      reason: '提出',
      strikeOff: null,
    } as const;
    const by = (level: 'village' | 'county') =>
      newCase(proposal, { ...about, procedure }, officeOf(level));
    expect(isRefused(by('village'))).toBe(false);
    expect(by('county')).toMatchObject({ refused: 'step-wrong-level' });
    const empty = { ...procedure, steps: [] };
    expect(newCase(proposal, { ...about, procedure: empty }, officeOf('county'))).toMatchObject({
      refused: 'step-wrong-level',
    });
  });
});

interface Attempt {
  readonly step: number;
  readonly level: (typeof levels)[number];
  readonly actor: string;
  readonly after: number;
  readonly outcome: StepOrder['outcome'];
}
const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  step: fc.integer({ min: -1, max: 8 }),
  level: fc.constantFrom(...levels),
  actor: fc.constantFrom('anna', 'bo', 'chen'),
  after: fc.integer({ min: -2, max: 9 }),
  outcome: fc.constantFrom('passed' as const, 'passed' as const, 'failed' as const),
});

/** The case after an attempt: as it was where that is refused. */
function tried(found: Case, { step, level, actor, after, outcome }: Attempt): Case {
  const id = found.steps[step]?.id ?? nextStep(found)?.id ?? '';
  const heldOn = addDays(found.records.at(-1)?.heldOn ?? found.openedOn, after);
  const order = orderFor(found, { step: id, heldOn, outcome, note: '说明' });
  const context = officeOf(level, actor, '2018-12-31');
  const taken = takeStep(found, order, { context, sheet: null });
  return isRefused(taken) ? found : taken.ok;
}

describe('whatever is tried in whatever order', () => {
  const attempts = fc.array(anyAttempt, { maxLength: 60 });
  const outcomeOf = (all: readonly Attempt[]) => all.reduce(tried, proposed());

  it('no step is skipped and nothing follows a no', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const { records, steps } = outcomeOf(all);
        expect(records.map(({ step }) => step)).toEqual(
          steps.slice(0, records.length).map(({ id }) => id),
        );
        expect(records.slice(0, -1).every(({ outcome }) => outcome === 'passed')).toBe(true);
      }),
    );
  });

  it('days follow each other, and notices are waited out', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const { records } = outcomeOf(all);
        const days = records.map(({ heldOn }) => heldOn);
        expect(days).toEqual(days.toSorted());
        const posted = records.findIndex(({ act }) => act === 'notice');
        const after = records.slice(posted + 1, posted + 2);
        const due = addDays(records[posted]?.heldOn ?? '2017-01-01', 7);
        if (posted >= 0) expect(after.every(({ heldOn }) => heldOn >= due)).toBe(true);
      }),
    );
  });

  it('nobody who proposed or assessed decides', () => {
    fc.assert(
      fc.property(attempts, (all) => {
        const { records } = outcomeOf(all);
        const by = (act: string) =>
          records.filter((one) => one.act === act).map(({ actor }) => actor);
        const took = new Set(['proposer', ...by('assess')]);
        expect(by('decide').filter((actor) => took.has(actor))).toEqual([]);
      }),
    );
  });
});
