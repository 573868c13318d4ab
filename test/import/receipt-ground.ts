import { afterAll, beforeAll } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFacts } from '../../functions/core/fact.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import type { ImportFault } from '../../functions/core/import-reason.ts';
import { receiptsOf } from '../../functions/receipt/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { family, identityOf } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { item } from '../support/receipt-items.ts';
import { type SheetSpec, type Value, workbook } from '../support/sheet.ts';
import { settle } from '../support/store.ts';

/** A county with three villages, in which departments tell what they paid. */
export const COUNTY = '350122';
export const [here, nextTown, elsewhere] = ['350122101201', '350122102201', '350121101201'];
export const education = { sub: 'education', role: 'department', areas: [COUNTY] } as const;
export const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;

export const items = [
  item(),
  item({
    id: 'boarding',
    name: { zh: '寄宿生生活补助', en: 'Boarders' },
    aliases: [],
    subject: 'person',
    department: '县教育局',
    benefit: { kind: 'cash', period: 'term', amountFen: 50_000 },
  }),
];
const header = [
  '补助编号',
  '户编号',
  '户主',
  '人编号',
  '受益人',
  '身份证号',
  '补助项目',
  '金额(元)',
  '发放日期',
];
type Cell = (typeof header)[number];

let bucket: TestBucket;
export let tables: Tables;
export let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, undefined, { items: async () => items });
  const codes = [
    '35',
    '3501',
    COUNTY,
    '350121',
    '350122101',
    '350122102',
    '350121101',
    here,
    nextTown,
    elsewhere,
  ];
  const places = codes.map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  const occasion = {
    actor: 'seed',
    at: 'x',
    heldOn: '2016-01-01',
    reason: 'seed',
    source: 'imp_0',
  };
  await saveDivisions(tables.area, places, occasion);
});
afterAll(() => bucket.close());

let count = 100;

/** A household of four whose numbers nobody else has; members are numbered within it. */
export async function settled(
  village = here,
  facts?: Partial<HouseholdFacts>,
): Promise<HouseholdFile> {
  count += 4;
  const number = `R${count}`;
  const members = family().map((member, place) => ({
    ...member,
    number: `${number}0${place + 1}`,
    identity: identityOf(member.birth, count + place),
    ...(place === 2 && { identity: identityOf(member.birth, (count + place) | 1) }),
    ...(place % 2 === 1 && { identity: identityOf(member.birth, (count + place) & ~1) }),
    ...(place === 0 && { identity: identityOf(member.birth, count | 1) }),
  }));
  return settle(county.store, { number, village, members, ...(facts && { facts }) });
}

export const identityIn = ({ household, secrets }: HouseholdFile, place: number) =>
  secrets.identities[household.members[place]?.id ?? ''] ?? '';

export function rowsOf(rows: readonly Readonly<Record<Cell, Value>>[]): Value[][] {
  const full = rows.map((row) => ({
    补助项目: '春节慰问金',
    '金额(元)': 500,
    发放日期: '2017-01-20',
    ...row,
  }));
  return [header, ...full.map((row) => header.map((name) => Reflect.get(row, name) ?? null))];
}

export const planBook = (sheets: SheetSpec[], actor: Parameters<Importer['plan']>[2] = education) =>
  county.plan(
    workbook({ sheets }),
    { kind: 'receipts', fileName: '补助.xlsx', area: COUNTY },
    actor,
  );

export async function plan(...rows: Readonly<Record<Cell, Value>>[]) {
  const found = await planBook([{ rows: rowsOf(rows) }]);
  return { found, entries: await county.entries(found) };
}

/** Takes rows in and says what became of each. */
export async function take(...rows: Readonly<Record<Cell, Value>>[]) {
  const { found } = await plan(...rows);
  const applied = await county.applyBy(office, found);
  return county.entries(applied);
}
export const codes = (entry: { readonly faults: readonly ImportFault[] } | undefined) =>
  entry?.faults.map(({ code }) => code);
export const of = ({ household }: HouseholdFile) => receiptsOf(tables.policy, household.id);
