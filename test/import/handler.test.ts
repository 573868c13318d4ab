import { DeleteObjectCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listLines } from '../../functions/access/table.ts';
import { recordsOf } from '../../functions/area/table.ts';
import { dayOf } from '../../functions/core/day.ts';
import { KEPT_DAYS } from '../../functions/core/import.ts';
import { saveImport } from '../../functions/import/table.ts';
import { store } from '../../functions/lib/objects.ts';
import { useQueues } from '../../functions/lib/queue.ts';
import type { HttpEvent } from '../../functions/lib/request.ts';
import { asGiven } from '../../functions/lib/scope.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { COUNTY, divisionsCsv, households, ledgerBook } from '../support/ledger.ts';
import { freshPost, type Post } from '../support/post.ts';
import { keyFile } from '../support/store.ts';

let bucket: TestBucket;
let county: Importer;
let tables: Tables;
let queue: Post;
let ask: (
  event: HttpEvent,
) => Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, new Date());
  queue = await freshPost();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
  useQueues(new SQSClient({ endpoint: queue.url, region: 'local', credentials }));
  Object.assign(process.env, {
    STAGE: 'local',
    LOCAL_KEY_FILE: keyFile,
    IMPORT_QUEUE: `${queue.url}/q/import`,
  });
  const { handler } = await import('../../functions/import/handler.ts');
  ask = async (event) => Object(await Reflect.apply(handler, undefined, [event, {}]));
});
afterAll(async () => {
  await queue.close();
  await bucket.close();
});

interface Asked {
  readonly sub?: string;
  readonly areas?: string;
  readonly role?: string;
  readonly body?: unknown;
  readonly id?: string;
  readonly query?: Record<string, string>;
  readonly key?: string;
}

async function call(routeKey: string, asked: Asked = {}) {
  const {
    sub = 'town-clerk',
    areas = COUNTY,
    role = 'office',
    body,
    id,
    query,
    key = crypto.randomUUID(),
  } = asked;
  const answer = await ask({
    routeKey,
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    ...(id !== undefined && { pathParameters: { id } }),
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    requestContext: { requestId: 'r', authorizer: { jwt: { claims: { sub, role, areas } } } },
  });
  return { ...answer, is: answer.body ? JSON.parse(answer.body) : {} };
}

const bytes = divisionsCsv();
const file = { kind: 'divisions', fileName: 'places.csv', size: bytes.length };

test('an import goes its whole way over the routes', async () => {
  const made = await call('POST /imports', { body: file });
  expect(made.statusCode).toBe(201);
  const { id, upload } = made.is;
  expect(made.is).toMatchObject({ state: 'awaiting', area: COUNTY });
  expect(Date.parse(upload.expiresAt)).toBeGreaterThan(Date.now());
  const put = await fetch(upload.url, {
    method: upload.method,
    headers: upload.headers,
    body: new Uint8Array(bytes),
  });
  expect(put.status).toBe(200);
  expect(bucket.created.map(({ key }) => key)).toContain(`uploads/${id}/source`);
  await county.read(id);
  await county.drain();
  const planned = await call('GET /imports/{id}', { id });
  expect(planned.is).toMatchObject({ state: 'planned', counts: { refused: 0 } });
  const rows = await call('GET /imports/{id}/rows', { id, query: { outcome: 'new', limit: '3' } });
  expect(rows.is.rows).toHaveLength(3);
  const next = await call('GET /imports/{id}/rows', {
    id,
    query: { outcome: 'new', limit: '100', cursor: rows.is.cursor },
  });
  expect(next.is.rows.length + 3).toBe(planned.is.counts.entries.new);
  const body = { plan: planned.is.plan };
  const own = await call('POST /imports/{id}/approval', { id, body });
  expect(own).toMatchObject({ statusCode: 403, is: { code: 'import-same-person' } });
  const approved = await call('POST /imports/{id}/approval', { id, body, sub: 'county-office' });
  expect(approved).toMatchObject({ statusCode: 202, is: { state: 'applying' } });
  expect(queue.sent.map((text) => JSON.parse(text))).toEqual([{ import: id, phase: 'apply' }]);
  county.queue.push(...queue.sent.splice(0).map((text) => JSON.parse(text)));
  await county.drain();
  expect((await call('GET /imports/{id}', { id })).is).toMatchObject({ state: 'applied' });
  const back = await call('GET /imports/{id}/refusals.xlsx', { id });
  expect(back.statusCode).toBe(303);
  const download = await fetch(back.headers.location ?? '');
  expect(download.status).toBe(200);
  expect(download.headers.get('content-disposition')).toContain('attachment');
  const list = await call('GET /imports', { query: { area: COUNTY } });
  expect(list.is.imports.map((one: { id: string }) => one.id)).toEqual([id]);
});

test('the hourly schedule of the reader has a file read whose arrival nobody noticed', async () => {
  const made = await call('POST /imports', { body: file });
  const { id, upload } = made.is;
  const body = new Uint8Array(bytes);
  await fetch(upload.url, { method: upload.method, headers: upload.headers, body });
  const found = await county.load(id);
  const hours = 3_600_000;
  const changedAt = new Date(Date.now() - 2 * hours).toISOString();
  await saveImport(tables.job, found, { state: 'awaiting', changedAt });
  const { handler: read } = await import('../../functions/import/read.ts');
  await read({ schedule: 'import' });
  expect((await county.load(id)).state).toBe('matching');
  expect(queue.sent.splice(0).map((text) => JSON.parse(text))).toEqual([
    { import: id, phase: 'match' },
  ]);
  await expect(read({ schedule: 'another' })).rejects.toThrow();
});

test('fetching the faulty rows of a ledger is on record, fetching those of a divisions file need not be', async () => {
  const all = households(6);
  Object.assign(all[0]?.[0] ?? {}, { village: '无此村' });
  const book = ledgerBook(all.flat());
  const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
  const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
  const { id } = await county.plan(book, about, clerk);
  const before = new Date();
  const back = await call('GET /imports/{id}/refusals.xlsx', { id, sub: 'curious' });
  expect((await fetch(back.headers.location ?? '')).status).toBe(200);
  const records = await recordsOf(tables.area, COUNTY, asGiven);
  const asked = { ...records, day: dayOf(before), limit: 100 };
  const { lines } = await listLines(tables.access, asked);
  expect(lines.filter(({ kind }) => kind === 'refusals')).toMatchObject([
    {
      sub: 'curious',
      role: 'office',
      area: COUNTY,
      reference: id,
      fields: ['identityNumber', 'phone', 'bankAccount'],
    },
  ]);
});

test('an import whose objects the store took away after their days says so, and can only be rejected', async () => {
  const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
  const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
  const found = await county.plan(ledgerBook(households(6).flat()), about, clerk);
  const { id, state, changedAt, plan = '' } = found;
  const createdAt = new Date(Date.now() - KEPT_DAYS * 86_400_000).toISOString();
  await saveImport(tables.job, found, { state, changedAt, createdAt });
  const prefixes = [`imports/${id}`, `uploads/${id}`];
  for (const { key } of bucket.created.filter((one) =>
    prefixes.some((it) => one.key.startsWith(it)),
  ))
    await store().send(new DeleteObjectCommand({ Bucket: county.vault.bucket, Key: key }));
  const gone = { statusCode: 410, is: { code: 'import-expired' } };
  expect(await call('GET /imports/{id}/rows', { id })).toMatchObject(gone);
  expect(await call('GET /imports/{id}/refusals.xlsx', { id })).toMatchObject(gone);
  const by = { id, sub: 'county-office' };
  const approved = await call('POST /imports/{id}/approval', { ...by, body: { plan } });
  expect(approved).toMatchObject(gone);
  expect((await call('GET /imports/{id}', { id })).is).toMatchObject({ state: 'planned' });
  const rejected = await call('POST /imports/{id}/refusal', { ...by, body: { reason: '过期' } });
  expect(rejected).toMatchObject({ statusCode: 200, is: { state: 'rejected' } });
});

test('a cursor goes on where the list of imports ended, and any other text is refused', async () => {
  await call('POST /imports', { body: file });
  const query = { area: COUNTY, limit: '1' };
  const first = await call('GET /imports', { query });
  const second = await call('GET /imports', { query: { ...query, cursor: first.is.cursor } });
  expect(second.is.imports).toHaveLength(1);
  expect(second.is.imports[0].id).not.toBe(first.is.imports[0].id);
  for (const cursor of ['zzz', Buffer.from('I#x').toString('base64url')]) {
    const refused = await call('GET /imports', { query: { ...query, cursor } });
    expect(refused).toMatchObject({ statusCode: 400, is: { code: 'cursor-invalid' } });
  }
});

test('the address takes exactly the bytes and the type that were announced', async () => {
  const { upload } = (await call('POST /imports', { body: file })).is;
  const send = (body: string, headers: Record<string, string>) =>
    fetch(upload.url, { method: 'PUT', headers, body });
  expect((await send('too short', upload.headers)).status).toBe(403);
  const page = { ...upload.headers, 'content-type': 'text/html' };
  expect((await send(bytes.toString(), page)).status).toBe(403);
});

test('an uploaded file cannot be replaced while its address is good; an upload that failed can be made again', async () => {
  const key = crypto.randomUUID();
  const { id, upload } = (await call('POST /imports', { body: file, key })).is;
  const other = Buffer.from(bytes.toString().replace('样县', '他县'));
  const put = (body: Uint8Array, to = upload, headers = upload.headers) =>
    fetch(to.url, { method: 'PUT', headers, body: new Uint8Array(body) });
  expect((await put(other.subarray(1))).status).toBe(403);
  const again = (await call('POST /imports', { body: file, key })).is;
  expect((await put(bytes, again.upload)).status).toBe(200);
  expect((await put(other)).status).toBe(412);
  const { 'if-none-match': _, ...without } = upload.headers;
  expect((await put(other, upload, without)).status).toBe(403);
  const loose = { ...upload.headers, 'if-none-match': '"0"' };
  expect((await put(other, upload, loose)).status).toBe(403);
  await county.read(id);
  expect((await put(other)).status).toBe(412);
  const source = { Bucket: bucket.bucket, Key: `uploads/${id}/source` };
  const kept = await bucket.client.send(new GetObjectCommand(source));
  expect(await kept.Body?.transformToString()).toBe(bytes.toString());
});

test('the same key gives the same import and a fresh address, another file under it is refused', async () => {
  const key = crypto.randomUUID();
  const first = await call('POST /imports', { body: file, key });
  const again = await call('POST /imports', { body: file, key });
  expect(again.is.id).toBe(first.is.id);
  const other = await call('POST /imports', { body: { ...file, size: 5 }, key });
  expect(other).toMatchObject({ statusCode: 422, is: { code: 'idempotency-key-reused' } });
});

test('a village cannot upload, a town cannot approve, another county sees nothing', async () => {
  const { id } = (await call('POST /imports', { body: file })).is;
  const village = await call('POST /imports', { body: file, areas: `${COUNTY}101201` });
  expect(village.statusCode).toBe(403);
  const town = await call('POST /imports/{id}/approval', {
    id,
    body: { plan: 'x' },
    areas: `${COUNTY}101`,
  });
  expect(town.statusCode).toBe(403);
  expect((await call('GET /imports/{id}', { id, areas: '350122' })).statusCode).toBe(404);
  expect(
    (await call('GET /imports', { query: { area: COUNTY }, areas: '350122' })).statusCode,
  ).toBe(404);
  const early = await call('GET /imports/{id}/rows', { id });
  expect(early).toMatchObject({ statusCode: 409, is: { code: 'import-not-ready' } });
});

test('a file of another kind, too large, or of a day to come is refused before it is sent', async () => {
  for (const wrong of [
    { fileName: 'a.xls' },
    { size: 65 * 1024 ** 2 },
    { heldOn: '2999-01-01' },
    { kind: 'people' },
  ]) {
    const refused = await call('POST /imports', { body: { ...file, ...wrong } });
    expect(refused).toMatchObject({ statusCode: 400, is: { code: 'request-invalid' } });
  }
});
