import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldReason } from '../../functions/core/field-reason.ts';
import {
  type Condition,
  ConditionShape,
  linesIn,
  MAX_CLAUSES,
  refuseCondition,
} from '../../functions/core/policy-condition.ts';
import type { Subject } from '../../functions/core/policy-fact.ts';
import { definitionOf } from '../../functions/core/policy-fact.ts';
import { sentenceOf, valueWords } from '../../functions/core/policy-sentence.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';
import { anyCondition, someLines } from '../support/policy.ts';
import { runs } from '../support/seed.ts';

const lines = new Set(Object.keys(someLines));
const young: Condition = { fact: 'person.age', op: 'below', value: 16 };

/** Where a tree is not of the form, and why, in words. */
function misshapen(condition: unknown): readonly string[] {
  const { error } = ConditionShape.safeParse(condition);
  return (error?.issues ?? []).map(
    (issue) =>
      `${issue.path.join('.')}: ${fieldReason(issue, 'en').split(' ').slice(0, 3).join(' ')}`,
  );
}

function refused(condition: Condition, subject: Subject = 'person'): readonly string[] {
  const refusal = refuseCondition(condition, subject, lines);
  return (refusal?.faults ?? []).map(({ field, code }) => `${field}: ${code}`);
}

function nested(depth: number): unknown {
  return depth === 1 ? young : { not: nested(depth - 1) };
}

describe('the form of a condition', () => {
  it('every condition that can be evaluated is of the form and is not refused', () => {
    fc.assert(
      fc.property(anyCondition('household'), (condition) => {
        expect(ConditionShape.parse(condition)).toEqual(condition);
        expect(refuseCondition(condition, 'household', lines)).toBeUndefined();
        expect(refuseCondition(condition, 'person', lines)).toBeUndefined();
        expect(linesIn(condition).every((line) => lines.has(line))).toBe(true);
      }),
      runs(200),
    );
  });

  it('is one of four, and the place that is not is named', () => {
    const form = 'one of {all:';
    for (const wrong of [null, 'x', [], {}, { some: [young] }, { all: [young], any: [young] }])
      expect(misshapen(wrong)).toEqual([`: ${form}`]);
    expect(misshapen({ all: [] })).toEqual([`all: ${form}`]);
    expect(misshapen({ any: young })).toEqual([`any: ${form}`]);
    expect(misshapen({ all: [young, { not: 1 }, { ...young, op: 'like' }] })).toEqual([
      `all.1.not: ${form}`,
      'all.2.op: it can be',
    ]);
    expect(misshapen({ ...young, fact: 1 })).toEqual([`: ${form}`]);
  });

  it('compares with a text, a number, a yes or no, a list of texts or a line', () => {
    const value = 'value: a text, a';
    const long = 'x'.repeat(41);
    const wrong = [null, long, Number.NaN, [], [1], [''], [long], { line: '' }, { line: 1 }];
    for (const one of [...wrong, { line: 'a', more: 1 }, { other: 'a' }, Array(61).fill('a')])
      expect(misshapen({ ...young, value: one })).toEqual([value]);
    for (const one of ['x', 1.5, true, ['a', 'b'], { line: 'dibao' }])
      expect(misshapen({ ...young, value: one })).toEqual([]);
  });

  it('goes no deeper than eight levels, however deep the input is', () => {
    expect(misshapen(nested(8))).toEqual([]);
    expect(misshapen(nested(9))).toHaveLength(1);
    expect(misshapen(nested(2000))[0]).toContain('nested 8 levels');
  });

  it('has no more than a hundred clauses, in one list or in all of them', () => {
    const many = (length: number) => Array.from({ length }, () => young);
    expect(misshapen({ all: many(MAX_CLAUSES) })).toEqual([]);
    expect(misshapen({ all: many(MAX_CLAUSES + 1) })).toEqual(['all: 100 comparisons at']);
    const halves = { any: [{ all: many(50) }, { all: many(51) }] };
    expect(misshapen(halves)).toEqual([': 100 comparisons at']);
  });
});

describe('a condition against the catalogue', () => {
  it('names the place of each fault', () => {
    const condition: Condition = {
      all: [
        { fact: 'person.luck', op: 'is', value: true },
        { not: { fact: 'person.age', op: 'has', value: 1 } },
        { any: [young, { fact: 'person.age', op: 'below', value: 'old' }] },
        { fact: 'household.netIncomePerHeadFen', op: 'below', value: { line: 'none' } },
        { fact: 'household.farmlandMu', op: 'below', value: { line: 'dibao' } },
      ],
    };
    expect(refused(condition)).toEqual([
      'condition.all.0.fact: condition-fact-unknown',
      'condition.all.1.not.op: condition-op-unfit',
      'condition.all.2.any.1.value: condition-value-unfit',
      'condition.all.3.value: condition-line-unknown',
      'condition.all.4.value: condition-line-unfit',
    ]);
  });

  it('an item for households asks no single person, one for villages no household', () => {
    expect(refused(young, 'household')).toEqual(['condition.fact: condition-fact-beyond']);
    const size: Condition = { fact: 'household.size', op: 'above', value: 3 };
    expect(refused(size, 'village')).toHaveLength(1);
    const poor: Condition = { fact: 'village.poor', op: 'is', value: true };
    expect(refused({ all: [poor, size] }, 'household')).toEqual([]);
    expect(refused(poor, 'village')).toEqual([]);
  });

  it('takes only values that the fact can have', () => {
    const unfit = (fact: string, op: string, value: unknown) =>
      refused(ConditionShape.parse({ fact, op, value })).length === 1;
    expect(unfit('person.disabilityGrade', 'at-most', 5)).toBe(true);
    expect(unfit('person.disabilityGrade', 'at-most', 0)).toBe(true);
    expect(unfit('person.age', 'below', 16.5)).toBe(true);
    expect(unfit('household.farmlandMu', 'above', 0.5)).toBe(false);
    expect(unfit('household.housingArea', 'above', 0.5)).toBe(false);
    expect(unfit('household.mainRoadKm', 'above', 0.5)).toBe(false);
    expect(unfit('household.netIncomeFen', 'above', -1)).toBe(false);
    expect(unfit('person.pension', 'is', 'yes')).toBe(true);
    expect(unfit('person.birth', 'above', '2017-02-29')).toBe(true);
    expect(unfit('person.birth', 'above', 20170228)).toBe(true);
    expect(unfit('person.labour', 'is', 'strong')).toBe(true);
    expect(unfit('person.labour', 'is', ['weak'])).toBe(true);
    expect(unfit('person.labour', 'is', { line: 'dibao' })).toBe(true);
    expect(unfit('person.labour', 'is', 1)).toBe(true);
    expect(unfit('person.labour', 'in', 'weak')).toBe(true);
    expect(unfit('person.labour', 'in', ['weak', 'strong'])).toBe(true);
    expect(unfit('person.health', 'has', ['serious', 'chronic'])).toBe(false);
    expect(unfit('village.town', 'in', ['350122101'])).toBe(false);
    expect(unfit('village.town', 'in', ['敖江镇'])).toBe(true);
  });

  it('says what the value can be, in both languages', () => {
    const said = (fact: string, op: string, language: 'zh' | 'en' = 'en') => {
      const condition = ConditionShape.parse({ fact, op, value: 'x' });
      const [fault] = refuseCondition(condition, 'person', lines)?.faults ?? [];
      return fault ? wordsOf(fault.code, language, fault.values) : '';
    };
    expect(said('person.age', 'below', 'zh')).toBe(
      '与“年龄”（person.age）比较的值不对，应为：数字 0–150。',
    );
    expect(said('household.farmlandMu', 'below')).toContain('it takes a number 0–.');
    expect(said('household.wagesFen', 'below')).toContain('it takes a number.');
    expect(said('household.type', 'is')).toContain('one of general, low-income');
    expect(said('household.type', 'in', 'zh')).toContain('列表，取自 general');
    expect(said('person.pension', 'is')).toContain('true or false');
    expect(said('person.birth', 'above')).toContain('2017-10-23');
    expect(said('village.town', 'is')).toContain('350122101');
    expect(said('person.age', 'has', 'zh')).toContain('可用：is, is-not, below');
    const beyond = refuseCondition(young, 'household', lines)?.faults?.[0];
    expect(wordsOf('condition-fact-beyond', 'zh', beyond?.values)).toContain('按户享受的政策');
  });
});

describe('a condition in words', () => {
  it('reads as a sentence that a clerk can hold against the document', () => {
    const condition: Condition = {
      all: [
        { fact: 'person.schoolStage', op: 'is', value: 'pre' },
        {
          any: [
            { fact: 'household.type', op: 'in', value: ['low-income', 'destitute'] },
            { fact: 'household.martyrFamily', op: 'is', value: true },
            {
              all: [
                { fact: 'household.netIncomePerHeadFen', op: 'below', value: { line: 'dibao' } },
                { not: { fact: 'household.able', op: 'at-least', value: 1 } },
              ],
            },
          ],
        },
      ],
    };
    expect(sentenceOf(condition, 'zh')).toBe(
      '在校学段为学前教育，并且（贫困户属性为低保贫困户或特困供养贫困户，或者是军烈属，或者（年人均纯收入低于低保标准且有劳动能力人数少于1人））',
    );
    expect(sentenceOf(condition, 'en')).toBe(
      "stage of schooling is pre-school and (type of household is household on low-income allowance or household in destitution care or is a martyr's or soldier's family or (net income per head and year is below the low-income allowance line and members able to work are fewer than 1))",
    );
  });

  it('calls a line by the name it was given where it is read', () => {
    const above: Condition = {
      fact: 'household.selfPaidMedicalFen',
      op: 'above',
      value: { line: 'medical-aid' },
    };
    const named = { 'medical-aid': { zh: '医疗补助起付线', en: 'deductible of medical aid' } };
    expect(sentenceOf(above, 'zh')).toBe('医疗合规自付支出高于“medical-aid”');
    expect(sentenceOf({ all: [above] }, 'zh', named)).toBe('医疗合规自付支出高于医疗补助起付线');
    expect(sentenceOf({ not: { any: [above, young] } }, 'en', named)).toContain(
      'is above deductible of medical aid',
    );
  });

  it('tells what is denied, days, amounts and lines that have no common name', () => {
    const told = (condition: Condition) => sentenceOf(condition, 'zh');
    const pension: Condition = { fact: 'person.pension', op: 'is-not', value: true };
    expect(told({ not: { all: [pension, young] } })).toBe(
      '并非（未参加城乡居民养老保险且年龄低于16周岁）',
    );
    expect(sentenceOf({ not: { any: [pension, young] } }, 'en')).toBe(
      'not (has no pension insurance of residents or age is below 16)',
    );
    expect(told({ not: { any: [{ not: young }] } })).toBe('并非（年龄不低于16周岁）');
    expect(told({ any: [pension] })).toBe('未参加城乡居民养老保险');
    expect(told({ fact: 'person.birth', op: 'at-least', value: '2011-09-01' })).toBe(
      '出生日期不早于2011-09-01',
    );
    expect(told({ fact: 'household.selfPaidMedicalFen', op: 'above', value: 500_050 })).toBe(
      '医疗合规自付支出高于5000.5元',
    );
    expect(told({ fact: 'household.wagesFen', op: 'above', value: { line: 'basic' } })).toBe(
      '工资性收入高于“basic”',
    );
    expect(told({ fact: 'person.health', op: 'has', value: ['serious'] })).toBe(
      '健康状况包括患有大病',
    );
    expect(told({ fact: 'person.luck', op: 'is', value: 'good' })).toBe('person.luck');
  });

  it('every condition has words in both languages, and names no fact by its code', () => {
    fc.assert(
      fc.property(anyCondition('person'), (condition) => {
        for (const language of ['zh', 'en'] as const)
          expect(sentenceOf(condition, language)).not.toMatch(
            /undefined|(?:person|household|village)\.|\[object/,
          );
      }),
      runs(200),
    );
  });

  it('a fact as it is known reads in words too', () => {
    const words = (id: string, value: Parameters<typeof valueWords>[1]) => {
      const fact = definitionOf(id);
      return fact && [valueWords(fact, value, 'zh'), valueWords(fact, value, 'en')];
    };
    expect(words('household.able', undefined)).toEqual(['未登记', 'not recorded']);
    expect(words('household.able', { least: 1, most: 3 })).toEqual(['1–3人', '1–3']);
    expect(words('household.netIncomePerHeadFen', 200_000 / 3)).toEqual([
      '666.67元',
      '666.67 yuan',
    ]);
    expect(words('person.health', ['chronic', 'disabled'])).toEqual([
      '长期慢性病、残疾',
      'long-term chronic disease, disabled',
    ]);
    expect(words('village.town', '350122101')).toEqual(['350122101', '350122101']);
    const bare = { id: 'person.luck', of: 'person', zh: '运气', en: 'luck' } as const;
    expect(valueWords({ ...bare, type: 'flag' }, true, 'en')).toBe('true');
    expect(valueWords({ ...bare, type: 'number' }, 7, 'en')).toBe('7');
  });
});
