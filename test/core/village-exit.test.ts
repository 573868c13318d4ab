import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { isDay } from '../../functions/core/day.ts';
import { levelOf } from '../../functions/core/division.ts';
import { lineFenOn } from '../../functions/core/rule-line.ts';
import shipped from '../../functions/core/rule-village.json' with { type: 'json' };
import {
  nextRuleAfter,
  ruleOn,
  type VillageRule,
  villageCriteria,
} from '../../functions/core/rule-village.ts';
import { judge, villageExit } from '../../functions/core/village-exit.ts';
import { profile } from '../support/roster.ts';

const day = '2017-10-23';
const village = '350122101201';

/** A published set of criteria: that of the province unless told otherwise. */
function rule(given: Partial<VillageRule> = {}): VillageRule {
  return {
    id: 'set',
    version: 1,
    scope: '35',
    validFrom: '2016-01-01',
    validTo: null,
    source: '样本文件',
    criteria: {
      incidence: { belowPerTenThousand: 200 },
      road: { is: true },
      network: { is: true },
      power: { poweredPerHundred: 100 },
      dropout: { atMost: 0 },
      income: { atLeastFen: 10_000_000 },
      industry: { atLeast: 1 },
    },
    ...given,
  };
}

const good = profile({
  hamlets: 3,
  poweredHamlets: 3,
  dropouts: 0,
  road: true,
  network: true,
  collectiveIncomeFen: 10_000_000,
  industries: ['茶叶'],
  population: 900,
});

describe('a poor village leaves the list', () => {
  it('of which nothing is known, every criterion is unknown', () => {
    expect(new Set(Object.values(villageExit(profile(), 1, day)))).toEqual(new Set(['unknown']));
  });

  it('incidence must lie below two in a hundred of the registered population', () => {
    expect(villageExit(profile({ population: 1000 }), 19, day).incidence).toBe('met');
    expect(villageExit(profile({ population: 1000 }), 20, day).incidence).toBe('not-met');
  });

  it('incidence of a village where nobody is registered is unknown, also when nobody is poor', () => {
    expect(villageExit(profile({ population: 0 }), 0, day).incidence).toBe('unknown');
  });

  it('incidence lies below its bound exactly when the fraction does, at any size', () => {
    const size = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(size, fc.nat(10_000_000), (population, unexited) => {
        const { incidence } = villageExit(profile({ population }), unexited, day);
        const isBelow = BigInt(unexited) * 100n < 2n * BigInt(population);
        expect(incidence).toBe(isBelow ? 'met' : 'not-met');
      }),
    );
  });

  it('power must reach every hamlet, and the village must earn its 100,000 yuan', () => {
    const bad = profile({
      hamlets: 3,
      poweredHamlets: 2,
      dropouts: 1,
      road: false,
      network: false,
      collectiveIncomeFen: 9_999_999,
    });
    expect(villageExit(bad, 0, day)).toMatchObject({
      power: 'not-met',
      dropout: 'not-met',
      road: 'not-met',
      network: 'not-met',
      income: 'not-met',
    });
    expect(new Set(Object.values(villageExit(good, 0, day)))).toEqual(new Set(['met']));
  });

  it('what is known of half a comparison is not enough', () => {
    expect(villageExit(profile({ hamlets: 3 }), 0, day).power).toBe('unknown');
    expect(villageExit(profile({ poweredHamlets: 3 }), 0, day).power).toBe('unknown');
  });

  it('where no set of criteria is in force, nobody can say', () => {
    expect(new Set(Object.values(villageExit(good, 0, '1999-01-01')))).toEqual(
      new Set(['unknown']),
    );
    const elsewhere = { ...good, village: '110101001001' };
    expect(new Set(Object.values(villageExit(elsewhere, 0, day)))).toEqual(new Set(['unknown']));
  });

  it('every threshold is that of the set, none is in the code', () => {
    const strict = rule({
      criteria: {
        incidence: { belowPerTenThousand: 100 },
        road: { is: true },
        network: { is: true },
        power: { poweredPerHundred: 50 },
        dropout: { atMost: 2 },
        income: { atLeastFen: 20_000_000 },
        industry: { atLeast: 2 },
      },
    });
    const some = { ...good, population: 1000, hamlets: 4, poweredHamlets: 2, dropouts: 2 };
    expect(judge(some, 10, strict)).toMatchObject({
      incidence: 'not-met',
      power: 'met',
      dropout: 'met',
      income: 'not-met',
      industry: 'not-met',
    });
    expect(judge(some, 10, rule())).toMatchObject({
      incidence: 'met',
      power: 'not-met',
      dropout: 'not-met',
      income: 'met',
      industry: 'met',
    });
  });
});

describe('the set of criteria of a village', () => {
  it('takes over on its first day and ends with its last', () => {
    const rules = [
      rule({ validTo: '2017-12-31' }),
      rule({ version: 2, validFrom: '2018-01-01', validTo: '2018-06-30' }),
    ];
    expect(ruleOn('2015-12-31', village, rules)).toBeUndefined();
    expect(ruleOn('2017-12-31', village, rules)).toBe(rules[0]);
    expect(ruleOn('2018-01-01', village, rules)).toBe(rules[1]);
    expect(ruleOn('2018-07-01', village, rules)).toBeUndefined();
    expect(nextRuleAfter('2017-06-01', village, rules)).toBe('2018-01-01');
    expect(nextRuleAfter('2018-01-01', village, rules)).toBe('2018-07-01');
    expect(nextRuleAfter('2018-07-01', village, rules)).toBeUndefined();
  });

  it('is that of its county where the county has one in force, whatever the order', () => {
    const province = rule({ validFrom: '2017-06-01' });
    const county = rule({ id: 'county', scope: '350122', validFrom: '2017-01-01' });
    for (const rules of [
      [province, county],
      [county, province],
    ]) {
      expect(ruleOn(day, village, rules)).toBe(county);
      expect(ruleOn(day, '350121101201', rules)).toBe(province);
      expect(ruleOn('2016-12-31', village, rules)).toBeUndefined();
      expect(nextRuleAfter('2016-12-31', '350121101201', rules)).toBe('2017-06-01');
    }
  });

  it('is the later one where two of a scope overlap', () => {
    const [old, late] = [rule(), rule({ version: 2, validFrom: '2017-01-01' })];
    expect(ruleOn(day, village, [old, late])).toBe(late);
    expect(ruleOn(day, village, [late, old])).toBe(late);
  });

  it('as shipped has a document, a place and days, and all thresholds in whole numbers', () => {
    const day = z.string().refine(isDay);
    const bound = z.int().nonnegative();
    const Shipped = z.strictObject({
      id: z.string().min(1),
      version: z.int().positive(),
      scope: z.string().refine((code) => levelOf(code) !== undefined),
      validFrom: day,
      validTo: day.nullable(),
      source: z.string().min(10),
      criteria: z.strictObject({
        incidence: z.strictObject({ belowPerTenThousand: bound }),
        road: z.strictObject({ is: z.boolean() }),
        network: z.strictObject({ is: z.boolean() }),
        power: z.strictObject({ poweredPerHundred: bound.max(100) }),
        dropout: z.strictObject({ atMost: bound }),
        income: z.strictObject({ atLeastFen: bound }),
        industry: z.strictObject({ atLeast: bound }),
      }),
    });
    const rules = z.array(Shipped).min(1).parse(shipped);
    expect(new Set(rules.map(({ id, version }) => `${id} ${version}`)).size).toBe(rules.length);
    for (const { criteria } of rules) expect(Object.keys(criteria)).toEqual([...villageCriteria]);
  });
});

describe('the poverty line', () => {
  it('is that of the last day of the period of the income', () => {
    expect(lineFenOn('2016-09-30')).toBe(lineFenOn('2016-12-31'));
    expect(lineFenOn('2017-09-30')).not.toBeNull();
  });

  it('is unknown where none is recorded', () => {
    expect(lineFenOn('1990-01-01')).toBeNull();
    expect(lineFenOn('2090-01-01')).toBeNull();
  });
});
