import { describe, expect, it } from 'vitest';
import { lineFenOn } from '../../functions/core/rule-line.ts';
import { nextRuleAfter, ruleOn, villageExit } from '../../functions/core/village-exit.ts';
import { profile } from '../support/roster.ts';

const day = '2017-10-23';

describe('a poor village leaves the list', () => {
  it('of which nothing is known, every criterion is unknown', () => {
    expect(new Set(Object.values(villageExit(profile(), 1, day)))).toEqual(new Set(['unknown']));
  });

  it('incidence must lie below two in a hundred of the registered population', () => {
    expect(villageExit(profile({ population: 1000 }), 19, day).incidence).toBe('met');
    expect(villageExit(profile({ population: 1000 }), 20, day).incidence).toBe('not-met');
  });

  it('power must reach every hamlet, and the village must earn its 100,000 yuan', () => {
    const bad = profile({
      hamlets: 3,
      poweredHamlets: 2,
      dropouts: 1,
      road: false,
      collectiveIncomeFen: 9_999_999,
    });
    expect(villageExit(bad, 0, day)).toMatchObject({
      power: 'not-met',
      dropout: 'not-met',
      road: 'not-met',
      income: 'not-met',
    });
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
    expect(new Set(Object.values(villageExit(good, 0, day)))).toEqual(new Set(['met']));
  });

  it('before the first rule, what a rule decides is unknown', () => {
    const rich = profile({ population: 900, collectiveIncomeFen: 99_000_000, road: true });
    expect(villageExit(rich, 0, '1999-01-01')).toMatchObject({
      incidence: 'unknown',
      income: 'unknown',
      road: 'met',
    });
  });

  it('a rule takes over on its first day', () => {
    const rules = ['2016-01-01', '2018-01-01'].map((validFrom) => ({
      validFrom,
      incidenceBelowPerTenThousand: 200,
      collectiveIncomeFen: 1,
    }));
    expect(ruleOn('2017-12-31', rules)).toBe(rules[0]);
    expect(ruleOn('2018-01-01', rules)).toBe(rules[1]);
    expect(nextRuleAfter('2017-06-01', rules)).toBe('2018-01-01');
    expect(nextRuleAfter('2018-01-01', rules)).toBeUndefined();
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
