import { describe, expect, it } from 'vitest';
import {
  ContractEnd,
  endContract,
  type HealthContext,
  type HealthRecord,
  isInForce,
  NewContract,
  renewContract,
  setUpFile,
  signContract,
} from '../../functions/core/health.ts';
import { doctorStanding, followUpDue } from '../../functions/core/health-due.ts';
import {
  addFollowUp,
  correctFollowUp,
  FollowUpCorrection,
  type FollowUpFound,
  NewFollowUp,
  withdrawFollowUp,
} from '../../functions/core/health-follow-up.ts';
import { type HealthRule, healthRuleOn } from '../../functions/core/health-rule.ts';
import {
  boardLinks,
  healthCounts,
  healthLinks,
  listsOf,
  mayKnowDisease,
  memberHealth,
} from '../../functions/core/health-view.ts';
import type { Member } from '../../functions/core/household.ts';
import { granted, registered, TODAY, VILLAGE, wantedMember } from '../support/build.ts';

const context: HealthContext = {
  ...{ actor: 'town', role: 'office', at: `${TODAY}T01:00:00.000Z`, today: TODAY },
};
const year = { team: '马鼻卫生院一队', doctor: '林医生', from: '2017-03-01', to: '2018-02-28' };

function memberWith(facts: { readonly familyDoctor?: boolean }): Member {
  const [member] = registered({ members: [wantedMember({ facts })] }).household.members;
  if (!member) throw new Error('a household without a member');
  return member;
}
const member = memberWith({});

function ruleOfToday(): HealthRule {
  const found = healthRuleOn(TODAY, VILLAGE);
  if (!found) throw new Error('there is a rule for every place');
  return found;
}
const rule = ruleOfToday();
const signed = granted(signContract({ before: undefined, member }, year, context)).record;
const hypertension = { disease: 'hypertension', since: '2016-05-01' };
const file = { setUpOn: '2017-06-15', diseases: [hypertension] };
const followed = granted(setUpFile({ before: signed, person: member.id }, file, context));

describe('a contract with a family doctor', () => {
  it('says of the person from its first day on that there is one', () => {
    const { record, fact } = granted(signContract({ before: undefined, member }, year, context));
    expect(fact).toEqual({ familyDoctor: true, heldFrom: '2017-03-01', heldTo: null });
    expect(record).toMatchObject({ version: 1, person: member.id, file: null });
    const days = ['2017-02-28', '2017-03-01', '2018-02-28', '2018-03-01'];
    expect(days.map((day) => record.contracts.map((one) => isInForce(one, day)))).toEqual([
      [false],
      [true],
      [true],
      [false],
    ]);
  });

  it('is entered late over what was known later, and before the household stands for nobody', () => {
    const known = memberWith({ familyDoctor: false });
    const late = { ...year, from: '2015-01-01' };
    const { fact } = granted(signContract({ before: undefined, member: known }, late, context));
    expect(fact).toMatchObject({ familyDoctor: true, heldFrom: '2016-01-01' });
  });

  it('that has run out already is entered for its days alone', () => {
    const past = { ...year, from: '2016-03-01', to: '2017-02-28' };
    const { fact, record } = granted(signContract({ before: signed, member }, past, context));
    expect(fact).toEqual({ familyDoctor: true, heldFrom: '2016-03-01', heldTo: '2017-03-01' });
    expect(record.contracts.map(({ from }) => from)).toEqual(['2016-03-01', '2017-03-01']);
  });

  it('is one at a time, begins today at the latest, and ends after it began', () => {
    const sign = (given: object, before: HealthRecord | undefined = undefined) =>
      signContract({ before, member }, { ...year, ...given }, context);
    expect(sign({ from: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    expect(sign({ to: '2017-02-28' })).toMatchObject({ refused: 'date-order' });
    const twice = sign({ from: '2017-10-01', to: '2018-09-30' }, signed);
    expect(twice).toEqual({ refused: 'contract-running', values: { day: '2018-02-28' } });
    const [contract] = signed.contracts;
    const many = Array.from({ length: 50 }, () => ({ ...contract, ...year, to: '2017-04-01' }));
    const full = { ...signed, contracts: many.map((one) => ({ ...signed.contracts[0], ...one })) };
    const old = many.map((one) => ({ ...one, renewals: [], endedOn: null, endReason: null }));
    const later = { from: '2017-10-01', to: '2018-09-30' };
    expect(sign(later, { ...full, contracts: old })).toMatchObject({
      refused: 'contract-too-many',
    });
  });

  it('is renewed to a later day while it is in force', () => {
    const renew = (to: string, today = TODAY) =>
      renewContract({ before: signed, member }, { to }, { ...context, today });
    const { record, fact } = granted(renew('2019-02-28'));
    expect(record.contracts).toMatchObject([
      { to: '2019-02-28', renewals: [{ on: TODAY, until: '2018-02-28' }] },
    ]);
    expect(fact).toMatchObject({ familyDoctor: true, heldFrom: TODAY });
    expect(renew('2018-02-28')).toMatchObject({ refused: 'date-order' });
    expect(renew('2019-02-28', '2018-03-01')).toMatchObject({ refused: 'contract-none' });
    expect(renewContract({ before: undefined, member }, { to: TODAY }, context)).toMatchObject({
      refused: 'contract-none',
    });
  });

  it('that ran out is ended earlier without a word on the days of the next one, or of what was said later', () => {
    const old = { ...year, from: '2016-03-01', to: '2017-02-28' };
    const gone = granted(signContract({ before: undefined, member }, old, context)).record;
    const { record } = granted(signContract({ before: gone, member }, year, context));
    const on = { on: '2016-10-01', reason: '换签约团队' };
    const gap = { familyDoctor: false, heldFrom: '2016-10-01', heldTo: '2017-03-01' };
    expect(granted(endContract({ before: record, member }, on, context)).fact).toEqual(gap);
    const told = { ...memberWith({ familyDoctor: true }), heldFrom: '2016-01-01' };
    const [sheet] = told.facts;
    const said = sheet ? [{ ...sheet, heldFrom: '2017-10-01' }] : [];
    const by = granted(
      endContract({ before: gone, member: { ...told, facts: said } }, on, context),
    );
    expect(by.fact).toEqual({ ...gap, heldTo: '2017-10-01' });
    const newcomer = { ...member, heldFrom: '2017-06-01' };
    const none = endContract({ before: record, member: newcomer }, on, context);
    expect(granted(none).fact).toBeUndefined();
    expect(
      granted(signContract({ before: undefined, member: newcomer }, old, context)).fact,
    ).toBeUndefined();
  });

  it('is ended on a day it is in force, and then another may be signed', () => {
    const on = { before: signed, member };
    const reason = '换签约团队';
    expect(endContract(on, { on: '2017-10-24', reason }, context)).toMatchObject({
      refused: 'date-future',
    });
    expect(endContract(on, { on: '2017-02-01', reason }, context)).toMatchObject({
      refused: 'contract-none',
    });
    const { record, fact } = granted(endContract(on, { on: '2017-10-01', reason }, context));
    expect(fact).toEqual({ familyDoctor: false, heldFrom: '2017-10-01', heldTo: null });
    const [contract] = record.contracts;
    expect(
      contract && [isInForce(contract, '2017-09-30'), isInForce(contract, '2017-10-01')],
    ).toEqual([true, false]);
    const again = { ...year, from: '2017-10-01', to: '2018-09-30' };
    expect(granted(signContract({ before: record, member }, again, context)).record.version).toBe(
      3,
    );
    const overlapping = { ...again, from: '2017-09-30' };
    expect(signContract({ before: record, member }, overlapping, context)).toMatchObject({
      refused: 'contract-running',
      values: { day: '2017-09-30' },
    });
  });
});

describe('a health file', () => {
  it('names each disease once, and nothing of the future', () => {
    const set = (given: Partial<typeof file>) =>
      setUpFile({ before: undefined, person: 'per_1' }, { ...file, ...given }, context);
    expect(granted(set({})).version).toBe(1);
    expect(set({ setUpOn: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    const later = { ...hypertension, since: '2017-10-24' };
    expect(set({ diseases: [later] })).toMatchObject({ refused: 'date-future' });
    const twice = [hypertension, { ...hypertension, since: '2017-01-01' }];
    expect(set({ diseases: twice })).toMatchObject({ refused: 'disease-twice' });
  });

  it('is there before anybody is followed up, and the latest follow-up counts', () => {
    const enter = (before: HealthRecord | undefined, on: string, next?: string) => {
      const given = { on, by: '林医生', way: 'home', ...(next !== undefined && { next }) };
      return addFollowUp({ before, id: 'fu_1' }, given, context);
    };
    expect(enter(undefined, '2017-07-01')).toMatchObject({ refused: 'health-file-none' });
    expect(enter(signed, '2017-07-01')).toMatchObject({ refused: 'health-file-none' });
    expect(enter(followed, '2017-06-14')).toMatchObject({ refused: 'follow-up-before-file' });
    expect(enter(followed, '2017-10-24')).toMatchObject({ refused: 'date-future' });
    expect(enter(followed, '2017-07-01', '2017-07-01')).toMatchObject({ refused: 'date-order' });
    const first = granted(enter(followed, '2017-09-01', '2017-10-15'));
    expect(first.followUp).toMatchObject({ id: 'fu_1', next: '2017-10-15', actor: 'town' });
    const late = granted(enter(first.record, '2017-07-01')).record;
    expect(late.lastFollowUp).toEqual({ on: '2017-09-01', next: '2017-10-15' });
    const last = granted(enter(first.record, '2017-09-01')).record;
    expect(last.lastFollowUp).toEqual({ on: '2017-09-01', next: null });
  });
});

describe('a follow-up that was entered wrongly', () => {
  const enter = (before: HealthRecord, id: string, on: string) =>
    granted(addFollowUp({ before, id }, { on, by: '林医生', way: 'home' }, context));
  const first = enter(followed, 'fu_1', '2017-07-01');
  const second = enter(first.record, 'fu_2', '2017-09-01');
  const found: FollowUpFound = {
    ...{ before: second.record, was: second.followUp, isOver: false },
    all: [first.followUp, second.followUp],
  };
  const given = { on: '2017-08-05', by: '陈医生', way: 'phone', reason: '日期抄错' };
  const other = { ...context, actor: 'somebody' };

  it('is put right for a reason, and when the next is due follows', () => {
    const right = granted(correctFollowUp(found, { ...given, next: '2017-10-30' }, context));
    expect(right.followUp).toMatchObject({
      ...{ id: 'fu_2', version: 2, on: '2017-08-05', by: '陈医生', actor: 'town', withdrawn: null },
      corrected: { actor: 'town', reason: '日期抄错' },
    });
    expect(right.was).toEqual(second.followUp);
    expect(right.record.version).toBe(second.record.version + 1);
    expect(right.record.lastFollowUp).toEqual({ on: '2017-08-05', next: '2017-10-30' });
    expect(followUpDue(rule, right.record, TODAY)?.dueOn).toBe('2017-10-30');
    const early = granted(correctFollowUp(found, { ...given, on: '2017-06-20' }, context));
    expect(early.record.lastFollowUp).toEqual({ on: '2017-07-01', next: null });
  });

  it('no longer counts once it is withdrawn, and is not put right any more', () => {
    const gone = granted(withdrawFollowUp(found, '登记在别人名下', context));
    expect(gone.followUp).toMatchObject({ version: 2, on: '2017-09-01' });
    expect(gone.record.lastFollowUp).toEqual({ on: '2017-07-01', next: null });
    const left = { ...found, was: gone.followUp, all: [gone.followUp], before: gone.record };
    expect(correctFollowUp(left, given, context)).toMatchObject({ refused: 'follow-up-withdrawn' });
    expect(withdrawFollowUp(left, '再次', context)).toMatchObject({
      refused: 'follow-up-withdrawn',
    });
    const alone = { ...found, all: [second.followUp] };
    const none = granted(withdrawFollowUp(alone, '误登', context)).record;
    expect(none.lastFollowUp).toBeNull();
    expect(followUpDue(rule, none, TODAY)?.dueOn).toBe('2017-09-15');
  });

  it('is put right by who entered it, or by an office of a town or above', () => {
    for (const act of [
      (one: FollowUpFound) => correctFollowUp(one, given, other),
      (one: FollowUpFound) => withdrawFollowUp(one, '误登', other),
    ]) {
      expect(act(found)).toMatchObject({ refused: 'follow-up-not-yours' });
      expect(act({ ...found, isOver: true })).toMatchObject({ ok: { followUp: { version: 2 } } });
    }
  });

  it('is held to what holds of every follow-up', () => {
    const right = (change: object) => correctFollowUp(found, { ...given, ...change }, context);
    expect(right({ on: '2017-06-14' })).toMatchObject({ refused: 'follow-up-before-file' });
    expect(right({ on: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    expect(FollowUpCorrection.safeParse({ ...given, reason: '' }).success).toBe(false);
    const nobody = { ...found, before: undefined };
    expect(withdrawFollowUp(nobody, '误登', context)).toMatchObject({
      refused: 'health-file-none',
    });
  });
});

describe('words about a contract or follow-up', () => {
  const seen = { on: '2017-10-01', by: '林医生', way: 'home' };
  const texts: readonly (readonly [string, (text: string) => { readonly success: boolean }])[] = [
    ['team', (team) => NewContract.safeParse({ ...year, team })],
    ['doctor', (doctor) => NewContract.safeParse({ ...year, doctor })],
    ['reason', (reason) => ContractEnd.safeParse({ on: '2017-10-01', reason })],
    ['by', (by) => NewFollowUp.safeParse({ ...seen, by })],
  ];

  it.each(texts)('%s takes no long number', (_field, parse) => {
    expect(parse('一队').success).toBe(true);
    expect(parse('电话 100 9876 5432').success).toBe(false);
  });

  it('take nothing that is not asked for', () => {
    const given = { ...seen, diagnosis: '…' };
    expect(NewFollowUp.safeParse(given).success).toBe(false);
  });
});

describe('the next follow-up', () => {
  it('is due a quarter after the last, or on the day agreed on where that comes earlier', () => {
    const on = '2017-08-01';
    const due = (next: string | null, day = TODAY) =>
      followUpDue(rule, { ...followed, lastFollowUp: { on, next } }, day);
    expect(due(null)).toEqual({ dueOn: '2017-11-01', state: 'due' });
    expect(due('2017-12-01')).toMatchObject({ dueOn: '2017-11-01' });
    expect(due('2017-09-01')).toEqual({ dueOn: '2017-09-01', state: 'overdue' });
    expect(due(null, '2017-10-17')).toMatchObject({ state: 'in-time' });
    expect(due(null, '2017-10-18')).toMatchObject({ state: 'due' });
    expect(due(null, '2017-11-01')).toMatchObject({ state: 'due' });
    expect(due(null, '2017-11-02')).toMatchObject({ state: 'overdue' });
  });

  it('counts from the file, or the disease where that began later, before the first', () => {
    expect(followUpDue(rule, followed, TODAY)).toMatchObject({ dueOn: '2017-09-15' });
    const young = { ...file, diseases: [{ ...hypertension, since: '2017-08-20' }] };
    expect(followUpDue(rule, { ...followed, file: young }, TODAY)).toMatchObject({
      dueOn: '2017-11-20',
    });
  });

  it('follows the disease that asks for most, and nothing asks where no rule or disease does', () => {
    const uneven: HealthRule = { ...rule, timesAYear: { hypertension: 2, diabetes: 6 } };
    const both = [hypertension, { disease: 'diabetes', since: '2017-07-15' }];
    const record = { ...followed, file: { ...file, diseases: both } };
    expect(followUpDue(uneven, record, TODAY)).toMatchObject({ dueOn: '2017-08-15' });
    const unasked = {
      ...followed,
      file: { ...file, diseases: [{ ...hypertension, disease: 'mental' }] },
    };
    expect(followUpDue(uneven, unasked, TODAY)).toBeUndefined();
    expect(followUpDue(null, followed, TODAY)).toBeUndefined();
    expect(followUpDue(rule, signed, TODAY)).toBeUndefined();
    expect(healthRuleOn('2013-12-31', VILLAGE)).toBeNull();
  });
});

describe('how a person stands with a family doctor', () => {
  it('is told by contracts, and where there is none by the fact', () => {
    expect(doctorStanding(signed, null, TODAY)).toBe('contract');
    expect(doctorStanding(undefined, true, TODAY)).toBe('ledger');
    expect(doctorStanding(undefined, false, TODAY)).toBe('none');
    expect(doctorStanding(undefined, null, TODAY)).toBe('unknown');
  });

  it('has lapsed where the contract ran out, and is what the fact says where it was ended', () => {
    expect(doctorStanding(signed, true, '2018-03-01')).toBe('lapsed');
    expect(doctorStanding(signed, false, '2018-03-01')).toBe('none');
    const on = { before: signed, member };
    const ended = granted(endContract(on, { on: '2017-10-01', reason: '迁出' }, context)).record;
    expect(doctorStanding(ended, false, TODAY)).toBe('none');
    expect(doctorStanding(ended, true, TODAY)).toBe('ledger');
    expect(doctorStanding(signed, true, '2017-02-01')).toBe('ledger');
  });
});

describe('what is shown of health', () => {
  const one = { id: 'per_1', name: '陈样本', familyDoctor: null };

  it('is the disease for offices of towns and above alone', () => {
    const actor = (role: 'office' | 'helper' | 'auditor', ...areas: readonly string[]) => ({
      ...{ sub: 's', role, areas },
    });
    expect(mayKnowDisease(actor('office', VILLAGE.slice(0, 9)), VILLAGE)).toBe(true);
    expect(mayKnowDisease(actor('office', '35'), VILLAGE)).toBe(true);
    expect(mayKnowDisease(actor('office', VILLAGE), VILLAGE)).toBe(false);
    expect(mayKnowDisease(actor('office', VILLAGE, '350122102'), VILLAGE)).toBe(false);
    expect(mayKnowDisease(actor('helper', '350122'), VILLAGE)).toBe(false);
    expect(mayKnowDisease(actor('auditor', '350122'), VILLAGE)).toBe(false);
    const showing = { day: TODAY, rule };
    const known = memberHealth(one, followed, { ...showing, mayKnow: true });
    expect(known.file?.diseases).toEqual([hypertension]);
    const hidden = memberHealth(one, followed, { ...showing, mayKnow: false });
    expect(JSON.stringify(hidden)).not.toContain('hypertension');
    expect(hidden).toMatchObject({ file: { diseases: null }, followUp: { state: 'overdue' } });
    expect(memberHealth(one, undefined, { ...showing, mayKnow: true })).toEqual({
      ...{ person: 'per_1', name: '陈样本', version: 0, contracts: [], doctor: 'unknown' },
      ...{ file: null, lastFollowUp: null, followUp: null },
    });
    const seen = { ...followed, lastFollowUp: { on: '2017-09-01', next: null } };
    expect(memberHealth(one, seen, { ...showing, mayKnow: false }).lastFollowUp).toBe('2017-09-01');
  });

  it('every person stands in one list of doctors, one of files, and those of follow-ups that are due', () => {
    const showing = { day: TODAY, rule };
    expect(listsOf(null, followed, showing)).toEqual(['contract', 'file', 'chronic', 'overdue']);
    expect(listsOf(true, undefined, showing)).toEqual(['ledger', 'no-file']);
    const seen = { ...followed, lastFollowUp: { on: '2017-10-20', next: null } };
    expect(listsOf(null, seen, showing)).toEqual(['contract', 'file', 'chronic']);
    const counts = healthCounts([
      listsOf(null, followed, showing),
      listsOf(true, undefined, showing),
    ]);
    expect(counts).toMatchObject({ persons: 2, contract: 1, ledger: 1, file: 1, 'no-file': 1 });
    expect(Object.keys(healthLinks(VILLAGE)).toSorted()).toEqual(Object.keys(counts).toSorted());
    expect(boardLinks('35').covered).toBe('/persons?area=35&guarantee=signed-doctor%3Ayes');
  });
});
