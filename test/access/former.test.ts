import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createImport } from '../../functions/import/table.ts';
import { type Access, writeAccess } from '../../functions/lib/access-log.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { keyFile } from '../support/store.ts';

const day = '2017-10-23';
const city: Caller = { sub: 'city', role: 'office', areas: '3501' };
const county: Caller = { sub: 'county', role: 'office', areas: '350198' };
/** Whose token is older than the county's new code. */
const former: Caller = { sub: 'former', role: 'office', areas: '350122' };
const town: Caller = { sub: 'town', role: 'office', areas: '350198101' };
const neighbour: Caller = { sub: 'next', role: 'office', areas: '350121' };

let tables: Tables;
let queue: TestQueue;
let access: Parameters<typeof callOf>[0];
let imports: Parameters<typeof callOf>[0];

async function division(code: string, successors: readonly string[] = []) {
  const parents = [2, 4, 6, 9].filter((length) => length < code.length);
  const pk = `A#${code.slice(0, parents.at(-1) ?? 0) || '0'}`;
  const validTo = successors.length > 0 ? '2017-10-01' : null;
  const given = { code, name: code, validFrom: null, validTo, successors, change: null };
  await putItem(tables.area, { pk, sk: code, v: 1, ...given, version: 1 });
}

/** A line of the day's noon and some minutes, so that their order is known. */
async function line(area: string, minute: number) {
  const access: Access = {
    ...{ kind: 'lookup', sub: 'clerk', role: 'office', area, fields: ['identityNumber'] },
    ...{ household: null, person: null, reason: null, reference: null },
  };
  const at = new Date(`${day}T04:${String(minute).padStart(2, '0')}:00Z`);
  await writeAccess(tables.access, access, { id: `log_${minute}`, at });
}

async function imported(area: string): Promise<string> {
  const id = `imp_${randomUUID().replaceAll('-', '')}`;
  const at = `${day}T01:00:00.000Z`;
  const created = await createImport(tables.job, {
    ...{ id, version: 1, kind: 'registry', state: 'planned', fileName: 'a.xlsx', size: 10, area },
    ...{ uploadedBy: 'uploader', createdAt: at, changedAt: at, heldOn: day, heldOnGiven: true },
  });
  expect(created).toBe('created');
  return id;
}

let ofCounty: string;
let ofTown: string;
let ofOther: string;

beforeAll(async () => {
  tables = await freshTables();
  queue = await startQueue('any');
  const keys = { AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  const env = { STAGE: 'local', LOCAL_KEY_FILE: keyFile, IMPORT_QUEUE: queue.url, BUCKET: 'b' };
  Object.assign(process.env, keys, env);
  for (const code of ['35', '3501', '350198', '350198101', '350198101201', '350198102'])
    await division(code);
  // The county got its code by way of another; its neighbour's predecessor is none of its business.
  await division('350122', ['350190']);
  await division('350190', ['350198']);
  await division('350122101', ['350198101']);
  await division('350122101201', ['350198101201']);
  await division('350122102', ['350198102']);
  await division('350121');
  await division('350180', ['350121']);
  const places = ['350122101201', '350122102', '350190', '350122', '350180', '350198101', '350121'];
  for (const [minute, area] of places.entries()) await line(area, minute);
  ofCounty = await imported('350122');
  ofTown = await imported('350122102');
  ofOther = await imported('350180');
  access = (await import('../../functions/access/handler.ts')).handler;
  imports = (await import('../../functions/import/handler.ts')).handler;
});
afterAll(() => queue.close());

async function log(by: Caller, area: string, more: Readonly<Record<string, string>> = {}) {
  const query = { area, day, ...more };
  const { status, body } = await callOf(access, { by, route: 'GET /access-log', query });
  return status === 200 ? body : status;
}
const minutes = (body: { lines: readonly { id: string }[] }) => body.lines.map(({ id }) => id);

describe('the access log of a county that got a new code', () => {
  it('holds what was written under the codes it had, oldest first', async () => {
    const wanted = ['log_0', 'log_1', 'log_2', 'log_3', 'log_5'];
    for (const by of [city, county, former])
      expect(minutes(await log(by, '350198'))).toEqual(wanted);
  });

  it('is asked for under the code of the day as well', async () => {
    expect(minutes(await log(city, '350122'))).toEqual(['log_0', 'log_1', 'log_3']);
    expect(minutes(await log(county, '350122'))).toEqual(['log_0', 'log_1', 'log_3']);
    expect(minutes(await log(city, '350180'))).toEqual(['log_4']);
  });

  it('tells a town what was written of it under its old code, and nothing of its neighbours', async () => {
    expect(minutes(await log(town, '350198101'))).toEqual(['log_0', 'log_5']);
    expect(minutes(await log(town, '350122101'))).toEqual(['log_0']);
    expect(await log(town, '350122')).toBe(404);
    expect(await log(town, '350122102')).toBe(404);
    expect(await log(neighbour, '350122')).toBe(404);
    expect(minutes(await log(neighbour, '350121'))).toEqual(['log_4', 'log_6']);
  });

  it('comes page by page over all its codes, every line once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await log(county, '350198', { limit: '2', ...(cursor && { cursor }) });
      seen.push(...minutes(page));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['log_0', 'log_1', 'log_2', 'log_3', 'log_5']);
  });
});

describe('imports of a county that got a new code', () => {
  const list = async (by: Caller, area: string) => {
    const asked = { by, route: 'GET /imports', query: { area } };
    const { status, body } = await callOf(imports, asked);
    expect(status).toBe(200);
    return body.imports.map(({ id }: { id: string }) => id).toSorted();
  };
  const show = async (by: Caller, id: string) =>
    (await callOf(imports, { by, route: 'GET /imports/{id}', params: { id } })).status;

  it('are listed under the new code and the old one', async () => {
    expect(await list(county, '350198')).toEqual([ofCounty, ofTown].toSorted());
    expect(await list(county, '350122')).toEqual([ofCounty, ofTown].toSorted());
    expect(await list({ ...town, areas: '350198102' }, '350198102')).toEqual([ofTown]);
    expect(await list(neighbour, '350121')).toEqual([ofOther]);
  });

  it('are shown to whoever acts for the area today, and plans that wait can be decided', async () => {
    for (const by of [city, county, former]) expect(await show(by, ofCounty)).toBe(200);
    expect(await show(town, ofTown)).toBe(404);
    expect(await show(neighbour, ofCounty)).toBe(404);
    const reject = (by: Caller) => {
      const route = 'POST /imports/{id}/refusal';
      return callOf(imports, { by, route, params: { id: ofCounty }, body: { reason: '换代码' } });
    };
    expect(await reject(neighbour)).toMatchObject({ status: 404 });
    expect(await reject(county)).toMatchObject({ status: 200, body: { state: 'rejected' } });
  });
});
