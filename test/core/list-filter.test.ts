import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../functions/core/day.ts';
import type { Setting } from '../../functions/core/dimension.ts';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { personDimensions } from '../../functions/core/dimension-person.ts';
import { cursorOf, positionOf, type Question } from '../../functions/core/list-cursor.ts';
import {
  ALL,
  entryKey,
  entryKeysOf,
  isKeyed,
  partitionOf,
  rebandKey,
} from '../../functions/core/list-entry.ts';
import {
  type Filter,
  filtersOf,
  isIn,
  listParams,
  membersIn,
  needsProfile,
  ownFilters,
  refuseToday,
} from '../../functions/core/list-filter.ts';
import { householdRow } from '../../functions/core/list-view.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import type { Roster } from '../../functions/core/roster.ts';
import { anyDay, anyRoster, member, roster } from '../support/roster.ts';

const setting: Setting = { day: '2017-10-23', poorVillage: true };

function asked(kind: 'households' | 'persons', query: Record<string, string>): readonly Filter[] {
  const filters = filtersOf(kind, query);
  if (isRefused(filters)) throw new Error(JSON.stringify(filters));
  return filters.ok;
}

describe('a list query', () => {
  it('holds one condition per parameter, several where values are joined by commas', () => {
    expect(
      asked('households', { area: '350122', cause: 'illness', measure: 'ecology,education' }),
    ).toEqual([
      { id: 'cause', value: 'illness' },
      { id: 'measure', value: 'ecology' },
      { id: 'measure', value: 'education' },
    ]);
  });

  it('takes true and false where figures say yes and no', () => {
    expect(asked('households', { poorVillage: 'true' })).toEqual([
      { id: 'poorVillage', value: 'yes' },
    ]);
  });

  it('tells guarantees of the household from those of the person by their values', () => {
    expect(asked('persons', { guarantee: 'housing:not-met,pension:no' })).toEqual([
      { id: 'guarantee', value: 'housing:not-met' },
      { id: 'coverage', value: 'pension:no' },
    ]);
  });

  it('is refused with every faulty parameter named', () => {
    const refused = filtersOf('households', {
      cause: 'bad-luck',
      type: 'rich',
      guarantee: 'pension:no',
    });
    expect(refused).toMatchObject({
      refused: 'request-invalid',
      faults: [
        {
          field: 'cause',
          values: { text: 'bad-luck', options: expect.stringContaining('illness') },
        },
        { field: 'type' },
        { field: 'guarantee' },
      ],
    });
  });

  it('of persons takes every condition that one of households takes', () => {
    expect(listParams.persons).toEqual(expect.arrayContaining([...listParams.households]));
  });
});

describe('who stands in a list', () => {
  it('a household struck off only where its status is asked for', () => {
    const gone = roster({ status: 'struck-off' });
    expect(isIn(gone, [], setting)).toBe(false);
    expect(isIn(gone, asked('households', { status: 'exited' }), setting)).toBe(false);
    expect(isIn(gone, asked('households', { status: 'struck-off' }), setting)).toBe(true);
    expect(isIn(roster(), [], setting)).toBe(true);
  });

  it('who has applied and is not on the register yet only where cases or that status are asked for', () => {
    const openCase = { id: 'cs_1', kind: 'identification', act: 'decide', dueOn: null } as const;
    const applied = roster({ status: 'applicant', openCase });
    const stands = (query: Record<string, string>) =>
      isIn(applied, asked('households', query), setting);
    expect([{}, { case: 'return' }, { status: 'new' }].map(stands)).toEqual([false, false, false]);
    expect(
      [{ case: 'identification' }, { awaits: 'decide' }, { status: 'applicant' }].map(stands),
    ).toEqual([true, true, true]);
    expect(householdRow(applied, '2017-10-23')).toMatchObject({ status: 'applicant', openCase });
  });

  it('of a helper, the households paired with the helper and no others', () => {
    const own = ownFilters({ sub: 'anna', role: 'helper', areas: ['350122'] });
    expect(isIn(roster({ helperSubs: ['anna', 'bo'] }), own, setting)).toBe(true);
    expect(isIn(roster({ helperSubs: ['bo'] }), own, setting)).toBe(false);
    expect(ownFilters({ sub: 'anna', role: 'office', areas: ['350122'] })).toEqual([]);
    expect(asked('households', { helper: 'anna' })).toEqual(own);
  });

  it('persons for whom every condition on persons holds', () => {
    const two = roster({
      mainCause: 'illness',
      members: [member({ labour: 'lost' }), member({ id: 'per_2', labour: 'skilled' })],
    });
    const filters = asked('persons', { cause: 'illness', labour: 'skilled', helper: 'anna' });
    expect(membersIn(two, filters, setting).map(({ id }) => id)).toEqual(['per_2']);
  });

  it('the profile of the village is needed for its poverty only', () => {
    expect(needsProfile(asked('households', { poorVillage: 'yes' }))).toBe(true);
    expect(needsProfile(asked('households', { cause: 'illness' }))).toBe(false);
  });
});

function hasMember(one: Roster, filters: readonly Filter[], at: Setting): boolean {
  return isIn(one, [], at) && membersIn(one, filters, at).length > 0;
}

describe('index entries', () => {
  it('a household stands under a key only if the list of that key holds it', () => {
    fc.assert(
      fc.property(anyRoster, anyDay, (one, day) => {
        const at: Setting = { day, poorVillage: null };
        for (const key of entryKeysOf(one, day)) {
          const [id = '', value = ''] = key.split('#');
          const filters = id === 'all' || id === 'reband' ? [] : [{ id, value }];
          const asksStatus = [...filters, { id: 'status', value: one.status }];
          expect(isIn(one, asksStatus, at), key).toBe(true);
          expect(filters.every(isKeyed)).toBe(true);
        }
      }),
    );
  });

  it('a household of a list with a key stands under that key', () => {
    const keyed = [
      ...householdDimensions.map(({ id, keyed: values }) => ({ id, values, of: isIn })),
      ...personDimensions.map(({ id, keyed: values }) => ({ id, values, of: hasMember })),
    ].flatMap(({ id, values, of }) => values.map((value) => ({ filter: { id, value }, of })));
    fc.assert(
      fc.property(anyRoster, anyDay, (one, day) => {
        const at: Setting = { day, poorVillage: null };
        const keys = entryKeysOf(one, day);
        const missing = keyed.filter(
          ({ filter, of }) => of(one, [filter], at) && !keys.includes(entryKey(filter)),
        );
        expect(missing).toEqual([]);
      }),
    );
  });

  it('a change to come is noted under its day', () => {
    const child = roster({ members: [member({ birth: '2012-05-01' })] });
    expect(entryKeysOf(child, '2017-10-23')).toContain(rebandKey('2018-05-01'));
    const old = roster({ members: [member({ birth: '1930-05-01' })] });
    expect(entryKeysOf(old, '2017-10-23').some((key) => key.startsWith('reband'))).toBe(false);
  });

  it('a household struck off keeps the key of its status only', () => {
    const gone = roster({ status: 'struck-off', mainCause: 'illness' });
    expect(entryKeysOf(gone, addDays('2017-10-23', 1))).toEqual(['status#struck-off']);
  });

  it('common values have no key, the list of all has', () => {
    expect(isKeyed({ id: 'exited', value: 'yes' })).toBe(false);
    expect(isKeyed({ id: 'nation', value: '01' })).toBe(false);
    expect(isKeyed({ id: 'nation', value: '22' })).toBe(true);
    expect(isKeyed(ALL)).toBe(true);
    expect(isKeyed({ id: 'helper', value: 'anna' })).toBe(true);
    expect(partitionOf('350122101201', entryKey(ALL))).toBe('350122#all#yes');
  });
});

describe('a cursor', () => {
  const question: Question = {
    kind: 'persons',
    area: '350122101',
    filters: [{ id: 'labour', value: 'lost' }],
  };
  const position = { village: '350122101201', household: 'hh_9', member: 'per_9' };

  it('leads back to its position', () => {
    expect(positionOf(question, cursorOf(question, position))).toEqual({ ok: position });
    const { member: _, ...household } = position;
    expect(positionOf(question, cursorOf(question, household))).toEqual({ ok: household });
  });

  it('of another question, another area or no list at all is refused', () => {
    const refused = { refused: 'cursor-invalid' };
    const cursor = cursorOf(question, position);
    expect(positionOf({ ...question, filters: [] }, cursor)).toEqual(refused);
    expect(positionOf({ ...question, area: '350122' }, cursor)).toEqual(refused);
    const outside = cursorOf(question, { ...position, village: '350122102201' });
    expect(positionOf(question, outside)).toEqual(refused);
    expect(positionOf(question, '%')).toEqual(refused);
    expect(positionOf(question, btoa('hello'))).toEqual(refused);
  });

  it('whatever text is sent, nothing but a position of the area comes out', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(positionOf(question, text)).toEqual({ refused: 'cursor-invalid' });
      }),
    );
  });
});

it('what a household waits for is asked of today only', () => {
  expect(refuseToday([{ id: 'cause', value: 'illness' }])).toBeUndefined();
  const asked = ['case', 'cause', 'awaits'].map((id) => ({ id, value: 'any' }));
  expect(refuseToday(asked)).toMatchObject({
    refused: 'request-invalid',
    faults: [
      { field: 'case', code: 'today-only' },
      { field: 'awaits', code: 'today-only' },
    ],
  });
});
