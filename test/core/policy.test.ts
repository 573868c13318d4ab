import { describe, expect, it } from 'vitest';
import { ItemTerms, itemsInForce, Slug, versionOn } from '../../functions/core/policy.ts';
import {
  lineNames,
  linesInForce,
  lineValues,
  lineWords,
} from '../../functions/core/policy-line.ts';
import { policyItem, policyLine } from '../support/policy-item.ts';

describe('the version of an item', () => {
  const first = policyItem({ version: 1, validFrom: '2016-01-01', validTo: '2017-12-31' });
  const second = policyItem({ version: 2, validFrom: '2017-03-01', validTo: '2017-08-31' });
  const end = policyItem({ version: 3, validFrom: '2018-01-01', ended: true });

  it('in force on a day is the latest that had begun', () => {
    expect(versionOn([first, second], '2015-12-31')).toBeUndefined();
    expect(versionOn([first, second], '2017-02-28')).toBe(first);
    expect(versionOn([first, second], '2017-03-01')).toBe(second);
  });

  it('does not come back when the one that took over is out of force', () => {
    expect(versionOn([first, second], '2017-09-01')).toBeUndefined();
  });

  it('that ends it leaves nothing in force', () => {
    expect(versionOn([policyItem(), end], '2017-12-31')?.version).toBe(1);
    expect(versionOn([policyItem(), end], '2018-01-01')).toBeUndefined();
  });
});

describe('the items in force in a place', () => {
  const county = policyItem({ id: 'grant', area: '350122', validFrom: '2017-01-01' });
  const province = policyItem({ id: 'grant', area: '35' });
  const other = policyItem({ id: 'aid', area: '35' });

  it('are one of each id, the county’s own before the province’s while it is in force', () => {
    const all = [province, county, other];
    expect(itemsInForce(all.toReversed(), '2017-06-01', '350122101201')).toEqual([other, county]);
    expect(itemsInForce(all, '2017-06-01', '350122101201')).toEqual([other, county]);
    expect(
      itemsInForce([county, other, { ...other, id: 'z' }], '2017-06-01', '350122'),
    ).toHaveLength(3);
    expect(itemsInForce(all, '2016-06-01', '350122101201')).toEqual([other, province]);
    expect(itemsInForce(all, '2017-06-01', '350121101201')).toEqual([other, province]);
    expect(itemsInForce(all, '2017-06-01', '36')).toEqual([]);
  });
});

describe('an item in several versions', () => {
  const first = policyItem({ version: 1, validFrom: '2016-01-01', validTo: '2017-02-28' });
  const second = policyItem({ version: 2, validFrom: '2017-03-01' });
  const third = policyItem({ version: 3, validFrom: '2017-06-01' });
  const sinceOn = (versions: Parameters<typeof itemsInForce>[0]) =>
    itemsInForce(versions, '2017-10-23', '350122').map(({ since }) => since);

  it('is in force since the first of those that followed each other', () => {
    expect(sinceOn([first, second, third])).toEqual(['2016-01-01']);
    expect(sinceOn([first])).toEqual([]);
    expect(sinceOn([third])).toEqual([undefined]);
  });

  it('begins anew after a gap, and after it was ended', () => {
    const gone = { ...first, validTo: '2017-01-31' };
    expect(sinceOn([gone, second, third])).toEqual(['2017-03-01']);
    expect(sinceOn([first, { ...second, ended: true }, third])).toEqual([undefined]);
  });
});

describe('lines', () => {
  const lines = [
    policyLine({ area: '35', fen: 300_000 }),
    policyLine({ validFrom: '2017-01-01', fen: 400_000 }),
    policyLine({ id: 'aid', validTo: '2016-12-31', fen: 100 }),
  ];

  it('come to the amount of the place and day, the county’s own first', () => {
    expect(lineValues(lines, '2017-06-01', '350122101')).toMatchObject({ dibao: 400_000 });
    expect(lineValues(lines, '2016-06-01', '350122101')).toMatchObject({
      dibao: 300_000,
      aid: 100,
    });
    expect(lineValues(lines, '2017-06-01', '350121101')).toMatchObject({ dibao: 300_000 });
    expect(linesInForce(lines, '2017-06-01', '350122').map(({ id }) => id)).toEqual(['dibao']);
  });

  it('go by the name of the place and day; out of force by their last', () => {
    const name = (zh: string) => ({ zh, en: zh });
    const named = [
      policyLine({ validFrom: '2018-01-01', name: name('新标准') }),
      policyLine({ validFrom: '2017-01-01', name: name('标准') }),
      policyLine({ id: 'aid', validFrom: '2015-01-01', validTo: '2015-12-31', name: name('甲') }),
      policyLine({ id: 'aid', validTo: '2016-12-31', name: name('乙') }),
    ];
    const words = lineWords(named, '2017-06-01', '350122101');
    expect([words.dibao?.zh, words.aid?.zh]).toEqual(['标准', '乙']);
  });

  it('are unknown where none is in force, and the poverty line is among them', () => {
    const values = lineValues(lines, '2017-06-01', '350122');
    expect(values.aid).toBeUndefined();
    expect(values.poverty).toBe(295_200);
    expect(lineValues([], '1990-01-01', '350122')).toEqual({});
    expect([...lineNames(lines)].toSorted()).toEqual(['aid', 'dibao', 'poverty']);
  });
});

describe('what a document may say', () => {
  const {
    area: _,
    document: __,
    publication: ___,
    version: ____,
    id: _____,
    ...given
  } = policyItem();
  const { ended: ______, enacted: _______, ...terms } = given;

  it('is taken as it is', () => {
    expect(ItemTerms.safeParse(terms).success).toBe(true);
    const claimWindow = { fromMonthDay: '11-01', toMonthDay: '02-28' };
    expect(ItemTerms.safeParse({ ...terms, claimWindow }).success).toBe(true);
  });

  it.each([
    ['a day no year has', { claimWindow: { fromMonthDay: '02-30', toMonthDay: '03-01' } }],
    ['a number of somebody in a note', { note: '联系 13800138000' }],
    ['a batch nobody knows', { batch: 'gift' }],
    ['an amount below nought', { benefit: { ...given.benefit, amountFen: -1 } }],
    ['half a fen', { benefit: { ...given.benefit, amountFen: 0.5 } }],
    ['a field nobody knows', { bonus: 1 }],
  ])('%s is not', (_what, change) => {
    expect(ItemTerms.safeParse({ ...terms, ...change }).success).toBe(false);
  });

  it.each(['__proto__', 'Edu', 'edu_grant', '-edu', 'a#b', ''])('"%s" names no item', (id) => {
    expect(Slug.safeParse(id).success).toBe(false);
  });
});
