import { describe, expect, it } from 'vitest';
import { correctReceipt } from '../../functions/core/receipt-correct.ts';
import {
  decideReceipt,
  receiptAfter,
  sameness,
  wantVillageReceipt,
} from '../../functions/core/receipt-decide.ts';
import {
  type AnyReceipt,
  hadByVillage,
  heldBy,
  type ReceiptMove,
  type VillageReceipt,
} from '../../functions/core/receipt-village.ts';
import {
  NewVillageReceipt,
  typedVillageReceipt,
  villageReceiptsView,
} from '../../functions/core/receipt-village-view.ts';
import { isRefused } from '../../functions/core/refusal.ts';
import { granted } from '../support/build.ts';
import { receipt, villageReceipt } from '../support/receipt.ts';
import { item } from '../support/receipt-items.ts';

const [a, b, c, d] = ['350122101201', '350122101202', '350122101203', '350122101204'];

/** What villages of a county received, and how they came from one another. */
function county(receipts: readonly VillageReceipt[], moves: readonly ReceiptMove[]) {
  return async (code: string) => ({
    receipts: receipts.filter(({ village }) => village === code),
    from: moves.filter(({ to }) => to === code),
  });
}
const whole = (from: string, to: string): ReceiptMove => ({ from, to, until: null, isPart: false });
const part = (from: string, to: string, until: string | null = null): ReceiptMove => ({
  ...whole(from, to),
  until,
  isPart: true,
});
const of = (village: string, on = '2017-03-01') =>
  villageReceipt({ id: `rc_${village}_${on}`, village, on });

async function held(village: string, ...given: Parameters<typeof county>) {
  const all = await heldBy(village, county(...given));
  return all.map(({ receipt, isPart }) => [receipt.village, receipt.on, isPart]).toSorted();
}

describe('what a village received under former codes', () => {
  it('is its own when it was renamed, moved, or several became one', async () => {
    expect(await held(c, [of(a), of(b), of(c)], [whole(a, b), whole(b, c)])).toEqual([
      [a, '2017-03-01', false],
      [b, '2017-03-01', false],
      [c, '2017-03-01', false],
    ]);
  });

  it('lies in every part of a village that was divided, and no part has the money', async () => {
    const ground = [[of(a)], [part(a, b), part(a, c)]] as const;
    expect(await held(b, ...ground)).toEqual([[a, '2017-03-01', true]]);
    const had = hadByVillage(await heldBy(c, county(...ground)));
    expect(had).toMatchObject([{ item: 'road', person: null, amountFen: null }]);
    const own = hadByVillage(await heldBy(a, county(...ground)));
    expect(own).toMatchObject([{ amountFen: 50_000 }]);
  });

  it('ends for the part that left with the day of the division', async () => {
    const later = of(a, '2017-06-01');
    const ground = [[of(a), later], [part(a, b, '2017-06-01')]] as const;
    expect(await held(b, ...ground)).toEqual([[a, '2017-03-01', true]]);
    // Renamed afterwards, and divided once more before that day.
    const [receipts, moves] = ground;
    const more = [...moves, whole(b, c), part(c, d, '2017-02-01')];
    expect(await held(c, receipts, more)).toEqual([[a, '2017-03-01', true]]);
    expect(await held(d, receipts, more)).toEqual([]);
    // Whichever of two divisions was earlier counts, whatever the order of the ways.
    const earlier = [part(a, b, '2017-02-01'), part(b, c, '2017-06-01')];
    expect(await held(c, receipts, earlier)).toEqual([]);
  });

  it('is counted once where ways meet, as a whole if one of them says so, and ways that turn back end', async () => {
    const moves = [part(a, b), part(a, d), whole(a, c), whole(b, d), whole(c, d), whole(d, a)];
    expect(await held(d, [of(a)], moves)).toEqual([[a, '2017-03-01', false]]);
  });

  it('is held as long as by the longest way, whichever is met first', async () => {
    const later = of(a, '2017-06-01');
    const ways = [part(a, b, '2017-02-01'), part(a, c), part(a, b, '2017-05-01')];
    const both = [[a, '2017-06-01', true]];
    for (const joined of [
      [whole(b, d), whole(c, d)],
      [whole(c, d), whole(b, d)],
    ])
      expect(await held(d, [later], [...ways, ...joined])).toEqual(both);
    expect(await held(b, [of(a)], ways)).toEqual([[a, '2017-03-01', true]]);
    // The rest came after the part that had left.
    expect(await held(b, [later], [...ways, whole(a, b)])).toEqual([[a, '2017-06-01', false]]);
  });

  it('that was withdrawn is none', () => {
    const withdrawn = { at: '2017-10-20T17:00:00.000Z', actor: 'office', reason: '发错' };
    expect(hadByVillage([{ receipt: villageReceipt({ withdrawn }), isPart: false }])).toEqual([]);
  });
});

describe('what a village received, typed in', () => {
  const road = item({
    id: 'village-road',
    subject: 'village',
    benefit: { kind: 'project', period: 'once', amountFen: null },
  });
  const typed = (given: object, items = [road]) =>
    typedVillageReceipt(
      NewVillageReceipt.parse({ item: 'village-road', on: '2017-03-01', ...given }),
      {
        ...{ village: a, items, place: '350122', today: '2017-10-23' },
      },
    );
  const code = (...given: Parameters<typeof typed>) => {
    const decided = typed(...given);
    return isRefused(decided) ? decided.refused : decided.ok;
  };

  it('needs an item of villages and a day, and says the rest as far as it is known', () => {
    expect(code({})).toEqual({
      ...{ village: a, item: 'village-road', on: '2017-03-01', amountFen: null, period: 'once' },
      ...{ department: '县民政局', reference: null },
      source: { sheet: null, row: null, allocation: null, document: null },
    });
    const yearly = item({ ...road, benefit: { ...road.benefit, period: 'year' } });
    const more = { amountFen: 200_000_000, period: '2016年', department: '县交通局' };
    expect(
      code({ ...more, reference: 'JT1', allocation: 'F1', document: '9号' }, [yearly]),
    ).toMatchObject({
      ...{ amountFen: 200_000_000, period: '2016', department: '县交通局', reference: 'JT1' },
      source: { allocation: 'F1', document: '9号' },
    });
  });

  it.each([
    ['date-future', { on: '2017-10-24' }],
    ['receipt-item-unknown', { item: 'nothing' }],
    ['receipt-period', { period: '哪年' }],
    ['receipt-amount-large', { amountFen: 10_000_000_001 }],
  ])('is refused with %s', (refusal, given) => {
    expect(code(given)).toBe(refusal);
  });

  it('of an item that is not for villages is refused', () => {
    const gift = item({ id: 'gift' });
    expect(code({ item: 'gift' }, [gift])).toBe('receipt-item-household');
    const grant = item({ ...road, benefit: { kind: 'cash', period: 'year', amountFen: null } });
    expect(code({}, [grant])).toBe('receipt-amount-missing');
    const month = item({ ...road, benefit: { ...road.benefit, period: 'month' } });
    expect(code({ period: '2017' }, [month])).toBe('receipt-period');
  });
});

describe('a receipt of a village that is told again', () => {
  const road = item({ id: 'road', subject: 'village' });
  const told = {
    ...{ on: '2017-03-01', amountFen: 50_000, period: null, reference: null, department: null },
    ...{ allocation: null, document: null },
  };
  const wanted = granted(
    wantVillageReceipt(
      { row: told, item: road, place: '350122', village: a },
      { sheet: '项目', row: 4 },
    ),
  );
  const by = { id: 'rc_1', import: 'imp_1', at: '2017-10-23T02:00:00.000Z', actor: 'office' };
  const known = receiptAfter(undefined, wanted, by);

  it('is the same by what is said of it and the village, or by its reference alone', () => {
    const same = (given: object) => sameness({ ...wanted, ...given }, '350122');
    expect(same({})).toBe(same({ period: wanted.period }));
    expect(same({ village: b })).not.toBe(same({}));
    expect(same({ village: b, reference: 'JT1' })).toBe(same({ reference: 'JT1' }));
  });

  it('is unchanged, changed, or somebody else’s', () => {
    expect(known).toMatchObject({ version: 1, village: a, source: { import: 'imp_1', row: 4 } });
    expect(decideReceipt(known, wanted)).toEqual({ outcome: 'unchanged' });
    expect(decideReceipt(known, { ...wanted, amountFen: 1 })).toMatchObject({
      changes: [{ field: 'amountFen', person: null, before: 50_000, after: 1 }],
    });
    const conflicting = { outcome: 'conflicting', faults: [{ code: 'receipt-reference-taken' }] };
    expect(decideReceipt(known, { ...wanted, village: b })).toMatchObject(conflicting);
    expect(decideReceipt(receipt({ item: 'road', on: told.on }), wanted)).toMatchObject(
      conflicting,
    );
  });

  it('is corrected up to the largest amount of villages', () => {
    const at = { at: by.at, actor: 'office', place: '350122' };
    const corrected = (one: AnyReceipt) =>
      correctReceipt(one, { amountFen: 200_000_000, reason: '结算' }, at);
    expect(granted(corrected(known))).toMatchObject({ version: 2, amountFen: 200_000_000 });
    expect(corrected(receipt())).toMatchObject({ refused: 'receipt-amount-large' });
  });
});

it('the receipts of a village are shown latest first; what was withdrawn, or is a part’s, counts in no sum', () => {
  const withdrawn = { at: '2017-10-20T17:00:00.000Z', actor: 'office', reason: '发错' };
  const held = [
    { receipt: villageReceipt({ id: 'rc_1', on: '2016-01-01' }), isPart: false },
    { receipt: villageReceipt({ id: 'rc_4', on: '2017-05-01' }), isPart: true },
    { receipt: villageReceipt({ id: 'rc_2', withdrawn }), isPart: false },
    { receipt: villageReceipt({ id: 'rc_3', on: '2017-02-01', amountFen: null }), isPart: false },
  ];
  const called = ({ id }: VillageReceipt) => (id === 'rc_1' ? { zh: '路', en: 'road' } : undefined);
  expect(villageReceiptsView(a, { held, changes: [], called })).toMatchObject({
    ...{ village: a, totalFen: 50_000, history: [] },
    receipts: [
      { id: 'rc_4', isPart: true, item: { id: 'road', name: null } },
      { id: 'rc_3' },
      { id: 'rc_2' },
      { id: 'rc_1', item: { name: { zh: '路' } } },
    ],
  });
});
