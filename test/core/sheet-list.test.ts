import { describe, expect, it } from 'vitest';
import { met } from '../../functions/core/guarantee.ts';
import { type Listing, sheetWord } from '../../functions/core/sheet.ts';
import { careSheet, loanSheet, measureSheet } from '../../functions/core/sheet-care.ts';
import { caseloadSheet, gapSheet, overdueSheet } from '../../functions/core/sheet-help.ts';
import { householdSheet, personSheet } from '../../functions/core/sheet-household.ts';
import { entitlementSheet, namesSheet } from '../../functions/core/sheet-policy.ts';

const VILLAGE = '350122101201';
const DAY = '2017-10-23';
const list = { area: '350122', asOf: DAY, read: 2 };
const home = {
  id: 'hh_1',
  number: '001',
  headName: '林甲',
  village: VILLAGE,
  href: '/households/hh_1',
};

/** The rows of a sheet by the headings of its columns; empty cells are left out. */
function drawn(sheet: Listing, answer: object) {
  const { rows, about } = sheet.draw(answer, 'zh');
  const headings = sheet.columns.map(({ heading }) => sheetWord(heading, 'zh'));
  const said = rows.map((row) =>
    Object.fromEntries(
      row.flatMap((cell, at) => (cell === null ? [] : [[headings[at] ?? '', cell]])),
    ),
  );
  return { rows: said, about };
}

const where = { 所在地: VILLAGE, 区划代码: VILLAGE, 户编号: '001', 户主姓名: '林甲' };

describe('the sheet of households and persons', () => {
  it('says which guarantees a household lacks, and of which nobody knows', () => {
    const row = {
      ...{
        ...home,
        persons: 3,
        status: 'unexited',
        type: null,
        mainCause: 'illness',
        otherCauses: [],
      },
      ...{
        measures: ['education', 'ecology'],
        identifiedYear: 2014,
        planYear: null,
        exitYear: null,
      },
      guarantees: { housing: met(false), water: met(null), food: met(true) },
      ...{ netPerPersonFen: 320_050, openCase: null, version: 4 },
    };
    const answer = { ...list, basis: 'current', key: 'all', items: [row] };
    expect(drawn(householdSheet, answer).rows).toEqual([
      {
        ...where,
        ...{ 人数: 3, 脱贫状态: '未脱贫', 主要致贫原因: '因病', 帮扶措施: '发展教育、生态补偿' },
        ...{ 识别年度: 2014, '人均纯收入（元）': 3200.5, 未达到的保障: '住房安全' },
        情况不明的保障: '饮水安全',
      },
    ]);
  });

  it('shows of a person the masked number, and nothing of how healthy', () => {
    const person = {
      ...{ id: 'per_1', name: '林乙', sex: 'female', birthYear: 1980, relation: 'spouse' },
      ...{ identityMasked: '350199********0022', nation: '01', school: null, health: ['serious'] },
      ...{ labour: 'ordinary', workRegion: 'county', workMonths: 9, household: home },
    };
    const { rows } = drawn(personSheet, { ...list, basis: 'current', key: 'all', items: [person] });
    expect(rows).toEqual([
      {
        ...where,
        ...{ 姓名: '林乙', 性别: '女', 出生年份: 1980, 证件号码: '350199********0022' },
        ...{ 与户主关系: '配偶', 民族: '汉族', 劳动能力: '普通劳动力' },
        ...{ 务工区域: '乡镇外县内', 务工月数: 9 },
      },
    ]);
  });
});

const pairing = {
  ...{ id: 'pr_1', helper: 'hp_1', kind: 'responsible', from: '2016-01-01', to: '2017-06-01' },
  ...{ endReason: '调离', successor: 'pr_2', predecessor: null, duty: '联系帮扶', source: null },
  promised: { moneyFen: 500_000, projects: 1, jobs: 2, goods: '化肥' },
  delivered: { moneyFen: 250_050, projects: 0, jobs: 1, count: 1 },
  ...{ version: 1, href: '/helpers/hp_1/pairings/pr_1', toEnd: false },
  subject: {
    type: 'household',
    id: 'hh_1',
    number: '001',
    village: VILLAGE,
    href: '/households/hh_1',
  },
};
const ofVillage = { type: 'village', village: VILLAGE, href: `/areas/${VILLAGE}` };
const helper = {
  ...{ id: 'hp_1', kind: 'responsible', area: '350122', name: '陈帮扶', organisation: '农业局' },
  ...{ post: null, contact: null, phoneMasked: '138****0000', sub: null, details: {}, version: 1 },
  ...{ endedOn: null, endReason: null, households: 7, villages: 0, mostHouseholds: 5 },
  href: '/helpers/hp_1',
};

describe('the sheet of who helps', () => {
  it('tells gaps of every kind in one list', () => {
    const answer = {
      ...{ area: '350122', households: { count: 1, list: '/households' }, more: false },
      villages: [{ village: VILLAGE, lacks: ['resident-team'], href: '/villages' }],
      overloaded: [{ helper, households: 7, limit: 5 }],
      withoutSuccessor: [{ ...pairing, helperName: null }],
      toEnd: [{ ...pairing, to: null, endReason: null, subject: ofVillage, helperName: '陈帮扶' }],
    };
    const place = { 所在地: VILLAGE, 区划代码: VILLAGE };
    const who = { 帮扶力量类别: '帮扶责任人' };
    expect(drawn(gapSheet, answer).rows).toEqual([
      { 缺口: '村缺少帮扶力量', ...place, 缺少: '第一书记及驻村工作队' },
      { 缺口: '帮扶户数超额', ...who, 帮扶力量名称: '陈帮扶', 结对户数: 7, 户数上限: 5 },
      {
        ...{ 缺口: '结束后无人接替', ...place, 户编号: '001', ...who },
        ...{ 结对开始: '2016-01-01', 结对结束: '2017-06-01', 结束原因: '调离' },
      },
      { 缺口: '结对待结束', ...place, ...who, 帮扶力量名称: '陈帮扶', 结对开始: '2016-01-01' },
    ]);
  });

  it('tells a caseload with what was handed over, promised and delivered', () => {
    const totals = { pairings: 2, households: 1, villages: 1, projects: 0, jobs: 0 };
    const answer = {
      helper: {
        ...helper,
        createdAt: '2017-10-23T01:00:00.000Z',
        changedAt: '2017-10-23T01:00:00.000Z',
      },
      pairings: [pairing, { ...pairing, successor: null, toEnd: true, subject: ofVillage }],
      totals: { ...totals, promisedFen: 0, deliveredFen: 0, promisedProjects: 0 },
    };
    const { rows, about } = drawn(caseloadSheet, answer);
    expect(about).toEqual({ area: '350122', title: { zh: '陈帮扶', en: '陈帮扶' } });
    expect(rows).toMatchObject([
      {
        帮扶对象: '户',
        户编号: '001',
        是否已移交: '是',
        '承诺资金（元）': 5000,
        '到位资金（元）': 2500.5,
      },
      { 帮扶对象: '村', 是否已移交: '否', 结对待结束: '是', 承诺物资: '化肥' },
    ]);
  });

  it('tells from what the days of an overdue visit count', () => {
    const row = {
      ...{ household: home, status: 'unexited', lastOn: null, since: 'registration' },
      ...{ dueOn: '2017-10-01', overdueDays: 22, responsible: ['陈帮扶', '王帮扶'] },
    };
    expect(
      drawn(overdueSheet, { ...list, which: 'overdue', rule: null, items: [row] }).rows,
    ).toEqual([
      {
        ...{ ...where, 脱贫状态: '未脱贫', 起算依据: '登记入册', 应走访日期: '2017-10-01' },
        ...{ 逾期天数: 22, 帮扶责任人: '陈帮扶、王帮扶' },
      },
    ]);
  });
});

const measure = {
  ...{ id: 'ms_1', person: null, kind: 'micro-credit', batch: 'production', mode: 'dividend' },
  ...{ startedOn: '2016-01-01', plannedEnd: null, endedOn: null, result: null, income: [] },
  ...{ loan: null, post: null, training: null, href: '/measures', state: 'running', overdue: true },
  household: { ...home, status: 'exited' },
};
const loan = {
  principalFen: 5_000_000,
  outstandingFen: 1_234_500,
  dueOn: '2017-10-01',
  topUp: false,
};

describe('the sheet of measures, loans and care', () => {
  it('gives each measure what only its kind has', () => {
    const items = [
      { ...measure, loan },
      { ...measure, person: 'per_1', post: { wageFen: 80_000, insured: null }, mode: null },
      { ...measure, training: { dayCount: 5, certificate: true } },
      {
        ...measure,
        state: 'ended',
        result: 'achieved',
        endedOn: '2017-01-01',
        income: [{ year: 2016, fen: 30_000, basis: 'stated' }],
      },
    ];
    const own = [
      {
        是否逾期: '是',
        '贷款金额（元）': 50_000,
        '未还金额（元）': 12_345,
        贷款到期日: '2017-10-01',
        产业模式: 'dividend',
      },
      { 受益对象: '家庭成员', '岗位月工资（元）': 800 },
      { 培训天数: 5, 是否取得证书: '是', 受益对象: '户' },
      { 状态: '已结束', 结果: '达到目标', 增收年度: 2016, '增收（元）': 300 },
    ];
    const { rows } = drawn(measureSheet, { ...list, items });
    expect(rows).toMatchObject(own.map((one) => ({ ...where, ...one })));
    expect(rows.map((row) => '是否逾期' in row)).toEqual([true, false, false, false]);
    expect(rows.some((row) => '是否参保意外险' in row)).toBe(false);
  });

  it('lists loans with the days they are due', () => {
    const { rows } = drawn(loanSheet, { ...list, items: [{ ...measure, loan, overdue: false }] });
    expect(rows).toMatchObject([
      { ...where, 贷款到期日: '2017-10-01', 是否逾期: '否', 是否超出常规额度: '否' },
    ]);
  });

  it('tells how contract and follow-up stand, and no disease', () => {
    const row = {
      person: { id: 'per_1', name: '林乙', href: '/' },
      household: home,
      doctor: 'lapsed',
    };
    const items = [
      {
        ...row,
        contractTo: '2016-12-31',
        lastFollowUp: '2017-06-01',
        followUp: { dueOn: '2017-09-01', state: 'overdue' },
      },
      { ...row, doctor: 'none', contractTo: null, lastFollowUp: null, followUp: null },
    ];
    expect(drawn(careSheet, { ...list, which: 'overdue', items }).rows).toEqual([
      {
        ...{ ...where, 姓名: '林乙', 家庭医生签约: '签约已过期', 签约到期: '2016-12-31' },
        ...{ 上次随访: '2017-06-01', 应随访日期: '2017-09-01', 随访情况: '已逾期' },
      },
      { ...where, 姓名: '林乙', 家庭医生签约: '未签约' },
    ]);
  });
});

describe('the sheet of policies', () => {
  it('names the households and members, or the village, behind a figure', () => {
    const benefit = { kind: 'cash', amountFen: 1, period: 'year' };
    const item = {
      ...{ id: 'grant', version: 1, name: { zh: '助学金', en: 'grant' }, subject: 'person' },
      ...{ batch: 'education', department: '教育局', benefit, illustrative: false },
    };
    const { href, village, ...household } = home;
    const row = { village, result: 'missed', dueFen: 100_000, receivedFen: 0 };
    const items = [
      { ...row, household: { ...household, href }, persons: [{ id: 'per_1', name: '林乙' }] },
      { ...row, household: null, persons: [], dueFen: null },
    ];
    const { rows, about } = drawn(namesSheet, { ...list, item, result: 'missed', items });
    expect(about.title).toEqual({ zh: '助学金（应享未享）', en: 'grant (missed)' });
    expect(rows).toEqual([
      { ...where, 涉及成员: '林乙', 结论: '应享未享', '本期应享（元）': 1000, '本期已享（元）': 0 },
      { 所在地: VILLAGE, 区划代码: VILLAGE, 结论: '应享未享', '本期已享（元）': 0 },
    ]);
  });

  it('promises no money to who is not eligible', () => {
    const row = {
      ...{
        item: 'grant',
        version: 1,
        href: '/',
        name: { zh: '助学金', en: 'grant' },
        batch: 'education',
      },
      ...{
        department: '教育局',
        subject: 'person',
        eligible: 'yes',
        received: false,
        period: '2017',
      },
      ...{
        dueFen: 200_000,
        receivedFen: 0,
        yearFen: 200_000,
        benefit: { zh: '每年', en: 'a year' },
      },
      ...{ excludedBy: null, reason: { zh: '理由', en: 'why' }, because: [], illustrative: true },
      claim: { by: 'apply', isOpen: true, from: null, to: '2017-12-31' },
      evidence: ['户口簿', '学籍证明'],
    };
    const items = ['missed', 'received', 'not-eligible'].map((result) => ({
      ...{ ...row, result, person: result === 'missed' ? { id: 'per_1', name: '林乙' } : null },
    }));
    const answer = {
      ...{ household: 'hh_1', number: '001', headName: '林甲', village: VILLAGE, asOf: DAY },
      ...{ basis: 'current', registered: true, exclusions: [], items },
      counts: { received: 1, missed: 1, 'not-eligible': 1, unknown: 0, unduly: 0 },
      total: { year: 2017, dueFen: 0, receivedFen: 0, unpriced: 0, batches: [] },
    };
    const { rows, about } = drawn(entitlementSheet, answer);
    expect(about).toMatchObject({ area: VILLAGE, household: 'hh_1', title: { zh: '林甲（001）' } });
    expect(
      rows.map((one) => [one.结论, one['本期应享（元）'], one['全年应享（元）'], one.姓名]),
    ).toEqual([
      ['应享未享', 2000, 2000, '林乙'],
      ['已享', 2000, 2000, undefined],
      ['不符合', undefined, undefined, undefined],
    ]);
    expect(rows[0]).toMatchObject({
      所需材料: '户口簿、学籍证明',
      申请截止: '2017-12-31',
      现在可申请: '是',
    });
  });
});
