import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Case, dueOn, noticeClock, openCaseOf } from '../../functions/core/case.ts';
import { raiseObjection, settleObjection, withdraw } from '../../functions/core/case-objection.ts';
import { takeStep } from '../../functions/core/case-step.ts';
import { caseTaken } from '../../functions/core/case-view.ts';
import { addDays } from '../../functions/core/day.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { granted } from '../support/build.ts';
import { officeOf, orderFor, proposed, upTo } from '../support/case.ts';

const by = officeOf('village', 'clerk', '2017-12-31');
const proposer = officeOf('village', 'proposer', '2017-12-31');
const posted = () => upTo(proposed(), 'town-review');
const raised = (found: Case, raisedOn: string, id = 'ob_1') =>
  granted(raiseObjection(found, { id, raisedOn, note: '收入不实' }, by));
const settled = (found: Case, resolvedOn: string, given: { upheld?: boolean; id?: string } = {}) =>
  granted(
    settleObjection(
      found,
      { id: 'ob_1', upheld: false, resolution: '核实无误', resolvedOn, ...given },
      by,
    ),
  );
const codeOf = (decided: ReturnType<typeof raiseObjection>) =>
  isRefused(decided) ? decided.refused : undefined;

describe('an objection', () => {
  it('stops the clock of the notice until it is settled, and the days it was open are hung again', () => {
    const paused = raised(posted(), '2017-10-03');
    expect(noticeClock(paused)).toMatchObject({ lastDay: null });
    expect(openCaseOf(paused)).toMatchObject({ dueOn: null });
    const order = orderFor(paused, { heldOn: '2017-12-01' });
    const town = { context: officeOf('town', 'town', '2017-12-31'), sheet: null };
    expect(takeStep(paused, order, town)).toMatchObject({ refused: 'objection-open' });
    const going = settled(paused, '2017-10-06');
    expect(noticeClock(going)).toMatchObject({ paused: 3, lastDay: '2017-10-10' });
    expect(dueOn(going)).toBe('2017-10-11');
    expect(takeStep(going, { ...order, heldOn: '2017-10-10' }, town)).toMatchObject({
      refused: 'notice-running',
    });
    expect(isRefused(takeStep(going, { ...order, heldOn: '2017-10-11' }, town))).toBe(false);
  });

  it('that is entered after the next step makes the notice hang as long all the same', () => {
    const going = settled(raised(upTo(posted(), 'decide'), '2017-10-03'), '2017-10-06');
    expect(openCaseOf(going)).toMatchObject({ act: 'decide', dueOn: '2017-10-11' });
    const county = { context: officeOf('county', 'county', '2017-12-31'), sheet: null };
    const on = (heldOn: string) => takeStep(going, orderFor(going, { heldOn }), county);
    expect(on('2017-10-10')).toMatchObject({ refused: 'notice-running' });
    expect(isRefused(on('2017-10-11'))).toBe(false);
  });

  it('to a notice that has hung all its days adds none, but nothing goes on while it is open, and no decision before it is settled', () => {
    const town = { context: officeOf('town', 'town', '2017-12-31'), sheet: null };
    const late = settled(raised(posted(), '2017-10-20'), '2017-10-25');
    expect(noticeClock(late)).toMatchObject({ paused: 0, lastDay: '2017-10-07' });
    const review = (heldOn: string) => takeStep(late, orderFor(late, { heldOn }), town);
    expect(review('2017-10-20')).toEqual({
      refused: 'step-before-settlement',
      values: { heldOn: '2017-10-20', settled: '2017-10-25' },
    });
    expect(isRefused(review('2017-10-25'))).toBe(false);
    const reviewed = granted(review('2017-10-15'));
    const county = { context: officeOf('county', 'county', '2017-12-31'), sheet: null };
    const decide = (heldOn: string) => takeStep(reviewed, orderFor(reviewed, { heldOn }), county);
    expect(decide('2017-10-16')).toMatchObject({ refused: 'step-before-settlement' });
    expect(isRefused(decide('2017-10-25'))).toBe(false);
  });

  it('that is upheld ends the case', () => {
    const ended = settled(raised(posted(), '2017-10-03'), '2017-10-05', { upheld: true });
    expect(ended).toMatchObject({ state: 'refused', endedOn: '2017-10-05' });
    expect(codeOf(raiseObjection(ended, { id: 'x', raisedOn: '2017-10-05', note: '又' }, by))).toBe(
      'case-ended',
    );
    const again = { id: 'ob_1', upheld: true, resolution: '属实', resolvedOn: '2017-10-06' };
    expect(codeOf(settleObjection(ended, again, by))).toBe('case-ended');
    expect(codeOf(withdraw(ended, proposer))).toBe('case-ended');
    expect(dueOn(ended)).toBeNull();
  });

  it('is heard from the posting to the decision, and on days that have come', () => {
    const order = { id: 'ob_1', raisedOn: '2017-10-03', note: '不实' };
    expect(codeOf(raiseObjection(proposed(), order, by))).toBe('objection-no-notice');
    expect(codeOf(raiseObjection(upTo(posted(), 'announce'), order, by))).toBe(
      'objection-no-notice',
    );
    expect(codeOf(raiseObjection(upTo(posted(), 'decide'), order, by))).toBeUndefined();
    expect(codeOf(raiseObjection(posted(), { ...order, raisedOn: '2018-01-01' }, by))).toBe(
      'date-future',
    );
    expect(codeOf(raiseObjection(posted(), { ...order, raisedOn: '2017-09-30' }, by))).toBe(
      'objection-before-notice',
    );
  });

  it('is settled once, on a day after it was raised', () => {
    const found = raised(posted(), '2017-10-03');
    const order = { id: 'ob_1', upheld: false, resolution: '核实', resolvedOn: '2017-10-04' };
    const code = (given: object, on = found) =>
      codeOf(settleObjection(on, { ...order, ...given }, by));
    expect(code({ id: 'ob_2' })).toBe('objection-unknown');
    expect(code({ resolvedOn: '2018-01-01' })).toBe('date-future');
    expect(code({ resolvedOn: '2017-10-02' })).toBe('settlement-before-objection');
    const twice = raised(found, '2017-10-03', 'ob_2');
    expect(code({}, settled(twice, '2017-10-05'))).toBe('objection-settled');
  });

  it('is one of so many at most', () => {
    let found = posted();
    for (let at = 0; at < 50; at += 1) found = raised(found, '2017-10-03', `ob_${at}`);
    expect(codeOf(raiseObjection(found, { id: 'x', raisedOn: '2017-10-03', note: '又' }, by))).toBe(
      'objection-too-many',
    );
  });

  it('open days count once, however many objections were open on them, until the notice has hung its days', () => {
    const day = fc.integer({ min: 0, max: 30 });
    const objectedTo = (all: readonly (readonly [number, number])[]) => {
      let found = posted();
      const start = found.records.at(-1)?.heldOn ?? '';
      for (const [at, [from, days]] of all.entries()) {
        found = raised(found, addDays(start, from), `ob_${at}`);
        found = settled(found, addDays(start, from + days), { id: `ob_${at}` });
      }
      return found;
    };
    const spans = fc.array(fc.tuple(day, day), { maxLength: 6 });
    fc.assert(
      fc.property(spans, (all) => {
        const isOpen = (on: number) => all.some(([from, days]) => from <= on && on < from + days);
        let paused = 0;
        for (let on = 0; on - paused < 7; on += 1) paused += isOpen(on) ? 1 : 0;
        expect(noticeClock(objectedTo(all))?.paused).toBe(paused);
      }),
    );
  });
});

describe('a notice', () => {
  it('that counts no days holds nothing up', () => {
    const found = posted();
    const steps = found.steps.map((step) => ({ ...step, days: null }));
    expect(dueOn({ ...found, steps })).toBe('2017-10-01');
  });
});

describe('what a step answers', () => {
  it('names the objection that was recorded just now, and none where none was', () => {
    const before = posted();
    const after = raised(before, '2017-10-03');
    expect(caseTaken(before, after).objection).toBe('ob_1');
    expect(caseTaken(after, after).objection).toBeNull();
    expect(caseTaken(undefined, before).objection).toBeNull();
    expect(caseTaken(undefined, after).objection).toBe('ob_1');
  });
});

describe('a proposal', () => {
  it('is taken back before it is decided, not after', () => {
    const back = granted(withdraw(posted(), proposer));
    expect(back).toMatchObject({ state: 'withdrawn', endedOn: '2017-12-31' });
    expect(dueOn(back)).toBeNull();
    expect(codeOf(withdraw(upTo(posted(), 'announce'), proposer))).toBe('case-decided');
  });

  it('is taken back by who made it or an office above, not by any colleague', () => {
    expect(codeOf(withdraw(posted(), by))).toBe('case-not-yours');
    for (const level of ['town', 'county'] as const)
      expect(codeOf(withdraw(posted(), officeOf(level)))).toBeUndefined();
    const ofTowns = posted();
    const steps = ofTowns.steps.map((step) => ({ ...step, levels: ['town' as const] }));
    expect(codeOf(withdraw({ ...ofTowns, steps }, officeOf('town')))).toBe('case-not-yours');
    expect(codeOf(withdraw({ ...ofTowns, steps }, officeOf('county')))).toBeUndefined();
    expect(codeOf(withdraw({ ...ofTowns, steps: [] }, by))).toBe('case-not-yours');
  });
});
