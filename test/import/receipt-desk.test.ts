import { afterAll, beforeAll, expect, it } from 'vitest';
import { listLines } from '../../functions/access/table.ts';
import { recordsOf, saveDivisions } from '../../functions/area/table.ts';
import { dayOf } from '../../functions/core/day.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { asGiven } from '../../functions/lib/scope.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted, identityOf } from '../support/build.ts';
import { type Call, type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { item } from '../support/receipt-items.ts';
import { collect, fileMaker, workbook } from '../support/sheet.ts';
import { doing, keyFile, settle, write } from '../support/store.ts';

const COUNTY = '350122';
const education: Caller = { sub: 'education', role: 'department', areas: COUNTY };
const health: Caller = { ...education, sub: 'health' };
const office: Caller = { sub: 'county-office', role: 'office', areas: COUNTY };
const stranger = identityOf('1977-01-01', 999);

let bucket: TestBucket;
let tables: Tables;
let county: Importer;
let handler: Parameters<typeof callOf>[0];
let id: string;
let earlier: string;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, new Date(), { items: async () => [item()] });
  const places = ['35', '3501', COUNTY, '350122101', '350122101201'].map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  const occasion = { actor: 'seed', at: 'x', heldOn: 'x', reason: 'seed', source: 'imp_0' };
  await saveDivisions(tables.area, places, occasion);
  Object.assign(process.env, {
    STAGE: 'local',
    LOCAL_KEY_FILE: keyFile,
    IMPORT_QUEUE: 'http://none',
  });
  ({ handler } = await import('../../functions/import/handler.ts'));
  const file = await settle(county.store, { number: 'D1' });
  const gone = granted(strikeOff(file, { heldFrom: '2017-06-01', reason: 'gone' }, doing()));
  granted(await write(county.store, file, gone));
  const rows = (amount: number) => [
    ['补助编号', '户编号', '身份证号', '补助项目', '金额(元)', '发放日期'],
    ['E1', 'D1', null, '春节慰问金', amount, '2017-01-20'],
    ['E2', null, stranger, '春节慰问金', 500, '2017-01-20'],
  ];
  const plan = (amount: number) =>
    county.plan(
      workbook({ sheets: [{ rows: rows(amount) }] }),
      { kind: 'receipts', fileName: '补助.xlsx', area: COUNTY },
      { sub: 'education', role: 'department', areas: [COUNTY] },
    );
  const first = await plan(500);
  earlier = first.id;
  await county.applyBy({ sub: 'county-office', role: 'office', areas: [COUNTY] }, first);
  id = (await plan(600)).id;
});
afterAll(() => bucket.close());

const call = (route: string, by: Caller, asked: Partial<Call> = {}) =>
  callOf(handler, { route, by, ...asked });
const at = { params: { id: '' } };
const ofIt = () => ({ ...at, params: { id } });

it('a department announces what it paid and gets an address; other kinds are not its own', async () => {
  const body = { kind: 'receipts', fileName: '补助.xlsx', size: 10, area: COUNTY };
  expect(await call('POST /imports', education, { body })).toMatchObject({
    status: 201,
    body: { kind: 'receipts', upload: { method: 'PUT' } },
  });
  expect(
    await call('POST /imports', education, { body: { ...body, kind: 'registry' } }),
  ).toMatchObject({
    status: 403,
    body: { code: 'role-not-allowed' },
  });
});

it('it finds its own imports and no others, and does not decide on them', async () => {
  const listed = async (by: Caller) => {
    const { body } = await call('GET /imports', by, { query: { area: COUNTY } });
    return body.imports.map((one: { id: string }) => one.id);
  };
  expect(await listed(education)).toEqual(expect.arrayContaining([id, earlier]));
  expect(await listed(office)).toEqual(expect.arrayContaining([id, earlier]));
  expect(await listed(health)).toEqual([]);
  for (const route of ['', '/rows', '/refusals.xlsx'])
    expect((await call(`GET /imports/{id}${route}`, health, ofIt())).status).toBe(404);
  const approval = await call('POST /imports/{id}/approval', education, {
    ...ofIt(),
    body: { plan: 'x' },
  });
  expect(approval.status).toBe(403);
});

it('it sees what becomes of its rows, the office also what the registry knows of them', async () => {
  const rows = async (by: Caller) => (await call('GET /imports/{id}/rows', by, ofIt())).body.rows;
  expect(await rows(education)).toMatchObject([
    { key: 'E1', outcome: 'changed', changes: [{ before: null, after: 60_000 }], remarks: [] },
    { key: 'E2', outcome: 'refused', faults: [{ code: 'receipt-nobody' }] },
  ]);
  expect(await rows(office)).toMatchObject([
    { changes: [{ before: 50_000 }], remarks: [{ code: 'receipt-household-closed' }] },
    { outcome: 'refused' },
  ]);
});

it('rows that match nobody come back as they were, with the reason, and fetching them is on record', async () => {
  const back = await callOf(handler, {
    route: 'GET /imports/{id}/refusals.xlsx',
    by: education,
    ...ofIt(),
  });
  expect(back.status).toBe(303);
  const download = await fetch(back.headers.location ?? '');
  const path = await (await fileMaker())(Buffer.from(await download.arrayBuffer()));
  const [heading, ...rows] = await collect(readSheet(path, 'refusals.xlsx'));
  expect(heading?.cells.slice(-2)).toEqual(['未导入原因', 'Reason']);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.cells.slice(0, 3)).toEqual(['E2', null, stranger]);
  expect(rows[0]?.cells.at(-2)).toContain('没有与这一行相符的户或人');
  const records = await recordsOf(tables.area, COUNTY, asGiven);
  const { lines } = await listLines(tables.access, {
    ...records,
    day: dayOf(new Date()),
    limit: 9,
  });
  expect(lines).toMatchObject([
    { kind: 'refusals', sub: 'education', role: 'department', reference: id },
  ]);
});
