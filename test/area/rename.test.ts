import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { divisionsUnder, saveDivisions } from '../../functions/area/table.ts';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { countArea, getRow } from '../../functions/board/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { equalFigures } from '../../functions/core/figure.ts';
import { decideVillage } from '../../functions/core/village.ts';
import type { VillageEvidence } from '../../functions/core/village-evidence.ts';
import { transact } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { evidenceActions, evidenceOf, saveProfiles } from '../../functions/village/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { startQueue, type TestQueue } from '../support/queue.ts';
import { keyFile, settle, storeOf } from '../support/store.ts';

const county = '350122';
const oldTown = '350122101';
const newTown = '350122111';
const villages = ['350122101201', '350122101202', '350122102201'];
const seeding = {
  actor: 'seed',
  at: '2017-10-23T01:00:00.000Z',
  heldOn: '2017-10-23',
  reason: 'seed',
  source: 'imp_0',
};
const day = '2018-02-01';
let tables: Tables;
let queue: TestQueue;
const handlers: Record<string, unknown> = {};
const homes: { readonly id: string; readonly village: string }[] = [];

async function invoke(handler: unknown, event: unknown) {
  if (typeof handler !== 'function') throw new Error('no handler');
  const answer = await Promise.resolve(Reflect.apply(handler, undefined, [event, {}]));
  return answer;
}

async function get(capability: string, route: string, asked: Record<string, unknown>) {
  const { areas = county, ...more } = asked;
  const claims = { sub: 'clerk', role: 'office', areas };
  const answer = await invoke(handlers[capability], {
    routeKey: `GET ${route}`,
    headers: {},
    ...more,
    requestContext: { requestId: 'r1', authorizer: { jwt: { claims } } },
  });
  return { status: answer.statusCode, json: JSON.parse(answer.body) };
}

const board = (code: string, areas = county, then = {}) =>
  get('board', '/areas/{code}/board', {
    areas,
    pathParameters: { code },
    queryStringParameters: then,
  });
const listed = async (area: string, areas = county, then = {}): Promise<readonly string[]> => {
  const { json } = await get('list', '/households', {
    areas,
    queryStringParameters: { area, limit: '50', ...then },
  });
  return json.items.map((item: { id: string }) => item.id).toSorted();
};

/** What the streams tell after a change, late and twice: every village there ever was, then all above, and every household. */
async function tell(): Promise<void> {
  const store = summaryStore(tables);
  const known = (await divisionsUnder(tables.area, '35')).map((division) => division.code);
  const upwards = [...known, ...known].toSorted((a, b) => b.length - a.length);
  for (const area of upwards) await recompute(store, area, day);
  for (const { id, village } of homes)
    for (const at of [village.replace(oldTown, newTown), village])
      await relist(listStore(tables), { village: at, household: id }, day);
}

/** Areas whose stored figures differ from those counted afresh. */
async function drift(): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { code } of await divisionsUnder(tables.area, '35')) {
    const row = await getRow(tables.summary, code);
    const { figures } = await countArea(tables, code, day);
    if (!row?.figures || !equalFigures(row.figures, figures)) wrong.push(code);
  }
  return wrong;
}

function proof(village: string): VillageEvidence {
  return {
    id: `ve_${village}`,
    village,
    criterion: 'road',
    text: '道路验收报告',
    document: null,
    heldOn: '2017-05-01',
    enteredAt: seeding.at,
    by: 'clerk',
    role: 'office',
  };
}

async function seed(): Promise<void> {
  const codes = ['35', '3501', county, oldTown, '350122102', ...villages];
  const steps = codes.map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  expect(await saveDivisions(tables.area, steps, seeding)).toEqual([]);
  const store = storeOf(tables);
  for (const village of villages) {
    const row = { village, heldOn: '2017-10-23', facts: { poor: true, population: 1000 } };
    const { profile } = granted(decideVillage(undefined, row));
    await saveProfiles(tables.household, [{ before: null, after: profile }], seeding);
    await transact(evidenceActions(tables.household, proof(village)));
    for (let index = 0; index < 4; index += 1) {
      const order = homes.length + 1;
      const identity = identityOf('1950-01-01', order);
      const members = [wantedMember({ birth: '1950-01-01', identity })];
      const file = await settle(store, { village, number: `9900${order}`, members });
      homes.push({ id: file.household.id, village });
    }
  }
}

beforeAll(async () => {
  tables = await freshTables();
  queue = await startQueue('job');
  Object.assign(process.env, {
    STAGE: 'local',
    LOCAL_KEY_FILE: keyFile,
    JOB_QUEUE: queue.url,
    RECOUNT_QUEUE: queue.url,
  });
  await seed();
  await tell();
  handlers.area = (await import('../../functions/area/handler.ts')).handler;
  handlers.change = (await import('../../functions/area/change.ts')).handler;
  handlers.board = (await import('../../functions/board/handler.ts')).handler;
  handlers.village = (await import('../../functions/village/handler.ts')).handler;
  handlers.list = (await import('../../functions/list/handler.ts')).handler;
  handlers.household = (await import('../../functions/household/reader.ts')).handler;
});
afterAll(async () => {
  delete process.env.CLOCK_OFFSET_MS;
  await queue.close();
});

async function rename(): Promise<void> {
  const body = JSON.stringify({
    kind: 'rename',
    code: oldTown,
    name: '潘渡镇',
    newCode: newTown,
    effective: '2018-01-01',
    reason: '撤乡设镇',
  });
  const claims = { sub: 'county-office', role: 'office', areas: county };
  const { statusCode } = await invoke(handlers.area, {
    routeKey: 'POST /division-changes',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
    body,
    requestContext: { requestId: 'r1', authorizer: { jwt: { claims } } },
  });
  expect(statusCode).toBe(202);
  for (let batch = queue.take(); batch; batch = queue.take())
    expect((await invoke(handlers.change, batch)).batchItemFailures).toEqual([]);
}

describe('a town that gets a new name and code', () => {
  it('keeps its figures, its lists and those who may see them', async () => {
    const inTown = homes.filter(({ village }) => village.startsWith(oldTown)).map(({ id }) => id);
    const [whole, town] = [await board(county), await board(oldTown)];
    const all = await listed(county);
    expect(all).toEqual(homes.map(({ id }) => id).toSorted());
    expect(await drift()).toEqual([]);

    await rename();
    await tell();

    expect(await drift()).toEqual([]);
    const after = await board(county);
    expect(after.json.persons).toEqual(rewritten(whole.json.persons));
    expect(after.json.households).toEqual(rewritten(whole.json.households));
    expect(JSON.stringify(after.json.children)).not.toContain(`"${oldTown}"`);
    const renamed = await board(newTown);
    expect(renamed.json.area).toMatchObject({ code: newTown, name: '潘渡镇' });
    expect(renamed.json.persons).toEqual(rewritten(town.json.persons));
    expect(await listed(county)).toEqual(all);

    // Functions believe for a minute how divisions stand.
    process.env.CLOCK_OFFSET_MS = '60001';
    // A clerk whose token, and whose bookmark, still carry the old code.
    expect((await board(oldTown, oldTown)).json).toEqual((await board(newTown, newTown)).json);
    expect(await listed(oldTown, oldTown)).toEqual(inTown.toSorted());
    // What proves a criterion is found under the new code, and by the old address.
    const sheet = await get('village', '/areas/{code}/exit-sheet', {
      areas: oldTown,
      pathParameters: { code: villages[0] },
    });
    const [, road] = sheet.json.items;
    expect(road).toMatchObject({ criterion: 'road', evidence: [{ village: villages[0] }] });
    expect(await evidenceOf(tables.household, `${newTown}201`)).toEqual([proof(villages[0] ?? '')]);
    const known = await get('area', '/areas/{code}/village-profile', {
      pathParameters: { code: `${newTown}201` },
    });
    expect(known.json).toMatchObject({ poor: true, exitedOn: null, exitYear: null });
    const late = { ...proof(villages[0] ?? ''), id: 've_late' };
    expect(await transact(evidenceActions(tables.household, late))).not.toEqual([]);
    for (const { id, village } of homes) {
      const path = { areas: oldTown, pathParameters: { id } };
      const { status } = await get('household', '/households/{id}', path);
      expect(status).toBe(village.startsWith(oldTown) ? 200 : 404);
    }
  });
});

describe('a day before the town got its new name and code', () => {
  const before = { asOf: '2017-11-30' };

  it('is counted and listed under the town of today, by the new code and by the old one', async () => {
    const inTown = homes.filter(({ village }) => village.startsWith(oldTown));
    const { json } = await board(newTown, county, before);
    expect(json).toMatchObject({
      ...{ asOf: before.asOf, basis: 'known-now', outOfReach: 0 },
      area: { code: newTown, name: '潘渡镇' },
      households: { registered: inTown.length },
      villages: { withProfile: 2, poor: 2, incidence: { population: 2000 } },
    });
    const parts = json.children.map((one: { area: { code: string } }) => one.area.code);
    expect(parts).toEqual(villages.slice(0, 2).map((code) => code.replace(oldTown, newTown)));
    expect((await board(oldTown, oldTown, before)).json).toEqual(
      (await board(newTown, newTown, before)).json,
    );
    const ids = inTown.map(({ id }) => id).toSorted();
    expect((await listed(newTown, county, before)).toSorted()).toEqual(ids);
    expect((await listed(oldTown, oldTown, before)).toSorted()).toEqual(ids);
    expect((await listed(county, county, before)).toSorted()).toEqual(
      homes.map(({ id }) => id).toSorted(),
    );
  });

  it('does not count them where the codes of that day would', async () => {
    const { json } = await board(county, county, before);
    expect(JSON.stringify(json.children)).not.toContain(oldTown);
    expect(json.households.registered).toBe(homes.length);
  });
});

/** The same figures with the addresses of their lists as they are after the change. */
function rewritten(figures: unknown): unknown {
  return JSON.parse(JSON.stringify(figures).replaceAll(oldTown, newTown));
}
