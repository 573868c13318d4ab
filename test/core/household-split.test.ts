import { describe, expect, it } from 'vitest';
import { current, type HouseholdFile, headOf, relationOf } from '../../functions/core/household.ts';
import { householdOn } from '../../functions/core/household-as-of.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { type SplitOrder, splitHousehold } from '../../functions/core/household-split.ts';
import { context, family, granted, registered, VILLAGE } from '../support/build.ts';

const on = '2017-06-01';
const openCase = { id: 'cs_1', kind: 'household-exit', act: 'assess', dueOn: null } as const;

/** The id of the member who stands in that relation to the head. */
function idOf({ household }: HouseholdFile, relation: string): string {
  return household.members.find((member) => relationOf(member) === relation)?.id ?? '';
}

function household(facts: object = {}): HouseholdFile {
  return registered({
    members: family(),
    facts: { hamlet: '东', measures: ['education'], identifiedYear: 2016, ...facts },
  });
}

/** The son sets up a household of his own with the grandmother. */
function order(file: HouseholdFile, given: Partial<SplitOrder> = {}): SplitOrder {
  return {
    persons: { [idOf(file, 'son')]: 'head', [idOf(file, 'mother')]: 'grandmother' },
    number: '3501220002',
    village: VILLAGE,
    heldFrom: on,
    reason: 'own-household',
    note: null,
    facts: {},
    succession: {},
    ...given,
  };
}

const split = (file: HouseholdFile, given: Partial<SplitOrder> = {}) =>
  splitHousehold(file, order(file, given), context());

describe('splitting a household', () => {
  it('takes persons under their ids, numbers and facts into a new one; the old one keeps who stays', () => {
    const file = household();
    const { stays, parts } = granted(split(file));
    const leaving = [idOf(file, 'son'), idOf(file, 'mother')];
    expect(parts.next.household.members.map(({ id }) => id)).toEqual(leaving);
    expect(stays.next.household.members.map(({ id }) => id)).not.toContain(leaving[0]);
    const all = [...stays.next.household.members, ...parts.next.household.members];
    expect(all.map(({ id }) => id).sort()).toEqual(
      file.household.members.map(({ id }) => id).sort(),
    );
    expect(headOf(parts.next.household)?.id).toBe(leaving[0]);
    expect(idOf(parts.next, 'grandmother')).toBe(leaving[1]);
    for (const id of leaving)
      expect(parts.next.secrets.identities[id]).toBe(file.secrets.identities[id]);
    const son = (of: HouseholdFile) => of.household.members.find(({ id }) => id === leaving[0]);
    const facts = current(son(file)?.facts ?? []);
    expect(current(son(parts.next)?.facts ?? [])).toEqual({ ...facts, relation: 'head' });
    expect(son(parts.next)).toMatchObject({ heldFrom: on, joinReason: 'split', heldTo: null });
    expect(stays.next.household.past).toMatchObject([
      { id: leaving[0], heldTo: on, endReason: 'split' },
      { id: leaving[1], heldTo: on, endReason: 'split' },
    ]);
  });

  it('status, type, causes, measures and years go along, and the hamlet in the same village; income and housing do not', () => {
    const file = household({
      status: 'exited',
      exitYear: 2016,
      planYear: 2016,
      otherCauses: ['funds'],
      standard: 'national',
      housingGrade: 'B',
    });
    const home = { heldFrom: '2017-05-01', heldTo: null, enteredAt: '2017-05-02T01:00:00.000Z' };
    const facts = [...file.household.facts, { ...home, values: { waterSafe: true } }];
    const helped = { ...file, household: { ...file.household, facts, helperSubs: ['helper'] } };
    const here = granted(split(helped)).parts.next.household;
    const known = {
      status: 'exited',
      type: 'general',
      standard: 'national',
      mainCause: 'illness',
      otherCauses: ['funds'],
      measures: ['education'],
      identifiedYear: 2016,
      planYear: 2016,
      exitYear: 2016,
    };
    expect(current(here.facts)).toEqual({ ...known, hamlet: '东', village: VILLAGE });
    expect(here.helperSubs).toEqual(['helper']);
    const village = '350122101202';
    const stated = { housingGrade: 'C', mainCause: 'skill' };
    const there = granted(split(file, { village, facts: stated })).parts.next.household;
    expect(current(there.facts)).toEqual({ ...known, ...stated, village });
    expect(there.county).toBe('350122');
  });

  it('measures stay with the household they were given to: the new one has none under way', () => {
    const file = household({ measureBatches: ['production'], modes: ['cooperative'] });
    const { stays, parts } = granted(split(file));
    expect(current(parts.next.household.facts)).toMatchObject({ measures: ['education'] });
    expect(current(parts.next.household.facts)).not.toHaveProperty('measureBatches');
    expect(current(stays.next.household.facts)).toMatchObject({ modes: ['cooperative'] });
  });

  it('each household has an event that names the other, the reason and the note', () => {
    const file = household();
    const { stays, parts } = granted(split(file, { note: '婚后单过' }));
    const note = { field: 'note', person: null, before: null, after: '婚后单过' };
    expect(stays.event).toMatchObject({
      kind: 'split',
      heldOn: on,
      reason: 'own-household',
      version: 2,
    });
    const into = { field: 'splitInto', person: null, before: null };
    expect(stays.event.changes).toContainEqual({ ...into, after: parts.next.household.id });
    expect(stays.event.changes).toContainEqual(note);
    const left = { field: 'member', person: idOf(file, 'son'), before: '陈样三', after: null };
    expect(stays.event.changes).toContainEqual(left);
    expect(parts.event).toMatchObject({
      kind: 'split-off',
      heldOn: on,
      reason: 'own-household',
      version: 1,
      changes: [{ field: 'splitFrom', person: null, before: null, after: file.household.id }, note],
    });
  });

  it('on every day each person lives in one of the two, and the new one is on no day before', () => {
    const file = household();
    const { stays, parts } = granted(split(file));
    const persons = (change: typeof stays, day: string) =>
      householdOn(change.next.household, [change.event], day)?.members.map(
        ({ member }) => member.id,
      );
    expect(persons(stays, '2017-05-31')).toHaveLength(4);
    expect(persons(parts, '2017-05-31')).toBeUndefined();
    expect(persons(stays, on)).toEqual([idOf(file, 'head'), idOf(file, 'spouse')]);
    expect(persons(parts, on)).toEqual([idOf(file, 'son'), idOf(file, 'mother')]);
  });

  it('the head may go where a successor is named for those who stay', () => {
    const file = household();
    const [head, spouse, mother] = ['head', 'spouse', 'mother'].map((one) => idOf(file, one));
    if (!head || !spouse || !mother) throw new Error('a family without anybody');
    const persons = { [head]: 'head' };
    expect(split(file, { persons })).toEqual({ refused: 'head-cannot-leave' });
    const succession = { newHead: spouse, relations: { [mother]: 'mother-in-law' } };
    const { stays, parts } = granted(split(file, { persons, succession }));
    expect(headOf(stays.next.household)?.id).toBe(spouse);
    expect(headOf(parts.next.household)?.id).toBe(head);
    expect(idOf(stays.next, 'mother-in-law')).toBe(mother);
    const named = (given: SplitOrder['succession']) => split(file, { persons, succession: given });
    expect(named({ newHead: head })).toEqual({ refused: 'member-not-live' });
    expect(named({ newHead: 'per_x' })).toEqual({ refused: 'member-unknown' });
    expect(named({ newHead: spouse, relations: { per_x: 'son' } })).toEqual({
      refused: 'member-unknown',
    });
    expect(named({ newHead: spouse, relations: { [mother]: 'head' } })).toEqual({
      refused: 'head-twice',
    });
  });

  it('a successor is named only where the head leaves, and a known head of later days is not rewritten', () => {
    const file = household();
    const succession = { newHead: idOf(file, 'spouse') };
    expect(split(file, { succession })).toEqual({ refused: 'head-stays' });
    const relations = { [idOf(file, 'spouse')]: 'other' };
    expect(split(file, { succession: { relations } })).toEqual({ refused: 'head-stays' });
    const later = (day: string) => ({
      ...file,
      household: {
        ...file.household,
        members: file.household.members.map((one) =>
          one.id === idOf(file, 'spouse')
            ? { ...one, facts: one.facts.map((sheet) => ({ ...sheet, heldFrom: day })) }
            : one,
        ),
      },
    });
    const persons = { [idOf(file, 'head')]: 'head' };
    expect(split(later('2017-06-02'), { persons, succession })).toEqual({
      refused: 'date-order',
      values: { field: 'heldFrom' },
    });
    expect(split(later(on), { persons, succession })).toHaveProperty('ok');
  });

  it('is refused with everybody, with strangers, without a head or with two, and on days that cannot be', () => {
    const file = household();
    const everybody = Object.fromEntries(file.household.members.map(({ id }) => [id, 'other']));
    expect(split(file, { persons: everybody })).toEqual({ refused: 'split-all' });
    expect(split(file, { persons: { per_x: 'head' } })).toEqual({ refused: 'member-unknown' });
    const [son, mother] = [idOf(file, 'son'), idOf(file, 'mother')];
    expect(split(file, { persons: { [son]: 'son' } })).toEqual({ refused: 'head-missing' });
    expect(split(file, { persons: { [son]: 'head', [mother]: 'head' } })).toEqual({
      refused: 'head-twice',
    });
    const early = { refused: 'date-order', values: { field: 'heldFrom' } };
    expect(split(file, { heldFrom: '2015-12-31' })).toEqual(early);
    expect(split(file, { heldFrom: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    const facts = file.household.facts.map((sheet) => ({ ...sheet, heldFrom: '2017-07-01' }));
    const lately = { ...file, household: { ...file.household, facts } };
    expect(split(lately)).toEqual(early);
    const members = file.household.members.map((one) => ({ ...one, heldFrom: '2017-07-01' }));
    expect(split({ ...file, household: { ...file.household, members } })).toEqual(early);
    const left = granted(split(file)).stays.next;
    expect(split(left, { persons: { [son]: 'head' } })).toEqual({ refused: 'member-not-live' });
  });

  it('is refused of a household that is struck off or in a procedure', () => {
    const file = household();
    const off = { heldFrom: on, reason: 'gone' };
    const closed = granted(strikeOff(file, off, context())).next;
    expect(split(closed)).toEqual({ refused: 'household-closed' });
    const busy = { ...file, household: { ...file.household, openCase } };
    expect(split(busy)).toEqual({ refused: 'case-open', values: { kind: 'household-exit' } });
  });
});
