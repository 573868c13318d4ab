import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listLines } from '../../functions/access/table.ts';
import { recordsOf } from '../../functions/area/table.ts';
import { followCase } from '../../functions/core/case-household.ts';
import { dayOf } from '../../functions/core/day.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import type { Import } from '../../functions/core/import.ts';
import { findNumbers, loadFile } from '../../functions/household/table.ts';
import { announce, approve, listEntries, reject } from '../../functions/import/service.ts';
import { createImport } from '../../functions/import/table.ts';
import { getStaged } from '../../functions/import/vault.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { asGiven } from '../../functions/lib/scope.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted } from '../support/build.ts';
import { proposed } from '../support/case.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer, importId } from '../support/importer.ts';
import {
  COUNTY,
  columns,
  divisionsCsv,
  households,
  type Layout,
  ledgerBook,
  ledgerRows,
  type Person,
} from '../support/ledger.ts';
import { doing, write } from '../support/store.ts';

const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const ledger = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
const all = households(4000);
let bucket: TestBucket;
let county: Importer;
let tables: Tables;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, new Date('2019-03-01T02:00:00Z'));
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), about, clerk));
});
afterAll(() => bucket.close());

/** Families nobody has imported yet. */
const some = (count: number): Person[][] => all.splice(0, count);
const planOf = (families: readonly Person[][], layout: Layout = {}) =>
  county.plan(ledgerBook(families.flat(), layout), ledger, clerk);

const stagedOf = async (found: Import) => (await getStaged(county.vault, found, 0)).entries;

async function registered(families: readonly Person[][]): Promise<readonly string[]> {
  const numbers = families.map(([head]) => String(head?.number));
  const ids = await findNumbers(county.store, COUNTY, numbers);
  return numbers.flatMap((number) => ids.get(number) ?? []);
}

test('a ledger with values on the head row only and one with them on every row say the same', async () => {
  const families = some(6);
  const first = await county.applyBy(office, await planOf(families, { headOnly: true }));
  expect(first.applied?.entries.new).toBe(families.length);
  const second = await planOf(families);
  expect(second.counts?.entries).toMatchObject({ unchanged: families.length, changed: 0 });
});

test('rows of a household may be scattered all over the file', async () => {
  const families = some(40);
  const scattered = families
    .flat()
    .toSorted((one, two) => String(one.relation).localeCompare(String(two.relation)));
  const planned = await county.plan(ledgerBook(scattered), ledger, clerk);
  expect(planned.counts?.entries).toMatchObject({ new: families.length, refused: 0 });
  expect(planned.counts?.rows.new).toBe(scattered.length);
});

test('a csv file is taken as a workbook is, its day as the uploader says, its incomes by the system year before', async () => {
  const families = some(4);
  const text = ledgerRows(families.flat())
    .slice(3, -2)
    .map((row) => row.map((cell) => `"${cell ?? ''}"`).join(','))
    .join('\r\n');
  const file = {
    kind: 'registry',
    fileName: '台账.csv',
    area: COUNTY,
    heldOn: '2018-06-30',
  } as const;
  const planned = await county.plan(Buffer.from(`\uFEFF${text}`, 'utf8'), file, clerk);
  expect(planned.counts?.entries).toMatchObject({ new: families.length, refused: 0 });
  expect(planned.heldOn).toBe('2018-06-30');
  expect(planned.incomePeriod).toEqual({ from: '2016-10-01', to: '2017-09-30' });
});

test('columns nobody knows and sheets of something else are named to the uploader', async () => {
  const text =
    '\uFEFF户编号,乡镇,行政村,姓名,证件号码,与户主关系,家中有无电视机,备注\r\nU1,无,无,甲,1,户主,是,\r\n';
  const file = { kind: 'registry', fileName: '台账.csv', area: COUNTY } as const;
  const planned = await county.plan(Buffer.from(text, 'utf8'), file, clerk);
  expect(planned.unread).toEqual({ columns: ['家中有无电视机'], sheets: [] });
  expect((await planOf(some(1))).unread?.columns ?? []).not.toContain('姓名');
});

test('a change says which fields change, and writes a second version', async () => {
  const families = some(2);
  await county.applyBy(office, await planOf(families));
  const [first] = families;
  Object.assign(first?.[0] ?? {}, { mainCause: '因灾', phone: '10099999999' });
  const planned = await planOf(families);
  expect(planned.counts?.entries).toMatchObject({ changed: 1, unchanged: 1 });
  const [entry] = await county.entries(planned, 'changed');
  expect(entry?.changes.map((change) => change.field).toSorted()).toEqual(['mainCause', 'phone']);
  expect(JSON.stringify(entry)).not.toContain('10099999999');
  const applied = await county.applyBy(office, planned);
  expect(applied.applied?.entries.changed).toBe(1);
  const [id = ''] = await registered(families.slice(0, 1));
  expect((await loadFile(county.store, id))?.household.version).toBe(2);
});

test('a household changed after the plan becomes a conflict and is not overwritten', async () => {
  const families = some(3);
  await county.applyBy(office, await planOf(families));
  for (const family of families) Object.assign(family[0] ?? {}, { mainCause: '因灾' });
  const planned = await planOf(families);
  expect(planned.counts?.entries.changed).toBe(3);
  const [id = ''] = await registered(families.slice(1, 2));
  const file = await loadFile(county.store, id);
  if (!file) throw new Error('no file');
  const change = {
    facts: { mainCause: 'land' },
    heldFrom: '2019-02-28',
    heldTo: null,
    reason: '走访核实',
    cleared: [],
    contact: {},
    members: [],
  };
  granted(
    await write(
      county.store,
      file,
      granted(changeHousehold(file, change, doing({ today: '2019-03-01' }))),
    ),
  );
  const applied = await county.applyBy(office, planned);
  expect(applied.applied?.entries).toMatchObject({ changed: 2, conflicting: 1 });
  const [late] = await county.entries(applied, 'conflicting');
  expect(late).toMatchObject({
    key: families[1]?.[0]?.number,
    faults: [{ code: 'household-changed-meanwhile' }],
  });
  const after = await loadFile(county.store, id);
  expect(JSON.stringify(after?.household.facts)).toContain('"land"');
});

test('a row that would bring a known household out of poverty is a conflict, and nothing of it is taken', async () => {
  const families = some(2);
  await county.applyBy(office, await planOf(families));
  const [ids, [first]] = [await registered(families), families];
  const exit = { status: '已脱贫', exitYear: 2018, mainCause: '因灾' };
  for (const row of first ?? []) Object.assign(row, exit);
  const planned = await planOf(families);
  expect(planned.counts?.entries).toMatchObject({ unchanged: 1, conflicting: 1 });
  const [clash] = await county.entries(planned, 'conflicting');
  expect(clash?.faults).toMatchObject([
    { code: 'procedure-required', values: { procedure: 'household-exit' } },
  ]);
  await county.applyBy(office, planned);
  const file = await loadFile(county.store, ids[0] ?? '');
  expect(file?.household.version).toBe(1);
});

test('a row that would change the status of a household in a case is a conflict, and another row of one is taken', async () => {
  const unexited = all.findIndex(([head]) => head?.status === '未脱贫');
  const families = all.splice(unexited, 2);
  await county.applyBy(office, await planOf(families));
  for (const id of await registered(families)) {
    const file = await loadFile(county.store, id);
    if (!file) throw new Error('no such household');
    const told = { step: null, outcome: 'open', heldOn: '2017-10-01', reason: null };
    const happening = { kind: 'case-opened', ...told } as const;
    const about = { happening, context: doing({ today: '2019-03-01' }) };
    granted(await write(county.store, file, granted(followCase(file, proposed(), about))));
  }
  const [[first], second] = [families[0] ?? [], families[1] ?? []];
  Object.assign(first ?? {}, { status: '预脱贫' });
  for (const row of second) Object.assign(row, { mainCause: '因灾' });
  const planned = await planOf(families);
  expect(planned.counts?.entries).toMatchObject({ changed: 1, conflicting: 1 });
  const [clash] = await county.entries(planned, 'conflicting');
  expect(clash?.faults).toMatchObject([{ code: 'case-open' }]);
  await county.applyBy(office, planned);
  const ids = await registered(families);
  const files = await Promise.all(ids.map((id) => loadFile(county.store, id)));
  expect(files.map((file) => [file?.household.version, file?.household.openCase?.id])).toEqual([
    [2, 'cs_1'],
    [3, 'cs_1'],
  ]);
});

test('a cursor that is none is refused', async () => {
  const { id } = await planOf(some(1));
  const page = await listEntries(county.ports, office, { id, limit: 5, cursor: '0.x' });
  expect(page).toEqual({ refused: 'cursor-invalid' });
});

test('a person who lives in another household is a conflict with a reference, not a move', async () => {
  const families = some(2);
  const [first = [], second = []] = families;
  await county.applyBy(office, await planOf([first]));
  Object.assign(second[0] ?? {}, { identity: first[0]?.identity, sex: first[0]?.sex });
  const planned = await planOf([second]);
  const [clash] = await county.entries(planned, 'conflicting');
  expect(clash?.faults).toMatchObject([{ code: 'person-elsewhere' }]);
  expect(clash?.faults[0]?.values?.reference).toMatch(/^ref_/);
});

test('a clash that is found again after a lost message is one line of the access log', async () => {
  const [first = [], second = []] = some(2);
  await county.applyBy(office, await planOf([first]));
  Object.assign(second[0] ?? {}, { identity: first[0]?.identity, sex: first[0]?.sex });
  const planned = await planOf([second]);
  const [clash] = await county.entries(planned, 'conflicting');
  const matching = { ...planned, state: 'matching' } as const;
  await county.works.kinds.registry.match(matching, await stagedOf(planned));
  const { lines } = await listLines(tables.access, {
    ...(await recordsOf(tables.area, COUNTY, asGiven)),
    day: dayOf(new Date(planned.changedAt)),
    limit: 100,
  });
  const reference = String(clash?.faults[0]?.values?.reference);
  const told = lines.filter((line) => line.reference === reference);
  expect(told).toMatchObject([{ kind: 'person-elsewhere', sub: clerk.sub }]);
});

test('an announcement that meets a busy table is no clash of keys', async () => {
  const id = importId();
  const asked = { ...ledger, size: 10, id };
  const busy = { ...county.ports, create: () => Promise.resolve('busy' as const) };
  expect(await announce(busy, clerk, asked)).toEqual({ refused: 'busy' });
  granted(await announce(county.ports, clerk, asked));
  const stored = await county.load(id);
  expect(await createImport(tables.job, stored)).toBe('exists');
  const cancel = new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: 'ItemCollectionSizeLimitExceeded' }],
  });
  dynamo().middlewareStack.add(
    (next, context) => (input) =>
      context.commandName === 'TransactWriteItemsCommand' ? Promise.reject(cancel) : next(input),
    { step: 'initialize', name: 'fault' },
  );
  expect(await createImport(tables.job, { ...stored, id: importId() })).toBe('busy');
  dynamo().middlewareStack.remove('fault');
});

test('the same key with another day or income period is another announcement', async () => {
  const period = { from: '2017-10-01', to: '2018-09-30' };
  const asked = { ...ledger, size: 10, id: importId(), heldOn: '2018-12-31', incomePeriod: period };
  granted(await announce(county.ports, clerk, asked));
  expect(await announce(county.ports, clerk, asked)).toMatchObject({ ok: { id: asked.id } });
  for (const other of [
    { heldOn: '2018-12-30' },
    { incomePeriod: { ...period, from: '2017-01-01' } },
  ]) {
    const again = await announce(county.ports, clerk, { ...asked, ...other });
    expect(again).toEqual({ refused: 'idempotency-key-reused' });
  }
});

test.each([
  ['ends before it begins', { from: '2018-09-30', to: '2017-10-01' }, 'date-order'],
  ['ends in the future', { from: '2018-10-01', to: '2019-09-30' }, 'date-future'],
] as const)('an income period that %s is refused', async (_, incomePeriod, code) => {
  const asked = { ...ledger, size: 10, id: importId(), incomePeriod };
  const fault = { field: 'incomePeriod', code, values: { field: 'incomePeriod' } };
  expect(await announce(county.ports, clerk, asked)).toEqual({
    refused: 'request-invalid',
    faults: [fault],
  });
});

test('no address is given out that could replace a file that was read', async () => {
  const bytes = ledgerBook(some(2).flat());
  const planned = await county.plan(bytes, ledger, clerk);
  const asked = { ...ledger, size: bytes.length, id: planned.id };
  expect(await announce(county.ports, clerk, asked)).toEqual({
    refused: 'import-not-ready',
    values: { state: 'planned' },
  });
});

test('a town takes its own villages only', async () => {
  const town = `${COUNTY}101`;
  const actor = { sub: 'clerk-1', role: 'office', areas: [town] } as const;
  const families = some(24);
  const planned = await county.plan(ledgerBook(families.flat()), { ...ledger, area: town }, actor);
  const own = families.filter(([head]) => head?.town === '样东镇');
  expect(planned.counts?.entries).toMatchObject({
    new: own.length,
    refused: families.length - own.length,
  });
  const refused = await county.entries(planned, 'refused');
  expect(new Set(refused.flatMap((entry) => entry.faults.map((fault) => fault.code)))).toEqual(
    new Set(['village-outside']),
  );
});

test('an approval names the plan, comes from another person, and can be refused instead', async () => {
  const planned = await planOf(some(1));
  const { id, plan = '' } = planned;
  expect(await approve(county.ports, clerk, { id, plan })).toEqual({
    refused: 'import-same-person',
  });
  expect(await approve(county.ports, office, { id, plan: 'another' })).toEqual({
    refused: 'import-plan-changed',
  });
  const elsewhere = { ...office, areas: ['350122'] };
  expect(await approve(county.ports, elsewhere, { id, plan })).toEqual({ refused: 'not-found' });
  const rejected = granted(await reject(county.ports, office, { id, reason: '村名有误' }));
  expect(rejected).toMatchObject({ state: 'rejected', reason: '村名有误', decidedBy: office.sub });
  expect(await approve(county.ports, office, { id, plan })).toMatchObject({
    refused: 'import-not-ready',
  });
});

test('the plan is paged entry by entry, by outcome where asked', async () => {
  const families = some(7);
  Object.assign(families[3]?.[0] ?? {}, { village: '无此村' });
  const { id } = await planOf(families);
  const first = granted(await listEntries(county.ports, office, { id, limit: 5 }));
  expect(first.rows).toHaveLength(5);
  const rest = granted(
    await listEntries(county.ports, office, { id, limit: 5, cursor: first.cursor }),
  );
  expect(rest.cursor).toBeUndefined();
  const keys = [...first.rows, ...rest.rows].map((entry) => entry.key);
  expect(keys).toEqual(families.map(([head]) => head?.number));
  const refused = granted(
    await listEntries(county.ports, office, { id, limit: 5, outcome: 'refused' }),
  );
  expect(refused.rows.map((entry) => entry.key)).toEqual([families[3]?.[0]?.number]);
});

test.each([
  ['an empty file', Buffer.alloc(0), 'file-empty'],
  ['a page named as a workbook', Buffer.from('<html></html>'), 'file-mislabelled'],
  ['a workbook cut off', ledgerBook(households(20).flat()).subarray(0, 900), 'file-truncated'],
] as const)('%s is refused whole', async (_, bytes, code) => {
  const found = await county.plan(bytes, ledger, clerk);
  expect(found).toMatchObject({ state: 'unreadable', fault: { code } });
});

test('a ledger without a required column is refused with the name of the column', async () => {
  const rows = ledgerRows(some(2).flat());
  const column = Object.keys(columns).indexOf('relation');
  const text = rows
    .slice(3, -2)
    .map((row) =>
      row
        .filter((_, at) => at !== column)
        .join('\t')
        .replaceAll(',', '')
        .replaceAll('\t', ','),
    )
    .join('\n');
  const found = await county.plan(Buffer.from(text), { ...ledger, fileName: 'a.csv' }, clerk);
  expect(found).toMatchObject({ state: 'unreadable', fault: { code: 'column-missing' } });
  expect(JSON.stringify(found.fault?.values)).toContain('与户主关系');
});
