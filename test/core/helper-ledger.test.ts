import { describe, expect, it } from 'vitest';
import {
  gatherHelper,
  type LedgerGround,
  type LedgerHelper,
} from '../../functions/core/helper-ledger.ts';
import { type KnownHelper, type LedgerPlan, planHelper } from '../../functions/core/helper-plan.ts';
import {
  endOfYear,
  type HelperRow,
  helperNameOf,
  readHelperRow,
  sheetKindOf,
  yearOfProject,
} from '../../functions/core/helper-row.ts';
import type { LedgerCell } from '../../functions/core/ledger-cell.ts';
import { findHeading } from '../../functions/core/ledger-heading.ts';
import { endPairing, fileAfter } from '../../functions/core/pairing-change.ts';
import { refuse } from '../../functions/core/refusal.ts';
import { granted } from '../support/build.ts';
import { helper, pairingContext } from '../support/helper.ts';

type Cells = Readonly<Record<string, LedgerCell>>;

/** The reading of one row under its headings. */
function readRow(sheet: string, cells: Cells, at = 4) {
  const heading = granted(
    findHeading('helpers', [{ sheet, row: at - 1, cells: Object.keys(cells) }]),
  );
  const row = { sheet, row: at, cells: Object.values(cells) };
  const read = readHelperRow(heading, row, sheetKindOf(sheet) ?? 'department');
  return { ...read, name: helperNameOf(heading, row) };
}

const A = '350122101201';
const B = '350122101202';
const ground: LedgerGround = {
  year: 2016,
  isNamesake: false,
  village: ({ code, name }) =>
    code === null && name === '无此村'
      ? refuse('village-unknown', { town: '', village: name })
      : code === 'x'
        ? refuse('area-closed')
        : { ok: code ?? A },
  called: (_, field) => field,
};

function rowsOf(
  ...rows: readonly (readonly [string, Cells])[]
): readonly [HelperRow, ...HelperRow[]] {
  const [first, ...others] = rows.map(([sheet, cells], at) => readRow(sheet, cells, at + 4).row);
  if (!first) throw new Error('no row');
  return [first, ...others];
}

const gather = (...rows: readonly (readonly [string, Cells])[]) =>
  gatherHelper(rowsOf(...rows), ground);
const codes = (faults: readonly { readonly code: string }[]) => faults.map(({ code }) => code);

const department = {
  单位名称: '县林业局',
  负责人: '王某',
  挂钩村编码: A,
  '2016年投入资金(万元)': 0.3,
};
const project = {
  单位名称: '县林业局',
  项目编号: 'XM2016-001',
  项目名称: '水渠',
  村编码: A,
  '投入资金(万元)': 0.2,
};
const help = { 单位名称: '县林业局', 户编号: '35012200001', 户主: '陈样本', '帮扶金额(元)': 1000 };

describe('a sheet of helpers', () => {
  it.each([
    ['领导干部', 'leader'],
    ['县直单位', 'department'],
    ['县直单位帮扶项目', 'project'],
    ['县直单位帮扶户', 'help'],
    ['龙头企业', 'leading-enterprise'],
    ['百企帮百村', 'enterprise'],
    ['商会协会', 'association'],
    ['侨团', 'overseas-group'],
    ['驻村工作队', 'resident-team'],
    ['经济强村', 'strong-village'],
    ['帮扶责任人', 'responsible'],
    ['Sheet1', undefined],
  ] as const)('called %s lists %s', (sheet, kind) => expect(sheetKindOf(sheet)).toBe(kind));

  it('is read cell by cell, and what cannot be read is told by its column', () => {
    const { row, name, faults } = readRow('龙头企业', {
      企业名称: '野荠 公司',
      统一社会信用代码: '91350199563191437M',
      级别: '市级',
      联系电话: '10020000393',
      挂钩村编码: A,
      挂钩村: '莺头村',
      '承诺投入(万元)': 20.7,
      '吸纳贫困劳动力(人)': 6,
    });
    expect(faults).toEqual([]);
    expect(name).toBe('野荠公司');
    expect(row).toMatchObject({
      details: { creditCode: '91350199563191437M', level: '市级' },
      villages: [{ code: A, name: '莺头村' }],
      promisedFen: 20_700_000,
      jobs: 6,
      year: null,
    });
    const wrong = readRow('龙头企业', {
      企业名称: '',
      统一社会信用代码: '91350199563191437A',
      挂钩村编码: `${A}、${B}`,
      挂钩村: '莺头村',
      '到位投入(万元)': '若干',
    });
    expect(codes(wrong.faults).toSorted()).toEqual([
      'credit-code-invalid',
      'helper-count-differs',
      'number-invalid',
      'value-missing',
    ]);
    expect(wrong.name).toBe('');
    const many = readRow('帮扶责任人', { 姓名: '林某', 帮扶户数: 2, 户编号: '35012200001' });
    expect(codes(many.faults)).toEqual(['helper-count-differs']);
    const failed = readRow('帮扶责任人', { 姓名: '一'.repeat(61), 户编号: '35012200001' });
    expect(failed.name).toBe('');
    expect(codes(failed.faults)).toContain('value-too-long');
  });

  it('tells years by its headings and by numbers of projects', () => {
    expect(readRow('县直单位', department).row.year).toBe(2016);
    expect(yearOfProject('XM2016-001')).toBe(2016);
    expect(yearOfProject(null)).toBeNull();
    expect(endOfYear(2016)).toBe('2016-12-31');
  });
});

describe('the rows of a helper', () => {
  it('come together, whatever sheet they stand in', () => {
    const { wanted, faults } = gather(
      ['县直单位', department],
      ['县直单位帮扶项目', project],
      ['县直单位帮扶户', help],
    );
    expect(faults).toEqual([]);
    expect(wanted).toMatchObject({ helper: { kind: 'department' }, isDetailOnly: false });
    expect(wanted?.pairings).toMatchObject([
      {
        village: A,
        from: '2016-01-01',
        totals: [
          { ref: 'XM2016-001', on: '2016-12-31', contribution: { moneyFen: 200_000, projects: 1 } },
        ],
      },
      {
        household: '35012200001',
        head: '陈样本',
        totals: [{ ref: '2016', contribution: { moneyFen: 100_000 } }],
      },
    ]);
  });

  it('of a strong village name a village that is here', () => {
    const strong = (code: string) => gather(['经济强村', { 强村: '北街村', 强村编码: code }]);
    expect(strong('x').faults).toMatchObject([{ field: 'strongCode', code: 'area-closed' }]);
    expect(strong(A).wanted?.helper.details.village).toBe(A);
  });

  it('that tell of the same thing twice are added up, and a project is counted once', () => {
    const { wanted, faults } = gather(
      ['县直单位', { ...department, '2016年投入资金(万元)': 0.7 }],
      ['县直单位帮扶项目', project],
      ['县直单位帮扶项目', { ...project, '投入资金(万元)': 0.3 }],
      ['县直单位帮扶户', help],
      ['县直单位帮扶户', help],
    );
    expect(faults).toEqual([]);
    expect(wanted?.pairings.map(({ totals }) => totals)).toMatchObject([
      [{ ref: 'XM2016-001', contribution: { moneyFen: 500_000, projects: 1 } }],
      [{ ref: '2016', contribution: { moneyFen: 200_000, projects: 0 } }],
    ]);
    const bare = { 单位名称: '县林业局', 村编码: A, '投入资金(万元)': 0.2 };
    const nameless = gather(['县直单位帮扶项目', bare], ['县直单位帮扶项目', bare]).wanted;
    expect(nameless?.pairings[0]?.totals).toMatchObject([
      { ref: 'project', contribution: { moneyFen: 400_000, projects: 2 } },
    ]);
  });

  it('that stand in sheets of details alone are known as such, dated by project or by the year before', () => {
    const named = { 单位名称: '县林业局', 项目名称: '水渠', 村编码: A, '投入资金(万元)': 0.2 };
    const { wanted } = gather(['县直单位帮扶项目', named], ['县直单位帮扶户', help]);
    expect(wanted).toMatchObject({ isDetailOnly: true, helper: { kind: 'department' } });
    expect(wanted?.pairings[0]?.totals).toMatchObject([
      { ref: '水渠', what: '水渠', on: '2016-12-31' },
    ]);
    const bare = { 单位名称: '县林业局', 村编码: A, '投入资金(万元)': 0.2 };
    const plain = gather(['县直单位帮扶项目', bare]).wanted;
    expect(plain?.pairings[0]?.totals).toMatchObject([{ ref: 'project', what: '项目' }]);
    expect(gather(['县直单位帮扶户', help]).wanted?.helper.kind).toBe('department');
  });

  it('whose sum has no details brings it to the first village; with details both must agree', () => {
    const alone = gather(['县直单位', { ...department, '帮助发展项目(个)': 2 }]).wanted;
    expect(alone?.pairings[0]?.totals).toMatchObject([
      { ref: '2016', contribution: { moneyFen: 300_000, projects: 2 } },
    ]);
    const plain = gather(['县直单位', department]).wanted;
    expect(plain?.pairings[0]?.totals[0]?.contribution.projects).toBe(0);
    expect(
      gather(['县直单位', { ...department, '2016年投入资金(万元)': 0 }]).wanted?.pairings[0]
        ?.totals,
    ).toEqual([]);
    expect(
      gather(['县直单位', { 单位名称: '县林业局', '2016年投入资金(万元)': 1 }]).wanted?.pairings,
    ).toEqual([]);
    expect(
      gather(['县直单位', { 单位名称: '县林业局', 挂钩村编码: A }]).wanted?.pairings[0]?.from,
    ).toBeNull();
    const differs = gather(['县直单位', department], ['县直单位帮扶项目', project]);
    expect(differs.faults).toMatchObject([
      { code: 'helper-total-differs', values: { stated: 3000, sum: 2000 } },
    ]);
    expect(differs.wanted).toBeUndefined();
  });

  it('promise and bring to the first village, and name every household', () => {
    const { wanted } = gather([
      '侨团',
      { 侨团名称: '联谊会', 挂钩村编码: `${A}、${B}`, '承诺投入(万元)': 3, '到位投入(万元)': 1 },
    ]);
    expect(wanted?.pairings).toMatchObject([
      {
        village: A,
        promisedFen: 3_000_000,
        totals: [{ ref: 'total', contribution: { moneyFen: 1_000_000 } }],
      },
      { village: B, promisedFen: null, totals: [] },
    ]);
    const jobs = gather([
      '龙头企业',
      { 企业名称: '某公司', 挂钩村编码: A, 吸纳贫困劳动力: 4 },
    ]).wanted;
    expect(jobs?.pairings[0]?.totals).toMatchObject([{ contribution: { moneyFen: 0, jobs: 4 } }]);
    const leader = gather([
      '领导干部',
      { 姓名: '陈某', 挂钩户编号: '1、2', 起始日期: { day: '2016-06-25' } },
    ]).wanted;
    expect(leader?.pairings.map(({ household, from }) => [household, from])).toEqual([
      ['1', '2016-06-25'],
      ['2', '2016-06-25'],
    ]);
  });

  it('are at fault where a village, a number or an amount is missing, or the helper stands twice', () => {
    const lacking = gather(
      ['县直单位帮扶项目', { 单位名称: '县林业局', 项目编号: 'P1' }],
      ['县直单位帮扶项目', { 单位名称: '县林业局', 村编码: 'x', '投入资金(万元)': 1 }],
      ['县直单位帮扶户', { 单位名称: '县林业局' }],
    );
    expect(codes(lacking.faults)).toEqual([
      'value-missing',
      'value-missing',
      'area-closed',
      'household-number-missing',
      'value-missing',
    ]);
    const unknown = gather(['侨团', { 侨团名称: '联谊会', 挂钩村: '无此村' }]);
    expect(unknown.faults).toMatchObject([
      { code: 'village-unknown', row: 4, sheet: '侨团', values: { village: '无此村' } },
    ]);
    const twice = gather(['侨团', { 侨团名称: '联谊会' }], ['侨团', { 侨团名称: '联谊会' }]);
    expect(twice.faults).toMatchObject([
      { code: 'helper-twice', row: 5, values: { rows: '4、5' } },
    ]);
  });
});

const context = pairingContext();
const setting = {
  area: '350122',
  heldOn: '2017-10-20',
  context,
  present: (code: string) => code,
  placed: (pairing: LedgerHelper['pairings'][number]) =>
    pairing.household === 'unknown'
      ? refuse('helper-household-unknown', { number: 'unknown' })
      : {
          ok: {
            subject:
              pairing.household === null
                ? ({ type: 'village', code: pairing.village ?? '' } as const)
                : ({ type: 'household', id: pairing.household } as const),
            village: A,
          },
        },
  idOf: (kind: string, ...parts: readonly string[]) => `${kind}_${parts.join('-')}`,
};

const wantedOf = (...rows: readonly (readonly [string, Cells])[]): LedgerHelper => {
  const { wanted } = gather(...rows);
  if (!wanted) throw new Error('at fault');
  return wanted;
};
const plan = (known: KnownHelper | undefined, wanted: LedgerHelper) =>
  granted(planHelper(known, wanted, { setting, key: 'k' }));

/** The helper as it stands once a plan was carried out. */
function carriedOut(known: KnownHelper | undefined, done: LedgerPlan): KnownHelper {
  const [first] = done.steps;
  const start = known ?? {
    helper: first?.change.helper ?? helper(),
    pairings: [],
    deliveries: [],
    phone: null,
  };
  return done.steps.reduce<KnownHelper>(
    (so, { change, phone }) => ({
      ...fileAfter(so, change),
      deliveries: [...so.deliveries, ...change.deliveries],
      phone: phone === undefined ? so.phone : phone,
    }),
    start,
  );
}

const enterprise = {
  企业名称: '某公司',
  级别: '市级',
  联系电话: '10020000393',
  挂钩村编码: A,
  '承诺投入(万元)': 20,
  '到位投入(万元)': 10,
};

describe('what a ledger does', () => {
  it('to a helper nobody knows: enters it, pairs it, and notes what came', () => {
    const done = plan(undefined, wantedOf(['龙头企业', enterprise]));
    expect(done).toMatchObject({ outcome: 'new', changes: [], faults: [] });
    expect(done.steps.map(({ change }) => change.event.kind)).toEqual([
      'registered',
      'paired',
      'delivered',
    ]);
    const now = carriedOut(undefined, done);
    expect(now.helper).toMatchObject({ id: 'hp_k', phoneMasked: '100******93', villages: 1 });
    expect(now.pairings[0]).toMatchObject({
      from: '2017-10-20',
      promised: { moneyFen: 20_000_000 },
      delivered: { moneyFen: 10_000_000 },
    });
    expect(now.phone).toBe('10020000393');
  });

  it('a second time: nothing', () => {
    const wanted = wantedOf(['龙头企业', enterprise]);
    const known = carriedOut(undefined, plan(undefined, wanted));
    expect(plan(known, wanted)).toMatchObject({ outcome: 'unchanged', steps: [], changes: [] });
  });

  it('with other amounts: agrees anew, and adds or takes back the difference', () => {
    const known = carriedOut(undefined, plan(undefined, wantedOf(['龙头企业', enterprise])));
    const more = plan(
      known,
      wantedOf([
        '龙头企业',
        {
          ...enterprise,
          级别: '省级',
          联系电话: '10020000394',
          '承诺投入(万元)': 21,
          '到位投入(万元)': 12,
        },
      ]),
    );
    expect(more.outcome).toBe('changed');
    expect(more.changes).toEqual([
      { field: 'phoneMasked', person: null, before: '100******93', after: '100******94' },
      { field: 'level', person: null, before: '市级', after: '省级' },
      { field: 'promised', person: null, before: 20_000_000, after: 21_000_000 },
      { field: 'delivered', person: null, before: 10_000_000, after: 12_000_000 },
    ]);
    const now = carriedOut(known, more);
    expect(
      now.deliveries.map(({ contribution, reason }) => [contribution.moneyFen, reason]),
    ).toEqual([
      [10_000_000, null],
      [2_000_000, null],
    ]);
    const less = plan(
      now,
      wantedOf(['龙头企业', { 企业名称: '某公司', 挂钩村编码: A, '到位投入(万元)': 11 }]),
    );
    expect(less.steps.map(({ change }) => change.deliveries[0]?.reason)).toEqual(['台账更正']);
    expect(carriedOut(now, less).pairings[0]?.delivered.moneyFen).toBe(11_000_000);
  });

  it('that tells of a household nobody knows, or one too many: faults with their rows', () => {
    const numbers = ['1', '2', '3', '4', '5', '6'].join('、');
    const over = plan(undefined, wantedOf(['帮扶责任人', { 姓名: '林某', 户编号: numbers }]));
    expect(over.faults).toEqual([
      {
        sheet: '帮扶责任人',
        row: 4,
        code: 'pairing-over-limit',
        values: { kind: 'responsible', limit: 5, count: 5, more: 1 },
      },
    ]);
    expect(over.steps.map(({ household }) => household)).toEqual([
      undefined,
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    const unknown = plan(undefined, wantedOf(['帮扶责任人', { 姓名: '林某', 户编号: 'unknown' }]));
    expect(codes(unknown.faults)).toEqual(['helper-household-unknown']);
  });

  it('that still has a pairing people ended: leaves it, and says so', () => {
    const wanted = wantedOf(['龙头企业', enterprise]);
    const known = carriedOut(undefined, plan(undefined, wanted));
    const [paired] = known.pairings;
    if (!paired) throw new Error('no pairing');
    const ended = granted(
      endPairing(
        { helper: known.helper, pairing: paired },
        { on: '2017-10-22', reason: 'x' },
        context,
      ),
    );
    const done = plan({ ...known, ...fileAfter(known, ended) }, wanted);
    expect(done).toMatchObject({
      outcome: 'unchanged',
      remarks: [{ code: 'pairing-ended', values: { to: '2017-10-22' } }],
    });
  });

  it('of a year that is not over, or before the pairing was entered: dates it within', () => {
    const late = { ...department, '2016年投入资金(万元)': null } as const;
    const known = carriedOut(
      undefined,
      plan(undefined, wantedOf(['县直单位', { 单位名称: late.单位名称, 挂钩村编码: A }])),
    );
    const done = plan(
      known,
      wantedOf(['县直单位帮扶项目', { ...project, 项目编号: 'XM2017-001' }]),
    );
    expect(done.steps[0]?.change.deliveries[0]?.on).toBe('2017-10-23');
    const past = plan(known, wantedOf(['县直单位帮扶项目', project]));
    expect(past.steps[0]?.change.deliveries[0]?.on).toBe('2017-10-20');
  });

  it('to a helper that ended, or a strong village without a code: refused', () => {
    const gone = { ...carriedOut(undefined, plan(undefined, wantedOf(['龙头企业', enterprise]))) };
    const ended = { ...gone, helper: { ...gone.helper, endedOn: '2017-01-01' } };
    const about = { setting, key: 'k' };
    expect(planHelper(ended, wantedOf(['龙头企业', enterprise]), about)).toMatchObject({
      refused: 'helper-ended',
    });
    const strong = wantedOf(['经济强村', { 强村: '北街村' }]);
    expect(planHelper(undefined, strong, about)).toMatchObject({ refused: 'value-missing' });
  });

  it('what was entered by hand is no matter of the ledger, and a delivery that cannot be is a fault', () => {
    const wanted = wantedOf(['龙头企业', enterprise]);
    const known = carriedOut(undefined, plan(undefined, wanted));
    const own = known.deliveries.map((one) => ({ ...one, id: 'dl_x', ref: null }));
    expect(plan({ ...known, deliveries: [...known.deliveries, ...own] }, wanted).outcome).toBe(
      'unchanged',
    );
    const early = {
      ...known,
      pairings: known.pairings.map((one) => ({ ...one, from: '2018-01-01' })),
      deliveries: [],
    };
    expect(codes(plan(early, wanted).faults)).toEqual(['date-future']);
  });
});
