import { describe, expect, it } from 'vitest';
import { current, type HouseholdFile, villageOf } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { planHousehold } from '../../functions/core/household-plan.ts';
import type { HouseholdPlan, WantedHousehold } from '../../functions/core/household-wanted.ts';
import { changeHead, endMember } from '../../functions/core/member.ts';
import {
  context,
  family,
  granted,
  identityOf,
  TODAY,
  wantedHousehold,
  wantedMember,
} from '../support/build.ts';

const ledger = (ledgerDay = TODAY) => ({ ...context({ source: 'imp_1' }), ledgerDay });

function plan(
  file: HouseholdFile | undefined,
  wanted: WantedHousehold,
  day?: string,
): HouseholdPlan {
  return granted(planHousehold(file, wanted, ledger(day)));
}

const exited = wantedHousehold({
  members: family(),
  contact: { phone: '10000000017' },
  facts: { status: 'exited', exitYear: 2016, identifiedYear: 2014, housingGrade: 'B' },
});

describe('a ledger and a household that is not registered', () => {
  it('is new: placed and joined from the end of the identification year, exited from the end of the exit year', () => {
    const { outcome, next, event } = plan(undefined, exited);
    const held = (field: string) =>
      next.household.facts.find((sheet) => field in sheet.values)?.heldFrom;
    expect(outcome).toBe('new');
    expect(event).toMatchObject({ kind: 'registered', source: 'imp_1' });
    expect({ village: held('village'), identified: held('identifiedYear') }).toEqual({
      village: '2014-12-31',
      identified: '2014-12-31',
    });
    expect({ status: held('status'), exit: held('exitYear') }).toEqual({
      status: '2016-12-31',
      exit: '2016-12-31',
    });
    expect(held('housingGrade')).toBe(TODAY);
    expect(next.household.members.map(({ heldFrom }) => heldFrom)).toEqual(
      family().map(({ birth }) => (birth > '2014-12-31' ? birth : '2014-12-31')),
    );
  });

  it('whose status is not exited has held it since identification', () => {
    const facts = { status: 'unexited', identifiedYear: 2015 };
    const { next } = plan(undefined, wantedHousehold({ facts }));
    expect(next.household.facts.find((sheet) => sheet.values.status)?.heldFrom).toBe('2015-12-31');
  });

  it('whose years are unknown or not over yet is held from the ledger’s day', () => {
    const { next } = plan(undefined, wantedHousehold());
    expect(next.household.facts.map(({ heldFrom }) => heldFrom)).toEqual([TODAY]);
    const facts = { status: 'unexited', identifiedYear: 2017 };
    const now = plan(undefined, wantedHousehold({ facts }));
    expect(now.next.household.facts.map(({ heldFrom }) => heldFrom)).toEqual([TODAY]);
  });

  it('is refused for the reasons a clerk would be told', () => {
    const wanted = wantedHousehold({ facts: { status: 'exited' } });
    expect(planHousehold(undefined, wanted, ledger())).toEqual({ refused: 'exit-year-missing' });
  });
});

describe('a ledger and a household on the register', () => {
  const file = plan(undefined, exited).next;

  it('taken again, also from an older or a later day, it changes nothing', () => {
    for (const day of [TODAY, '2017-06-30', '2017-10-20']) {
      expect(plan(file, exited, day)).toMatchObject({
        outcome: 'unchanged',
        next: file,
        event: null,
        changes: [],
        missing: [],
        kept: [],
      });
    }
  });

  it('names every field that would change, and leaves alone what it does not state', () => {
    const [head, ...others] = family();
    const members = [{ ...(head ?? wantedMember()), facts: { labour: 'lost' } }, ...others];
    const wanted = {
      ...exited,
      village: '350122101202',
      members,
      facts: { status: 'exited', exitYear: 2016, housingGrade: 'A' },
      contact: { phone: '10000000018' },
    };
    const planned = plan(file, wanted);
    expect(planned.outcome).toBe('changed');
    expect(planned.changes.map(({ field }) => field).toSorted()).toEqual(
      ['village', 'housingGrade', 'phone', 'labour'].toSorted(),
    );
    expect(villageOf(planned.next.household)).toBe('350122101202');
    const [first] = planned.next.household.members;
    expect(current(first?.facts ?? []).health).toEqual(head?.facts.health);
    expect(current(planned.next.household.facts).identifiedYear).toBe(2014);
    expect(planned.event?.changes).toBe(planned.changes);
  });

  it('reports the members it does not name and never ends them', () => {
    const [head] = family();
    const planned = plan(file, { ...exited, members: [head ?? wantedMember()] });
    expect(planned.outcome).toBe('unchanged');
    expect(planned.missing).toEqual(file.household.members.slice(1).map(({ id }) => id));
  });

  it('lets a new person join from its day, under a known id where there is one', () => {
    const joining = wantedMember({
      name: '陈新生',
      birth: '2017-05-01',
      relation: 'grandson',
      identity: identityOf('2017-05-01', 11),
    });
    const { next, changes } = plan(file, { ...exited, members: [...family(), joining] });
    expect(next.household.members.at(-1)).toMatchObject({ name: '陈新生', heldFrom: TODAY });
    expect(changes).toMatchObject([{ field: 'member', after: '陈新生' }]);
    const known = { ...joining, id: 'per_known' };
    const again = plan(file, { ...exited, members: [...family(), known] });
    expect(again.next.household.members.at(-1)?.id).toBe('per_known');
  });

  it('knows a member by identity, by ledger number, or by name and birth, and corrects the rest', () => {
    const byNumber = plan(
      undefined,
      wantedHousehold({ members: [wantedMember({ number: '0101' })] }),
    ).next;
    const right = identityOf('1962-07-15', 23);
    const corrected = plan(
      byNumber,
      wantedHousehold({ members: [wantedMember({ number: '0101', identity: right })] }),
    );
    expect(corrected.changes).toMatchObject([{ field: 'identityNumber' }]);
    expect(Object.values(corrected.next.secrets.identities)).toEqual([right]);
    const renamed = plan(file, {
      ...exited,
      members: family().map((one) => ({ ...one, name: `${one.name}改` })),
    });
    expect(renamed.changes.map(({ field }) => field)).toEqual(family().map(() => 'name'));
    const nameless = family().map((one) => ({ ...one, identity: null }));
    expect(plan(file, { ...exited, members: nameless })).toMatchObject({ outcome: 'unchanged' });
    const unknown = plan(undefined, { ...exited, members: nameless }).next;
    const told = plan(unknown, exited);
    expect(told.changes.map(({ field }) => field)).toEqual(family().map(() => 'identityNumber'));
  });

  it('a namesake of another birth, or with an identity number of his own, is another person', () => {
    const [head] = family();
    const namesake = wantedMember({
      name: head?.name ?? '',
      relation: 'other',
      identity: identityOf('1962-07-15', 23),
    });
    const planned = plan(file, { ...exited, members: [...family(), namesake] });
    expect(planned.changes).toMatchObject([{ field: 'member' }]);
    const nameless = { ...namesake, birth: '1990-01-01', identity: null };
    expect(plan(file, { ...exited, members: [...family(), nameless] }).changes).toMatchObject([
      { field: 'member' },
    ]);
  });

  it('keeps what is known from a later day, and says where the ledger differs', () => {
    const patch = {
      heldFrom: TODAY,
      heldTo: null,
      reason: null,
      facts: { housingGrade: 'A' },
      cleared: [],
      contact: {},
      members: file.household.members.slice(0, 1).map(({ id }) => ({
        person: id,
        facts: { labour: 'lost' },
        cleared: [],
      })),
    };
    const newer = granted(changeHousehold(file, patch, context()))?.next ?? file;
    const [first] = file.household.members;
    expect(plan(newer, exited, '2017-06-30')).toMatchObject({
      outcome: 'unchanged',
      kept: ['housingGrade', `${first?.id}.labour`],
    });
    expect(plan(newer, exited)).toMatchObject({ outcome: 'changed' });
  });

  it('an old ledger does not undo a newer change of head', () => {
    const bare = { ...exited, members: family().map((one) => ({ ...one, facts: {} })) };
    const opened = plan(undefined, bare).next;
    const [head, spouse] = opened.household.members;
    const change = {
      person: spouse?.id ?? '',
      heldFrom: TODAY,
      reason: '分工',
      relations: { [head?.id ?? '']: 'spouse' },
    };
    const { next } = granted(changeHead(opened, change, context()));
    expect(plan(next, bare, '2017-06-30')).toMatchObject({
      outcome: 'unchanged',
      kept: [`${head?.id}.relation`, `${spouse?.id}.relation`],
    });
  });

  it('a membership whose end is not known does not keep a person away', () => {
    const [head, ...others] = file.household.members;
    const past = others.slice(-1);
    const household = {
      ...file.household,
      members: [...(head ? [head] : []), ...others.slice(0, -1)],
      past,
    };
    const back = plan({ ...file, household }, exited);
    expect(back.next.household.members.at(-1)?.id).toBe(past[0]?.id);
  });

  it('does not bring back someone who left after its day, but takes back someone who returned', () => {
    const leaver = file.household.members.at(-1)?.id ?? '';
    const end = { person: leaver, heldTo: '2017-09-01', endReason: 'moved-out' };
    const left = granted(endMember(file, end, context())).next;
    expect(plan(left, exited, '2017-08-31')).toMatchObject({
      outcome: 'unchanged',
      kept: ['member'],
    });
    const back = plan(left, exited, TODAY);
    expect(back.next.household.members.at(-1)).toMatchObject({ id: leaver, heldFrom: TODAY });
    expect(back.next.household.past).toMatchObject([{ id: leaver, heldTo: '2017-09-01' }]);
  });

  const poor = plan(
    undefined,
    wantedHousehold({ facts: { status: 'unexited', identifiedYear: 2014 } }),
  ).next;

  it('is in conflict where a household it knows would exit or fall back by it, whatever else the row says', () => {
    const facts = { status: 'exited', exitYear: 2016, housingGrade: 'A' };
    expect(planHousehold(poor, wantedHousehold({ facts }), ledger())).toEqual({
      refused: 'procedure-required',
      values: { to: 'exited', procedure: 'household-exit' },
    });
    expect(
      planHousehold(file, { ...exited, facts: { status: 'returned' } }, ledger()),
    ).toMatchObject({ refused: 'procedure-required', values: { procedure: 'return' } });
  });

  it('a step of status before the exit is held from the ledger’s day, and not from before the status it follows', () => {
    const since = (of: HouseholdPlan) =>
      of.next.household.facts.find((sheet) => sheet.values.status)?.heldFrom;
    const facts = { status: 'pre-exit' };
    expect(since(plan(poor, wantedHousehold({ facts }), '2016-12-31'))).toBe('2016-12-31');
    const patch = {
      heldFrom: '2017-05-01',
      heldTo: null,
      reason: '评议',
      facts,
      cleared: [],
      contact: {},
      members: [],
    };
    const before = granted(changeHousehold(poor, patch, context()))?.next;
    const older = wantedHousehold({ facts: { status: 'unexited' } });
    expect(plan(before, older, '2017-04-01')).toMatchObject({ kept: ['status'] });
  });

  it('an exit year put right is held from the exit, never from before it', () => {
    const right = { status: 'exited', exitYear: 2015 };
    const { next } = plan(file, { ...exited, facts: right });
    const sheet = next.household.facts.find(({ values }) => values.exitYear !== undefined);
    expect(sheet).toMatchObject({ heldFrom: '2016-12-31', values: { exitYear: 2015 } });
  });

  it('a household known to have fallen back has no exit year once the ledger states none', () => {
    const returned = { ...exited, facts: { status: 'returned', exitYear: 2016 } };
    const known = plan(undefined, returned).next;
    const { next, changes } = plan(known, { ...exited, facts: { status: 'returned' } });
    expect(current(next.household.facts)).not.toHaveProperty('exitYear');
    expect(changes.map(({ field }) => field)).toEqual(['exitYear']);
  });

  it('is refused when it undoes an exit, names a second head, or the household is struck off', () => {
    const refusal = (wanted: WantedHousehold, of = file) => planHousehold(of, wanted, ledger());
    expect(refusal({ ...exited, facts: { status: 'unexited' } })).toMatchObject({
      refused: 'status-transition',
    });
    const usurper = wantedMember({ name: '陈二', identity: identityOf('1962-07-15', 25) });
    expect(refusal({ ...exited, members: [...family(), usurper] })).toEqual({
      refused: 'head-twice',
    });
    const order = { heldFrom: TODAY, reason: 'error' };
    const { next } = granted(strikeOff(file, order, context()));
    expect(refusal(exited, next)).toEqual({ refused: 'household-closed' });
  });

  it('a ledger that does not state the status leaves it alone', () => {
    expect(plan(file, { ...exited, facts: {} })).toMatchObject({ outcome: 'unchanged' });
  });
});
