import { describe, expect, it } from 'vitest';
import {
  type HouseholdFile,
  headOf,
  relationOf,
  statusOfHousehold,
} from '../../functions/core/household.ts';
import { householdOn } from '../../functions/core/household-as-of.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import type { HouseholdEvent } from '../../functions/core/household-event.ts';
import {
  type Reinstatement,
  reinstate,
  statusBefore,
} from '../../functions/core/household-return.ts';
import { endMember } from '../../functions/core/member.ts';
import { context, family, granted, registered } from '../support/build.ts';

const off = '2017-03-01';
const back = '2017-09-01';

interface StruckOff {
  readonly file: HouseholdFile;
  readonly event: HouseholdEvent;
}

function struckOff(facts: object = {}): StruckOff {
  const file = registered({ members: family(), facts });
  const order = { heldFrom: off, reason: 'not-eligible' };
  const { next, event } = granted(strikeOff(file, order, context()));
  return { file: next, event };
}

function idOf({ household }: HouseholdFile, relation: string): string {
  return household.members.find((member) => relationOf(member) === relation)?.id ?? '';
}

function comeBack({ file, event }: StruckOff, given: Partial<Reinstatement> = {}) {
  const base = { status: 'unexited', heldFrom: back, reason: 'mistaken', note: null };
  const order = { ...base, gone: [], back: {}, succession: {}, ...given };
  return reinstate(file, { order, was: statusBefore([event]) }, context());
}

const early = (field: string) => ({ refused: 'date-order', values: { field } });

describe('coming back after striking off', () => {
  it('the old file goes on under its id and number, with its members, and the time between stays on record', () => {
    const gone = struckOff();
    const { next, event } = granted(comeBack(gone, { note: '核实有误' }));
    expect(next.household).toMatchObject({ id: gone.file.household.id, number: '3501220001' });
    expect(next.household.members).toEqual(gone.file.household.members);
    expect(event).toMatchObject({ kind: 'reinstated', heldOn: back, reason: 'mistaken' });
    const told = (field: string, before: string | null, after: string) => {
      return { field, person: null, before, after };
    };
    expect(event.changes).toContainEqual(told('status', 'struck-off', 'unexited'));
    expect(event.changes).toContainEqual(told('note', null, '核实有误'));
    const events = [event, gone.event];
    const status = (day: string) => householdOn(next.household, events, day)?.facts.status;
    expect(['2017-02-28', off, '2017-08-31', back].map(status)).toEqual([
      'unexited',
      'struck-off',
      'struck-off',
      'unexited',
    ]);
  });

  it('gets a new number where the old one is somebody else’s, and the event tells both', () => {
    const { next, event } = granted(comeBack(struckOff(), { number: '77' }));
    expect(next.household.number).toBe('77');
    const renumbered = { field: 'number', person: null, before: '3501220001', after: '77' };
    expect(event.changes).toContainEqual(renumbered);
    const same = granted(comeBack(struckOff(), { number: '3501220001' })).event;
    expect(same.changes.map(({ field }) => field)).not.toContain('number');
  });

  it.each([
    ['new', {}, ['new', 'unexited']],
    ['unexited', {}, ['unexited']],
    ['pre-exit', {}, ['unexited']],
    ['exited', { exitYear: 2016 }, ['exited']],
    ['returned', {}, ['returned']],
  ])('one that was %s comes back as what had been decided of it', (status, facts, allowed) => {
    const gone = struckOff({ status, ...facts });
    const may = ['new', 'unexited', 'exited', 'returned'].filter(
      (one) => !('refused' in comeBack(gone, { status: one })),
    );
    expect(may).toEqual(allowed);
    const [first = ''] = allowed;
    const { next } = granted(comeBack(gone, { status: first }));
    expect(statusOfHousehold(next.household)).toBe(first);
  });

  it('who applied in vain applies again', () => {
    const { file, event } = struckOff();
    const changes = event.changes.map((one) =>
      one.field === 'status' ? { ...one, before: 'applicant' } : one,
    );
    expect(comeBack({ file, event: { ...event, changes } })).toEqual({
      refused: 'status-transition',
      values: { from: 'applicant', to: 'unexited' },
    });
    expect(statusBefore([])).toBe('new');
    const [change] = changes;
    if (!change) throw new Error('an event without a change');
    const untold = { ...event, changes: [{ ...change, before: null }] };
    expect(statusBefore([untold])).toBe('new');
    const earlier = { ...event, version: 1, changes: [{ ...change, before: 'returned' }] };
    expect(statusBefore([earlier, event])).toBe('unexited');
  });

  it('who no longer belongs to it ends with a reason, the day of striking off unless told', () => {
    const gone = struckOff();
    const [mother, son] = [idOf(gone.file, 'mother'), idOf(gone.file, 'son')];
    const persons = [
      { person: mother, endReason: 'death', heldTo: '2017-05-01' },
      { person: son, endReason: 'moved-out' },
    ];
    const { next } = granted(comeBack(gone, { gone: persons }));
    expect(next.household.past).toMatchObject([
      { id: mother, endReason: 'death', heldTo: '2017-05-01' },
      { id: son, endReason: 'moved-out', heldTo: off },
    ]);
    const refusal = (one: Reinstatement['gone'][number]) => comeBack(gone, { gone: [one] });
    const death = { person: mother, endReason: 'death' };
    expect(refusal({ ...death, heldTo: '2015-12-31' })).toEqual(early('heldTo'));
    expect(refusal({ ...death, heldTo: '2017-09-02' })).toEqual(early('heldTo'));
    expect(refusal({ ...death, person: 'per_x' })).toEqual({ refused: 'member-unknown' });
    expect(comeBack(gone, { gone: [death, death] })).toEqual({ refused: 'member-not-live' });
    const mistaken = { person: mother, endReason: 'error' };
    expect(refusal({ ...mistaken, heldTo: off })).toEqual({ refused: 'void-day' });
    expect(granted(refusal(mistaken)).next.household.past).toMatchObject([
      { heldFrom: '2016-01-01', heldTo: '2016-01-01', endReason: 'error' },
    ]);
  });

  it('where the head is gone a successor is named, or somebody comes back as head', () => {
    const gone = struckOff();
    const [head, spouse] = [idOf(gone.file, 'head'), idOf(gone.file, 'spouse')];
    const dead = [{ person: head, endReason: 'death', heldTo: '2017-05-01' }];
    expect(comeBack(gone, { gone: dead })).toEqual({ refused: 'head-cannot-leave' });
    const succession = { newHead: spouse };
    const { next } = granted(comeBack(gone, { gone: dead, succession }));
    expect(headOf(next.household)?.id).toBe(spouse);
    expect(comeBack(gone, { succession })).toEqual({ refused: 'head-stays' });
  });

  it('who had left before may live there again, from a day after; nobody else', () => {
    const file = registered({ members: family() });
    const [head, son] = [idOf(file, 'head'), idOf(file, 'son')];
    const death = { person: head, heldTo: '2017-02-01', endReason: 'moved-out' };
    const succession = { newHead: son, relations: {} };
    const headless = granted(endMember(file, { ...death, ...succession }, context())).next;
    const { next, event } = granted(
      strikeOff(headless, { heldFrom: off, reason: 'moved-out' }, context()),
    );
    const gone = { file: next, event };
    const dead = [{ person: son, endReason: 'death' }];
    const returned = granted(comeBack(gone, { gone: dead, back: { [head]: 'head' } })).next;
    expect(headOf(returned.household)).toMatchObject({
      id: head,
      heldFrom: back,
      joinReason: 'returned',
    });
    expect(returned.secrets.identities[head]).toBe(file.secrets.identities[head]);
    const refusal = (given: Record<string, string>, on = back) =>
      comeBack(gone, { back: given, heldFrom: on });
    const unknown = { refused: 'member-unknown', faults: [{ field: 'back.per_x' }] };
    expect(refusal({ per_x: 'son' })).toMatchObject(unknown);
    expect(refusal({ [son]: 'son' })).toMatchObject({ refused: 'member-unknown' });
    expect(refusal({ [head]: 'father' }, '2017-01-01')).toEqual(early('heldFrom'));
    expect(refusal({ [head]: 'head' })).toEqual({ refused: 'head-twice' });
  });

  it('is refused of a household nobody is left in, one on the register, and on days that cannot be', () => {
    const gone = struckOff();
    expect(comeBack(gone, { heldFrom: '2017-02-28' })).toEqual(early('heldFrom'));
    expect(comeBack(gone, { heldFrom: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    const live = { ...gone, file: registered() };
    expect(comeBack(live)).toEqual({ refused: 'household-live' });
    const alone = registered();
    const end = { person: idOf(alone, 'head'), heldTo: off, endReason: 'death' };
    const { next, event } = granted(endMember(alone, end, context()));
    expect(comeBack({ file: next, event })).toEqual({ refused: 'household-empty' });
  });
});
