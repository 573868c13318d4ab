import { describe, expect, it } from 'vitest';
import {
  type HouseholdFile,
  headOf,
  isClosed,
  relationOf,
  since,
} from '../../functions/core/household.ts';
import { householdOn, isVoid } from '../../functions/core/household-as-of.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import type { HouseholdEvent } from '../../functions/core/household-event.ts';
import { reinstate } from '../../functions/core/household-return.ts';
import { householdViewOn } from '../../functions/core/household-view.ts';
import { addMember, changeHead, endMember } from '../../functions/core/member.ts';
import {
  context,
  family,
  granted,
  identityOf,
  registered,
  TODAY,
  wantedMember,
} from '../support/build.ts';

const error = { endReason: 'error' };
const openCase = { id: 'cs_1', kind: 'strike-off', act: 'decide', dueOn: null } as const;

function idOf({ household }: HouseholdFile, relation: string): string {
  return household.members.find((member) => relationOf(member) === relation)?.id ?? '';
}

function persons(file: HouseholdFile, events: readonly HouseholdEvent[], day: string) {
  return householdOn(file.household, events, day)?.members.map(({ member }) => member.id);
}

describe('a membership entered by mistake', () => {
  it('never was: no day shows it, and the events keep what was said', () => {
    const file = registered({ members: family() });
    const person = idOf(file, 'mother');
    const { next, event } = granted(endMember(file, { person, ...error, note: '同名' }, context()));
    expect(next.household.past).toMatchObject([
      { id: person, heldFrom: '2016-01-01', heldTo: '2016-01-01', endReason: 'error' },
    ]);
    for (const day of ['2016-01-01', '2017-01-01', TODAY]) {
      expect(persons(next, [event], day)).toHaveLength(3);
      expect(householdViewOn(next.household, [event], day)?.past).toEqual([]);
    }
    const left = { field: 'member', person, before: '黄样四', after: null };
    expect(event).toMatchObject({ kind: 'member-ended', reason: 'error', heldOn: '2016-01-01' });
    expect(event.changes).toEqual([
      left,
      { field: 'note', person: null, before: null, after: '同名' },
    ]);
  });

  it('has no last day of its own; the first one may be said', () => {
    const file = registered({ members: family() });
    const end = (heldTo: string) =>
      endMember(file, { person: idOf(file, 'mother'), ...error, heldTo }, context());
    expect(end('2017-01-01')).toEqual({ refused: 'void-day' });
    expect(end('2016-01-01')).toHaveProperty('ok');
  });

  it('stands in nobody’s way: the person may join from that day or an earlier one', () => {
    const file = registered({ members: family() });
    const born = '1990-01-01';
    const wanted = wantedMember({ birth: born, identity: identityOf(born, 3), relation: 'son' });
    const joining = { ...wanted, joinReason: 'moved-in', id: 'per_in' };
    const added = granted(addMember(file, { ...joining, heldFrom: '2017-05-01' }, context())).next;
    const gone = granted(endMember(added, { person: 'per_in', ...error }, context())).next;
    const again = (heldFrom: string) => addMember(gone, { ...joining, heldFrom }, context());
    expect(again('2017-03-01')).toHaveProperty('ok');
    const { next } = granted(again('2017-05-01'));
    const twice = granted(endMember(next, { person: 'per_in', ...error }, context())).next;
    expect(twice.household.past).toHaveLength(2);
  });

  it('a head entered by mistake never was the head: the successor has been since both were there', () => {
    const file = registered({ members: family() });
    const [head, spouse, son] = ['head', 'spouse', 'son'].map((one) => idOf(file, one));
    if (!head || !spouse || !son) throw new Error('a family without anybody');
    const succession = { newHead: spouse, relations: { [son]: 'son' } };
    const { next, event } = granted(
      endMember(file, { person: head, ...error, ...succession }, context()),
    );
    const then = householdOn(next.household, [event], '2016-01-01')?.members[0];
    expect(then).toMatchObject({ member: { id: spouse }, facts: { relation: 'head' } });
    const stated = { person: spouse, heldFrom: '2017-02-01', reason: '换户主', relations: {} };
    const changed = granted(changeHead(file, stated, context())).next;
    const back = granted(
      changeHead(changed, { ...stated, person: head, heldFrom: '2017-03-01' }, context()),
    ).next;
    const late = granted(endMember(back, { person: head, ...error, ...succession }, context()));
    expect(headOf(late.next.household)?.id).toBe(spouse);
    const members = file.household.members.map((one) =>
      one.id === spouse ? { ...one, facts: [] } : one,
    );
    const unknown = { ...file, household: { ...file.household, members } };
    const named = { person: head, ...error, newHead: spouse };
    const { household } = granted(endMember(unknown, named, context())).next;
    expect(headOf(household)?.id).toBe(spouse);
  });
});

describe('a head who leaves', () => {
  const death = { heldTo: '2017-08-01', endReason: 'death' };

  it('is followed from that day by who is named with it, in one change', () => {
    const file = registered({ members: family() });
    const [head, spouse, son, mother] = file.household.members.map(({ id }) => id);
    if (!head || !spouse || !son || !mother) throw new Error('a family without anybody');
    const relations = { [son]: 'son', [mother]: 'mother-in-law' };
    const end = { person: head, ...death, newHead: spouse, relations };
    const { next, event } = granted(endMember(file, end, context()));
    expect(headOf(next.household)?.id).toBe(spouse);
    expect(idOf(next, 'mother-in-law')).toBe(mother);
    expect(event).toMatchObject({ kind: 'member-ended', reason: 'death' });
    const relation = { field: 'relation', person: spouse, before: 'spouse', after: 'head' };
    expect(event.changes).toContainEqual(relation);
    expect(event.changes).toContainEqual({
      field: 'member',
      person: head,
      before: '陈样一',
      after: null,
    });
    const headOn = (day: string) => persons(next, [event], day)?.[0];
    expect(['2017-07-31', '2017-08-01'].map(headOn)).toEqual([head, spouse]);
  });

  it('leaves today unless a day is told', () => {
    const file = registered({ members: family() });
    const end = { person: idOf(file, 'mother'), endReason: 'death' };
    const { next } = granted(endMember(file, end, context()));
    expect(next.household.past).toMatchObject([{ heldTo: TODAY }]);
    expect(since(file.household, 'income')).toBe('');
  });

  it('who is alone has no successor', () => {
    const file = registered();
    const person = idOf(file, 'head');
    const end = (newHead: string) => endMember(file, { person, ...death, newHead }, context());
    expect(end('per_x')).toEqual({ refused: 'member-unknown' });
    expect(end(person)).toEqual({ refused: 'member-not-live' });
  });

  it('a household in a procedure does not end with its last member before that has ended', () => {
    const file = registered();
    const busy = { ...file, household: { ...file.household, openCase } };
    const end = { person: idOf(file, 'head'), ...death };
    expect(endMember(busy, end, context())).toEqual({
      refused: 'case-open',
      values: { kind: 'strike-off' },
    });
  });
});

describe('a household entered by mistake', () => {
  const order = { heldFrom: '2017-03-01', reason: 'error', note: '重复登记' };

  it('was on the register on no day, and its file and events say what was entered', () => {
    const file = registered({ members: family(), facts: { status: 'exited', exitYear: 2016 } });
    const { next, event } = granted(strikeOff(file, order, context()));
    for (const day of ['2016-01-01', '2017-02-28', '2017-03-01', TODAY])
      expect(householdOn(next.household, [event], day)).toBeUndefined();
    expect(next.household.members).toHaveLength(4);
    const note = { field: 'note', person: null, before: null, after: '重复登记' };
    expect(event.changes).toContainEqual(note);
  });

  it('struck off for any other reason it was there until then', () => {
    const file = registered({ members: family() });
    const gone = granted(strikeOff(file, { ...order, reason: 'gone' }, context()));
    const status = (day: string) =>
      householdOn(gone.next.household, [gone.event], day)?.facts.status;
    expect(['2017-02-28', '2017-03-01'].map(status)).toEqual(['unexited', 'struck-off']);
    expect(isVoid(file.household, [])).toBe(false);
  });

  it('comes back with its history where the mistake was the striking off', () => {
    const file = registered({ members: family() });
    const gone = granted(strikeOff(file, order, context()));
    const wanted = { status: 'unexited', heldFrom: '2017-03-01', reason: 'mistaken', note: null };
    const back = { ...wanted, gone: [], back: {}, succession: {} };
    const { next, event } = granted(
      reinstate(gone.next, { order: back, was: 'unexited' }, context()),
    );
    expect(householdOn(next.household, [gone.event, event], '2016-06-01')?.members).toHaveLength(4);
  });

  it('with the last of its members, where all were entered by mistake', () => {
    const file = registered({ facts: { status: 'exited', exitYear: 2016 } });
    const facts = file.household.facts.map((sheet) => ({ ...sheet, heldFrom: '2016-12-31' }));
    const exited = { ...file, household: { ...file.household, facts } };
    const end = { person: idOf(file, 'head'), ...error };
    const { next, event } = granted(endMember(exited, end, context()));
    expect(isClosed(next.household)).toBe(true);
    expect(event).toMatchObject({ kind: 'struck-off', reason: 'error' });
    expect(householdOn(next.household, [event], '2017-01-01')).toBeUndefined();
  });

  it('is empty since the last true member left, where the others never were', () => {
    const file = registered({ members: family().slice(0, 2) });
    const death = { person: idOf(file, 'spouse'), heldTo: '2017-02-01', endReason: 'death' };
    const left = granted(endMember(file, death, context()));
    const end = { person: idOf(file, 'head'), ...error };
    const { next, event } = granted(endMember(left.next, end, context()));
    const ended = left.next.household.past.map((one) => ({ ...one, heldTo: null }));
    const untold = { ...left.next, household: { ...left.next.household, past: ended } };
    expect(granted(endMember(untold, end, context())).event.kind).toBe('struck-off');
    const events = [left.event, event];
    expect(persons(next, events, '2017-01-31')).toEqual([idOf(file, 'spouse')]);
    expect(householdOn(next.household, events, '2017-02-01')).toMatchObject({
      facts: { status: 'struck-off' },
      members: [],
    });
  });
});
