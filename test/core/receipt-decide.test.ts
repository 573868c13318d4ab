import { describe, expect, it } from 'vitest';
import type { Household } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { correctReceipt } from '../../functions/core/receipt-correct.ts';
import {
  decideReceipt,
  receiptAfter,
  remarksOn,
  remarksOnMore,
  sameness,
  wantReceipt,
} from '../../functions/core/receipt-decide.ts';
import {
  type Beneficiary,
  findItem,
  homeOn,
  householdNamed,
  isNumbered,
  mayBeFromElsewhere,
  membershipsOf,
} from '../../functions/core/receipt-match.ts';
import type { ReceiptRow } from '../../functions/core/receipt-row.ts';
import { receiptsView } from '../../functions/core/receipt-view.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { context, family, granted, registered, wantedMember } from '../support/build.ts';
import { receipt } from '../support/receipt.ts';
import { item } from '../support/receipt-items.ts';

const LIANJIANG = '350122';
const whole = registered({ members: family() }).household;
const [head, , son] = whole.members;
if (!head || !son) throw new Error('a family has members');

const row = (given: Partial<ReceiptRow> = {}): ReceiptRow => ({
  sheet: '到户补助',
  row: 4,
  identity: null,
  householdNumber: whole.number,
  personNumber: null,
  name: null,
  head: null,
  item: '春节慰问金',
  on: '2017-01-20',
  amountFen: 50_000,
  period: null,
  reference: 'BZ1',
  department: null,
  allocation: null,
  document: null,
  village: null,
  ...given,
});
const who = (given: Partial<Beneficiary> = {}): Beneficiary => ({
  household: whole,
  member: null,
  isNamedOtherwise: false,
  isElsewhere: false,
  ...given,
});
const want = (given: {
  row?: Partial<ReceiptRow>;
  item?: Parameters<typeof item>[0];
  who?: Partial<Beneficiary>;
}) =>
  wantReceipt({
    row: row(given.row),
    item: item(given.item),
    who: who(given.who),
    place: LIANJIANG,
  });
const told = (given: Parameters<typeof want>[0]) => {
  const wanted = want(given);
  return isRefused(wanted) ? wanted.refused : wanted.ok;
};

describe('the item of a row', () => {
  const spring = item();
  const primary = item({
    id: 'boarding-primary',
    name: { zh: '小学寄宿生生活补助', en: 'Primary boarders' },
    aliases: ['寄宿生生活补助'],
    benefit: { kind: 'cash', period: 'term', amountFen: 50_000 },
  });
  const junior = item({
    ...primary,
    id: 'boarding-junior',
    name: { zh: '初中寄宿生生活补助', en: 'Junior boarders' },
    benefit: { ...primary.benefit, amountFen: 62_500 },
  });
  const all = [spring, primary, junior];

  it('is found by name in either language, by id, and by what ledgers call it', () => {
    for (const called of [
      '春节慰问金发放',
      ' 春节 慰问金',
      'SPRING-GIFT',
      'gift at the spring festival',
    ])
      expect(findItem(all, row({ item: called }))).toEqual({ ok: spring });
  });

  it('is the one that comes to that amount where several are called so', () => {
    const boarding = { item: '寄宿生生活补助', amountFen: 62_500 };
    expect(findItem(all, row(boarding))).toEqual({ ok: junior });
    expect(findItem(all, row({ ...boarding, amountFen: 60_000 }))).toEqual({
      refused: 'receipt-item-ambiguous',
      values: { item: '寄宿生生活补助', names: '小学寄宿生生活补助、初中寄宿生生活补助' },
    });
    expect(findItem([primary, primary], row({ ...boarding, amountFen: 50_000 }))).toMatchObject({
      refused: 'receipt-item-ambiguous',
    });
  });

  it('is unknown where none in force is called so', () => {
    expect(findItem(all, row({ item: '困难补助' }))).toEqual({
      refused: 'receipt-item-unknown',
      values: { item: '困难补助', day: '2017-01-20' },
    });
  });
});

describe('where a person lived on a day', () => {
  const lived = (household: string, heldFrom: string, heldTo: string | null) => ({
    household: { ...whole, id: household },
    member: { ...son, heldFrom, heldTo },
  });
  const lives = [
    lived('hh_c', '2017-06-01', null),
    lived('hh_a', '2015-01-01', '2016-01-01'),
    lived('hh_b', '2016-02-01', '2017-06-01'),
  ];

  it.each([
    ['2014-01-01', 'hh_a'],
    ['2015-12-31', 'hh_a'],
    ['2016-01-15', 'hh_b'],
    ['2017-05-31', 'hh_b'],
    ['2017-06-01', 'hh_c'],
  ])('on %s is %s', (day, household) => {
    expect(homeOn(lives, day)?.household.id).toBe(household);
  });

  it('is the last one for who has left, and nowhere for who was never known', () => {
    expect(homeOn(lives.slice(1), '2017-10-01')?.household.id).toBe('hh_b');
    expect(homeOn([], '2017-10-01')).toBeUndefined();
  });

  it.each([
    [null, false],
    ['birth', false],
    ['split', true],
    ['marriage', true],
    ['returned', true],
  ])('one who joined by %s may have lived elsewhere before: %s', (joinReason, expected) => {
    expect(mayBeFromElsewhere({ joinReason })).toBe(expected);
  });

  it('whoever was on the register before a household was entered with her has lived elsewhere', () => {
    const { members } = registered({
      members: [
        { ...wantedMember(), id: 'per_known' },
        wantedMember({ relation: 'son', identity: null }),
      ],
    }).household;
    expect(members.map(mayBeFromElsewhere)).toEqual([true, false]);
  });

  it('a membership that was entered by mistake is none', () => {
    const left = { ...son, heldTo: '2016-01-01', endReason: 'error' };
    const household: Household = { ...whole, members: [head], past: [left] };
    expect(membershipsOf([household], ({ id }) => id === son.id)).toEqual([]);
    expect(membershipsOf([whole], ({ id }) => id === son.id)).toHaveLength(1);
  });
});

describe('who a row names by numbers', () => {
  it('a member is known by the whole number or by that within the household', () => {
    const isOne = (number: string | null, asked: string) =>
      isNumbered({ ...whole, number: '351' }, asked)({ ...son, number });
    expect([isOne('35102', '35102'), isOne('35102', '02'), isOne('02', '０２')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isOne('35102', '03'), isOne(null, '02')]).toEqual([false, false]);
  });

  it('a household with a name beside it is hers only if one of it is called so, now or once', () => {
    const gone: Household = { ...whole, past: [{ ...son, id: 'per_x', name: '张旧人' }] };
    expect(householdNamed(gone, row({ head: head.name }))).not.toBeNull();
    expect(householdNamed(gone, row({ head: '张旧人' }))).not.toBeNull();
    expect(householdNamed(gone, row())).not.toBeNull();
    expect(householdNamed(gone, row({ head: '别家人', name: null }))).toBeNull();
  });
});

describe('what a row wants', () => {
  it('an item of a household is the household’s, and says who took it', () => {
    expect(told({ who: { member: son } })).toMatchObject({
      household: whole.id,
      person: null,
      payee: son.id,
      department: '县民政局',
      period: '2017',
    });
    expect(told({ row: { department: '县教育局' } })).toMatchObject({
      payee: null,
      department: '县教育局',
    });
  });

  it('an item of a person needs the person, where the household is not of one', () => {
    const asked = { subject: 'person' } as const;
    expect(told({ item: asked, who: { member: son } })).toMatchObject({
      person: son.id,
      payee: null,
    });
    expect(told({ item: asked })).toBe('receipt-person-missing');
    const alone: Household = { ...whole, members: [head] };
    expect(told({ item: asked, who: { household: alone } })).toMatchObject({ person: head.id });
    expect(told({ item: asked, who: { household: { ...whole, members: [] } } })).toBe(
      'receipt-person-missing',
    );
    expect(told({ item: { subject: 'village' } })).toBe('receipt-item-village');
  });

  it('money has an amount, a service needs none, and nothing comes to more than a million yuan', () => {
    const benefit = { kind: 'service', period: 'year', amountFen: null } as const;
    expect(told({ row: { amountFen: null } })).toBe('receipt-amount-missing');
    expect(told({ row: { amountFen: null }, item: { benefit } })).toMatchObject({
      amountFen: null,
    });
    expect(told({ row: { amountFen: 100_000_000 } })).toMatchObject({ amountFen: 100_000_000 });
    expect(told({ row: { amountFen: 100_000_001 } })).toBe('receipt-amount-large');
  });

  it('a period that does not tell the item’s is given back', () => {
    const benefit = { kind: 'cash', period: 'month', amountFen: null } as const;
    const period = { year: 2017, month: null, term: null };
    expect(told({ row: { period }, item: { benefit } })).toBe('receipt-period');
  });
});

describe('what makes a payment the same when it is told again', () => {
  const wanted = granted(want({}));
  const same = (given: Partial<typeof wanted>) => sameness({ ...wanted, ...given }, LIANJIANG);

  it('is the department’s own reference, whatever else is said', () => {
    expect(same({ amountFen: 1, household: 'hh_x' })).toBe(same({}));
    expect(same({ department: '县教育局' })).not.toBe(same({}));
    expect(sameness(wanted, '350121')).not.toBe(same({}));
  });

  it('is all that is said of it, where there is none; a person is the same in every household', () => {
    const bare = { reference: null, person: 'per_1' };
    expect(same({ ...bare, household: 'hh_x' })).toBe(same(bare));
    for (const other of [
      { person: 'per_2' },
      { on: '2017-01-21' },
      { amountFen: 1 },
      { period: '2016' },
    ])
      expect(same({ ...bare, ...other })).not.toBe(same(bare));
    expect(same({ reference: null, household: 'hh_x' })).not.toBe(same({ reference: null }));
  });
});

describe('what a row does to what is known', () => {
  const wanted = granted(want({}));
  const by = { id: 'rc_1', import: 'imp_1', at: '2017-10-23T02:00:00.000Z', actor: 'office' };
  const known = receiptAfter(undefined, wanted, by);

  it('is new, unchanged, or changed in what may change', () => {
    expect(decideReceipt(undefined, wanted)).toEqual({ outcome: 'new' });
    expect(known).toMatchObject({ version: 1, source: { import: 'imp_1', row: 4 } });
    expect(decideReceipt(known, wanted)).toEqual({ outcome: 'unchanged' });
    const later = { ...wanted, amountFen: 60_000, source: { ...wanted.source, document: '9号' } };
    expect(decideReceipt(known, later)).toEqual({
      outcome: 'changed',
      changes: [
        { field: 'amountFen', person: null, before: 50_000, after: 60_000 },
        { field: 'document', person: null, before: null, after: '9号' },
      ],
    });
    expect(receiptAfter(known, later, by)).toMatchObject({ version: 2, amountFen: 60_000 });
  });

  it.each([
    ['another household', { household: 'hh_x' }],
    ['a person instead of the household', { person: 'per_1' }],
    ['another item', { item: 'other' }],
    ['another day', { on: '2017-01-21' }],
  ])('is in conflict where the reference stands for %s', (_, other) => {
    expect(decideReceipt(known, { ...wanted, ...other })).toMatchObject({
      outcome: 'conflicting',
      faults: [{ code: 'receipt-reference-taken', values: { reference: 'BZ1' } }],
    });
  });

  it('a person is the same in another household; the receipt stays where it is', () => {
    const own = { ...known, person: 'per_1', reference: null };
    const moved = { ...wanted, person: 'per_1', household: 'hh_x', amountFen: 1 };
    expect(decideReceipt(own, moved)).toMatchObject({ outcome: 'changed' });
    expect(receiptAfter(own, moved, by).household).toBe(known.household);
    expect(decideReceipt(own, { ...moved, person: 'per_2' })).toMatchObject({
      faults: [{ code: 'receipt-reference-taken', values: { reference: '' } }],
    });
  });

  it('what was withdrawn does not come back by an upload', () => {
    const withdrawn = { at: '2017-10-20T17:00:00.000Z', actor: 'office', reason: '发错' };
    expect(decideReceipt({ ...known, withdrawn }, wanted)).toMatchObject({
      outcome: 'conflicting',
      faults: [{ code: 'receipt-withdrawn', values: { day: '2017-10-21' } }],
    });
  });

  it('a struck-off household, a death, a former home and another name are told as remarks', () => {
    const file = registered({ members: family() });
    const gone = granted(strikeOff(file, { heldFrom: '2017-01-01', reason: 'gone' }, context()));
    const died = { ...son, heldTo: '2017-01-05', endReason: 'death' };
    const codes = remarksOn(
      {
        household: gone.next.household,
        member: died,
        isNamedOtherwise: true,
        isElsewhere: true,
      },
      '2017-01-05',
    );
    expect(codes).toEqual([
      { code: 'receipt-household-closed' },
      { code: 'receipt-person-died', values: { day: '2017-01-05' } },
      { code: 'receipt-former-home' },
      { code: 'receipt-name-differs' },
    ]);
    // What was paid before is hers.
    expect(remarksOn(who({ member: died }), '2017-01-04')).toEqual([]);
    const left = { ...died, endReason: 'moved-out' };
    expect(remarksOn(who({ member: left }), '2017-02-01')).toEqual([
      { code: 'receipt-person-left', values: { day: '2017-01-05' } },
    ]);
    expect(remarksOn(who(), '2017-01-05')).toEqual([]);
  });

  it('money that is new where some is known of the item and period is told as a remark, with the latest', () => {
    const more = (given: object, standing = [known]) =>
      remarksOnMore({ ...wanted, ...given }, standing).map(({ values }) => values?.day);
    const later = { ...known, on: '2017-05-01' };
    expect(remarksOnMore({ ...wanted, on: '2017-06-01' }, [known])).toEqual([
      { code: 'receipt-again', values: { day: known.on, yuan: 500, department: '县民政局' } },
    ]);
    expect(more({}, [known, later, known])).toEqual(['2017-05-01']);
    for (const other of [
      { item: 'x' },
      { period: '2016' },
      { person: 'per_1' },
      { amountFen: null },
    ])
      expect(more(other)).toEqual([]);
    expect(more({}, [{ ...known, amountFen: null }])).toEqual([]);
  });
});

describe('a correction', () => {
  const by = { at: '2017-10-24T01:00:00.000Z', actor: 'office', place: LIANJIANG };
  const known = receipt();

  it('changes the amount, withdraws, and brings back; the reason stays with it', () => {
    expect(correctReceipt(known, { amountFen: 1, reason: '录错' }, by)).toMatchObject({
      ok: { version: 2, amountFen: 1, withdrawn: null, actor: 'office' },
    });
    const withdrawn = granted(correctReceipt(known, { withdrawn: true, reason: '发错' }, by));
    expect(withdrawn.withdrawn).toEqual({ at: by.at, actor: 'office', reason: '发错' });
    // Another amount of what is withdrawn does not hide since when and why it is.
    const later = { ...by, at: '2017-10-25T01:00:00.000Z' };
    expect(correctReceipt(withdrawn, { amountFen: 2, reason: '录错' }, later)).toMatchObject({
      ok: { version: 3, withdrawn: { at: by.at } },
    });
    expect(correctReceipt(withdrawn, { withdrawn: false, reason: '没错' }, later)).toMatchObject({
      ok: { version: 3, withdrawn: null },
    });
  });

  it('is refused where it says nothing new, or too much', () => {
    expect(correctReceipt(known, { reason: '看看' }, by)).toEqual({ refused: 'receipt-nothing' });
    expect(
      correctReceipt(known, { amountFen: 50_000, withdrawn: false, reason: '看看' }, by),
    ).toEqual({ refused: 'receipt-nothing' });
    expect(correctReceipt(known, { amountFen: 10 ** 9, reason: '录错' }, by)).toMatchObject({
      refused: 'receipt-amount-large',
    });
    expect(
      correctReceipt({ ...known, amountFen: null }, { withdrawn: true, reason: '没做' }, by),
    ).toMatchObject({ ok: { amountFen: null } });
  });
});

describe('the receipts of a household', () => {
  it('are shown latest first with the names of persons and items; what was withdrawn is not added up', () => {
    const withdrawn = { at: '2017-10-24T01:00:00.000Z', actor: 'office', reason: '发错' };
    const first = receipt({ id: 'rc_1', person: son.id, on: '2016-05-01' });
    const second = receipt({ id: 'rc_2', payee: 'per_gone', on: '2017-05-01', amountFen: null });
    const third = receipt({ id: 'rc_3', withdrawn, version: 2, on: '2017-01-01' });
    const change = {
      receipt: 'rc_3',
      version: 2,
      at: withdrawn.at,
      actor: 'office',
      reason: '发错',
      before: { ...third, withdrawn: null },
      after: third,
    };
    const earlier = { ...change, at: '2017-10-23T01:00:00.000Z' };
    const name = { zh: '春节慰问金', en: 'Gift' };
    const view = receiptsView(whole, {
      receipts: [first, second, third],
      changes: [earlier, change, { ...earlier, at: '2017-10-22T01:00:00.000Z' }],
      called: ({ id }) => (id === 'rc_1' ? name : undefined),
    });
    expect(view.receipts.map(({ id }) => id)).toEqual(['rc_2', 'rc_3', 'rc_1']);
    expect(view.totalFen).toBe(50_000);
    expect(view.receipts).toMatchObject([
      { payee: { id: 'per_gone', name: '' }, item: { name: null } },
      { withdrawn: { reason: '发错' } },
      { person: { id: son.id, name: son.name }, item: { id: 'spring-visit', name } },
    ]);
    expect(view.history).toMatchObject([
      {
        at: withdrawn.at,
        before: { amountFen: 50_000, withdrawn: false },
        after: { withdrawn: true },
      },
      { at: earlier.at },
      { at: '2017-10-22T01:00:00.000Z' },
    ]);
  });
});
