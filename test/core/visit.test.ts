import { describe, expect, it } from 'vitest';
import { strikeOff } from '../../functions/core/household-close.ts';
import {
  contentText,
  correctVisit,
  newVisit,
  refuseReturning,
  registeredFrom,
  VisitContent,
  type VisitContext,
  type Visited,
  withdrawVisit,
} from '../../functions/core/visit.ts';
import { daysOver, visitDue } from '../../functions/core/visit-due.ts';
import { type VisitRule, visitRuleOn } from '../../functions/core/visit-rule.ts';
import { context, granted, registered, TODAY, VILLAGE } from '../support/build.ts';

function ruleOfToday(): VisitRule {
  const found = visitRuleOn(TODAY, VILLAGE);
  if (!found) throw new Error('there is a rule for every place');
  return found;
}
const rule = ruleOfToday();
const helper: VisitContext = {
  ...{ actor: 'lin', role: 'helper', at: `${TODAY}T01:00:00.000Z`, today: TODAY },
};
const office: VisitContext = { ...helper, actor: 'town', role: 'office' };
const content: VisitContent = { heldOn: '2017-10-20', purposes: ['routine'], found: '一切如常' };
const { household } = registered();
const visited: Visited = { household, rule };
const enter = (given: Partial<VisitContent> = {}, by = helper, at = visited) =>
  newVisit(at, { id: 'vs_1', content: { ...content, ...given } }, by);

describe('a visit', () => {
  it('that names nobody is the visit of the helper who enters it', () => {
    expect(granted(enter()).visitors).toEqual([{ sub: 'lin' }]);
    expect(enter({}, office)).toMatchObject({ refused: 'value-missing' });
    expect(enter({ visitors: [{ sub: 'lin' }] }, office)).toMatchObject({
      refused: 'visitor-unknown',
    });
    const named = enter({ visitors: [{ helper: 'hp_1' }] }, office);
    expect(granted(named)).toMatchObject({ actor: 'town', visitors: [{ helper: 'hp_1' }] });
  });

  it('may be entered for any day where no rule says how late', () => {
    const early = { heldOn: '2016-01-01' };
    expect(enter(early)).toMatchObject({ refused: 'visit-too-late' });
    expect(granted(enter(early, helper, { household, rule: null }))).toMatchObject(early);
  });

  it('lies neither in the future nor before the household was on the register', () => {
    expect(enter({ heldOn: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    const early = enter({ heldOn: '2015-12-31' }, helper, { household, rule: null });
    expect(early).toMatchObject({ refused: 'visit-before-registration' });
  });

  it('to a household that was struck off is one before that day', () => {
    const order = { heldFrom: '2017-10-10', reason: 'error' };
    const { next } = granted(strikeOff(registered(), order, context()));
    const closed = { household: next.household, rule };
    expect(enter({}, helper, closed)).toMatchObject({ refused: 'household-closed' });
    expect(granted(enter({ heldOn: '2017-10-09' }, helper, closed)).version).toBe(1);
  });

  it('is put right on the day it has, however long ago that is', () => {
    const visit = granted(enter());
    const later: VisitContext = { ...helper, today: '2019-01-01' };
    const found = '屋顶漏雨';
    const same = { visited, content: { ...content, found }, reason: '写错' };
    expect(granted(correctVisit(visit, same, later))).toMatchObject({ version: 2, found });
    const moved = { ...same, content: { ...content, heldOn: '2017-10-19' } };
    expect(correctVisit(visit, moved, later)).toMatchObject({ refused: 'visit-too-late' });
    expect(correctVisit(visit, moved, { ...helper, actor: 'zhao' })).toMatchObject({
      refused: 'visit-not-yours',
    });
    const by = { what: '复查', by: '2017-10-01' };
    const wrong = { ...same, content: { ...content, next: by } };
    expect(correctVisit(visit, wrong, helper)).toMatchObject({ refused: 'date-order' });
  });

  it('keeps its visitors where a correction names none, and who no longer helps may stay among them', () => {
    const visit = granted(enter({ visitors: [{ sub: 'lin' }, { helper: 'hp_1' }] }));
    const right = { visited, content, reason: '写错' };
    expect(granted(correctVisit(visit, right, office)).visitors).toEqual(visit.visitors);
    const stranger = { ...right, content: { ...content, visitors: [{ sub: 'zhao' }] } };
    expect(correctVisit(visit, stranger, office)).toMatchObject({ refused: 'visitor-unknown' });
  });

  it('that is withdrawn is changed no more', () => {
    const gone = granted(withdrawVisit(granted(enter()), '记错户', helper));
    expect(gone).toMatchObject({ version: 2, withdrawn: { actor: 'lin', reason: '记错户' } });
    expect(withdrawVisit(gone, '再撤', office)).toMatchObject({ refused: 'visit-withdrawn' });
    const right = { visited, content, reason: '写错' };
    expect(correctVisit(gone, right, helper)).toMatchObject({ refused: 'visit-withdrawn' });
  });

  it('is the same by its content, in every word', () => {
    const next = { what: '复查', by: '2017-11-01' };
    const full: VisitContent = {
      ...content,
      ...{ visitors: [{ sub: 'lin' }, { helper: 'hp_1' }], promised: '送药', next, demand: '修路' },
    };
    const others: readonly Partial<VisitContent>[] = [
      { heldOn: '2017-10-19' },
      { purposes: ['check'] },
      { visitors: [{ helper: 'lin' }, { helper: 'hp_1' }] },
      { found: '屋顶漏雨' },
      { promised: '修路' },
      { next: { ...next, by: '2017-11-02' } },
      { demand: '送药' },
    ];
    const texts = others.map((one) => contentText({ ...full, ...one }));
    expect(new Set([contentText(full), ...texts]).size).toBe(others.length + 1);
    expect(contentText(content)).not.toBe(contentText(full));
    const { found, ...rest } = full;
    expect(contentText({ found, ...rest })).toBe(contentText(full));
  });

  it('has visitors whose names are no long numbers', () => {
    const named = (sub: string) => VisitContent.safeParse({ ...content, visitors: [{ sub }] });
    expect(named('lin').success).toBe(true);
    expect(named('10098765432').success).toBe(false);
  });

  it('counts the register of a household from its first member on', () => {
    expect(registeredFrom(household)).toBe('2016-01-01');
    expect(registeredFrom({ members: [], past: [] })).toBe('');
  });

  it('gives back what it said, and no more', () => {
    const refused = refuseReturning({ refused: 'visit-household-taken' }, content);
    expect(refused.faults).toEqual([
      { field: 'found', code: 'text-returned', values: { text: '一切如常' } },
    ]);
  });
});

describe('when a household is to be visited', () => {
  const ground = {
    ...{ status: 'unexited', lastOn: null, registeredOn: '2017-01-10', pairedOn: '2017-03-05' },
  };
  const byPairing: VisitRule = { ...rule, neverVisited: 'pairing' };

  it('counts from its last visit, by the interval of its status', () => {
    const visit = { ...ground, lastOn: '2017-01-31' };
    expect(visitDue(rule, visit)).toEqual({ dueOn: '2017-02-28', since: 'visit' });
    const exited = { ...visit, status: 'exited' };
    expect(visitDue(rule, exited)).toEqual({ dueOn: '2017-04-30', since: 'visit' });
    expect(visitDue(rule, { ...visit, status: 'struck-off' })).toBeUndefined();
    expect(visitDue(rule, { ...visit, status: 'applicant' })).toBeUndefined();
  });

  it('counts from its registration, or its pairing, where it was never visited', () => {
    expect(visitDue(rule, ground)).toEqual({ dueOn: '2017-02-10', since: 'registration' });
    expect(visitDue(byPairing, ground)).toEqual({ dueOn: '2017-04-05', since: 'pairing' });
    const alone = { ...ground, pairedOn: null };
    expect(visitDue(byPairing, alone)).toMatchObject({ since: 'registration' });
    const earlier = { ...ground, pairedOn: '2016-12-01' };
    expect(visitDue(byPairing, earlier)).toMatchObject({ dueOn: '2017-02-10' });
    const young: VisitRule = { ...rule, validFrom: '2017-06-01' };
    expect(visitDue(young, ground)).toMatchObject({ dueOn: '2017-07-01' });
  });

  it('is a rule of the county before one of the country, and none before its first day', () => {
    const own: VisitRule = { ...rule, scope: '350122', everyMonths: { unexited: 2 } };
    expect(visitRuleOn(TODAY, VILLAGE, [rule, own])).toBe(own);
    expect(visitRuleOn(TODAY, '350121101201', [rule, own])).toBe(rule);
    expect(visitRuleOn('2013-12-31', VILLAGE)).toBeNull();
  });

  it('days over are none on the day itself', () => {
    expect(
      ['2017-10-01', '2017-10-02', '2017-10-31'].map((day) => daysOver('2017-10-01', day)),
    ).toEqual([0, 1, 30]);
  });
});
