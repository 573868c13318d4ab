import { describe, expect, it } from 'vitest';
import type { Case } from '../../functions/core/case.ts';
import { raiseObjection, settleObjection, withdraw } from '../../functions/core/case-objection.ts';
import { takeStep } from '../../functions/core/case-step.ts';
import { fieldReason } from '../../functions/core/field-reason.ts';
import {
  type HouseholdOnSheet,
  hangsOn,
  householdNotices,
  NoticeQuery,
  placesOf,
  postedIn,
  villageContent,
  villageNotices,
} from '../../functions/core/notice-case.ts';
import { defaultProcedure } from '../../functions/core/procedure.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { context, family, granted, registered, VILLAGE } from '../support/build.ts';
import { officeOf, orderFor, proposed, upTo } from '../support/case.ts';

const row = rosterOf(registered({ members: family() }).household);
const names = new Map([
  [VILLAGE, { name: '东湾村委会' }],
  ['350122101202', { name: '北门社区居委会' }],
  ['350122101', { name: '敖江镇' }],
  ['350122', { name: '连江县' }],
]);

/** An exit whose notice was posted on the first of October. */
const posted = (given: Partial<Case> = {}): Case => ({
  ...upTo(proposed(), 'town-review'),
  ...given,
});
const sheet = (found: Case, step = 'notice') => granted(postedIn(found, step));

function objected(found: Case, raisedOn: string, resolvedOn?: string): Case {
  const id = `ob_${found.objections.length}`;
  const raised = granted(raiseObjection(found, { id, raisedOn, note: '不符' }, context()));
  if (resolvedOn === undefined) return raised;
  const order = { id, resolvedOn, upheld: false, resolution: '核实无误' };
  return granted(settleObjection(raised, order, context()));
}

describe('what a case has posted', () => {
  it('hangs from its day on as long as its procedure says, in the place it says', () => {
    expect(sheet(posted())).toEqual({
      ...{ step: 'notice', village: VILLAGE, area: VILLAGE, act: 'notice', level: 'village' },
      ...{ round: null, postedOn: '2017-10-01', days: 7, lastDay: '2017-10-07', paused: 0 },
    });
  });

  it('is nothing before it was posted, and under the name of a step that posts nothing', () => {
    expect(postedIn(posted(), 'announcement')).toMatchObject({
      refused: 'notice-not-posted',
      values: { step: '公告退出' },
    });
    expect(postedIn(posted(), 'village-review')).toMatchObject({ refused: 'not-found' });
    expect(postedIn(posted(), 'second-notice')).toMatchObject({ refused: 'not-found' });
  });

  it('that tells of a decision has no days, and hangs in the county where no other place was set', () => {
    const { steps, ...procedure } = defaultProcedure('household-exit');
    const elsewhere = steps.map((step) =>
      step.act === 'announce' ? { ...step, place: null } : step,
    );
    const done = upTo(
      proposed('household-exit', { procedure: { ...procedure, steps: elsewhere } }),
      'mark',
    );
    expect(sheet(done, 'announcement')).toMatchObject({
      ...{ act: 'announce', level: 'county', area: '350122', days: null, lastDay: null, paused: 0 },
    });
  });

  it('stands still while an objection is open, and hangs the longer once it is settled', () => {
    const open = objected(posted(), '2017-10-03');
    expect(sheet(open)).toMatchObject({ lastDay: null, paused: 0 });
    const settled = objected(posted(), '2017-10-03', '2017-10-05');
    expect(sheet(settled)).toMatchObject({ lastDay: '2017-10-09', paused: 2 });
  });

  it('the first of two notices keeps its days whatever is objected to the second', () => {
    const applied = proposed('identification');
    const early = objected(upTo(applied, 'town-review'), '2017-10-02', '2017-10-03');
    const order = orderFor(early, { heldOn: '2017-10-09' });
    const reviewed = granted(
      takeStep(early, order, { context: officeOf('town', 'r'), sheet: null }),
    );
    const second = upTo(reviewed, 'county-decision');
    const found = objected(second, '2017-10-10');
    expect(sheet(found, 'first-notice')).toMatchObject({
      ...{ round: 1, postedOn: '2017-10-01', lastDay: '2017-10-08', paused: 1 },
    });
    expect(sheet(found, 'second-notice')).toMatchObject({
      ...{ round: 2, postedOn: '2017-10-09', lastDay: null },
    });
  });

  it('hangs from its first to its last day, on while an objection is open, and no longer than its case', () => {
    const found = posted();
    const days = ['2017-09-30', '2017-10-01', '2017-10-07', '2017-10-08'];
    expect(days.map((day) => hangsOn(found, sheet(found), day))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    const open = objected(found, '2017-10-03');
    expect(hangsOn(open, sheet(open), '2017-12-31')).toBe(true);
    const back = granted(withdraw(found, officeOf('village', 'proposer')));
    expect(hangsOn(back, sheet(back), '2017-10-02')).toBe(false);
  });
});

describe('sheets', () => {
  const on = (found: Case): HouseholdOnSheet => ({ posted: sheet(found), row });

  it('hold everybody who hangs on the same board over the same days, one for each place and period', () => {
    const here = on(posted());
    const there = on(posted({ village: '350122101202' }));
    const later = on(upTo(proposed('household-exit', { openedOn: '2017-10-03' }), 'town-review'));
    const paused = on(objected(posted(), '2017-10-03'));
    const notices = granted(
      householdNotices('household-exit', [there, later, here, paused, here], names),
    );
    expect(
      notices.map(({ title, rows, postedOn, lastDay }) => [
        title.slice(0, 7),
        rows.length,
        postedOn,
        lastDay,
      ]),
    ).toEqual([
      ['敖江镇东湾村拟', 2, '2017-10-01', '2017-10-07'],
      ['敖江镇东湾村拟', 1, '2017-10-01', null],
      ['敖江镇东湾村拟', 1, '2017-10-03', '2017-10-09'],
      ['敖江镇北门社区', 1, '2017-10-01', '2017-10-07'],
    ]);
    expect(notices[0]?.rows[1]).toEqual(['2', '陈样一', '东湾村', '4', '一般贫困户', '拟脱贫退出']);
    expect(householdNotices('household-exit', [], names)).toEqual({ ok: [] });
  });

  it('name places by their code where the register does not know them', () => {
    const found = on(posted());
    const [notice] = granted(householdNotices('household-exit', [found], new Map()));
    expect(notice?.title).toContain(`350122101${VILLAGE}`);
    expect(placesOf(found.posted)).toEqual([VILLAGE, '350122101', '350122']);
  });

  it('are none where there are no words for their day', () => {
    const early = { ...on(posted()), posted: { ...sheet(posted()), postedOn: '2013-10-31' } };
    expect(householdNotices('household-exit', [early], names)).toMatchObject({
      refused: 'notice-no-words',
    });
  });

  it('of villages say how many households and persons of each are registered, and who is poor', () => {
    const closed = { ...row, status: 'struck-off' };
    const content = villageContent(
      [row, { ...row, status: 'exited', exitYear: 2017 }, closed],
      { population: 400 },
      '2017-10-23',
    );
    expect(content).toEqual({ households: 2, persons: 8, unexited: 4, population: 400 });
    expect(villageContent([], undefined, '2017-10-23')).toMatchObject({ population: null });
    const found: Case = {
      ...upTo(proposed('village-exit'), 'decide'),
      subject: { type: 'village', code: VILLAGE },
    };
    const [notice] = granted(villageNotices([{ posted: sheet(found), row: content }], names));
    expect(notice?.title).toBe('连江县敖江镇拟退出贫困村名单公示');
    expect(notice?.rows).toEqual([
      ['1', '敖江镇', '东湾村', '2户8人', '4', '1.00%', '拟退出贫困村'],
    ]);
  });

  it('are asked for by a town or a village', () => {
    const asked = (area: string) =>
      NoticeQuery.safeParse({ area, case: 'return', step: 'notice' }).error?.issues.map((issue) =>
        fieldReason(issue, 'zh'),
      );
    const no = ['请选择一个乡镇或一个村'];
    expect([VILLAGE, '350122101', '350122', '1'].map(asked)).toEqual([
      undefined,
      undefined,
      no,
      no,
    ]);
  });
});
