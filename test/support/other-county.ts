import { type Family, type Member, memberAt, OTHER, towns } from './other-family.ts';
import { cellXml, columnName, type Value, workbook, xml } from './sheet.ts';

/** A cell as a spreadsheet program stores it: a value, a formula with the value it had last, a day. */
type Cell = Value | { readonly formula: string; readonly last: number | string } | { day: string };
type Row = readonly Cell[];

/** A column: its heading, the title above it, and what stands in it for a member. */
interface Column {
  readonly heading: string;
  readonly group?: string;
  readonly of: (family: Family, member: Member, isHead: boolean) => Cell;
  /** One cell for the whole household. */
  readonly isMerged?: boolean;
}

/** Days since the day before day 1 of spreadsheets. */
const serialOf = (day: string) => (Date.parse(day) - Date.parse('1899-12-30')) / 86_400_000;

function xmlOf(cell: Cell, address: string): string {
  if (cell === null || typeof cell !== 'object') return cellXml(cell, address);
  if ('day' in cell) return `<c r="${address}" s="1"><v>${serialOf(cell.day)}</v></c>`;
  const { formula, last } = cell;
  const type = typeof last === 'string' ? ' t="str"' : '';
  return `<c r="${address}"${type}><f>${xml(formula)}</f><v>${xml(String(last))}</v></c>`;
}

function dataOf(rows: readonly Row[]): string {
  const lines = rows.map((row, at) => {
    const cells = row.map((cell, column) => xmlOf(cell, `${columnName(column)}${at + 1}`));
    return row.length === 0 ? '' : `<row r="${at + 1}">${cells.join('')}</row>`;
  });
  return lines.join('');
}

const areaOf = (column: number, from: number, to: number) =>
  `${columnName(column)}${from}:${columnName(column)}${to}`;
const headOnly =
  (of: (family: Family) => Cell): Column['of'] =>
  (family, _, isHead) =>
    isHead ? of(family) : null;
const measuresOf = (family: Family) => family.measures.map(([label]) => label).join('、');

/** The east writes in 万元, merges a household's cells, lets the program calculate, and keeps days as days. */
const east: readonly Column[] = [
  { heading: '农户编号', of: headOnly(({ number }) => number), isMerged: true },
  { heading: '所在乡镇', of: headOnly(({ town }) => town), isMerged: true },
  { heading: '村（居）', of: headOnly(({ village }) => village), isMerged: true },
  {
    heading: '户内人数',
    of: headOnly(({ size }) => ({ formula: 'COUNTA(F5:F6)', last: size })),
    isMerged: true,
  },
  { heading: '自然屯', of: headOnly(({ hamlet }) => hamlet) },
  { heading: '姓名', group: '家庭成员情况', of: (_, { name }) => name },
  { heading: '公民身份号码', group: '家庭成员情况', of: (_, { identity }) => identity },
  { heading: '与户主的关系', group: '家庭成员情况', of: (_, { relation }) => relation },
  { heading: '劳动力状况', group: '家庭成员情况', of: (_, { labour }) => labour[0] },
  { heading: '贫困户类别', of: headOnly(({ type }) => type[0]) },
  { heading: '首要致贫原因', of: headOnly(({ cause }) => cause[0]) },
  {
    heading: '脱贫情况',
    of: headOnly(({ status }) => ({ formula: 'VLOOKUP(A5,B:C,2)', last: status[0] })),
  },
  {
    heading: '纳入年度',
    of: headOnly(({ identified }) =>
      /^\d{4}-\d{2}-\d{2}$/.test(identified) ? { day: identified } : identified,
    ),
  },
  { heading: '退出年度', of: headOnly(({ exited }) => exited && `${exited}年12月`) },
  {
    heading: '工资性（万元）',
    group: '家庭收入',
    of: headOnly(({ wagesFen }) => ({ formula: 'M5*12/10000', last: wagesFen / 1e6 })),
  },
  { heading: '转移性', group: '家庭收入', of: () => null },
  { heading: '脱贫措施', of: headOnly(measuresOf) },
  { heading: '姓名', group: '帮扶责任人', of: headOnly(() => '榕帮扶') },
  { heading: '联系电话', group: '帮扶责任人', of: headOnly(() => '10099999999') },
];

/** The west has one heading in an order of its own, writes every value as text on every row, and scatters the rows. */
const west: readonly Column[] = [
  { heading: '序号', of: () => 1 },
  { heading: '证件号', of: (_, { identity }) => identity },
  { heading: '男女', of: (_, { sex }) => sex },
  { heading: '成员姓名', of: (_, { name }) => name },
  { heading: '家庭关系', of: (_, { relation }) => relation },
  { heading: '务工收入', of: (family) => family.wages ?? commas(family.wagesFen) },
  { heading: '劳动能力', of: (_, { labour }) => labour[0] },
  { heading: '实际脱贫时间', of: ({ exited }) => (exited === null ? '/' : `${exited}.12.31`) },
  { heading: '识别时间', of: ({ identified }) => identified.replaceAll('-', '.') },
  { heading: '是否脱贫', of: ({ status }) => status[0] },
  { heading: '主要原因', of: ({ cause }) => cause[0] },
  { heading: '户属性', of: ({ type }) => type[0] },
  { heading: '五个一批', of: measuresOf },
  { heading: '村名', of: ({ village }) => village },
  { heading: '镇街', of: ({ town }) => town },
  { heading: '家庭人口', of: ({ size }) => `${size}人` },
  { heading: '户编码', of: ({ number }) => number },
  { heading: '手机', of: ({ phone }) => phone },
  { heading: '一卡通', of: ({ bankAccount }) => bankAccount },
];

function commas(fen: number): string {
  return (fen / 100).toLocaleString('en-US', { minimumFractionDigits: 2 });
}

/** The two rows of the heading and their merged cells: titles over their columns, the others over both rows. */
function eastHeading() {
  const groups = east.map(({ group, heading }) => group ?? heading);
  const merges = east.flatMap(({ group }, at) => {
    if (group === undefined) return [areaOf(at, 3, 4)];
    const last = columnName(groups.lastIndexOf(group));
    return groups[at - 1] === group ? [] : [`${columnName(at)}3:${last}3`];
  });
  const rows: Row[] = [
    groups.map((group, at) => (groups[at - 1] === group ? null : group)),
    east.map(({ group, heading }) => (group === undefined ? null : heading)),
  ];
  return { rows, merges };
}

/** Merged cells of a household that stands in these rows. */
function mergesOf(from: number, to: number): string[] {
  if (to === from) return [];
  return east.flatMap(({ isMerged }, column) => (isMerged ? [areaOf(column, from, to)] : []));
}

/** Title, note and heading, then household by household with an empty row after each tenth and a total of each town. */
function eastSheet(families: readonly Family[]) {
  const heading = eastHeading();
  const note = '填报单位：榕县扶贫办    数据时点：2018年12月31日';
  const rows: Row[] = [['榕县建档立卡贫困人口花名册'], [note], ...heading.rows];
  const merges = [`A1:${columnName(east.length - 1)}1`, ...heading.merges];
  for (const [at, family] of families.entries()) {
    const from = rows.length + 1;
    for (const [place, member] of family.members.entries())
      rows.push(east.map(({ of }) => of(family, member, place === 0)));
    merges.push(...mergesOf(from, rows.length));
    if (at % 10 === 9) rows.push([]);
    if (families[at + 1]?.town !== family.town) rows.push([`${family.town}小计`, null, null, 99]);
  }
  rows.push([], ['合计', { formula: 'SUM(D:D)', last: 999 }], ['填表人：榕样']);
  return { name: '东片', data: dataOf(rows), merges };
}

const rowIn = (columns: readonly Column[], family: Family, member: Member): Row =>
  columns.map(({ of }) => of(family, member, false));

/** All heads first, all others in the opposite order after them, below a heading printed again. */
function westRows(families: readonly Family[]): Row[] {
  const heading = west.map((column) => column.heading);
  const heads = families.map((family) => rowIn(west, family, memberAt(family, 0)));
  const others = families.flatMap((family) =>
    family.members.slice(1).map((member) => rowIn(west, family, member)),
  );
  const total = ['合计', null, null, `${heads.length + others.length}人`];
  return [heading, ...heads, [], heading, ...others.toReversed(), total];
}

/** The county's ledger: a hidden sheet of old rows in front, then the two halves of the county, each in its own layout. */
export function otherBook(eastern: readonly Family[], western: readonly Family[]): Buffer {
  const old = [['农户编号', '姓名', '证件号'], ...westRows(western).slice(1, 4)];
  const hidden = { name: '旧表', state: 'hidden', data: dataOf(old) } as const;
  const title: Row[] = [['西片贫困户情况'], []];
  const second = { name: '西片', data: dataOf([...title, ...westRows(western)]) };
  return workbook({ sheets: [hidden, eastSheet(eastern), second], formats: [14] });
}

/** Bytes of GBK for every sign of it; the platform decodes GBK and does not encode it. */
const gbk = new Map<string, Buffer>();
for (let lead = 0x81; lead < 0xff; lead += 1)
  for (let trail = 0x40; trail < 0xff; trail += 1) {
    const bytes = Buffer.from([lead, trail]);
    const sign = new TextDecoder('gbk').decode(bytes);
    if ([...sign].length === 1 && sign !== '\uFFFD') gbk.set(sign, bytes);
  }

/** Rows as a CSV file in GBK, every field quoted. */
export function gbkCsv(rows: readonly (readonly unknown[])[]): Buffer {
  const lines = rows.map((row) => row.map((cell) => `"${String(cell ?? '')}"`).join(','));
  const signs = [...`${lines.join('\r\n')}\r\n`];
  return Buffer.concat(signs.map((sign) => gbk.get(sign) ?? Buffer.from(sign, 'latin1')));
}

/** The ledger of one town as its clerk keeps it. */
export function otherCsv(families: readonly Family[]): Buffer {
  return gbkCsv([['榕海街道贫困户'], ...westRows(families)]);
}

/** The divisions in an order and with headings of their own, villages by their long names, GBK. */
export function otherDivisions(): Buffer {
  const rows = towns.flatMap((town) => [
    ...town.villages.map(({ code, name }) => [town.code, `${name}村民委员会`, '村级', code]),
    [OTHER, town.name, '乡镇', town.code],
  ]);
  const county = ['3501', '榕县', '县', OTHER];
  return gbkCsv([['上级代码', '区划名称', '行政级别', '行政区划代码'], county, ...rows]);
}

/** The poor villages: the first of each town. */
export function otherVillages(): Buffer {
  const rows = towns.map(({ name, villages }, at) => [
    at + 1,
    name,
    `${villages[0]?.name}村`,
    `${1200 + at}人`,
    '是',
  ]);
  const heading = ['序号', '所属乡镇', '贫困村名称', '总人口', '是否通硬化路'];
  return gbkCsv([['榕县贫困村台账'], heading, ...rows]);
}
