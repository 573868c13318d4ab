import { describe, expect, it } from 'vitest';
import {
  type HouseholdFile,
  headOf,
  isClosed,
  relationOf,
  statusOfHousehold,
} from '../../functions/core/household.ts';
import { householdOn } from '../../functions/core/household-as-of.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { type MergerOrder, mergeHouseholds } from '../../functions/core/household-merge.ts';
import { splitHousehold } from '../../functions/core/household-split.ts';
import {
  context,
  family,
  granted,
  identityOf,
  registered,
  VILLAGE,
  wantedMember,
} from '../support/build.ts';

const on = '2017-06-01';
const openCase = { id: 'cs_1', kind: 'return', act: 'decide', dueOn: null } as const;
const early = { refused: 'date-order', values: { field: 'heldFrom' } };

/** A married couple next door. */
function couple(given: object = {}, heldFrom = '2016-01-01'): HouseholdFile {
  const wife = { birth: '1988-01-01', sex: 'female', relation: 'spouse' };
  const members = [
    wantedMember({ birth: '1985-01-01', identity: identityOf('1985-01-01', 1), name: '邻甲' }),
    wantedMember({ ...wife, identity: null, name: '邻乙' }),
  ];
  return registered({ number: '3501220009', members, ...given }, heldFrom);
}

function order(other: HouseholdFile, given: Partial<MergerOrder> = {}): MergerOrder {
  const [husband, wife] = other.household.members;
  const relations = { [husband?.id ?? '']: 'son', [wife?.id ?? '']: 'daughter-in-law' };
  const base = { heldFrom: on, reason: 'care', note: null };
  return { relations, ...base, ...given };
}

function merge(file: HouseholdFile, other: HouseholdFile, given: Partial<MergerOrder> = {}) {
  const decided = { order: order(other, given), context: context() };
  return mergeHouseholds(file, other, decided);
}

describe('merging households', () => {
  it('brings everybody of the other under their ids, and strikes the other off', () => {
    const [file, other] = [registered({ members: family() }), couple()];
    const { stays, gone } = granted(merge(file, other, { note: '由儿子赡养' }));
    const [husband, wife] = other.household.members;
    expect(stays.next.household.members.map(({ id }) => id)).toEqual([
      ...file.household.members.map(({ id }) => id),
      husband?.id,
      wife?.id,
    ]);
    expect(headOf(stays.next.household)).toEqual(headOf(file.household));
    const came = stays.next.household.members.slice(-2);
    expect(came.map(relationOf)).toEqual(['son', 'daughter-in-law']);
    expect(came[0]).toMatchObject({ heldFrom: on, joinReason: 'merged' });
    expect(stays.next.secrets.identities[husband?.id ?? '']).toBe(identityOf('1985-01-01', 1));
    expect(isClosed(gone.next.household)).toBe(true);
    expect(gone.next.household.members).toEqual([]);
    expect(gone.next.household.past).toMatchObject([
      { id: husband?.id, heldTo: on, endReason: 'merged' },
      { id: wife?.id, heldTo: on, endReason: 'merged' },
    ]);
  });

  it('each household has an event that names the other', () => {
    const [file, other] = [registered({ members: family() }), couple()];
    const { stays, gone } = granted(merge(file, other, { note: '由儿子赡养' }));
    const told = (field: string, after: string) => ({ field, person: null, before: null, after });
    expect(stays.event).toMatchObject({ kind: 'merged', reason: 'care', heldOn: on });
    expect(stays.event.changes).toContainEqual(told('mergedFrom', other.household.id));
    expect(stays.event.changes).toContainEqual(told('note', '由儿子赡养'));
    expect(gone.event).toMatchObject({ kind: 'struck-off', reason: 'merged', heldOn: on });
    expect(gone.event.changes).toContainEqual(told('mergedInto', file.household.id));
    expect(gone.event.changes).toContainEqual(told('note', '由儿子赡养'));
  });

  it('on every day each person lives in one of the two', () => {
    const [file, other] = [registered({ members: family() }), couple()];
    const { stays, gone } = granted(merge(file, other));
    const persons = ({ next, event }: typeof stays, day: string) =>
      householdOn(next.household, [event], day)?.members.length;
    expect([persons(stays, '2017-05-31'), persons(gone, '2017-05-31')]).toEqual([4, 2]);
    expect([persons(stays, on), persons(gone, on)]).toEqual([6, 0]);
  });

  it('who was split off may come back, and the former membership stays', () => {
    const file = registered({ members: family() });
    const son = file.household.members.find((one) => relationOf(one) === 'son')?.id ?? '';
    const wanted = { number: '2', village: VILLAGE, heldFrom: on, reason: 'own-household' };
    const split = granted(
      splitHousehold(
        file,
        { ...wanted, persons: { [son]: 'head' }, note: null, facts: {}, succession: {} },
        context(),
      ),
    );
    const [stayed, parts] = [split.stays.next, split.parts.next];
    const back = { relations: { [son]: 'son' } };
    expect(merge(stayed, parts, { ...back, heldFrom: '2017-05-31' })).toEqual(early);
    const { stays } = granted(merge(stayed, parts, { ...back, heldFrom: '2017-09-01' }));
    expect(stays.next.household.past).toMatchObject([{ id: son, heldTo: on }]);
    const member = stays.next.household.members.find(({ id }) => id === son);
    expect(member).toMatchObject({ heldFrom: '2017-09-01', heldTo: null });
  });

  it('who left this household later than that cannot come back before having left', () => {
    const [file, other] = [registered({ members: family() }), couple()];
    const [husband] = other.household.members;
    if (!husband) throw new Error('a couple without anybody');
    const past = [{ ...husband, heldTo: '2017-08-01', endReason: 'moved-out' }];
    const members = file.household.members.map((one, place) =>
      place === 1 ? { ...one, heldFrom: '2017-07-01' } : one,
    );
    const left = { ...file, household: { ...file.household, members, past } };
    expect(merge(left, other)).toEqual(early);
    expect(merge(left, other, { heldFrom: '2017-08-01' })).toHaveProperty('ok');
  });

  it('is refused where a relation is missing, naming each; of strangers; and with a second head', () => {
    const [file, other] = [registered({ members: family() }), couple()];
    const [husband = { id: '' }, wife = { id: '' }] = other.household.members;
    expect(merge(file, other, { relations: { [wife.id]: 'other' } })).toEqual({
      refused: 'request-invalid',
      faults: [
        {
          field: `relations.${husband.id}`,
          code: 'value-missing',
          values: { field: 'relation' },
        },
      ],
    });
    const stranger = { ...order(other).relations, per_x: 'son' };
    expect(merge(file, other, { relations: stranger })).toMatchObject({
      refused: 'member-unknown',
      faults: [{ field: 'relations' }],
    });
    const two = { ...order(other).relations, [husband.id]: 'head' };
    expect(merge(file, other, { relations: two })).toEqual({ refused: 'head-twice' });
  });

  it('is refused with itself, with households struck off or in a procedure, saying which', () => {
    const [file, other] = [registered({ members: family() }), couple()];
    const off = (one: HouseholdFile) =>
      granted(strikeOff(one, { heldFrom: on, reason: 'gone' }, context())).next;
    const busy = (one: HouseholdFile) => ({ ...one, household: { ...one.household, openCase } });
    const ofOther = { faults: [{ field: 'household' }] };
    expect(merge(file, file)).toMatchObject({ refused: 'merger-same', ...ofOther });
    expect(merge(off(file), other)).toEqual({ refused: 'household-closed' });
    expect(merge(file, off(other))).toMatchObject({ refused: 'household-closed', ...ofOther });
    expect(merge(busy(file), other)).toEqual({ refused: 'case-open', values: { kind: 'return' } });
    expect(merge(file, busy(other))).toMatchObject({ refused: 'case-open', ...ofOther });
  });

  it('the status of the one that stays counts', () => {
    const file = registered({ members: family() });
    const other = couple({ facts: { status: 'exited', exitYear: 2016 } });
    const { stays } = granted(merge(file, other));
    expect(statusOfHousehold(stays.next.household)).toBe('unexited');
  });

  it('is refused on days that cannot be: before either was there, or before its present status, or tomorrow', () => {
    const file = registered({ members: family() });
    expect(merge(file, couple({}, '2017-07-01'))).toEqual(early);
    expect(merge(registered({ members: family() }, '2017-07-01'), couple())).toEqual(early);
    const other = couple();
    const facts = other.household.facts.map((sheet) => ({ ...sheet, heldFrom: '2017-07-01' }));
    expect(merge(file, { ...other, household: { ...other.household, facts } })).toEqual(early);
    expect(merge(file, other, { heldFrom: '2017-10-24' })).toMatchObject({
      refused: 'date-future',
    });
  });
});
