import { describe, expect, it } from 'vitest';
import {
  current,
  type HouseholdFile,
  headOf,
  isClosed,
  relationOf,
} from '../../functions/core/household.ts';
import { householdOn } from '../../functions/core/household-as-of.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
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

const child = {
  ...wantedMember({
    name: '陈新生',
    birth: '2017-05-01',
    relation: 'son',
    identity: identityOf('2017-05-01', 11),
  }),
  heldFrom: '2017-05-01',
  joinReason: 'birth',
};

/** The id of the member who stands in that relation to the head. */
function idOf(file: HouseholdFile, relation: string): string {
  return file.household.members.find((member) => relationOf(member) === relation)?.id ?? '';
}

const closed = () =>
  granted(strikeOff(registered(), { heldFrom: '2017-03-01', reason: 'error' }, context())).next;

describe('joining a household', () => {
  it('a membership whose end was never told leaves no room for another', () => {
    const file = registered({ members: family() });
    const [one] = file.household.members;
    if (!one) throw new Error('a family without anybody');
    const past = [{ ...one, id: 'per_gone', heldFrom: '2016-01-01', heldTo: null }];
    const gone = { ...file, household: { ...file.household, past } };
    expect(addMember(gone, { ...child, id: 'per_gone' }, context())).toMatchObject({
      refused: 'date-order',
    });
  });

  it('a newborn belongs to it from birth, with the reason on record', () => {
    const { next, event } = granted(addMember(registered(), child, context()));
    const joined = next.household.members.at(-1);
    expect(joined).toMatchObject({ heldFrom: '2017-05-01', joinReason: 'birth', heldTo: null });
    expect(event).toMatchObject({
      kind: 'member-added',
      reason: 'birth',
      changes: [{ field: 'member', person: joined?.id, before: null, after: '陈新生' }],
    });
    expect(next.secrets.identities[joined?.id ?? '']).toBe(child.identity);
  });

  it('is refused before birth, from tomorrow, as a second head, or as someone who is there already', () => {
    const file = registered();
    const [head] = file.household.members;
    const refusal = (given: object) => addMember(file, { ...child, ...given }, context());
    expect(refusal({ heldFrom: '2017-04-30' })).toMatchObject({ refused: 'date-order' });
    expect(refusal({ heldFrom: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    expect(refusal({ relation: 'head' })).toMatchObject({ refused: 'head-twice' });
    expect(refusal({ id: head?.id })).toMatchObject({ refused: 'person-twice' });
    const twin = file.secrets.identities[head?.id ?? ''];
    expect(refusal({ identity: twin })).toMatchObject({ refused: 'person-twice' });
    expect(addMember(closed(), child, context())).toMatchObject({ refused: 'household-closed' });
  });
});

describe('leaving a household', () => {
  const death = { heldTo: '2017-08-01', endReason: 'death' };

  it('a member who died is kept among the past members up to that day', () => {
    const file = registered({ members: family() });
    const person = idOf(file, 'mother');
    const { next, event } = granted(endMember(file, { person, ...death }, context()));
    expect(next.household.members.map(({ id }) => id)).not.toContain(person);
    expect(next.household.past).toMatchObject([{ id: person, ...death }]);
    expect(event).toMatchObject({
      kind: 'member-ended',
      changes: [{ field: 'member', person, before: '黄样四', after: null }],
    });
    const on = (day: string) =>
      householdOn(next.household, [event], day)?.members.some(({ member }) => member.id === person);
    expect([on('2017-07-31'), on('2017-08-01')]).toEqual([true, false]);
  });

  it('the head cannot leave before another is named', () => {
    const file = registered({ members: family() });
    const person = idOf(file, 'head');
    expect(endMember(file, { person, ...death }, context())).toEqual({
      refused: 'head-cannot-leave',
    });
    const change = {
      person: idOf(file, 'spouse'),
      heldFrom: '2017-08-01',
      reason: '户主去世',
      relations: {},
    };
    const { next } = granted(changeHead(file, change, context()));
    expect(
      granted(endMember(next, { person, ...death }, context())).next.household.past,
    ).toMatchObject([{ id: person }]);
  });

  it('when the last member leaves, the household is struck off with that change', () => {
    const file = registered();
    const end = { person: idOf(file, 'head'), ...death };
    const { next, event } = granted(endMember(file, end, context()));
    expect(isClosed(next.household)).toBe(true);
    expect(next.household.members).toEqual([]);
    expect(event).toMatchObject({ kind: 'struck-off', reason: 'death' });
  });

  it('nobody leaves before joining, tomorrow, twice, or without having been there', () => {
    const file = registered({ members: family() });
    const person = idOf(file, 'mother');
    const refusal = (given: object, of = file) =>
      endMember(of, { person, ...death, ...given }, context());
    expect(refusal({ heldTo: '2015-12-31' })).toMatchObject({ refused: 'date-order' });
    expect(refusal({ heldTo: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    expect(refusal({ person: 'per_x' })).toMatchObject({ refused: 'member-unknown' });
    const { next } = granted(endMember(file, { person, ...death }, context()));
    expect(refusal({}, next)).toMatchObject({ refused: 'member-not-live' });
    expect(refusal({}, closed())).toMatchObject({ refused: 'household-closed' });
  });

  it('the last member cannot leave on a day before the present status', () => {
    const file = registered({ facts: { status: 'exited', exitYear: 2016 } });
    const sheet = file.household.facts.map((one) => ({ ...one, heldFrom: '2017-09-01' }));
    const later = { ...file, household: { ...file.household, facts: sheet } };
    expect(endMember(later, { person: idOf(file, 'head'), ...death }, context())).toMatchObject({
      refused: 'date-order',
    });
  });
});

describe('changing the head', () => {
  it('there is exactly one head before and after, and the others are restated', () => {
    const file = registered({ members: family() });
    const [son, spouse] = [idOf(file, 'son'), idOf(file, 'spouse')];
    const relations = { [spouse]: 'mother' };
    const change = { person: son, heldFrom: '2017-02-01', reason: '分工', relations };
    const { next, event } = granted(changeHead(file, change, context()));
    expect(headOf(next.household)?.id).toBe(son);
    expect(next.household.members[0]?.id).toBe(son);
    expect(
      relationOf(
        next.household.members.find(({ id }) => id === spouse) ??
          file.household.members[0] ??
          wrong(),
      ),
    ).toBe('mother');
    expect(idOf(next, 'other')).toBe(idOf(file, 'head'));
    expect(event.kind).toBe('head-changed');
    const heads = (day: string) =>
      householdOn(next.household, [event], day)?.members.filter(
        ({ facts }) => facts.relation === 'head',
      );
    expect(heads('2017-01-31')?.map(({ member }) => member.id)).toEqual([idOf(file, 'head')]);
    expect(heads('2017-02-01')?.map(({ member }) => member.id)).toEqual([son]);
  });

  it('the present head, strangers and closed households are refused', () => {
    const file = registered({ members: family() });
    const base = {
      person: idOf(file, 'son'),
      heldFrom: '2017-02-01',
      reason: '分工',
      relations: {},
    };
    const refusal = (given: object, of = file) => changeHead(of, { ...base, ...given }, context());
    expect(refusal({ person: idOf(file, 'head') })).toMatchObject({ refused: 'head-twice' });
    expect(refusal({ person: 'per_x' })).toMatchObject({ refused: 'member-unknown' });
    expect(refusal({ relations: { per_x: 'son' } })).toMatchObject({ refused: 'member-unknown' });
    expect(refusal({ heldFrom: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    expect(refusal({ heldFrom: '2015-01-01' })).toMatchObject({ refused: 'date-order' });
    expect(refusal({}, closed())).toMatchObject({ refused: 'household-closed' });
  });

  it('a household whose head is not known can be given one', () => {
    const file = registered({ members: family() });
    const members = file.household.members.filter((member) => relationOf(member) !== 'head');
    const headless = { ...file, household: { ...file.household, members } };
    const change = { person: idOf(file, 'son'), heldFrom: TODAY, reason: '补录', relations: {} };
    expect(headOf(granted(changeHead(headless, change, context())).next.household)?.id).toBe(
      change.person,
    );
  });
});

describe('a household on a day', () => {
  it('is unknown before it was registered, and tells the facts that held', () => {
    const { household } = registered({ facts: { waterSafe: true } });
    expect(householdOn(household, [], '2015-12-31')).toBeUndefined();
    expect(householdOn(household, [], '2016-01-01')?.facts).toEqual(current(household.facts));
  });
});

it('a member whose relation is not known counts as other', () => {
  const [head] = registered().household.members;
  expect(relationOf({ ...(head ?? wrong()), facts: [] })).toBe('other');
});

function wrong(): never {
  throw new Error('no such member');
}
