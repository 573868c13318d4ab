import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ExitSheet, ExitSheetShape } from '../../functions/core/exit-sheet.ts';
import { unexitedPersons } from '../../functions/core/figure.ts';
import type { Roster } from '../../functions/core/roster.ts';
import shipped from '../../functions/core/rule-village.json' with { type: 'json' };
import { told } from '../../functions/core/village-criterion.ts';
import { villageExit } from '../../functions/core/village-exit.ts';
import {
  refuseVillageSheet,
  villageSheet,
  withEvidence,
} from '../../functions/core/village-sheet.ts';
import { problemOf } from '../../functions/lib/problem.ts';
import { member, profile, roster } from '../support/roster.ts';
import {
  type Row,
  rowsOf,
  SAMPLE_DAY,
  sampleProfiles,
  sampleRosters,
  villageCodes,
} from '../support/sample.ts';

const day = '2017-10-23';
const good = profile({
  hamlets: 3,
  poweredHamlets: 3,
  dropouts: 0,
  road: true,
  network: true,
  collectiveIncomeFen: 10_340_050,
  industries: ['鱼丸加工', '茶叶'],
  population: 1146,
});

function itemsOf(sheet: ExitSheet) {
  return Object.fromEntries(sheet.items.map((item) => [item.criterion, item]));
}

/** Criteria a sheet does not carry. */
function failing(sheet: ExitSheet): readonly string[] {
  return sheet.items.filter(({ answer }) => answer !== 'met').map(({ criterion }) => criterion);
}

describe('the exit sheet of a village', () => {
  it.each([
    { unexited: 16, population: 1046, shown: '1.53%', answer: 'met' },
    { unexited: 1999, population: 100_000, shown: '1.99%', answer: 'met' },
    { unexited: 19_996, population: 1_000_000, shown: '1.99%', answer: 'met' },
    { unexited: 20, population: 1000, shown: '2.00%', answer: 'not-met' },
    { unexited: 20_004, population: 1_000_000, shown: '2.00%', answer: 'not-met' },
  ])('$unexited of $population reads $shown, below the bound exactly when it is', (one) => {
    const { unexited, population, shown, answer } = one;
    const { incidence } = itemsOf(villageSheet({ ...good, population }, unexited, day));
    expect(incidence?.answer).toBe(answer);
    expect(incidence?.value.zh).toContain(`${shown}（`);
  });

  it('names what is asked for, what there is, and by which document', () => {
    const sheet = villageSheet(good, 22, day);
    expect(ExitSheetShape.parse(sheet)).toEqual(sheet);
    expect(sheet).toMatchObject({ kind: 'village', on: day, passes: true });
    expect(sheet.rule).toMatchObject({ version: 1, validFrom: '2016-01-01' });
    expect(sheet.rule?.source).toContain('厅字〔2016〕16号');
    const { incidence, income, power, industry, road } = itemsOf(sheet);
    expect(incidence).toMatchObject({
      answer: 'met',
      need: { zh: expect.stringContaining('低于 2.00%') },
      value: { zh: '1.92%（未脱贫 22 人，户籍人口 1146 人）' },
      parts: {
        unexitedPersons: 22,
        population: 1146,
        perTenThousand: 192,
        belowPerTenThousand: 200,
      },
    });
    expect(income?.need.en).toContain('100000 yuan');
    expect(income?.value.zh).toBe('村财收入 103400.50 元');
    expect(power?.value.zh).toBe('3 个自然村，通电 3 个');
    expect(industry?.value.zh).toBe('2 个：鱼丸加工、茶叶');
    expect(road?.value.zh).toBe('村道已硬化');
    expect(road).not.toHaveProperty('parts');
  });

  it('answers as boards count, item by item', () => {
    for (const one of [good, profile(), { ...good, road: false, population: 0 }]) {
      const sheet = villageSheet(one, 30, day);
      const answers = sheet.items.map(({ criterion, answer }) => [criterion, answer]);
      expect(Object.fromEntries(answers)).toEqual(villageExit(one, 30, day));
    }
  });

  it('says of a fact who entered it, and nothing of one nobody entered', () => {
    const origin = {
      heldOn: '2017-09-30',
      at: '2017-10-01T00:00:00.000Z',
      by: 'town',
      source: 'x',
    };
    const { road, network, power, incidence } = itemsOf(
      villageSheet({ ...good, network: null, origins: { road: origin } }, 0, day),
    );
    expect(road?.sources).toEqual([
      { field: 'road', heldFrom: '2017-09-30', enteredAt: origin.at, by: 'town' },
    ]);
    expect(network).toMatchObject({ answer: 'unknown', sources: [], value: { zh: '尚无记录' } });
    expect(power?.sources).toEqual([
      { field: 'hamlets', heldFrom: good.heldOn, enteredAt: null, by: null },
      { field: 'poweredHamlets', heldFrom: good.heldOn, enteredAt: null, by: null },
    ]);
    expect(incidence?.sources.map(({ field }) => field)).toEqual(['population']);
  });

  it('of which nothing is known proves nothing', () => {
    const sheet = villageSheet(profile({ industries: [] }), 0, day);
    expect(failing(sheet)).toEqual(sheet.items.map(({ criterion }) => criterion));
    expect(itemsOf(sheet).incidence?.parts).toMatchObject({ perTenThousand: null });
    expect(itemsOf(sheet).industry?.parts).toMatchObject({ industries: null });
    expect(new Set(sheet.items.map(({ value }) => value.en))).toEqual(new Set(['not recorded']));
  });

  it('on a day without a set of criteria passes nobody, and still shows what there is', () => {
    const sheet = villageSheet(good, 0, '2010-01-01');
    expect(sheet).toMatchObject({ rule: null, passes: false });
    expect(itemsOf(sheet).road).toMatchObject({
      answer: 'unknown',
      need: { zh: '当日没有适用的退出标准' },
      value: { zh: '村道已硬化' },
    });
  });

  it('asks for what the set says, also where it says that something must not be', () => {
    const [rule] = shipped;
    const criteria = rule && { ...rule.criteria, road: { is: false } };
    expect(criteria && told.road.need(criteria).zh).toBe('村道未硬化');
  });

  it('refuses the exit naming each criterion that is not met and each that is not known', () => {
    expect(refuseVillageSheet(villageSheet(good, 0, day))).toBeUndefined();
    const refusal = refuseVillageSheet(
      villageSheet({ ...good, road: false, network: null, dropouts: 2 }, 0, day),
    );
    expect(refusal?.refused).toBe('exit-not-proven');
    expect(refusal?.faults?.map(({ field, code }) => [field, code])).toEqual([
      ['road', 'criterion-not-met'],
      ['network', 'criterion-unknown'],
      ['dropout', 'criterion-not-met'],
    ]);
    const told = (language: 'zh' | 'en') =>
      refusal && problemOf(refusal, language).errors?.map(({ detail }) => detail);
    expect(told('zh')).toContain('义务教育阶段失学辍学不多于 0 人：未达到。现状：失学辍学 2 人。');
    expect(told('en')?.join()).toContain('the village has a network: not known');
    expect(told('en')?.join()).not.toMatch(/[{}]/);
  });

  it('shows evidence beside its criterion, the newest first and none from after its day', () => {
    const one = (id: string, given = {}) => ({
      id,
      village: good.village,
      criterion: 'road',
      text: '道路验收报告',
      document: null,
      heldOn: '2017-05-01',
      enteredAt: `2017-06-01T00:00:0${id}.000Z`,
      by: 'clerk',
      ...given,
    });
    const sheet = withEvidence(villageSheet(good, 0, day), [
      one('1'),
      one('2', { criterion: 'power' }),
      one('3', { heldOn: '2017-10-24' }),
      one('4'),
      one('5'),
    ]);
    const { road, power, network } = itemsOf(sheet);
    expect(road?.evidence?.map(({ id }) => id)).toEqual(['5', '4', '1']);
    expect(power?.evidence?.map(({ id }) => id)).toEqual(['2']);
    expect(network?.evidence).toEqual([]);
    const many = Array.from({ length: 30 }, (_, at) => one(String(at % 10), { id: `e${at}` }));
    expect(itemsOf(withEvidence(sheet, many)).road?.evidence).toHaveLength(10);
    expect(refuseVillageSheet(sheet)).toBeUndefined();
  });
});

it('persons not yet exited are live members of registered households that have not exited', () => {
  const two = [member(), member({ id: 'per_2' })];
  const rosters: readonly Roster[] = [
    roster({ members: two }),
    roster({ id: 'hh_2', status: 'exited', members: two }),
    roster({ id: 'hh_3', status: 'struck-off', members: two }),
    roster({ id: 'hh_4', status: 'returned' }),
  ];
  expect(unexitedPersons(rosters, day)).toBe(3);
});

const Expected = z.object({
  villages: z.object({
    failing: z.array(z.object({ code: z.string(), failed: z.array(z.string()) })),
  }),
});

/** What the workbooks say of a poor village, read and judged without anything of the registry. */
function failedBy(row: Row, unexited: number): readonly string[] {
  const figure = (heading: string) => Number(row.get(heading));
  const tests = {
    incidence: (unexited / figure('户籍人口')) * 100 < 2,
    road: row.get('村道硬化') === '是',
    network: row.get('通网络') === '是',
    power: figure('自然村通电数') === figure('自然村数'),
    dropout: row.get('义务教育失学人数') === 0,
    income: figure('村财收入(万元)') >= 10,
    industry: typeof row.get('主导产业') === 'string',
  };
  return Object.entries(tests).flatMap(([name, isMet]) => (isMet ? [] : [name]));
}

/** Persons of the people's ledger that have not exited, by code of the village. */
async function unexitedByVillage(): Promise<ReadonlyMap<string, number>> {
  const places = villageCodes();
  const counted = new Map<string, number>();
  let home: Row | undefined;
  for (const row of await rowsOf('贫困人口台账.xlsx', '贫困人口台账')) {
    // The status stands on the first row of a household or on all of them.
    if (!home || row.get('户编号') !== home.get('户编号')) home = row;
    const place = places.get(`${home.get('乡镇')} ${home.get('行政村')}`) ?? '';
    if (home.get('脱贫属性') !== '已脱贫') counted.set(place, (counted.get(place) ?? 0) + 1);
  }
  return counted;
}

describe('of the fifty poor villages of the sample', () => {
  it('the sheets find the three that fail one criterion each, and which', async () => {
    const [profiles, rosters] = [await sampleProfiles(), await sampleRosters()];
    const found = [...profiles.values()].flatMap((one) => {
      const unexited = unexitedPersons(rosters.get(one.village) ?? [], SAMPLE_DAY);
      const failed = failing(villageSheet(one, unexited, SAMPLE_DAY));
      return failed.length > 0 ? [{ code: one.village, failed }] : [];
    });
    expect(found).toEqual([
      { code: '350122109201', failed: ['dropout'] },
      { code: '350122109214', failed: ['income'] },
      { code: '350122202203', failed: ['power'] },
    ]);
    const { villages } = Expected.parse(JSON.parse(readFileSync('sample/expected.json', 'utf8')));
    expect(found).toEqual(villages.failing);

    const unexited = await unexitedByVillage();
    const rows = await rowsOf('贫困村台账.xlsx', '贫困村');
    expect(rows).toHaveLength(50);
    const recomputed = rows.flatMap((row) => {
      const code = String(row.get('村编码'));
      const failed = failedBy(row, unexited.get(code) ?? 0);
      return failed.length > 0 ? [{ code, failed }] : [];
    });
    expect(recomputed).toEqual(found);
    expect([...unexited.values()].reduce((sum, one) => sum + one, 0)).toBe(487);
  });
});
