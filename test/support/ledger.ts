import { addDays } from '../../functions/core/day.ts';
import { identityOf } from './build.ts';
import { type Value, workbook } from './sheet.ts';

/** A county of the tests' own (350199 is assigned to none): its divisions and its way of writing ledgers. */
export const COUNTY = '350199';
const townNames = ['样东镇', '样西乡', '样南镇', '样北街道'];
const villageNames = ['上洋村', '下洋村', '前坑村', '后坑村', '溪边村', '岭头社区'];

export interface Village {
  readonly code: string;
  readonly town: string;
  readonly name: string;
}

/** Towns share village names, so a name is unique only within its town. */
export const villages: readonly Village[] = townNames.flatMap((town, t) =>
  villageNames.map((name, v) => ({ code: `${COUNTY}${101 + t}${201 + v}`, town, name })),
);

/** The divisions file of the county, with long official names. */
export function divisionsCsv(): Buffer {
  const towns = townNames.map((name, t) => `${COUNTY}${101 + t},${name},town,${COUNTY}`);
  const places = villages.map(({ code, name }) => {
    const long = name.endsWith('社区') ? `${name}居委会` : name.replace(/村$/, '村委会');
    return `${code},${long},village,${code.slice(0, 9)}`;
  });
  const rows = ['code,name,level,parentCode', `${COUNTY},样县,county,3501`, ...towns, ...places];
  return Buffer.from(rows.join('\n'), 'utf8');
}

/** One person's row by field; household values stand on the head's row, some on every row. */
export type Person = Record<string, Value>;

/** Fields and what this county calls them, in its own order. */
export const columns = {
  order: '序号',
  town: '所属乡镇',
  village: '村(居)',
  number: '户号',
  size: '家庭人口数',
  relation: '与户主的关系',
  name: '姓名',
  sex: '性别',
  identity: '身份证号(残疾证号)',
  health: '身体状况',
  labour: '劳动能力',
  medical: '是否参加新农合',
  status: '是否脱贫',
  type: '贫困户类型',
  mainCause: '主要原因',
  otherCauses: '其它致贫原因',
  identifiedYear: '识别时间',
  exitYear: '实际脱贫时间',
  wages: '工资性收入(元)',
  business: '经营性收入(元)',
  transfer: '转移性收入(元)',
  cost: '生产经营性支出(元)',
  phone: '手机号码',
  bankAccount: '一卡通账号',
  water: '饮水安全',
} as const;
export type Column = keyof typeof columns;

const families = ['陈样', '林样', '黄样', '郑样', '王样'];
const relations = ['户主', '妻子', '儿子', '女儿', '母亲'];
const causes = ['因病', '因残', '因学', '缺技术', '缺劳动力'];

function personOf(order: number, place: number): Person {
  const isMale = place === 0 || place === 2;
  const birth = addDays('1935-01-01', (order * 37) % 29_000);
  // The 17th digit tells the sex; births repeat only after 29,000 persons.
  const serial = Math.floor(order / 29_000) * 2 + (isMale ? 1 : 2);
  return {
    name: `${families[order % families.length]}${String.fromCodePoint(0x4e00 + (order % 5000))}`,
    sex: isMale ? '男' : '女',
    identity: identityOf(birth, serial),
    relation: relations[place] ?? '其他',
    health: order % 7 === 0 ? '长期慢性病、残疾' : '健康',
    labour: order % 3 === 0 ? '无劳动力' : '普通劳动力',
    medical: '√',
  };
}

function householdOf(index: number, first: number): Person[] {
  const size = 1 + ((index * 7) % 5);
  const { town, name: village } = villages[index % villages.length] ?? { town: '', name: '' };
  const place = { town, village, number: `${COUNTY}${String(index).padStart(6, '0')}` };
  const isOut = index % 4 !== 0;
  const head: Person = {
    size: `${size}人`,
    status: isOut ? '脱贫户' : '未脱贫',
    type: index % 3 === 0 ? '低保户' : '一般贫困户',
    mainCause: causes[index % causes.length] ?? '',
    otherCauses: index % 2 === 0 ? '缺资金，交通条件落后' : '/',
    identifiedYear: '2014年',
    exitYear: isOut ? 2016 : null,
    wages: index % 2 === 0 ? '12,000.50' : 9000,
    business: 3000,
    transfer: '2400元',
    cost: 800,
    phone: `100${String(10_000_000 + index)}`,
    bankAccount: `0000 ${String(100_000_000 + index)}`,
    water: '安全',
  };
  return Array.from({ length: size }, (_, at) => ({
    ...place,
    ...personOf(first + at, at),
    ...(at === 0 && head),
  }));
}

/** Households that together have at least so many persons. */
export function households(persons: number): Person[][] {
  const all: Person[][] = [];
  for (let count = 0; count < persons; count += all.at(-1)?.length ?? 0) {
    all.push(householdOf(all.length, count));
  }
  return all;
}

/** Rows above the data of this county's sheets: title, note and a heading in two rows with group titles. */
const HEAD_ROWS = 4;

/** The row a person of the list stands in. */
export function rowNumber(at: number): number {
  return HEAD_ROWS + 1 + at;
}

export interface Layout {
  /** Household number, town and village on the head's row only. */
  readonly headOnly?: boolean;
}

function cells(person: Person, order: number, layout: Layout): Value[] {
  const isHead = person.relation === '户主';
  const hidden = new Set<string>(layout.headOnly && !isHead ? ['number', 'town', 'village'] : []);
  return Object.keys(columns).map((column) =>
    column === 'order' ? order : hidden.has(column) ? null : (person[column] ?? null),
  );
}

/** Rows of the sheet, with totals and an empty row at the foot. */
export function ledgerRows(persons: readonly Person[], layout: Layout = {}): Value[][] {
  const headings = Object.values(columns);
  const income = headings.map((heading) => (heading.endsWith('(元)') ? '上年家庭收入' : null));
  return [
    ['样县农村贫困人口信息台账'],
    ['填报单位：样县扶贫办   截至2018年12月31日   收入为2017年10月1日至2018年9月30日'],
    income,
    headings,
    ...persons.map((person, at) => cells(person, at + 1, layout)),
    [],
    ['合计', `${persons.length}人`],
  ];
}

/** The county's ledger as a workbook with a hidden sheet beside it. */
export function ledgerBook(persons: readonly Person[], layout: Layout = {}): Buffer {
  const hidden = { name: '代码', state: 'hidden', rows: [['户号', '不该读到']] } as const;
  return workbook({ sheets: [{ name: '台账', rows: ledgerRows(persons, layout) }, hidden] });
}
