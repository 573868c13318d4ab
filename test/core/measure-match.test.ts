import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import {
  addTallies,
  countVillage,
  householdsIn,
  nextChangeOf,
} from '../../functions/core/figure.ts';
import { batchesOf, batchSources } from '../../functions/core/measure-batch.ts';
import {
  isAble,
  type MatchRule,
  matchRuleOn,
  nextUnmetAfter,
  unmetOf,
} from '../../functions/core/measure-match.ts';
import { member, roster } from '../support/roster.ts';
import { rowsOf, SAMPLE_DAY, sampleRosters } from '../support/sample.ts';

const DAY = '2017-10-23';
const worker = member({ labour: 'ordinary' });
const helped = (mainCause: string | null, measures: readonly string[], given = {}) =>
  roster({ mainCause, measures, measuresKnown: true, members: [worker], ...given });

describe('whether a cause is met by a measure', () => {
  it('whoever can work needs development, whoever cannot needs the safety net', () => {
    expect(unmetOf(helped('funds', ['production']), DAY)).toBe('no');
    expect(unmetOf(helped('funds', ['safety-net']), DAY)).toBe('yes');
    const old = { members: [member({ labour: 'none' })] };
    expect(unmetOf(helped('funds', ['safety-net'], old), DAY)).toBe('no');
    expect(unmetOf(helped('funds', ['production'], old), DAY)).toBe('yes');
  });

  it('every cause needs a measure of its own', () => {
    const twice = { otherCauses: ['schooling'] };
    expect(unmetOf(helped('illness', ['safety-net'], twice), DAY)).toBe('yes');
    expect(unmetOf(helped('illness', ['safety-net', 'education'], twice), DAY)).toBe('no');
  });

  it('a measure fits by its batch or by its kind', () => {
    expect(unmetOf(helped('disaster', ['education']), DAY)).toBe('yes');
    expect(unmetOf(helped('disaster', ['education'], { measureKinds: ['housing'] }), DAY)).toBe(
      'no',
    );
  });

  it('without measures that anybody told of, causes or labour it is unknown, never met and never unmet', () => {
    expect(unmetOf(helped('illness', [], { measuresKnown: false }), DAY)).toBe('unknown');
    expect(unmetOf(helped('illness', []), DAY)).toBe('yes');
    expect(unmetOf(helped(null, ['production']), DAY)).toBe('unknown');
    expect(unmetOf(helped(null, [], { otherCauses: ['funds'] }), DAY)).toBe('yes');
    const unknown = { members: [member()] };
    expect(unmetOf(helped('funds', ['production'], unknown), DAY)).toBe('unknown');
    expect(unmetOf(helped('schooling', ['education'], unknown), DAY)).toBe('no');
    expect(unmetOf(helped('unheard-of', ['education']), DAY)).toBe('unknown');
    expect(unmetOf(helped('funds', ['production']), '2013-12-31')).toBe('unknown');
  });

  it('who can work is told by age and labour', () => {
    const rule = matchRuleOn(DAY, '350122101201');
    if (!rule) throw new Error('no table');
    const child = member({ birth: '2010-01-01' });
    expect(isAble([child], rule, DAY)).toBe(false);
    expect(isAble([child, member({ labour: 'lost' })], rule, DAY)).toBe(false);
    expect(isAble([child, member()], rule, DAY)).toBeUndefined();
    expect(isAble([member(), worker], rule, DAY)).toBe(true);
  });

  it('the table knows every cause and names batches and kinds there are', () => {
    const rule = matchRuleOn(DAY, '35');
    expect(Object.keys(rule?.causes ?? {}).toSorted()).toEqual(codesOf('cause').toSorted());
    for (const { able, unable } of Object.values(rule?.causes ?? {}))
      for (const { batches, kinds } of [able, unable]) {
        expect(codesOf('measure')).toEqual(expect.arrayContaining([...batches]));
        expect(codesOf('measureKind')).toEqual(expect.arrayContaining([...kinds]));
      }
  });

  it('figures hold until the next table: that of the county goes before that of the country', () => {
    const [base] = [matchRuleOn(DAY, '35')];
    if (!base) throw new Error('no table');
    const none = { batches: [], kinds: [] };
    const strict = { ...base.causes, funds: { able: none, unable: none } };
    const county: MatchRule = {
      ...{ ...base, causes: strict, scope: '350122' },
      ...{ validFrom: '2018-01-01', validTo: '2018-12-31' },
    };
    const all = [base, county];
    const one = helped('funds', ['production']);
    expect(unmetOf(one, '2017-12-31', all)).toBe('no');
    expect(unmetOf(one, '2018-01-01', all)).toBe('yes');
    expect(unmetOf({ ...one, village: '350181101201' }, '2018-01-01', all)).toBe('no');
    expect(nextUnmetAfter(one, '2017-12-31', all)).toBe('2018-01-01');
    expect(nextUnmetAfter(one, '2018-01-01', all)).toBe('2019-01-01');
    expect(nextUnmetAfter({ ...one, village: '350181101201' }, '2017-01-01', all)).toBeUndefined();
    expect(nextUnmetAfter(helped('illness', ['production']), '2017-01-01', all)).toBeUndefined();
    expect(nextChangeOf({ ...one, members: [] }, '2013-12-31')).toBe('2014-01-01');
  });
});

describe('the batches of a household', () => {
  it('are those stated and those of measures under way, and it is told which is which', () => {
    const facts = {
      measures: ['education', 'production'],
      measureBatches: ['production', 'ecology'],
    };
    expect(batchesOf(facts)).toEqual(['production', 'ecology', 'education']);
    expect(batchSources(facts)).toEqual({
      production: ['stated', 'measure'],
      ecology: ['measure'],
      education: ['stated'],
    });
    expect(batchesOf({})).toEqual([]);
  });
});

/** Says which batches fit a cause in the words of the ledger, as somebody would who reads the table aloud. */
const DEVELOPMENT: Readonly<Record<string, string>> = {
  ...{ 因病: '社会保障兜底 生产发展 生态补偿', 因残: '社会保障兜底 生产发展 生态补偿' },
  ...{
    因学: '发展教育',
    因灾: '生产发展 易地搬迁 社会保障兜底',
    缺土地: '生产发展 易地搬迁 生态补偿',
  },
  ...{ 缺水: '生产发展 易地搬迁', 缺技术: '生产发展', 缺劳力: '生产发展 生态补偿 社会保障兜底' },
  ...{ 缺资金: '生产发展', 交通条件落后: '生产发展 易地搬迁', 自身发展动力不足: '生产发展' },
};
const WITHOUT: Readonly<Record<string, string>> = {
  ...{ 因病: '社会保障兜底', 因残: '社会保障兜底', 因学: '发展教育', 缺技术: '社会保障兜底' },
  ...{
    因灾: '易地搬迁 社会保障兜底',
    缺土地: '易地搬迁 社会保障兜底',
    缺水: '易地搬迁 社会保障兜底',
  },
  ...{ 缺劳力: '社会保障兜底', 缺资金: '社会保障兜底', 自身发展动力不足: '社会保障兜底' },
  交通条件落后: '易地搬迁 社会保障兜底',
};

describe('the sample county', () => {
  it('has as many households without a measure that fits as its ledger says, read without the registry', async () => {
    const rows = await rowsOf('贫困人口台账.xlsx', '贫困人口台账');
    const of = (row: (typeof rows)[number] | undefined, heading: string) =>
      String(row?.get(heading) ?? '');
    const families = [...Map.groupBy(rows, (row) => of(row, '户编号')).values()];
    const unmet = families.filter((family) => {
      const [head] = family;
      const able = family.some(
        (row) =>
          Number(of(row, '证件号码').slice(6, 14)) <= 2001_10_23 &&
          ['普通劳动力', '技能劳动力', '弱劳动力或半劳动力'].includes(of(row, '劳动技能')),
      );
      const has = of(head, '五个一批').split('、');
      const causes = [of(head, '主要致贫原因'), ...of(head, '其他致贫原因').split('、')];
      return causes
        .filter((cause) => cause !== '')
        .some(
          (cause) => !has.some((batch) => (able ? DEVELOPMENT : WITHOUT)[cause]?.includes(batch)),
        );
    });
    const tallies = [...(await sampleRosters()).values()].map((rosters) =>
      countVillage(rosters, undefined, SAMPLE_DAY),
    );
    const { figures } = addTallies(tallies);
    const dimension = householdDimensions.find(({ id }) => id === 'unmet');
    if (!dimension) throw new Error('no such dimension');
    expect(householdsIn(figures, dimension, 'yes')).toEqual({
      households: unmet.length,
      persons: unmet.flat().length,
    });
    expect(unmet.length).toBeGreaterThan(20);
    const { totals } = JSON.parse(readFileSync('sample/expected.json', 'utf8'));
    expect(
      ['yes', 'no', 'unknown'].reduce(
        (sum, value) => sum + householdsIn(figures, dimension, value).households,
        0,
      ),
    ).toBe(totals.households);
  });
});
