import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { home, open } from './ground.ts';

const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const city: Caller = { sub: 'city', role: 'office', areas: '3501' };
const town: Caller = { sub: 'town', role: 'office', areas: '350122101' };
const neighbour: Caller = { sub: 'next', role: 'office', areas: '350121' };
const auditor: Caller = { sub: 'audit', role: 'auditor', areas: '35' };
const villages = ['350122101201', '350122101202', '350122102201', '350121101201'] as const;

type Handler = Parameters<typeof callOf>[0];
let bucket: TestBucket;
let queue: TestQueue;
let tables: Tables;
let ask: Handler;
let look: Handler;
let divide: Handler;
let work: (event: unknown) => Promise<unknown>;
let year: (event: unknown) => Promise<unknown>;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  queue = await startQueue('snapshot');
  Object.assign(process.env, {
    ...{ STAGE: 'local', SNAPSHOT_QUEUE: queue.url, JOB_QUEUE: queue.url, BUCKET: bucket.bucket },
    ...{ AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    CLOCK_OFFSET_MS: String(Date.parse('2017-10-23T02:00:00Z') - Date.now()),
  });
  await open(tables, villages);
  await home(tables, villages[0], { status: 'exited', exitYear: 2016 });
  await home(tables, villages[2]);
  await home(tables, villages[3]);
  ask = (await import('../../functions/snapshot/ask.ts')).handler;
  look = (await import('../../functions/snapshot/handler.ts')).handler;
  divide = (await import('../../functions/area/handler.ts')).handler;
  work = (await import('../../functions/snapshot/job.ts')).handler;
  year = (await import('../../functions/snapshot/year.ts')).handler;
});
afterAll(async () => {
  await queue.close();
  await bucket.close();
});

const asked = (by: Caller, body: object, key?: string) =>
  callOf(ask, {
    ...{ by, route: 'POST /snapshots', body: { area: '350122', reason: '年终', ...body } },
    ...(key !== undefined && { key }),
  });
const shown = (by: Caller, area: string, of = '2016') =>
  callOf(look, { by, route: 'GET /snapshots/{area}/{year}', params: { area, year: of } });
const checked = (by: Caller, area: string, of = '2016') =>
  callOf(look, { by, route: 'GET /snapshots/{area}/{year}/check', params: { area, year: of } });
const listed = (by: Caller, area: string) =>
  callOf(look, { by, route: 'GET /snapshots', query: { area } });

async function drain(): Promise<void> {
  for (let batch = queue.take(); batch; batch = queue.take())
    expect(await work(batch)).toEqual({ batchItemFailures: [] });
}

describe('a county office', () => {
  it('has the year frozen that is over, once, and the same request is answered the same', async () => {
    expect(await asked(county, { year: 2017 })).toMatchObject({
      status: 422,
      body: { code: 'snapshot-year-not-over' },
    });
    expect((await asked(county, { year: 2016, area: '350122101' })).status).toBe(400);
    expect((await asked(town, { year: 2016 })).status).toBe(403);
    expect((await asked(neighbour, { year: 2016 })).status).toBe(404);
    const first = await asked(county, { year: 2016 }, 'once');
    expect(first).toMatchObject({
      status: 202,
      body: { county: '350122', state: 'running', askedBy: 'county', towns: { all: 2, done: 0 } },
    });
    expect(await asked(county, { year: 2016 }, 'once')).toMatchObject(first);
    expect(await asked(county, { year: 2016 })).toMatchObject({
      status: 409,
      body: { code: 'snapshot-exists' },
    });
  });

  it('sees how far it is, and nothing of its figures before it is frozen', async () => {
    expect(await shown(county, '350122')).toMatchObject({
      status: 200,
      body: { registered: null, snapshots: [{ state: 'running', frozenAt: null, hash: null }] },
    });
    expect((await checked(county, '350122')).body.code).toBe('snapshot-running');
    await drain();
    const { body } = await shown(county, '350122');
    expect(body).toMatchObject({
      registered: { households: 2, persons: 4 },
      snapshots: [{ state: 'frozen', towns: { all: 2, done: 2 } }],
      board: '/areas/350122/board?snapshot=2016',
    });
    const answer = (await checked(county, '350122')).body;
    expect(answer).toMatchObject({ drift: 0, villages: 3, households: 2, persons: 4 });
    expect(answer.hashes).toEqual([{ county: '350122', hash: body.snapshots[0].hash }]);
  });

  it('is told where there is none', async () => {
    expect((await shown(county, '350122', '2015')).body.code).toBe('snapshot-none');
    expect((await checked(county, '350122', '2015')).body.code).toBe('snapshot-none');
    expect((await shown(neighbour, '350121')).body.code).toBe('snapshot-none');
  });
});

describe('who may see a snapshot', () => {
  it('a town its own part, and nothing beside it', async () => {
    expect((await shown(town, '350122101')).body.registered).toEqual({ households: 1, persons: 2 });
    expect((await checked(town, '350122101202')).body).toMatchObject({
      villages: 1,
      households: 0,
    });
    for (const area of ['350122', '350122102', '350122102201'])
      for (const route of [shown, checked])
        expect([area, (await route(town, area)).status]).toEqual([area, 404]);
    expect((await shown(neighbour, '350122')).body.code).toBe('not-found');
    expect((await listed(neighbour, '350122')).status).toBe(404);
  });

  it('a city and an auditor of the province those of every county', async () => {
    for (const [by, area] of [
      [city, '3501'],
      [auditor, '35'],
      [county, '350122'],
      [town, '350122101'],
    ] as const)
      expect((await listed(by, area)).body.snapshots).toMatchObject([
        { county: '350122', year: 2016 },
      ]);
    expect((await listed(neighbour, '350121')).body.snapshots).toEqual([]);
  });
});

describe('work nobody waits for', () => {
  it('goes on every hour with what stands still', async () => {
    expect(
      (await asked({ ...county, areas: '350121' }, { area: '350121', year: 2016 })).status,
    ).toBe(202);
    expect(queue.take()).toBeDefined();
    const change = { kind: 'rename', code: '350121101', name: '新名', newCode: '350121111' };
    const coming = { code: '350122101', parent: '350121', newCode: '350121109' };
    const by = { ...county, areas: '3501' };
    for (const one of [change, { kind: 'move', ...coming }]) {
      const body = { ...one, effective: '2017-10-01', reason: '区划调整' };
      expect(
        (await callOf(divide, { by, route: 'POST /division-changes', body })).body,
      ).toMatchObject({ code: 'snapshot-running' });
    }
    expect(await work({ schedule: 'snapshot-resume' })).toEqual({ resumed: 1 });
    await drain();
    expect((await shown(neighbour, '350121')).body.registered).toEqual({
      households: 1,
      persons: 2,
    });
    expect(await work({ schedule: 'snapshot-resume' })).toEqual({ resumed: 0 });
  });

  it('begins in New Year’s night, by itself or for one area', async () => {
    expect(await year({ schedule: 'snapshot', area: '350121' })).toEqual({ year: 2016 });
    await drain();
    expect((await listed(neighbour, '350121')).body.snapshots).toMatchObject([
      { askedBy: 'county' },
    ]);
  });
});

describe('a county that got another code since', () => {
  const renamed: Caller = { ...county, areas: '350182' };

  it('finds its snapshot under the new code and the old one, with its towns and villages', async () => {
    const before = (await shown(county, '350122')).body;
    const occasion = {
      ...{ actor: 'seed', at: '2017-10-23T01:00:00.000Z', heldOn: '2017-10-01' },
      ...{ reason: '撤县设市', source: 'dc_1' },
    };
    const codes = ['350122', '350122101', '350122102', ...villages.slice(0, 3)];
    const next = (code: string) => code.replace('350122', '350182');
    await saveDivisions(
      tables.area,
      codes.flatMap((code) => {
        const old = newDivision(code, `名${code}`, null);
        const ended = { ...old, validTo: '2017-09-30', successors: [next(code)], version: 2 };
        return [
          { before: old, after: ended },
          { before: null, after: newDivision(next(code), `新${code}`, '2017-10-01') },
        ];
      }),
      occasion,
    );
    const later = Number(process.env.CLOCK_OFFSET_MS) + 120_000;
    process.env.CLOCK_OFFSET_MS = String(later);
    for (const area of ['350182', '350122'])
      expect((await shown(renamed, area)).body).toMatchObject({
        ...{ area, registered: before.registered, snapshots: before.snapshots },
      });
    expect((await shown(renamed, '350182102')).body.registered).toEqual({
      ...{ households: 1, persons: 2 },
    });
    expect((await checked(renamed, '350182101201')).body).toMatchObject({
      ...{ drift: 0, villages: 1, households: 1 },
    });
    expect((await listed(renamed, '350182')).body.snapshots).toMatchObject([{ county: '350122' }]);
    expect((await shown({ ...town, areas: '350182101' }, '350122101')).status).toBe(200);
    expect((await shown({ ...town, areas: '350182101' }, '350122102')).status).toBe(404);
    expect((await shown(neighbour, '350182')).status).toBe(404);
  });
});

it('no identity number is in an object', async () => {
  const { ListObjectsV2Command, GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { Contents = [] } = await bucket.client.send(
    new ListObjectsV2Command({ Bucket: bucket.bucket, Prefix: 'snapshots/' }),
  );
  expect(Contents).toHaveLength(4);
  for (const { Key } of Contents) {
    const { Body } = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.bucket, Key }));
    expect(await Body?.transformToString()).not.toMatch(/350199\d{8}/);
  }
});
