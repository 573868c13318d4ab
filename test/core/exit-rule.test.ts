import { describe, expect, it } from 'vitest';
import data from '../../functions/core/exit-rule.json' with { type: 'json' };
import { ExitRule, exitRuleOn } from '../../functions/core/exit-rule.ts';
import { isOfCompulsoryAge, schoolYearStart } from '../../functions/core/guarantee.ts';
import { VILLAGE } from '../support/build.ts';

const national = ExitRule.parse(data[0]);
const dated = (version: number, given: Partial<ExitRule>): ExitRule => ({
  ...national,
  version,
  ...given,
});

describe('the rule of an exit', () => {
  it('asks education of the ages for which boards and lists count it', () => {
    for (const { education } of data.map((one) => ExitRule.parse(one))) {
      expect(schoolYearStart('2017-12-31')).toBe(`2017-${education.ageOn}`);
      const counted = Array.from({ length: 31 }, (_, age) => age).filter((age) =>
        isOfCompulsoryAge(`${2017 - age}-${education.ageOn}`, '2017-12-31'),
      );
      expect([counted[0], counted.at(-1)]).toEqual([education.fromAge, education.toAge]);
    }
  });

  it('names its document and the wording of the county, and is in force from its first day', () => {
    expect(exitRuleOn('2016-01-01', VILLAGE)).toMatchObject({ id: 'household-exit', version: 1 });
    expect(exitRuleOn('2015-12-31', VILLAGE)).toBeNull();
    expect(national.source).toContain('厅字〔2016〕16号');
    expect(national.wording.zh).toContain('吃穿不愁');
  });

  it('ends with its last day, and the next one follows', () => {
    const rules = [
      dated(1, { validTo: '2018-06-30' }),
      dated(2, { validFrom: '2018-07-01', validTo: '2018-12-31' }),
    ];
    const versions = ['2018-06-30', '2018-07-01', '2018-12-31', '2019-01-01'].map(
      (day) => exitRuleOn(day, VILLAGE, rules)?.version,
    );
    expect(versions).toEqual([1, 2, 2, undefined]);
  });

  it.each([[[0, 1, 2, 3]], [[3, 2, 1, 0]], [[1, 3, 0, 2]]])(
    'of a county goes before that of the country, the newer before the older, in any order (%j)',
    (order) => {
      const all = [
        dated(1, {}),
        dated(2, { scope: '350122', validFrom: '2017-01-01' }),
        dated(3, { scope: '350122', validFrom: '2017-06-01' }),
        dated(4, { validFrom: '2017-09-01' }),
      ];
      const rules = order.flatMap((at) => all[at] ?? []);
      const versionIn = (place: string, day: string) => exitRuleOn(day, place, rules)?.version;
      expect(versionIn(VILLAGE, '2016-12-31')).toBe(1);
      expect(versionIn(VILLAGE, '2017-05-31')).toBe(2);
      expect(versionIn(VILLAGE, '2017-10-23')).toBe(3);
      expect(versionIn('350121101201', '2017-08-31')).toBe(1);
      expect(versionIn('350121101201', '2017-10-23')).toBe(4);
    },
  );

  it('is refused where a field is unknown, an age is none or a grade is not on the list', () => {
    const broken = [
      { ...national, housing: { safe: ['E'], renewable: [] } },
      { ...national, education: { ...national.education, fromAge: -1 } },
      { ...national, income: { ...national.income, formula: 'gross' } },
      { ...national, more: 1 },
      { ...national, validFrom: '2017-02-29' },
    ];
    expect(broken.map((rule) => ExitRule.safeParse(rule).success)).toEqual(broken.map(() => false));
  });
});
