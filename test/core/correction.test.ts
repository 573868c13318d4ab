import { describe, expect, test } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold, type MemberPatch } from '../../functions/core/household-change.ts';
import { planHousehold } from '../../functions/core/household-plan.ts';
import type { WantedContact, WantedMember } from '../../functions/core/household-wanted.ts';
import { readIdentity } from '../../functions/core/identity-number.ts';
import { addMember, endMember } from '../../functions/core/member.ts';
import { context, granted, identityOf, wantedHousehold, wantedMember } from '../support/build.ts';

const LEDGER = '2017-10-23';
/** Day of entry of what is done by hand. */
const HAND = '2018-01-10';
const LATER = '2018-06-30';

const head = wantedMember({ name: '陈样一' });
const son = wantedMember({
  name: '陈样二',
  birth: '1990-04-05',
  relation: 'son',
  identity: identityOf('1990-04-05', 33),
});
const contact = { phone: '10012345678', bankName: '样本银行', bankAccount: '62280000001' };

type Taken = readonly [
  file: HouseholdFile | undefined,
  ledgerDay: string,
  members: readonly WantedMember[],
  contact?: WantedContact,
];

function taken(...[file, ledgerDay, members, stated = contact]: Taken) {
  const given = { ...context({ today: '2018-12-31', source: 'imp_1' }), ledgerDay };
  return planHousehold(file, wantedHousehold({ members, contact: stated }), given);
}

const plan = (...asked: Taken) => granted(taken(...asked));
const open = (...members: WantedMember[]) => plan(undefined, LEDGER, members).next;

/** What a clerk puts right: of the member at a place, the contact, and when it is done. */
interface Right extends Partial<MemberPatch> {
  readonly contact?: WantedContact;
  readonly day?: string;
}

/** The file after a clerk put something right about the member at that place. */
function corrected(file: HouseholdFile, place: number, right: Right): HouseholdFile {
  const { day = HAND, contact: stated = {}, ...patch } = right;
  const person = file.household.members[place]?.id ?? '';
  const member = { facts: {}, cleared: [], person, ...patch };
  const whole = { heldFrom: day, heldTo: null, reason: '更正', facts: {}, cleared: [] };
  const given = context({ today: day });
  const change = granted(
    changeHousehold(file, { ...whole, contact: stated, members: [member] }, given),
  );
  if (!change) throw new Error('nothing was wrong');
  return change.next;
}

const identity = (birth: string, order: number) =>
  granted(readIdentity(identityOf(birth, order), HAND));
const right = identity('1962-07-15', 23);
const idsOf = ({ household }: HouseholdFile) => household.members.map(({ id }) => id);

describe('the ledger that was taken before, taken again after a correction by hand', () => {
  test.each([
    { numbered: true, how: 'with ledger numbers' },
    { numbered: false, how: 'without ledger numbers' },
  ])('$how changes nothing, and says what it would have said', ({ numbered }) => {
    const rows = [head, son].map((one, at) => ({ ...one, number: numbered ? `0${at + 1}` : null }));
    const wrongs: readonly (readonly [number, Partial<MemberPatch>, readonly string[]])[] = [
      [0, { name: '陈正名' }, ['name']],
      [0, { identity: right }, ['identityNumber']],
      [0, { identity: right, name: '陈正名' }, ['identityNumber', 'name']],
      [1, { identity: identity('1991-04-05', 35) }, ['identityNumber']],
    ];
    for (const [place, wrong, fields] of wrongs) {
      const file = corrected(open(...rows), place, {
        ...wrong,
        contact: { phone: '10087654321', bankAccount: '62280000002', bankName: null },
      });
      const again = plan(file, LEDGER, rows);
      expect(again).toMatchObject({ outcome: 'unchanged', next: file, missing: [] });
      const person = idsOf(file)[place];
      expect(again.kept.toSorted()).toEqual(
        [
          'bankAccount',
          'bankName',
          'phone',
          ...fields.map((field) => `${person}.${field}`),
        ].toSorted(),
      );
    }
  });

  test('changes nothing either on the day of the correction itself', () => {
    const file = corrected(open(head), 0, { name: '陈正名', day: LEDGER });
    expect(plan(file, LEDGER, [head])).toMatchObject({ outcome: 'unchanged' });
  });

  test('does not bring back a phone that was taken out, and fills in what nobody stated', () => {
    const none = plan(undefined, LEDGER, [head], {}).next;
    const filled = plan(none, '2016-12-31', [head]).next;
    expect(filled.secrets).toMatchObject({ phone: contact.phone });
    const without = corrected(filled, 0, { contact: { phone: null } });
    expect(plan(without, LEDGER, [head])).toMatchObject({ outcome: 'unchanged', kept: ['phone'] });
  });

  test('keeps a ledger number that was put right', () => {
    const rows = [{ ...head, number: '01' }];
    const file = corrected(open(...rows), 0, { number: '02' });
    const again = plan(file, LEDGER, rows);
    expect(again).toMatchObject({ outcome: 'unchanged', kept: [`${idsOf(file)[0]}.number`] });
  });

  test('does not take back who left after the correction', () => {
    const file = corrected(open(head, son), 1, { identity: identity('1990-04-05', 35) });
    const end = { person: idsOf(file)[1] ?? '', heldTo: HAND, endReason: 'moved-out' };
    const left = granted(endMember(file, end, context({ today: HAND }))).next;
    expect(plan(left, LEDGER, [head, son])).toMatchObject({
      outcome: 'unchanged',
      kept: ['member'],
    });
  });

  test('stands back where everything that told a person was put right', () => {
    const other = identity('1963-01-02', 25);
    const file = corrected(open(head, son), 0, { name: '陈正名', identity: other });
    expect(taken(file, LEDGER, [head, son])).toEqual({
      refused: 'member-unclear',
      values: { name: head.name },
    });
  });

  test('knows twins apart by the name that was not put right, and stands back when both were', () => {
    const twin = { ...son, identity: null };
    const other = { ...twin, name: '陈样三' };
    const one = corrected(open(head, twin, other), 1, { name: '陈正名' });
    expect(plan(one, LEDGER, [head, twin, other])).toMatchObject({
      outcome: 'unchanged',
      missing: [],
    });
    const both = corrected(one, 2, { name: '陈正字' });
    expect(taken(both, LEDGER, [head, twin, other])).toMatchObject({ refused: 'member-unclear' });
  });
});

describe('a ledger of a later day', () => {
  test('is believed again, and stands against older ones', () => {
    const right = { name: '陈正名', contact: { phone: '10087654321' } };
    const file = corrected(open(head), 0, right);
    const newer = plan(file, LATER, [{ ...head, name: '陈再名' }], { phone: '10055555555' });
    expect(newer.changes.map(({ field }) => field).toSorted()).toEqual(['name', 'phone']);
    expect(plan(newer.next, HAND, [head], {})).toMatchObject({ outcome: 'unchanged' });
    expect(plan(newer.next, LATER, [head], {})).toMatchObject({ changes: [{ field: 'name' }] });
  });

  test('corrects an identity number where ledger number, name and birth agree', () => {
    const row = { ...head, number: '01' };
    const fixed = { ...row, identity: right.number };
    expect(plan(open(row), LATER, [fixed]).changes).toMatchObject([{ field: 'identityNumber' }]);
  });

  test('that gives a ledger number to somebody else turns nobody into another person', () => {
    const rows = [head, son].map((one, at) => ({ ...one, number: `0${at + 1}` }));
    const file = open(...rows);
    const grandson = { name: '陈样孙', birth: '2018-02-03', relation: 'grandson', number: '02' };
    const unclear = { refused: 'member-unclear', values: { name: '陈样孙' } };
    const born = { ...wantedMember(grandson), identity: identityOf('2018-02-03', 11) };
    expect(taken(file, LATER, [head, born])).toEqual(unclear);
    expect(taken(file, LATER, [head, { ...born, identity: null }])).toEqual(unclear);
    const renumbered = plan(file, LATER, [head, { ...son, number: '03' }, born]).next;
    expect(idsOf(renumbered).slice(0, 2)).toEqual(idsOf(file));
    expect(renumbered.household.members.map(({ number }) => number)).toEqual(['01', '03', '02']);
  });

  test('that gives a person of the same name and birth another identity number is for people to judge', () => {
    expect(taken(open(head), LATER, [{ ...head, identity: right.number }])).toMatchObject({
      refused: 'member-unclear',
    });
  });

  test('never enters a live member a second time under the same id', () => {
    const file = open(head, son);
    const stranger = wantedMember({ relation: 'other', name: '林样', birth: '1980-01-01' });
    const asSon = { ...stranger, id: idsOf(file)[1] ?? '' };
    expect(taken(file, LATER, [head, son, asSon])).toMatchObject({ refused: 'member-unclear' });
  });
});

describe('a person a clerk entered', () => {
  const baby = wantedMember({
    name: '陈样孙',
    birth: '2017-09-01',
    relation: 'grandson',
    identity: null,
  });
  const entered = granted(
    addMember(
      open(head),
      { ...baby, heldFrom: baby.birth, joinReason: 'birth' },
      context({ today: HAND }),
    ),
  ).next;
  const [, id] = idsOf(entered);

  test('gets the first identity number from an older ledger too, if it agrees with what is known', () => {
    const number = identityOf(baby.birth, 11);
    const told = plan(entered, LEDGER, [head, { ...baby, identity: number }]);
    expect(told.changes).toMatchObject([{ field: 'identityNumber', person: id }]);
    expect(told.next.secrets.identities[id ?? '']).toBe(number);
  });

  test('keeps the birth the clerk stated against an older ledger', () => {
    const other = '2017-08-01';
    const stated = { ...baby, birth: other };
    expect(plan(entered, LEDGER, [head, stated])).toMatchObject({
      outcome: 'unchanged',
      kept: [`${id}.birth`],
    });
    const numbered = { ...stated, identity: identityOf(other, 11) };
    expect(plan(entered, LEDGER, [head, numbered])).toMatchObject({
      outcome: 'unchanged',
      kept: [`${id}.identityNumber`],
    });
  });

  test('is nobody of whom a ledger from before the membership speaks', () => {
    const rows = [head, { ...son, name: baby.name, relation: 'son' }];
    const { next } = plan(entered, '2017-08-31', rows);
    expect(next.household.members).toHaveLength(3);
  });
});
