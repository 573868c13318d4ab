import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Import, ImportKind } from '../../functions/core/import.ts';
import type { PlannedEntry } from '../../functions/core/import-entry.ts';
import { findNumbers, loadFile } from '../../functions/household/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { identityOf } from '../support/build.ts';
import { freshTables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { COUNTY, divisionsCsv, villages } from '../support/ledger.ts';
import { type SheetSpec, type Value, workbook } from '../support/sheet.ts';

/** Ledgers as offices keep them: each of these layouts and words was once refused, or worse, taken for something else. */
const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const [place] = villages;
const { town = '', name: village = '' } = place ?? {};
let bucket: TestBucket;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  county = importer(await freshTables(), new Date('2019-03-01T02:00:00Z'));
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), about, clerk));
});
afterAll(() => bucket.close());

let persons = 0;
/** An identity number nobody has yet. */
function identity(birth: string, isMale: boolean): string {
  persons += 2;
  return identityOf(birth, 100 + persons + Number(isMale));
}
const man = () => identity('1950-01-02', true);
const woman = () => identity('1955-03-04', false);

interface Planned {
  readonly found: Import;
  readonly entries: readonly PlannedEntry[];
  /** Row, column and reason of all that is refused. */
  readonly faults: readonly (readonly [number | undefined, string | undefined, string])[];
}

async function plan(
  bytes: Buffer,
  fileName = '台账.xlsx',
  kind: ImportKind = 'registry',
): Promise<Planned> {
  const found = await county.plan(bytes, { kind, fileName, area: COUNTY }, clerk);
  const entries = await county.entries(found);
  const all = entries.flatMap((entry) => entry.faults);
  return { found, entries, faults: all.map(({ row, field, code }) => [row, field, code]) };
}
const planSheets = (...sheets: SheetSpec[]) => plan(workbook({ sheets }));

async function household(number: string) {
  const id = (await findNumbers(county.store, COUNTY, [number])).get(number) ?? '';
  return (await loadFile(county.store, id))?.household;
}

describe('a ledger with a heading in two rows, merged households and notes at its foot', () => {
  const rows: Value[][] = [
    ['样县样东镇建档立卡贫困户信息台账（2018年度）'],
    ['填报单位（盖章）：样东镇', null, null, null, null, null, null, '填报日期：2018年12月31日'],
    '序号 户主姓名 建档立卡户编号 行政村 家庭成员情况 . . . . 致贫主因 是否脱贫 脱贫时间 家庭年收入 . 备注'.split(
      ' ',
    ),
    '. . . . 姓名 性别 身份证号码 户主关系 健康状况 . . . 工资性收入 转移性收入 .'.split(' '),
    [
      1,
      '陈样甲',
      'T1',
      `样县${town}${village}`,
      '陈样甲',
      '男',
      ` ${man()} `,
      '户主',
      '肢体残疾三级',
      '因病致贫',
      '是',
      '2016年12月',
      '1,200元',
      800,
      null,
    ],
    [
      null,
      null,
      null,
      null,
      '林样乙',
      '女',
      `'${woman()}`,
      '老伴',
      '患有长期慢性病',
      null,
      null,
      null,
      null,
      null,
      null,
    ],
    [
      2,
      '黄样丁',
      'T2',
      '下洋',
      '黄样丁',
      '女',
      woman(),
      '户主',
      '健康',
      '缺乏劳动力',
      '否',
      '/',
      '无',
      '约1200',
      null,
    ],
    [
      null,
      null,
      null,
      null,
      '黄样戊',
      '男',
      man(),
      '四子',
      '健康',
      null,
      null,
      null,
      null,
      null,
      null,
    ],
    ['本页小计', null, 2, null, null, null, null, null, null, null, null, null, 2000],
    ['以上数据由各村上报，经镇扶贫办核对'],
    ['镇长（签字）：', null, null, null, '经办：', null, null, '联系电话：0591'],
    ['二〇一八年十二月三十一日'],
    ['村主任（签字）', null, null, null, '榕样'],
  ].map((row) => row.map((cell) => (cell === '.' ? null : cell)));
  const columns = ['A', 'B', 'C', 'D', 'J', 'K', 'L', 'M', 'N'];
  const merges = [
    ...['A1:O1', 'E3:I3', 'M3:N3', 'A10:O10'],
    ...columns.flatMap((column) => [`${column}5:${column}6`, `${column}7:${column}8`]),
  ];

  it('gives its households; what is not sure of an amount is refused once, with its row and column', async () => {
    const { found, entries, faults } = await planSheets({ name: '样东镇', rows, merges });
    expect(found.heldOn).toBe('2018-12-31');
    expect(entries.map(({ key, outcome, rows: of }) => [key, outcome, of])).toEqual([
      ['T1', 'new', [5, 6]],
      ['T2', 'refused', [7, 8]],
    ]);
    expect(faults).toEqual([[7, 'transfer', 'number-invalid']]);
    await county.applyBy(office, found);
    const known = await household('T1');
    const facts = Object.assign({}, ...(known?.facts ?? []).map((sheet) => sheet.values));
    expect(facts).toMatchObject({ status: 'exited', mainCause: 'illness', village: place?.code });
    const health = known?.members.map((one) =>
      one.facts.flatMap(({ values }) => values.health ?? []),
    );
    expect(health).toEqual([['disabled'], ['chronic']]);
  });
});

const heading = '户编号 行政村 姓名 证件号码 与户主关系 脱贫属性'.split(' ');
const single = (number: string, ...more: Value[]): Value[] => [
  number,
  village,
  '陈样',
  man(),
  '户主',
  '未脱贫户',
  ...more,
];

describe('a ledger with a sheet for each town and no column for it', () => {
  it('finds the villages by the name of the sheet', async () => {
    const names = ['样东镇', '样西', '3、样南镇'];
    const sheets = names.map((name, at) => ({
      name,
      rows: [[`${name}台账`], heading, single(`S${at}`)],
    }));
    const { entries } = await planSheets({ name: '封面', rows: [['台账']] }, ...sheets);
    const codes = entries.map((entry) => entry.place);
    const own = villages.filter((one) => one.name === village).slice(0, names.length);
    expect(codes).toEqual(own.map(({ code }) => code));
  });

  it('asks for the town where the sheet does not tell it', async () => {
    const { faults } = await planSheets({ name: 'Sheet1', rows: [heading, single('S9')] });
    expect(faults).toEqual([[2, 'village', 'village-ambiguous']]);
  });
});

describe('a text in GBK with semicolons, prepared columns and a line for the spreadsheet program', () => {
  it('is taken as it is', async () => {
    const line = ['G1', town, village, '陈样', `"=""${man()}"""`, '户主', '未脱贫'];
    const text = [
      'sep=;',
      '户编号;乡镇;行政村;姓名;身份证号码;与户主关系;脱贫标识;;;',
      `${line.join(';')};;;`,
      ';;;;;;;;;',
      '合计;;1;;;;;;;',
    ].join('\r\n');
    const { entries } = await plan(gbk(text), '台账.csv');
    expect(entries.map(({ key, outcome }) => [key, outcome])).toEqual([['G1', 'new']]);
  });
});

/** Text in GBK, as old spreadsheet programs write it: every pair of bytes is tried once. */
function gbk(text: string): Buffer {
  const decoder = new TextDecoder('gbk');
  const bytes = new Map<string, Buffer>();
  for (let high = 0x81; high < 0xff; high += 1) {
    for (let low = 0x40; low < 0xff; low += 1) {
      const pair = Buffer.from([high, low]);
      bytes.set(decoder.decode(pair), pair);
    }
  }
  const plain = [...text].map((sign) =>
    sign < '\u0080' ? Buffer.from(sign, 'latin1') : (bytes.get(sign) ?? Buffer.from('?')),
  );
  return Buffer.concat(plain);
}

describe('a ledger that was laid out for paper', () => {
  it('may merge a heading, and the cells below it, over two columns', async () => {
    const [number, where, ...others] = heading;
    const wide = [number ?? '', where ?? '', '姓名', null, ...others.slice(1)];
    const row = single('P1');
    const cells = [...row.slice(0, 3), null, ...row.slice(3)];
    const merges = ['C1:D1', 'C2:D2'];
    const { faults, entries } = await planSheets({ name: town, rows: [wide, cells], merges });
    expect(faults).toEqual([]);
    expect(entries.map(({ label }) => label)).toEqual(['陈样']);
  });

  it('may have lost the digits of a household number, and is told so', async () => {
    const rows = [heading, single('P2').with(0, 3.501990010001235e18)];
    const { faults } = await planSheets({ name: town, rows });
    expect(faults).toEqual([[2, 'householdNumber', 'digits-lost']]);
  });
});

describe('words of families and offices', () => {
  /** Every word in a household of its own; the codes they are taken for, or the reason. */
  async function read(column: string, words: readonly string[]) {
    const rows = words.map((word, at) => single(`${column}${at}`, word));
    const named = [...heading, ...(heading.includes(column) ? [] : [column])];
    const cells = rows.map((row) => {
      const at = heading.indexOf(column);
      return at < 0 ? row : row.map((cell, place) => (place === at ? (row.at(-1) ?? '') : cell));
    });
    const { entries } = await planSheets({ name: town, rows: [named, ...cells] });
    return entries.map(({ faults }) => faults[0]?.code ?? 'new');
  }

  it.each([
    ['致贫主因', ['因病致贫', '缺少技术', '缺乏劳力', '1、因残（肢体）']],
    ['健康状况', ['残疾人', '视力残疾二级', '患大病、慢性病', '不详']],
    ['劳动能力', ['有', '无', '半劳力', '丧失劳动能力', '不明']],
    ['文化程度', ['小学毕业', '学龄前儿童', '大学', '不识字']],
    ['务工情况', ['外省', '在家务农', '本乡镇', '无']],
    ['贫困户类型', ['低保户（B类）', '五保供养户', '特困人员', '待核实']],
    ['是否饮水安全', ['√', '不详']],
    ['识别时间', ['２０１４', '2014年底', '2014/12', '不清楚']],
  ])('%s is understood', async (column, words) => {
    expect(await read(column, words)).toEqual(words.map(() => 'new'));
  });

  it.each([
    ['致贫主因', ['因病、因残', '懒', '其他（不是因病）'], 'value-unknown'],
    ['脱贫属性', ['不详'], 'value-missing'],
    ['贫困户类型', ['一般农户', '一般（非贫困户）'], 'value-unknown'],
    ['工资性收入', ['约1200', '不详', '1200元左右', '3000×2'], 'number-invalid'],
    ['手机', ['10012345678/10012345679'], 'phone-invalid'],
  ])('%s is refused where it may mean two things', async (column, words, code) => {
    expect(await read(column, words)).toEqual(words.map(() => code));
  });
});

describe('lists of the statistics office', () => {
  it('fill codes up with noughts: towns and counties are not taken for villages', async () => {
    const text = [
      '统计用区划代码,城乡分类代码,名称',
      `${COUNTY}000000,,样县`,
      `${COUNTY}101000,,样东镇`,
      `${COUNTY}101299,220,新村委会`,
      '350100,,样市',
    ].join('\n');
    const { entries } = await plan(Buffer.from(text), 'a.csv', 'divisions');
    expect(entries.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['3501', 'refused'],
      [COUNTY, 'unchanged'],
      [`${COUNTY}101`, 'unchanged'],
      [`${COUNTY}101299`, 'new'],
    ]);
  });
});

describe('a list of poor villages', () => {
  it('may name each with its town, and says which figure is no figure', async () => {
    const rows = [
      ['样县贫困村基本情况表'],
      '序号 乡（镇） 贫困村名称 总户数（户） 总人口（人） 是否通硬化路 村集体收入（万元）'.split(
        ' ',
      ),
      [1, null, `${town}${village}`, 320, '1,250人', '是', '12.5'],
      [2, '样西乡', `样西乡${village}`, '约200', 800, '不详', '无'],
      [3, '样西乡', `样东镇${village}`, 200, 800, '不详', '无'],
      ['合计', null, null, 520],
    ];
    const bytes = workbook({ sheets: [{ rows }] });
    const { entries, faults } = await plan(bytes, '贫困村.xlsx', 'villages');
    const west = villages.find((one) => one.town === '样西乡' && one.name === village);
    expect(entries.map((entry) => entry.place)).toEqual([place?.code, west?.code, '']);
    expect(faults).toEqual([
      [4, 'homes', 'number-invalid'],
      [5, 'village', 'village-unknown'],
    ]);
  });
});
