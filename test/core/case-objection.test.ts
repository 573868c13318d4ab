import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Case, dueOn, noticeClock, openCaseOf } from '../../functions/core/case.ts';
import { raiseObjection, settleObjection, withdraw } from '../../functions/core/case-objection.ts';
import { takeStep } from '../../functions/core/case-step.ts';
import { addDays } from '../../functions/core/day.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { granted } from '../support/build.ts';
import { officeOf, orderFor, proposed, upTo } from '../support/case.ts';

const by = officeOf('village', 'clerk', '2017-12-31');
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

  it('that is upheld ends the case', () => {
    const ended = settled(raised(posted(), '2017-10-03'), '2017-10-05', { upheld: true });
    expect(ended).toMatchObject({ state: 'refused', endedOn: '2017-10-05' });
    expect(dueOn(ended)).toBeNull();
    expect(codeOf(raiseObjection(ended, { id: 'x', raisedOn: '2017-10-05', note: '又' }, by))).toBe(
      'case-ended',
    );
    const again = { id: 'ob_1', upheld: true, resolution: '属实', resolvedOn: '2017-10-06' };
    expect(codeOf(settleObjection(ended, again, by))).toBe('case-ended');
    expect(codeOf(withdraw(ended, by))).toBe('case-ended');
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
      'date-order',
    );
  });

  it('is settled once, on a day after it was raised', () => {
    const found = raised(posted(), '2017-10-03');
    const order = { id: 'ob_1', upheld: false, resolution: '核实', resolvedOn: '2017-10-04' };
    const code = (given: object, on = found) =>
      codeOf(settleObjection(on, { ...order, ...given }, by));
    expect(code({ id: 'ob_2' })).toBe('objection-unknown');
    expect(code({ resolvedOn: '2018-01-01' })).toBe('date-future');
    expect(code({ resolvedOn: '2017-10-02' })).toBe('date-order');
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

  it('open days count once, however many objections were open on them', () => {
    const spans = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 })),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(spans, (all) => {
        let found = posted();
        const [start = ''] = found.records.slice(-1).map(({ heldOn }) => heldOn);
        const open = new Set<number>();
        for (const [at, [from, days]] of all.entries()) {
          found = raised(found, addDays(start, from), `ob_${at}`);
          found = settled(found, addDays(start, from + days), { id: `ob_${at}` });
          for (let day = from; day < from + days; day += 1) open.add(day);
        }
        expect(noticeClock(found)?.paused).toBe(open.size);
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

describe('a proposal', () => {
  it('is taken back before it is decided, not after', () => {
    const back = granted(withdraw(posted(), by));
    expect(back).toMatchObject({ state: 'withdrawn', endedOn: '2017-12-31' });
    expect(dueOn(back)).toBeNull();
    expect(codeOf(withdraw(upTo(posted(), 'announce'), by))).toBe('case-decided');
  });
});
