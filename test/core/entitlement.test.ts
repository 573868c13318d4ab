import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Entitlement,
  entitlementsOf,
  type Had,
  rulesOf,
  villageEntitlementsOf,
} from '../../functions/core/entitlement.ts';
import { claimOn, isInPeriod, timesInYear } from '../../functions/core/entitlement-period.ts';
import { yearTotalOf } from '../../functions/core/entitlement-total.ts';
import { type Benefit, itemsInForce, type PolicyItem } from '../../functions/core/policy.ts';
import { compileRules } from '../../functions/core/policy-compile.ts';
import type { PolicyGround } from '../../functions/core/policy-ground.ts';
import { anyCondition, anyGround, someLines } from '../support/policy.ts';
import { benefit, policyItem } from '../support/policy-item.ts';
import { receipt } from '../support/receipt.ts';

const day = '2017-10-23';
const poor: PolicyGround = {
  household: { 'household.type': 'low-income', 'household.farmlandMu': 2.5 },
  persons: [
    { id: 'per_1', values: { 'person.age': 40 } },
    { id: 'per_2', values: { 'person.age': 15 } },
  ],
  village: { 'village.town': '350122101', 'village.poor': true },
};
const unknown: PolicyGround = { ...poor, household: {} };
const rich: PolicyGround = { ...poor, household: { 'household.type': 'general' } };

const home = (given: Partial<PolicyItem> = {}) =>
  policyItem({ subject: 'household', benefit: benefit({ unit: 'household' }), ...given });

function judged(
  items: readonly PolicyItem[],
  given: { ground?: PolicyGround; receipts?: readonly Had[]; explains?: boolean } = {},
): readonly Entitlement[] {
  const { ground = poor, receipts = [], explains = false } = given;
  return entitlementsOf({ ground, items, lines: { dibao: 384_000 }, receipts, day, explains });
}

function only(all: readonly Entitlement[]): Entitlement {
  const [one] = all;
  if (!one || all.length !== 1) throw new Error(`${all.length} of them`);
  return one;
}

describe('what an item means', () => {
  it('entitled and given in the period is received, entitled and not given is missed', () => {
    expect(only(judged([home()]))).toMatchObject({
      ...{ result: 'missed', eligible: 'yes', received: false, receivedFen: 0 },
      ...{ dueFen: 200_000, yearFen: 200_000, period: '2017', person: null, excludedBy: null },
    });
    const had = [receipt({ item: 'edu-grant', amountFen: 150_000 })];
    expect(only(judged([home()], { receipts: had }))).toMatchObject({
      ...{ result: 'received', received: true, receivedFen: 150_000 },
    });
  });

  it('received without a right shows as both', () => {
    const had = [receipt({ item: 'edu-grant' })];
    expect(only(judged([home()], { ground: rich, receipts: had }))).toMatchObject({
      ...{ result: 'not-eligible', eligible: 'no', received: true, receivedFen: 50_000 },
    });
  });

  it('a fact nobody recorded leaves it unknown, received or not', () => {
    expect(only(judged([home()], { ground: unknown })).result).toBe('unknown');
    const had = [receipt({ item: 'edu-grant' })];
    expect(only(judged([home()], { ground: unknown, receipts: had }))).toMatchObject({
      ...{ result: 'unknown', received: true },
    });
  });

  it('is told for each person of an item for persons, by their own receipts', () => {
    const had = [receipt({ item: 'edu-grant', person: 'per_2' })];
    const all = judged([policyItem()], { receipts: had });
    expect(all.map(({ person, result }) => [person, result])).toEqual([
      ['per_1', 'missed'],
      ['per_2', 'received'],
    ]);
  });

  it('is served where the register says so', () => {
    const doctor = policyItem({
      receivedWhen: { fact: 'person.age', op: 'below', value: 18 },
      benefit: benefit({ kind: 'service', amountFen: null }),
    });
    expect(
      judged([doctor]).map(({ result, dueFen, yearFen }) => [result, dueFen, yearFen]),
    ).toEqual([
      ['missed', null, null],
      ['received', null, null],
    ]);
  });

  it('what was given after the day is not there yet', () => {
    const had = [receipt({ item: 'edu-grant', on: '2017-11-01' })];
    expect(only(judged([home()], { receipts: had })).received).toBe(false);
  });

  it('says why only where asked, and only where there is something to say', () => {
    expect(only(judged([home()], { ground: rich }))).not.toHaveProperty('because');
    expect(only(judged([home()], { explains: true }))).not.toHaveProperty('because');
    const [fails] = judged([home()], { ground: rich, explains: true });
    expect(fails?.because).toMatchObject([{ fact: 'household.type', answer: 'no' }]);
    const [missing] = judged([home()], { ground: unknown, explains: true });
    expect(missing?.because).toMatchObject([{ fact: 'household.type', answer: 'unknown' }]);
  });

  it('items for villages are told of villages alone', () => {
    const road = home({
      subject: 'village',
      condition: { fact: 'village.poor', op: 'is', value: true },
      receivedWhen: { fact: 'village.road', op: 'is', value: true },
    });
    expect(judged([road])).toEqual([]);
    const of = (
      village: PolicyGround['village'],
      receipts: Parameters<typeof villageEntitlementsOf>[0]['receipts'] = [],
    ) =>
      villageEntitlementsOf({ village, items: [road, home()], receipts, lines: {}, day }).map(
        (one) => one.result,
      );
    expect(of({ 'village.poor': true })).toEqual(['missed']);
    expect(of({ 'village.poor': true, 'village.road': true })).toEqual(['received']);
    expect(of({ 'village.poor': false })).toEqual(['not-eligible']);
    expect(of({})).toEqual(['unknown']);
    const built = { item: road.id, person: null, on: day, amountFen: null, period: 'once' };
    expect(of({ 'village.poor': true }, [{ ...built, period: day.slice(0, 4) }])).toEqual([
      'received',
    ]);
    expect(of({ 'village.poor': true }, [{ ...built, on: '2099-01-01' }])).toEqual(['missed']);
  });
});

describe('amounts', () => {
  const due = (
    given: Partial<Benefit>,
    ground = poor,
    subject: PolicyItem['subject'] = 'household',
  ) => judged([policyItem({ subject, benefit: benefit(given) })], { ground })[0];

  it('are for each person of the household, each mu, or a share of something', () => {
    expect(due({ unit: 'person', amountFen: 100 })?.dueFen).toBe(200);
    expect(due({ unit: 'mu', amountFen: 30_000, amountFact: 'household.farmlandMu' })?.dueFen).toBe(
      75_000,
    );
    const wages = { ...poor, household: { ...poor.household, 'household.wagesFen': 123_456 } };
    const share = { unit: 'percent', amountFen: 600, amountFact: 'household.wagesFen' } as const;
    expect(due(share, wages)?.dueFen).toBe(7_407);
    expect(due({ unit: 'household', amountFen: 100 })?.dueFen).toBe(100);
    expect(due({ unit: 'person', amountFen: 100 }, poor, 'person')?.dueFen).toBe(100);
  });

  it('end at their cap', () => {
    expect(due({ unit: 'person', amountFen: 100, capFen: 150 })?.dueFen).toBe(150);
  });

  it('are unknown with what they hang on, or where that lies between two numbers', () => {
    const byPupils = { unit: 'person', amountFact: 'household.pupils' } as const;
    expect(due(byPupils)).toMatchObject({ dueFen: null, missing: ['household.pupils'] });
    const between = {
      ...poor,
      household: { ...poor.household, 'household.pupils': { least: 1, most: 2 } },
    };
    expect(due(byPupils, between)).toMatchObject({ dueFen: null, yearFen: null });
    const one = { ...poor, household: { ...poor.household, 'household.pupils': 1 } };
    expect(due(byPupils, one)?.dueFen).toBe(200_000);
  });
});

describe('periods', () => {
  const at = { day, place: '350122101' };

  it.each([
    ['2017', 'year', true],
    ['2016', 'year', false],
    ['2017-2', 'year', true],
    ['2017-03', 'year', true],
    ['2017-2', 'term', true],
    ['2017-1', 'term', false],
    ['2017-09', 'term', true],
    ['2017-05', 'term', false],
    ['2017', 'term', true],
    ['2017-10', 'month', true],
    ['2017-09', 'month', false],
    ['2017-2', 'month', true],
    ['2017-1', 'month', false],
    ['2017', 'month', true],
    ['2001', 'once', true],
  ] as const)('a receipt of %s is one of the %s that holds the day: %s', (period, kind, is) => {
    expect(isInPeriod({ period, on: '2010-01-01' }, kind, at)).toBe(is);
  });

  it('what belongs to no period counts on the day it was paid', () => {
    expect(isInPeriod({ period: 'once', on: '2017-02-01' }, 'year', at)).toBe(true);
    expect(isInPeriod({ period: '春季', on: '2016-02-01' }, 'year', at)).toBe(false);
  });

  it('January belongs to the autumn term before', () => {
    const january = { day: '2018-01-10', place: '350122101' };
    expect(isInPeriod({ period: '2017-2', on: '2017-09-01' }, 'term', january)).toBe(true);
    expect(isInPeriod({ period: '2018-1', on: '2018-03-01' }, 'term', january)).toBe(false);
  });

  it.each([
    ['month', '2016-01-01', null, 12],
    ['month', '2017-10-05', null, 3],
    ['month', '2016-01-01', '2017-02-01', 2],
    ['month', '2018-01-01', null, 0],
    ['term', '2016-01-01', null, 2],
    ['term', '2017-09-01', null, 1],
    ['term', '2016-01-01', '2017-01-31', 0],
    ['year', '2017-10-05', null, 1],
    ['once', '2016-01-01', null, 1],
    ['year', '2018-01-01', null, 0],
  ] as const)(
    'an item by the %s in force from %s to %s is had %i times in the year',
    (...[period, validFrom, validTo, times]) => {
      const item = policyItem({ validFrom, validTo, benefit: benefit({ period }) });
      expect(timesInYear(item, at)).toBe(times);
    },
  );

  it('an item that goes on in another version is had as often as if there were one', () => {
    const versions = [
      policyItem({ version: 1, validFrom: '2016-01-01', benefit: benefit({ period: 'month' }) }),
      policyItem({ version: 2, validFrom: '2017-10-01', benefit: benefit({ period: 'month' }) }),
    ];
    const [held] = itemsInForce(versions, day, '350122');
    expect(held && [held.version, timesInYear(held, at)]).toEqual([2, 12]);
  });

  it('a share of a loss is nothing, and owed by nobody', () => {
    const share = benefit({
      unit: 'percent',
      amountFen: 600,
      amountFact: 'household.netIncomeFen',
    });
    const ground = { ...poor, household: { ...poor.household, 'household.netIncomeFen': -50_000 } };
    expect(only(judged([home({ benefit: share })], { ground })).dueFen).toBe(0);
  });

  it('what was had once in an earlier year is due no more', () => {
    const once = home({ benefit: benefit({ unit: 'household', period: 'once' }) });
    const had = [receipt({ item: 'edu-grant', on: '2016-05-01', period: 'once' })];
    expect(only(judged([once], { receipts: had }))).toMatchObject({
      ...{ result: 'received', yearFen: 0, dueFen: 200_000, period: 'once' },
    });
    const now = [receipt({ item: 'edu-grant', on: '2017-05-01', period: 'once' })];
    expect(only(judged([once], { receipts: now })).yearFen).toBe(200_000);
  });
});

describe('the window to apply in', () => {
  const window = (fromMonthDay: string, toMonthDay: string) => ({
    claim: 'apply' as const,
    claimWindow: { fromMonthDay, toMonthDay },
  });

  it('is open, or comes again', () => {
    expect(claimOn(window('09-01', '10-31'), day)).toEqual({
      ...{ by: 'apply', isOpen: true, from: '2017-09-01', to: '2017-10-31' },
    });
    expect(claimOn(window('03-01', '04-30'), day)).toMatchObject({
      isOpen: false,
      from: '2018-03-01',
    });
    expect(claimOn(window('11-01', '12-31'), day)).toMatchObject({
      isOpen: false,
      from: '2017-11-01',
    });
  });

  it('may go over the turn of the year', () => {
    const winter = window('11-01', '02-28');
    expect(claimOn(winter, '2018-01-10')).toMatchObject({ isOpen: true, from: '2017-11-01' });
    expect(claimOn(winter, day)).toMatchObject({ isOpen: false, to: '2018-02-28' });
  });

  it('is all year where there is none', () => {
    const all = { isOpen: true, from: null, to: null };
    expect(claimOn({ claim: 'automatic', claimWindow: null }, day)).toEqual({
      by: 'automatic',
      ...all,
    });
  });
});

describe('items that exclude each other', () => {
  const small = home({ id: 'small', benefit: benefit({ unit: 'household', amountFen: 100 }) });
  const large = home({ id: 'large', exclusions: ['small'] });
  const result = (all: readonly Entitlement[]) =>
    Object.fromEntries(all.map((one) => [one.item, [one.result, one.excludedBy]]));

  it('leave the larger amount of the year, whichever of them names the other', () => {
    const wanted = { small: ['not-eligible', 'large'], large: ['missed', null] };
    expect(result(judged([small, large]))).toEqual(wanted);
    expect(result(judged([large, small]))).toEqual(wanted);
    const had = [receipt({ item: 'large' })];
    expect(result(judged([small, large], { receipts: had })).small).toEqual([
      'not-eligible',
      'large',
    ]);
    expect(result(judged([large, small], { receipts: had })).small).toEqual([
      'not-eligible',
      'large',
    ]);
    const monthly = home({
      id: 'small',
      benefit: benefit({ unit: 'household', amountFen: 20_000, period: 'month' }),
    });
    expect(result(judged([monthly, large])).small).toEqual(['missed', null]);
  });

  it('leave what was received, however small, also where its right cannot be told', () => {
    const had = [receipt({ item: 'small' })];
    expect(result(judged([small, large], { receipts: had }))).toEqual({
      small: ['received', null],
      large: ['not-eligible', 'small'],
    });
    const open = {
      ...small,
      condition: { fact: 'household.dependants', op: 'above', value: 0 },
    } as const;
    expect(result(judged([open, large], { receipts: had })).large).toEqual([
      'not-eligible',
      'small',
    ]);
    expect(result(judged([open, large])).large).toEqual(['missed', null]);
  });

  it('both received show as one too many', () => {
    const had = [receipt({ item: 'small' }), receipt({ item: 'large' })];
    const [one] = judged([small, large], { receipts: had });
    expect(one).toMatchObject({ result: 'not-eligible', received: true, excludedBy: 'large' });
  });

  it('what was received without a right takes nobody’s place', () => {
    const strangers = {
      ...small,
      condition: { fact: 'household.type', op: 'is', value: 'general' },
    } as const;
    const had = [receipt({ item: 'small' })];
    expect(result(judged([strangers, large], { receipts: had })).large).toEqual(['missed', null]);
  });

  it('of two persons each has one; what the household has concerns all', () => {
    const child = policyItem({
      id: 'child',
      exclusions: ['elder'],
      condition: { fact: 'person.age', op: 'below', value: 18 },
    });
    const elder = policyItem({
      id: 'elder',
      condition: { fact: 'person.age', op: 'above', value: 18 },
    });
    const kept = judged([child, elder]).filter(({ excludedBy }) => excludedBy !== null);
    expect(kept).toEqual([]);
    const whole = home({ id: 'whole', exclusions: ['child'] });
    expect(judged([child, whole]).filter((one) => one.excludedBy !== null)).toMatchObject([
      { item: 'whole', excludedBy: 'child' },
    ]);
  });

  it('of equal amounts the first by id is had, an amount that is unknown last', () => {
    const twin = home({ id: 'a-twin' });
    expect(result(judged([large, { ...twin, exclusions: ['large'] }])).large).toEqual([
      'not-eligible',
      'a-twin',
    ]);
    expect(result(judged([{ ...twin, exclusions: ['large'] }, large])).large).toEqual([
      'not-eligible',
      'a-twin',
    ]);
    const priceless = home({
      id: 'a-twin',
      exclusions: ['large'],
      benefit: benefit({ amountFen: null }),
    });
    expect(result(judged([priceless, large]))['a-twin']).toEqual(['not-eligible', 'large']);
    expect(result(judged([large, priceless]))['a-twin']).toEqual(['not-eligible', 'large']);
  });
});

describe('the total of the year', () => {
  it('adds what is due after exclusions and what was received, by batch', () => {
    const items = [
      home({ id: 'small', benefit: benefit({ unit: 'household', amountFen: 100 }) }),
      home({ id: 'large', exclusions: ['small'] }),
      home({
        id: 'job',
        batch: 'production',
        benefit: benefit({ unit: 'household', amountFen: 50_000, period: 'month' }),
      }),
      home({
        id: 'doctor',
        batch: 'safety-net',
        benefit: benefit({ kind: 'service', amountFen: null }),
      }),
      home({
        id: 'never',
        batch: 'ecology',
        condition: { fact: 'household.type', op: 'is', value: 'general' },
      }),
    ];
    const receipts = [
      receipt({ item: 'job', amountFen: 50_000, on: '2017-03-01', period: '2017-03' }),
      receipt({ item: 'job', amountFen: 50_000, on: '2017-11-01', period: '2017-11' }),
      receipt({ item: 'job', amountFen: 50_000, on: '2016-03-01', period: '2016-03' }),
      receipt({ item: 'gone', amountFen: 1_000, on: '2017-01-01' }),
      receipt({ item: 'doctor', amountFen: null, on: '2017-01-01' }),
    ];
    const all = judged(items, { receipts });
    expect(yearTotalOf(all, { items, receipts, day })).toEqual({
      ...{ year: 2017, dueFen: 800_000, receivedFen: 51_000, unpriced: 1 },
      batches: [
        { batch: 'education', dueFen: 200_000, receivedFen: 0 },
        { batch: 'production', dueFen: 600_000, receivedFen: 50_000 },
      ],
    });
  });
});

describe('the compiled engine', () => {
  it('gives the same results as reading the conditions one by one', () => {
    const item = (id: string, subject: 'person' | 'household') =>
      fc
        .tuple(anyCondition(subject), fc.option(anyCondition(subject)))
        .map(([condition, receivedWhen]) => policyItem({ id, subject, condition, receivedWhen }));
    const asked = fc.tuple(item('a', 'person'), item('b', 'household'), anyGround);
    fc.assert(
      fc.property(asked, ([one, two, ground]) => {
        const items = [one, two];
        const verdicts = compileRules(rulesOf(items), someLines).evaluate([ground]);
        const given = { ground, items, lines: someLines, receipts: [], day };
        const answers = (rule: string, person: number | undefined) => verdicts.of(0, rule, person);
        expect(entitlementsOf({ ...given, answers })).toEqual(entitlementsOf(given));
      }),
      { numRuns: 60 },
    );
  });

  it('a household whose town nobody knows is judged all the same', () => {
    expect(only(judged([home()], { ground: { ...poor, village: {} } })).result).toBe('missed');
  });
});
