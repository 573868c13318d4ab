import { describe, expect, it } from 'vitest';
import { PersonFacts, StatedFacts } from '../../functions/core/fact.ts';
import { householdReaders, personReaders } from '../../functions/core/import-column.ts';
import { readRegistryRow } from '../../functions/core/import-row.ts';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import { findHeading } from '../../functions/core/ledger-heading.ts';
import { granted, identityOf } from '../support/build.ts';

const required = {
  户编号: '1',
  行政村: '东湾村',
  姓名: '陈样',
  证件号码: identityOf('1962-07-15', 21),
  与户主关系: '户主',
};

function read(columns: Readonly<Record<string, LedgerCell>>) {
  const all = Object.entries({ ...required, ...columns });
  const line = (row: number, cells: LedgerCell[]) => ({ sheet: '台账', row, cells });
  const heading = granted(
    findHeading('registry', [
      line(
        1,
        all.map(([name]) => name),
      ),
    ]),
  );
  return readRegistryRow(
    heading,
    line(
      2,
      all.map(([, cell]) => cell),
    ),
  );
}

describe('what the registration form asks', () => {
  it('has a column of its own for every fact, but for those that are made of several', () => {
    const missing = (facts: readonly string[], readers: object) =>
      facts.filter((fact) => !Object.hasOwn(readers, fact));
    expect(missing(StatedFacts.keyof().options, householdReaders)).toEqual(['village', 'income']);
    expect(missing(PersonFacts.keyof().options, personReaders)).toEqual([
      'relation',
      'disabilityKind',
      'disabilityGrade',
    ]);
  });

  it('is read of a house, its water, its land and what it burns', () => {
    const { household, faults } = read({
      村民小组: '三组',
      识别标准: '国定',
      房屋结构: '土木结构',
      建房年份: 1987,
      是否无房: '否',
      危房改造是否竣工验收: '是',
      饮水是否困难: '是',
      水源: '山泉水',
      是否通生产用电: '未通',
      主要燃料类型: '柴火',
      有无卫生厕所: '无',
      '耕地面积（亩）': 2.35,
      '林地面积(亩)': '1,010.5',
      '与村主干路距离(公里)': 0.4,
    });
    expect(faults).toEqual([]);
    expect(household).toEqual({
      group: '三组',
      standard: 'national',
      housingStructure: 'adobe',
      housingBuiltYear: 1987,
      housingRenewed: true,
      homeless: false,
      waterHard: true,
      waterSource: 'protected-well',
      productionPower: false,
      fuel: 'firewood',
      sanitaryToilet: false,
      farmlandMu: 2.35,
      forestMu: 1010.5,
      mainRoadKm: 0.4,
    });
  });

  it('is read of who leads it, what it paid itself and whether it moves', () => {
    const { household, income, faults } = read({
      是否加入农民专业合作社: '是',
      龙头企业带动: '√',
      带动收益: '1,200元',
      '医疗自付支出(元)': 356.4,
      转移性支出: 80,
      搬迁方式: '集中',
      安置地点: '样例小区',
      搬迁困难: '老人不愿离乡',
    });
    expect(faults).toEqual([]);
    expect(household).toEqual({
      cooperative: true,
      leadingEnterprise: true,
      industryGainFen: 120_000,
      selfPaidMedicalFen: 35_640,
      relocation: 'concentrated',
      relocationPlace: '样例小区',
      relocationDifficulty: '老人不愿离乡',
    });
    expect(income).toEqual({ transferCostFen: 8000 });
  });

  it('is read of a person at work and of what covers them', () => {
    const { person, faults } = read({
      务工企业: '样例鞋厂',
      公益岗位: '否',
      职工养老保险: '是',
      商业补充保险: '未参保',
      是否低保: '是',
      特困人员: '否',
      技能特长: '养蜂',
      培训意愿: '电商',
      就业意愿: '就近务工',
      辍学原因: '厌学',
    });
    expect(faults).toEqual([]);
    expect(person.facts).toEqual({
      workplace: '样例鞋厂',
      publicPost: false,
      employeePension: true,
      commercialInsurance: false,
      lowIncomeAllowance: true,
      destitute: false,
      skills: '养蜂',
      trainingWish: '电商',
      jobWish: '就近务工',
      dropoutReason: '厌学',
    });
  });

  it('is read of what only policies ask of a household', () => {
    const { household, faults } = read({
      是否地质灾害隐患点: '地灾点',
      搬迁意愿: '是',
      是否唯一住房: '是',
      自有房屋鉴定等级: 'C',
      监测对象类型: '脱贫不稳定',
      社会救助类别: '支出型困难',
      有无赡养抚养义务人: '无',
      '小额信贷金额(元)': '50,000',
      '贷款期限(月)': 36,
      '生态公益林面积(亩)': '15.2亩',
      受灾情况: '倒房',
      计生家庭类型: '双女户',
    });
    expect(faults).toEqual([]);
    expect(household).toEqual({
      site: 'hazard',
      agreesToMove: true,
      onlyHouse: true,
      ownHouseGrade: 'C',
      monitor: 'unstable',
      assistance: 'expense',
      ableSupporter: false,
      loanFen: 5_000_000,
      loanMonths: 36,
      publicForestMu: 15.2,
      disasterLoss: 'collapsed',
      birthPlanning: 'two-daughters',
    });
  });

  it('is read of what only policies ask of a person', () => {
    const { person, faults } = read({
      是否住校: '是',
      公办学校: '否',
      休学: '/',
      困境儿童类型: '事实无人抚养',
      自理能力: '半护理',
      患病病种: '高血压病、尿毒症',
      本年是否住院: '是',
    });
    expect(faults).toEqual([]);
    expect(person.facts).toEqual({
      boarding: true,
      publicSchool: false,
      childNeed: 'unsupported',
      selfCare: 'partly',
      diseases: ['hypertension', 'kidney-failure'],
      inpatientCounty: true,
    });
  });

  it('is refused by row and column where it cannot be read', () => {
    const { faults } = read({ 房屋结构: '钢结构塔', 建房年份: '很久', 带动收益: '-5' });
    expect(faults.map(({ row, field, code }) => [row, field, code])).toEqual([
      [2, 'housingStructure', 'value-unknown'],
      [2, 'housingBuiltYear', 'date-impossible'],
      [2, 'industryGainFen', 'income-negative'],
    ]);
  });
});
