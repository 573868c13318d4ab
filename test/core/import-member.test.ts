import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { parseChanges } from '../../functions/core/household-parse.ts';
import { planHousehold } from '../../functions/core/household-plan.ts';
import type { WantedMember } from '../../functions/core/household-wanted.ts';
import { groupHousehold } from '../../functions/core/import-household.ts';
import type { LedgerReading, RegistryRow } from '../../functions/core/import-registry.ts';
import { readRegistryRow } from '../../functions/core/import-row.ts';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import { findHeading } from '../../functions/core/ledger-heading.ts';
import { endMember } from '../../functions/core/member.ts';
import {
  context,
  family,
  granted,
  identityOf,
  TODAY,
  VILLAGE,
  wantedHousehold,
  wantedMember,
} from '../support/build.ts';

const columns = ['户编号', '行政村', '姓名', '证件号码', '与户主关系', '性别', '出生日期'];
const heading = granted(findHeading('registry', [{ sheet: '台账', row: 1, cells: columns }]));
const number = identityOf('1962-07-15', 21);
const reading: LedgerReading = {
  today: TODAY,
  area: '350122',
  incomePeriod: { from: '2016-10-01', to: '2017-09-30' },
  findVillage: () => ({ ok: VILLAGE }),
  twice: () => undefined,
  called: (field) => field,
};

let line = 1;
/** A row below the heading: name, identity number, relation, sex, birth. */
function row(...cells: (LedgerCell | null)[]): RegistryRow {
  line += 1;
  return readRegistryRow(heading, { sheet: '台账', row: line, cells: ['1', '东湾村', ...cells] });
}
const head = () => row('陈样本', number, '户主', '男', '1962-07-15');
const group = (...others: RegistryRow[]) => groupHousehold([head(), ...others], reading);

describe('a row without an identity number', () => {
  test.each([null, '无', '未上户', '新生儿', '暂未办理', '不详'])(
    'is a person known by name, birth and sex (%s)',
    (cell) => {
      const { faults, wanted } = group(row('陈小样', cell, '孙子', '男', '2017年9月1日'));
      expect(faults).toEqual([]);
      expect(wanted?.members[1]).toMatchObject({
        name: '陈小样',
        identity: null,
        sex: 'male',
        birth: '2017-09-01',
        relation: 'grandson',
      });
    },
  );

  test('is refused where nobody could tell the person again', () => {
    const faultsOf = (one: RegistryRow) =>
      group(one).faults.map(({ code, field }) => [code, field]);
    const asked = [['identity-missing', 'identityNumber']];
    expect(faultsOf(row('陈小样', '无', '孙子', '男', null))).toEqual(asked);
    expect(faultsOf(row('陈小样', '无', '孙子', null, '2017-09-01'))).toEqual(asked);
    const future = [['date-future', 'birth']];
    expect(faultsOf(row('陈小样', '无', '孙子', '男', '2018-09-01'))).toEqual(future);
    const unread = [['date-impossible', 'birth']];
    expect(faultsOf(row('陈小样', '无', '孙子', '男', '去年秋天'))).toEqual(unread);
    const lost = [['digits-lost', 'identityNumber']];
    expect(faultsOf(row('陈小样', 1.2e17, '孙子', '男', null))).toEqual(lost);
  });

  test('is refused where it repeats another of its household', () => {
    const twin = () => row('婴儿', '无', '孙子', '男', '2017-09-01');
    const [one, other] = [twin(), twin()];
    const values = { rows: String(one.row) };
    expect(group(one, other).faults).toMatchObject([
      { code: 'person-twice', row: other.row, values },
    ]);
    const again = group(row('陈样本', '无', '其他', '男', '1962-07-15'));
    expect(again.faults.map(({ code }) => code)).toEqual(['person-twice']);
  });
});

describe('a birth beside an identity number', () => {
  const faultsOf = (birth: LedgerCell) =>
    groupHousehold([row('陈样本', number, '户主', '男', birth)], reading).faults;

  test('must be that of the number; a month alone must be its month', () => {
    expect(faultsOf('1962年7月')).toEqual([]);
    expect(faultsOf({ day: '1962-07-15' })).toEqual([]);
    for (const other of ['1962-07-16', '1962年8月', '1962-08-01'])
      expect(faultsOf(other)).toMatchObject([{ code: 'identity-birth', field: 'birth' }]);
  });

  test('stops nobody where it cannot be read', () => {
    expect(faultsOf('约五十多岁')).toEqual([]);
  });
});

describe('a person without an identity number on the register', () => {
  const baby = wantedMember({
    name: '陈小样',
    identity: null,
    sex: 'female',
    birth: '2017-09-01',
    relation: 'granddaughter',
  });
  const household = (...members: WantedMember[]) =>
    wantedHousehold({ facts: { identifiedYear: 2014 }, members: [...family(), ...members] });
  const taken = (file: HouseholdFile | undefined, ...members: WantedMember[]) =>
    granted(planHousehold(file, household(...members), { ...context(), ledgerDay: '2017-10-01' }));
  const file = taken(undefined, baby).next;
  const id = file.household.members.at(-1)?.id ?? '';
  const babyIn = (next: HouseholdFile) => next.household.members.filter((one) => one.id === id);

  test('is found again by name and birth: the same file changes nothing', () => {
    expect(taken(file, baby)).toMatchObject({ outcome: 'unchanged', missing: [] });
  });

  test('gets the number that arrives later, with the birth it tells, and is not a second person', () => {
    for (const birth of ['2017-09-01', '2017-09-17']) {
      const identity = identityOf(birth, 12);
      const numbered = { ...baby, birth, identity };
      const { next, outcome, changes } = taken(file, numbered);
      expect(outcome).toBe('changed');
      expect(changes.map(({ field }) => field)).toContain('identityNumber');
      expect(next.household.members).toHaveLength(file.household.members.length);
      expect(babyIn(next)).toMatchObject([{ birth, heldFrom: birth }]);
      expect(next.secrets.identities[id]).toBe(identity);
      expect(taken(next, numbered).outcome).toBe('unchanged');
      // A ledger that never heard of the number leaves it where it is.
      expect(taken(next, baby)).toMatchObject({ outcome: 'unchanged', next });
    }
  });

  test('has birth and sex put right by the ledger as long as no number tells them', () => {
    const { next, changes } = taken(file, { ...baby, birth: '2017-09-03', sex: 'male' });
    expect(changes.map(({ field }) => field).toSorted()).toEqual(['birth', 'sex']);
    expect(babyIn(next)).toMatchObject([{ birth: '2017-09-03', sex: 'male' }]);
  });

  test('is told from a sister of the same name by the birth, and two without a sign join as new', () => {
    const twin = { ...baby, birth: '2017-09-02' };
    const both = taken(file, baby, twin);
    expect(both.next.household.members).toHaveLength(file.household.members.length + 1);
    const other = { ...baby, birth: '2016-01-01' };
    const more = taken(both.next, baby, twin, other);
    expect(more.next.household.members).toHaveLength(both.next.household.members.length + 1);
    const unclear = taken(both.next, other);
    expect(unclear.missing).toHaveLength(2);
  });

  test('is not taken for a newer sister of the same name, in whatever order the rows stand', () => {
    const sister = { ...baby, birth: '2017-09-20' };
    const { next } = taken(file, sister, baby);
    expect(babyIn(next)).toEqual(babyIn(file));
    expect(next.household.members).toHaveLength(file.household.members.length + 1);
    expect(taken(next, baby, sister)).toMatchObject({ outcome: 'unchanged', missing: [] });
  });

  test('gets the number by hand as well, and belongs to the household from the birth it tells', () => {
    const number = identityOf('2017-09-17', 12);
    const patch = granted(
      parseChanges({ reason: '上户', members: [{ id, identityNumber: number }] }, TODAY),
    );
    const changed = granted(changeHousehold(file, patch, context()));
    if (!changed) throw new Error('nothing changed');
    expect(babyIn(changed.next)).toMatchObject([{ birth: '2017-09-17', heldFrom: '2017-09-17' }]);
    const later = identityOf('2017-09-27', 14);
    const again = granted(
      parseChanges({ reason: '更正', members: [{ id, identityNumber: later }] }, TODAY),
    );
    expect(changeHousehold(changed.next, again, context())).toMatchObject({
      refused: 'date-order',
    });
  });

  test('who left after the ledger’s day does not come back by it, and comes back as the same by a later one', () => {
    const end = { person: id, heldTo: '2017-10-10', endReason: 'moved-out' };
    const { next } = granted(endMember(file, end, context()));
    const older = taken(next, baby);
    expect(older).toMatchObject({ outcome: 'unchanged', kept: ['member'] });
    const later = granted(
      planHousehold(next, household(baby), { ...context(), ledgerDay: '2017-10-20' }),
    );
    expect(babyIn(later.next)).toMatchObject([{ heldFrom: '2017-10-20' }]);
    const strangers = { ...baby, name: '陈另样' };
    expect(taken(next, strangers).next.household.members.map((one) => one.id)).not.toContain(id);
  });

  const births = ['2015-01-01', '2016-02-02', '2017-03-03'];
  const person = fc.record({
    name: fc.constantFrom('陈样', '林样'),
    birth: fc.constantFrom(...births),
    relation: fc.constantFrom('grandson', 'other'),
    isNumbered: fc.boolean(),
  });
  /** Members that a ledger may hold together: nobody is alike to another without a number. */
  const members = fc
    .uniqueArray(person, { maxLength: 6, selector: ({ name, birth }) => `${name}${birth}` })
    .map((all) =>
      all.map(({ isNumbered, ...one }, at) => ({
        number: null,
        ...one,
        sex: 'male',
        facts: {},
        identity: isNumbered ? identityOf(one.birth, 101 + 2 * at) : null,
      })),
    );

  test('is the same person in whatever household, order and company', () => {
    fc.assert(
      fc.property(members, fc.boolean(), (some, isTurned) => {
        const known = taken(undefined, ...some).next;
        const rows = isTurned ? some.toReversed() : some;
        expect(taken(known, ...rows)).toMatchObject({ outcome: 'unchanged', missing: [] });
        const numbered = rows.map((one, at) => ({
          ...one,
          identity: one.identity ?? identityOf(one.birth, 501 + 2 * at),
        }));
        const { next, missing } = taken(known, ...numbered);
        expect(missing).toEqual([]);
        expect(next.household.members.map(({ id }) => id)).toEqual(
          known.household.members.map(({ id }) => id),
        );
        expect(new Set(Object.values(next.secrets.identities))).toEqual(
          new Set([...family(), ...numbered].map(({ identity }) => identity)),
        );
        expect(taken(next, ...rows)).toMatchObject({ outcome: 'unchanged', missing: [] });
      }),
    );
  });
});
