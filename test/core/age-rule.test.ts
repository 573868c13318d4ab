import { describe, expect, it } from 'vitest';
import { type AgeRule, ageRuleOn, nextAgeRuleAfter } from '../../functions/core/age-rule.ts';
import { groundOf } from '../../functions/core/policy-ground.ts';
import { registered, TODAY, VILLAGE, wantedMember } from '../support/build.ts';

const [rule] = [ageRuleOn(TODAY, VILLAGE)];
if (!rule) throw new Error('there is a rule for every place');

describe('who counts as a child, an elder or severely disabled', () => {
  it('is a dated rule with its source', () => {
    expect(rule).toMatchObject({ childBelow: 16, elderFrom: 60, severeGradeTo: 2 });
    expect(rule.source).toContain('Elderly');
    expect(ageRuleOn('2012-12-31', VILLAGE)).toBeNull();
  });

  it('may be otherwise in a county from a day on', () => {
    const own: AgeRule = { ...rule, scope: '350122', validFrom: '2018-01-01', elderFrom: 65 };
    const over: AgeRule = { ...own, validTo: '2018-12-31' };
    expect(ageRuleOn('2018-01-01', VILLAGE, [rule, own])?.elderFrom).toBe(65);
    expect(ageRuleOn('2018-01-01', '350121101201', [rule, own])?.elderFrom).toBe(60);
    expect(nextAgeRuleAfter(TODAY, [rule, own])).toBe('2018-01-01');
    expect(nextAgeRuleAfter('2018-01-01', [rule, over])).toBe('2019-01-01');
    expect(nextAgeRuleAfter(TODAY)).toBeUndefined();
  });

  it('is not known of days no rule speaks of', () => {
    const members = [
      wantedMember({ birth: '1940-01-01', facts: { health: ['disabled'], disabilityGrade: 1 } }),
    ];
    const { household } = registered({ members });
    const then = groundOf({ household, village: undefined }, '2012-12-31').household;
    expect(then['household.elders']).toEqual({ least: 0, most: 1 });
    expect(then['household.severelyDisabled']).toEqual({ least: 0, most: 1 });
    const now = groundOf({ household, village: undefined }, TODAY).household;
    expect([now['household.elders'], now['household.severelyDisabled']]).toEqual([1, 1]);
  });
});
