import { readFile } from 'node:fs/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Import } from '../../functions/core/import.ts';
import type { PlannedEntry } from '../../functions/core/import-entry.ts';
import { reasonOf } from '../../functions/core/import-reason.ts';
import type { RefusalCode } from '../../functions/core/refusal.ts';
import { wordsOf } from '../../functions/core/refusal-text.ts';
import { refusalsKey } from '../../functions/import/place.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { identityOf } from '../support/build.ts';
import { freshTables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import {
  COUNTY,
  divisionsCsv,
  households,
  ledgerBook,
  type Person,
  rowNumber,
} from '../support/ledger.ts';
import { collect, fileMaker } from '../support/sheet.ts';

/** What goes wrong in one household of the sheet, and on which of its rows it is found. */
type Fault = readonly [code: RefusalCode, row: number, spoil: (family: Person[]) => void];

const set =
  (row: number, values: Person) =>
  (family: Person[]): void => {
    Object.assign(family[row] ?? {}, values);
  };
const valid = identityOf('1970-01-01', 999);
const otherDigit = valid.slice(0, 17) + (valid.endsWith('1') ? '2' : '1');

const faults: readonly Fault[] = [
  ['identity-checksum', 0, set(0, { identity: otherDigit })],
  ['identity-date', 0, set(0, { identity: identityOf('1970-02-30', 1) })],
  ['identity-future', 0, set(0, { identity: identityOf('2031-01-01', 1) })],
  ['identity-length', 0, set(0, { identity: '350199700101' })],
  ['identity-missing', 0, set(0, { identity: null, sex: null })],
  ['identity-sex', 0, set(0, { sex: '女' })],
  ['head-missing', 0, set(0, { relation: '儿子' })],
  ['head-twice', 1, set(1, { relation: '户主' })],
  ['household-size-mismatch', 0, set(0, { size: 9 })],
  ['household-values-differ', 1, set(1, { type: '五保户' })],
  ['household-number-missing', 1, set(1, { number: null })],
  ['village-unknown', 0, set(0, { village: '无此村' })],
  [
    'exit-before-identification',
    0,
    set(0, { status: '已脱贫', identifiedYear: 2017, exitYear: 2016 }),
  ],
  ['exit-year-missing', 0, set(0, { status: '已脱贫', exitYear: null })],
  ['exit-year-unexpected', 0, set(0, { status: '未脱贫', exitYear: 2016 })],
  ['date-impossible', 0, set(0, { identifiedYear: '2014.13' })],
  ['income-negative', 0, set(0, { wages: -5 })],
  ['number-invalid', 0, set(0, { wages: '约三千' })],
  ['cause-too-many', 0, set(0, { mainCause: '因病', otherCauses: '因残、因学、缺技术' })],
  ['value-unknown', 0, set(0, { mainCause: '懒' })],
  ['value-missing', 1, set(1, { name: null })],
  ['phone-invalid', 0, set(0, { phone: '12345' })],
  ['bank-account-invalid', 0, set(0, { bankAccount: '12' })],
];

let bucket: TestBucket;
let county: Importer;
let planned: Import;
let refused: readonly PlannedEntry[];
let persons: readonly Person[];
const spoiled = new Map<RefusalCode, readonly Person[]>();

beforeAll(async () => {
  bucket = await freshBucket();
  county = importer(await freshTables(), new Date('2019-03-01T02:00:00Z'));
  const actor = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
  const area = { area: COUNTY };
  const divisions = { kind: 'divisions', fileName: 'places.csv', ...area } as const;
  const places = await county.plan(divisionsCsv(), divisions, actor);
  await county.applyBy({ ...actor, sub: 'county' }, places);
  const all = households(400);
  const large = all.filter((family) => family.length >= 2);
  for (const [at, [code, , spoil]] of faults.entries()) {
    const family = large[at] ?? [];
    spoil(family);
    spoiled.set(code, family);
  }
  spoilPairs(all);
  persons = all.flat();
  const file = { kind: 'registry', fileName: '台账.xlsx', ...area } as const;
  planned = await county.plan(ledgerBook(persons), file, actor);
  refused = await county.entries(planned, 'refused');
});
afterAll(() => bucket.close());

/** Faults between two households. */
function spoilPairs(all: Person[][]): void {
  const [first = [], second = [], third = [], fourth = []] = all.slice(-8);
  Object.assign(second[0] ?? {}, { identity: first[0]?.identity, sex: first[0]?.sex });
  spoiled.set('person-twice', second);
  for (const person of fourth) person.number = third[0]?.number ?? null;
  spoiled.set('household-twice', fourth);
}

function rowOf(family: readonly Person[], at: number): number {
  const person = family[at];
  return rowNumber(person ? persons.indexOf(person) : -1);
}

test.each(faults.map(([code, at]) => [code, at] as const))(
  'a row is refused for %s, with its row number',
  (code, at) => {
    const row = rowOf(spoiled.get(code) ?? [], at);
    const found = refused.flatMap((entry) => entry.faults).filter((fault) => fault.row === row);
    expect(found.map((fault) => fault.code)).toContain(code);
  },
);

test.each(['person-twice', 'household-twice'] as const)('%s is refused on both sides', (code) => {
  const row = rowOf(spoiled.get(code) ?? [], 0);
  const found = refused.flatMap((entry) => entry.faults).filter((fault) => fault.code === code);
  expect(found.map((fault) => fault.row)).toContain(row);
});

test('every reason is told in Chinese and in English, without a placeholder left open', () => {
  for (const fault of refused.flatMap((entry) => entry.faults)) {
    const { zh, en } = reasonOf(fault);
    expect(zh).not.toMatch(/[{}]/);
    expect(en).not.toMatch(/[{}]/);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(zh).not.toBe(en);
  }
});

test('only the households at fault are refused; the others are taken', () => {
  const bad = new Set([...spoiled.values()].flat().map((person) => person.number));
  const fresh = planned.counts?.entries.new ?? 0;
  const all = new Set(persons.map((person) => person.number).filter((number) => number !== null));
  // Two households stand behind person-twice: the one that was spoiled and the one it copies.
  expect(fresh).toBe(all.size - bad.size + Number(bad.has(null)) - 1);
  expect(planned.heldOn).toBe('2018-12-31');
  expect(planned.incomePeriod).toEqual({ from: '2017-10-01', to: '2018-09-30' });
});

test('the faulty rows come back as they were, with the reasons in two columns, and can be read again', async () => {
  const make = await fileMaker();
  const key = refusalsKey(planned.id, 'match');
  const object = await bucket.client.send(
    new GetObjectCommand({ Bucket: bucket.bucket, Key: key }),
  );
  const path = await make(Buffer.from((await object.Body?.transformToByteArray()) ?? []));
  const [heading, ...rows] = await collect(readSheet(path, 'refusals.xlsx'));
  expect(heading?.cells.slice(-2)).toEqual(['未导入原因', 'Reason']);
  expect(rows).toHaveLength(refused.reduce((sum, entry) => sum + entry.rows.length, 0));
  const column = heading?.cells.indexOf('身份证号(残疾证号)') ?? -1;
  const wrong = rows.find((row) => row.cells[column] === otherDigit);
  expect(wrong?.cells.at(-1)).toContain(wordsOf('identity-checksum', 'en'));
  const again = await county.plan(
    await readFile(path),
    { kind: 'registry', fileName: 'refusals.xlsx', area: COUNTY },
    {
      sub: 'town-clerk',
      role: 'office',
      areas: [COUNTY],
    },
  );
  expect(again.counts?.entries.refused).toBe(refused.length);
});

test('no identity number lies in the clear in what is staged', async () => {
  const numbers = persons.flatMap(({ identity }) =>
    typeof identity === 'string' ? [identity] : [],
  );
  const staged = bucket.created.filter(({ key }) => /staged|planned/.test(key));
  expect(staged.length).toBeGreaterThan(0);
  for (const { key } of staged) {
    const object = await bucket.client.send(
      new GetObjectCommand({ Bucket: bucket.bucket, Key: key }),
    );
    const text = Buffer.from((await object.Body?.transformToByteArray()) ?? []).toString('latin1');
    expect(numbers.some((number) => text.includes(number))).toBe(false);
  }
  const shown = JSON.stringify(await county.entries(planned));
  expect(numbers.some((number) => shown.includes(number))).toBe(false);
});
