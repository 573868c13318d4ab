import { describe, expect, it } from 'vitest';
import { current, type HouseholdFile, villageOf } from '../../functions/core/household.ts';
import { householdOn } from '../../functions/core/household-as-of.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { type Relocation, relocate } from '../../functions/core/household-relocation.ts';
import { context, granted, registered, VILLAGE } from '../support/build.ts';

const openCase = { id: 'cs_1', kind: 'household-exit', act: 'assess', dueOn: null } as const;
const elsewhere = '350122102203';
const abroad = '350121101201';

function household(): HouseholdFile {
  return registered({ facts: { hamlet: '东', group: '三组' } });
}

const move = (file: HouseholdFile, given: Partial<Relocation> = {}) => {
  const base = { village: elsewhere, heldFrom: '2017-06-01', reason: 'relocation', note: null };
  return relocate(file, { ...base, ...given }, context());
};

describe('moving to another village', () => {
  it('places the household there from that day, with reason and note; where it lived in the old village is unknown', () => {
    const file = household();
    const { next, event } = granted(move(file, { note: '集中安置' }));
    expect(villageOf(next.household)).toBe(elsewhere);
    expect(current(next.household.facts)).not.toHaveProperty('hamlet');
    expect(event).toMatchObject({ kind: 'moved', heldOn: '2017-06-01', reason: 'relocation' });
    const shown = { person: null, before: null };
    expect(event.changes).toContainEqual({ field: 'note', ...shown, after: '集中安置' });
    const on = (day: string) => householdOn(next.household, [event], day);
    expect(on('2017-05-31')).toMatchObject({ village: VILLAGE, facts: { hamlet: '东' } });
    expect(on('2017-06-01')).toMatchObject({ village: elsewhere });
    const known = granted(move(file, { hamlet: '新村', group: '一组' })).next.household;
    expect(current(known.facts)).toMatchObject({ hamlet: '新村', group: '一组' });
  });

  it('is refused where it is already, before the latest move, tomorrow, and once struck off', () => {
    const file = household();
    expect(move(file, { village: VILLAGE })).toEqual({ refused: 'village-same' });
    const { next } = granted(move(file));
    const early = { refused: 'date-order', values: { field: 'heldFrom' } };
    expect(move(next, { village: VILLAGE, heldFrom: '2017-05-01' })).toEqual(early);
    expect(move(file, { heldFrom: '2017-10-24' })).toMatchObject({ refused: 'date-future' });
    const off = { heldFrom: '2017-06-01', reason: 'gone' };
    const closed = granted(strikeOff(file, off, context())).next;
    expect(move(closed)).toEqual({ refused: 'household-closed' });
  });

  it('a household in a procedure moves inside its county and not out of it, by whatever way', () => {
    const file = household();
    const busy = { ...file, household: { ...file.household, openCase } };
    const refused = { refused: 'case-open', values: { kind: 'household-exit' } };
    expect(move(busy)).toHaveProperty('ok');
    expect(move(busy, { village: abroad })).toEqual(refused);
    expect(move(file, { village: abroad })).toHaveProperty('ok');
    const patch = { heldFrom: '2017-06-01', heldTo: null, reason: '迁居', cleared: [] };
    const patched = (village: string) =>
      changeHousehold(busy, { ...patch, facts: { village }, contact: {}, members: [] }, context());
    expect(patched(elsewhere)).toHaveProperty('ok');
    expect(patched(abroad)).toEqual(refused);
    const off = { heldFrom: '2017-06-01', reason: 'gone' };
    expect(strikeOff(busy, off, context())).toEqual(refused);
  });
});
