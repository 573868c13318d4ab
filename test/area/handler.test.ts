import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { villageOf } from '../../functions/core/household.ts';
import { readStored } from '../../functions/household/table.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { useQueues } from '../../functions/lib/queue.ts';
import { identityOf, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { keyFile, settle, storeOf } from '../support/store.ts';

const codes = ['35', '3501', '350122', '350122101', '350122101201', '350122102'];
let tables: Tables;
let queue: TestQueue;
let api: unknown;
let worker: unknown;

beforeAll(async () => {
  tables = await freshTables();
  queue = await startQueue('job');
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, JOB_QUEUE: queue.url });
  const occasion = {
    actor: 'seed',
    at: '2017-10-23T01:00:00.000Z',
    heldOn: '2017-10-23',
    reason: 'seed',
    source: 'imp_0',
  };
  const steps = codes.map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  expect(await saveDivisions(tables.area, steps, occasion)).toEqual([]);
  api = (await import('../../functions/area/handler.ts')).handler;
  worker = (await import('../../functions/area/change.ts')).handler;
});
afterAll(() => queue.close());

async function invoke(handler: unknown, event: unknown) {
  if (typeof handler !== 'function') throw new Error('no handler');
  return Promise.resolve(Reflect.apply(handler, undefined, [event, {}]));
}

async function call(route: string, asked: Record<string, unknown> = {}, areas = '350122') {
  const { body, key = crypto.randomUUID(), ...more } = asked;
  const answer = await invoke(api, {
    routeKey: route,
    headers: { 'content-type': 'application/json', 'idempotency-key': String(key) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...more,
    requestContext: {
      requestId: 'r1',
      authorizer: { jwt: { claims: { sub: 'county-office', role: 'office', areas } } },
    },
  });
  return { status: answer.statusCode, json: JSON.parse(answer.body), headers: answer.headers };
}

/** Works the queue off; what fails comes again. */
async function drain(): Promise<void> {
  for (let batch = queue.take(); batch; batch = queue.take()) {
    const { batchItemFailures } = await invoke(worker, batch);
    expect(batchItemFailures).toEqual([]);
  }
}

function acceptedOf(answers: readonly { status: number; json: { id: string } }[]): string {
  return answers.find(({ status }) => status === 202)?.json.id ?? '';
}

const rename = {
  kind: 'rename',
  code: '350122101',
  name: '新镇',
  newCode: '350122111',
  effective: '2018-01-01',
  reason: '撤乡设镇',
  document: '闽政文〔2018〕1号',
};

describe('the API of divisions', () => {
  it('shows a division with its place among others', async () => {
    const { json, headers } = await call('GET /areas/{code}', {
      pathParameters: { code: '350122101' },
    });
    expect(json).toMatchObject({
      code: '350122101',
      level: 'town',
      parent: '350122',
      above: [{ code: '35' }, { code: '3501' }, { code: '350122', name: '名350122' }],
      events: [{ kind: 'opened', source: 'imp_0' }],
    });
    expect(headers.etag).toBe('"1"');
  });

  it('renames a town: asked once however often it is sent, carried out, and seen by old tokens', async () => {
    const store = storeOf(tables);
    const village = '350122101201';
    const members = [wantedMember({ birth: '1950-01-01', identity: identityOf('1950-01-01', 1) })];
    const { household } = await settle(store, { village, number: '990001', members });

    const first = await call('POST /division-changes', { body: rename, key: 'once' });
    expect(first).toMatchObject({ status: 202, json: { state: 'opening' } });
    const again = await call('POST /division-changes', { body: rename, key: 'once' });
    expect(again.json).toEqual(first.json);
    const other = await call('POST /division-changes', { body: rename });
    expect(other).toMatchObject({ status: 409, json: { code: 'division-change-running' } });

    await drain();
    const done = await call('GET /division-changes/{id}', {
      pathParameters: { id: first.json.id },
    });
    expect(done.json).toMatchObject({
      state: 'done',
      villages: { all: 1, done: 1 },
      households: 1,
    });
    const file = await readStored(store, household.id);
    expect(file && villageOf(file.household)).toBe('350122111201');

    const children = (more = {}) =>
      call('GET /areas/{code}/children', { pathParameters: { code: '350122' }, ...more });
    const codesIn = (answer: { json: { children: { code: string }[] } }) =>
      answer.json.children.map((child) => child.code);
    expect(codesIn(await children())).toEqual(['350122102', '350122111']);
    expect(codesIn(await children({ queryStringParameters: { closed: 'true' } }))).toEqual([
      '350122101',
      '350122102',
      '350122111',
    ]);
  });

  it('shows an old code to those who hold what it became, and to nobody else', async () => {
    const old = { pathParameters: { code: '350122101' } };
    expect((await call('GET /areas/{code}', old, '350122111')).json).toMatchObject({
      validTo: '2017-12-31',
      successors: ['350122111'],
    });
    expect((await call('GET /areas/{code}', old, '350122102')).status).toBe(404);
    const inside = await call('GET /areas/{code}/children', old, '350122101');
    expect(inside.json.area.code).toBe('350122111');
  });

  it('a change that stands still goes on when asked to', async () => {
    const body = { ...rename, code: '350122111', newCode: '350122112', effective: '2018-06-01' };
    const { json } = await call('POST /division-changes', { body });
    // The message is lost.
    queue.take();
    const resumed = await call('POST /division-changes/{id}/resumption', {
      pathParameters: { id: json.id },
    });
    expect(resumed.status).toBe(202);
    await drain();
    const done = await call('GET /division-changes/{id}', { pathParameters: { id: json.id } });
    expect(done.json.state).toBe('done');
  });

  it('a change whose first message the queue did not take goes on within the hour', async () => {
    const { origin } = new URL(queue.url);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const reach = (endpoint: string) =>
      useQueues(new SQSClient({ endpoint, region: 'local', credentials, maxAttempts: 1 }));
    reach('http://127.0.0.1:1');
    const body = { ...rename, code: '350122112', newCode: '350122113', effective: '2018-07-01' };
    const asked = await call('POST /division-changes', { body, key: 'untold' });
    reach(origin);
    expect(asked.status).toBe(202);
    const again = await call('POST /division-changes', { body, key: 'untold' });
    expect(again.json).toEqual(asked.json);
    expect(queue.take()).toBeUndefined();

    expect(await invoke(worker, { schedule: 'change' })).toMatchObject({ resumed: 1 });
    await drain();
    const pathParameters = { id: asked.json.id };
    const done = await call('GET /division-changes/{id}', { pathParameters });
    expect(done.json.state).toBe('done');
    expect(await invoke(worker, { schedule: 'change' })).toEqual({ resumed: 0 });
    expect(queue.take()).toBeUndefined();
  });

  it('of two changes asked for in the same moment one comes about, and nothing is left of the other', async () => {
    const body = { ...rename, code: '350122113', newCode: '350122114', effective: '2018-08-01' };
    const both = await Promise.all([1, 2].map(() => call('POST /division-changes', { body })));
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    const stored = async () => {
      const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: tables.job }));
      return Items.map((item) => unmarshall(item)).filter(({ pk }) => pk.startsWith('J#'));
    };
    const kept = await stored();
    const headers = new Set(kept.filter(({ sk }) => sk === '0').map(({ pk }) => pk));
    expect(kept.filter(({ pk }) => !headers.has(pk))).toEqual([]);
    const parts = (items: typeof kept) =>
      items.filter(({ pk, sk }) => pk.endsWith(acceptedOf(both)) && sk !== '0');
    expect(parts(kept).length).toBeGreaterThan(0);
    await drain();
    // Working a part off stores it again: it still goes one day.
    for (const { expiresAt } of [...parts(kept), ...parts(await stored())])
      expect(expiresAt * 1000).toBeGreaterThan(Date.now());
  });

  it('a message nobody can read is handed back', async () => {
    const { batchItemFailures } = await invoke(worker, {
      Records: [{ messageId: 'm1', body: '{"job":"dc_1"}' }],
    });
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
  });
});
