import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getDivision, saveDivisions } from '../../functions/area/table.ts';
import { decideVillage } from '../../functions/core/village.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { getProfile, saveProfiles } from '../../functions/village/table.ts';
import { granted } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import {
  caseDesk,
  village as clerk,
  county,
  otherTown,
  seedPlaces,
  setDay,
  town,
} from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { keyFile } from '../support/store.ts';

const villages = Array.from({ length: 14 }, (_, at) => `3501221012${10 + at}`);
let tables: Tables;
let client: DynamoDBClient;
let queue: TestQueue;
const desk = caseDesk();
const office = (areas: string) => ({ ...clerk, areas });
const seeding = {
  ...{ actor: 'seed', at: '2017-01-01T00:00:00.000Z', heldOn: '2017-01-01' },
  ...{ reason: 'seed', source: 'imp_0' },
};

/** What a village shows that meets every criterion, and is otherwise. */
async function describeVillage(village: string, given: object = {}): Promise<void> {
  const facts = {
    ...{ poor: true, planExitYear: 2017, homes: 300, population: 1000, hamlets: 3 },
    ...{ poweredHamlets: 3, road: true, network: true, dropouts: 0 },
    ...{ collectiveIncomeFen: 10_000_000, industries: ['茶叶'], ...given },
  };
  const row = { village, heldOn: '2017-01-01', facts };
  const step = { before: null, after: granted(decideVillage(undefined, row)).profile };
  await saveProfiles(tables.household, [step], seeding);
}

beforeAll(async () => {
  tables = await freshTables();
  queue = await startQueue('job');
  Object.assign(process.env, { LOCAL_KEY_FILE: keyFile, JOB_QUEUE: queue.url });
  client = dynamo();
  await seedPlaces(tables, villages);
});
beforeEach(() => setDay('2017-10-23'));
afterAll(() => queue.close());
afterEach(() => client.middlewareStack.remove('fault'));

let next = 0;
async function candidate(given: object = {}): Promise<string> {
  const village = villages[next] ?? '';
  next += 1;
  await describeVillage(village, given);
  return village;
}

const propose = (village: string, by = office(village), given: object = {}) =>
  desk.call({
    route: 'POST /cases',
    by,
    body: { kind: 'village-exit', village, reason: '达到退出标准', ...given },
  });

/** Takes a village's case through its steps up to the one named; the village's own steps by its own office. */
async function upTo(id: string, village: string, act: string) {
  for (;;) {
    const found = await desk.show(id);
    const { awaits, dueOn } = found;
    if (!awaits || awaits.act === act) return found;
    if (dueOn !== null) setDay(dueOn);
    const by = awaits.levels[0] === 'village' ? office(village) : undefined;
    const answer = await desk.step(found, {}, by);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }
}

describe('the exit of a village', () => {
  it('is reviewed, posted in the township, decided, announced and marked', async () => {
    const village = await candidate();
    const { body, status } = await propose(village);
    expect(status).toBe(201);
    const posted = await upTo(body.id, village, 'decide');
    expect(posted.notice).toMatchObject({ step: 'notice', days: 7, lastDay: '2017-10-29' });
    expect(posted.steps.find(({ act }) => act === 'notice')).toMatchObject({
      ...{ place: 'town', levels: ['town'] },
    });
    const done = await upTo(body.id, village, 'end');
    expect(done).toMatchObject({
      state: 'done',
      sheet: { kind: 'village', on: '2017-10-30', passes: true },
    });
    expect(await getProfile(tables.household, village)).toMatchObject({
      ...{ poor: true, exitedOn: '2017-10-30' },
    });
    expect((await propose(village)).body.code).toBe('village-exited');
    const all = { route: 'GET /areas/{code}/cases', by: county, params: { code: village } };
    expect((await desk.call(all)).body.cases).toMatchObject([{ id: body.id, state: 'done' }]);
  });

  it.each([
    ['dropout', { dropouts: 1 }, 'criterion-not-met'],
    ['income', { collectiveIncomeFen: 9_999_999 }, 'criterion-not-met'],
    ['power', { poweredHamlets: 2 }, 'criterion-not-met'],
    ['industry', { industries: [] }, 'criterion-unknown'],
  ])('is refused where %s alone fails, which is named', async (field, given, code) => {
    const answer = await propose(await candidate(given));
    expect(answer).toMatchObject({ status: 422, body: { code: 'exit-not-proven' } });
    expect(answer.body.errors).toMatchObject([{ field, code }]);
  });

  it('is refused at the decision where the village no longer meets a criterion', async () => {
    const village = await candidate();
    const { body } = await propose(village);
    const waiting = await upTo(body.id, village, 'decide');
    setDay(waiting.dueOn ?? '');
    const before = await getProfile(tables.household, village);
    if (!before) throw new Error('no profile');
    const row = { village, heldOn: '2017-10-29', facts: { dropouts: 2 } };
    const { profile: after } = granted(decideVillage(before, row));
    await saveProfiles(tables.household, [{ before, after }], seeding);
    expect((await desk.step(waiting)).body).toMatchObject({
      ...{ code: 'exit-not-proven', errors: [{ field: 'dropout' }] },
    });
    const no = await desk.step(waiting, { outcome: 'failed', note: '有学生失学' });
    expect(no.body).toMatchObject({ state: 'refused' });
    expect((await getProfile(tables.household, village))?.exitedOn).toBeNull();
  });

  it('is under way once: of two proposals at once one wins, and after its end another may come', async () => {
    const village = await candidate();
    const both = await Promise.all([propose(village), propose(village)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const { id, version } = both.find(({ status }) => status === 201)?.body ?? {};
    const back = await desk.call({
      ...{ route: 'POST /cases/{id}/withdrawal', by: office(village), params: { id } },
      ...{ ifMatch: version, body: { reason: '材料不全' } },
    });
    expect(back.body).toMatchObject({ state: 'withdrawn' });
    expect((await propose(village)).status).toBe(201);
  });

  it('is under way once also where the other proposal is written while this one is being decided', async () => {
    const village = await candidate();
    let other: { status: number } | undefined;
    client.middlewareStack.add(
      (next, at) => async (input) => {
        // The village was looked at and is free; its facts are being read.
        const isFacts = JSON.stringify(input.input).includes(`V#${village}`);
        if (isFacts && at.commandName === 'QueryCommand' && !other) {
          other = { status: 0 };
          other = await propose(village);
        }
        return next(input);
      },
      { step: 'initialize', name: 'fault' },
    );
    const { status, body } = await propose(village);
    expect([other?.status, status, body.code]).toEqual([201, 409, 'village-case-open']);
  });

  it('is no business of other towns, needs a described poor village, and is settled like any other', async () => {
    const village = '350122102203';
    expect((await propose(village)).status).toBe(404);
    const stranger = await propose(village, otherTown);
    expect(stranger.body.code).toBe('village-undescribed');
    await describeVillage(village, { poor: false });
    expect((await propose(village, otherTown)).body.code).toBe('village-not-poor');
  });

  it('an objection stands in its way until the town settles it', async () => {
    await describeVillage('350122101201');
    const { body } = await propose('350122101201', clerk);
    const posted = await upTo(body.id, '350122101201', 'decide');
    const raised = await desk.call({
      ...{ route: 'POST /cases/{id}/objections', by: clerk, params: { id: body.id } },
      ...{ ifMatch: posted.version, body: { note: '路没有通' } },
    });
    expect(raised.body).toMatchObject({ dueOn: null });
    expect((await desk.step(raised.body)).body.code).toBe('objection-open');
    const route = 'POST /cases/{id}/objections/{objectionId}/settlement';
    const params = { id: body.id, objectionId: raised.body.objection };
    const about = { ifMatch: raised.body.version, body: { upheld: true, resolution: '属实' } };
    expect((await desk.call({ route, by: town, params, ...about })).body.state).toBe('refused');
    expect((await propose('350122101201', clerk)).status).toBe(201);
  });

  it('goes on under the new code where the village was renamed on the way', async () => {
    const [village = ''] = villages.slice(-1);
    const successor = '350122101299';
    await describeVillage(village);
    const { body } = await propose(village);
    await upTo(body.id, village, 'decide');
    const before = await getProfile(tables.household, village);
    const division = await getDivision(tables.area, village);
    if (!before || !division) throw new Error('nothing to rename');
    const moved = { ...before, village: successor, version: 1 };
    const steps = [
      { before, after: null },
      { before: null, after: moved },
    ];
    await saveProfiles(tables.household, steps, seeding);
    const opened = { ...division, code: successor, version: 1 };
    const closed = { ...division, validTo: '2017-10-28', successors: [successor], version: 2 };
    const changes = [
      { before: null, after: opened },
      { before: division, after: closed },
    ];
    await saveDivisions(tables.area, changes, seeding);
    // A minute later the old code is no longer believed in.
    setDay('2017-10-31');
    const again = await propose(successor);
    expect(again).toMatchObject({ status: 409, body: { code: 'village-case-open' } });
    const all = { route: 'GET /areas/{code}/cases', by: county, params: { code: successor } };
    expect((await desk.call(all)).body.cases).toMatchObject([{ id: body.id, state: 'open' }]);
    const done = await upTo(body.id, successor, 'end');
    expect(done.state).toBe('done');
    expect(await getProfile(tables.household, successor)).toMatchObject({ exitedOn: '2017-10-30' });
  });

  it('can only be taken back once the village was divided', async () => {
    const village = await candidate();
    const parts = ['350122101297', '350122101298'];
    const { body } = await propose(village);
    const division = await getDivision(tables.area, village);
    if (!division) throw new Error('nothing to divide');
    const closed = { ...division, validTo: '2017-10-28', successors: parts, version: 2 };
    const changes = [
      ...parts.map((code) => ({ before: null, after: { ...division, code, version: 1 } })),
      { before: division, after: closed },
    ];
    await saveDivisions(tables.area, changes, seeding);
    setDay('2017-11-02');
    const [part = ''] = parts;
    expect((await desk.step(body, {}, town)).body.code).toBe('area-closed');
    const back = (by: typeof town) =>
      desk.call({
        ...{ route: 'POST /cases/{id}/withdrawal', by, params: { id: body.id } },
        ...{ ifMatch: body.version, body: { reason: '村已拆分' } },
      });
    expect((await back(office(part))).status).toBe(404);
    expect((await back(town)).body).toMatchObject({ state: 'withdrawn' });
  });

  it('must end before the village becomes one with another', async () => {
    const [first, second] = [await candidate(), await candidate()];
    const { handler } = await import('../../functions/area/handler.ts');
    const merge = (codes: readonly string[]) =>
      callOf(handler, {
        route: 'POST /division-changes',
        by: county,
        body: {
          ...{ kind: 'merge', codes, into: { code: first, name: '并村' } },
          ...{ effective: '2017-10-01', reason: '并村' },
        },
      });
    const { body } = await propose(second);
    expect(await merge([first, second])).toMatchObject({
      ...{ status: 409, body: { code: 'village-case-open' } },
    });
    const back = {
      route: 'POST /cases/{id}/withdrawal',
      by: office(second),
      ifMatch: body.version,
    };
    await desk.call({ ...back, params: { id: body.id }, body: { reason: '先并村' } });
    expect((await merge([first, second])).status).toBe(202);
  });
});
