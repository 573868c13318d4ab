import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { assignHelpers, moveHousehold } from '../../functions/core/household-close.ts';
import { endMember } from '../../functions/core/member.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { rowItem } from '../../functions/snapshot/item.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, storeOf, write } from '../support/store.ts';
import { correct, Desk, home, open, poor } from './ground.ts';

const county: Caller = { sub: 'county', role: 'office', areas: '350122' };
const city: Caller = { sub: 'city', role: 'office', areas: '3501' };
const province: Caller = { sub: 'province', role: 'auditor', areas: '35' };
const town: Caller = { sub: 'town', role: 'office', areas: '350122101' };
const helper: Caller = { sub: 'helper-1', role: 'helper', areas: '350122' };
const [a, b, c] = ['350122101201', '350122101202', '350122102201'] as const;
const beside = '350121101201';

type Handler = Parameters<typeof callOf>[0];
let bucket: TestBucket;
let tables: Tables;
let desk: Desk;
let boards: Handler;
let lists: Handler;
let exited: HouseholdFile;
let moved: HouseholdFile;
let paired: HouseholdFile;

async function put(file: HouseholdFile, change: ReturnType<typeof moveHousehold>) {
  const decided = granted(change);
  granted(await write(storeOf(tables), file, decided));
  return decided?.next ?? file;
}

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  desk = new Desk(tables, bucket.bucket);
  Object.assign(process.env, { STAGE: 'local' });
  process.env.CLOCK_OFFSET_MS = String(Date.parse('2017-10-23T02:00:00Z') - Date.now());
  await open(tables, [a, b, c, beside]);
  exited = await home(tables, a, { status: 'exited', exitYear: 2016 });
  moved = await home(tables, a, { mainCause: 'disability' });
  paired = await home(tables, b);
  for (let more = 0; more < 5; more += 1) await home(tables, c, { mainCause: 'schooling' });
  await home(tables, beside, { status: 'exited', exitYear: 2016 });
  await poor(tables, a);
  const pairing = { subs: ['helper-1'], heldFrom: '2017-01-01', reason: '结对' };
  paired = await put(paired, assignHelpers(paired, pairing, doing()));
  await desk.freeze('350122');
  // What happens afterwards: one leaves the county, one is corrected about 2016, a member dies.
  const move = { village: beside, heldFrom: '2017-06-01', reason: '搬迁' };
  moved = await put(moved, moveHousehold(moved, move, doing()));
  exited = await correct(tables, exited, { facts: { waterSafe: true }, heldFrom: '2016-05-01' });
  boards = (await import('../../functions/board/handler.ts')).handler;
  lists = (await import('../../functions/list/handler.ts')).handler;
});
afterAll(() => bucket.close());

const board = (by: Caller, code: string, query: Record<string, string> = { snapshot: '2016' }) =>
  callOf(boards, { by, route: 'GET /areas/{code}/board', params: { code }, query });
const list = (by: Caller, kind: string, query: Record<string, string>) =>
  callOf(lists, { by, route: `GET /${kind}`, query: { limit: '100', ...query } });

/** Everything an address of a list leads to, page by page. */
async function followed(by: Caller, address: string, limit = '7') {
  const [path = '', text = ''] = address.split('?');
  const items: { id: string }[] = [];
  let outOfReach = 0;
  let cursor: string | undefined;
  do {
    const query = { ...Object.fromEntries(new URLSearchParams(text)), limit };
    const asked = { by, route: `GET ${path}`, query: { ...query, ...(cursor && { cursor }) } };
    const { status, body } = await callOf(path === '/villages' ? boards : lists, asked);
    expect([address, status]).toEqual([address, 200]);
    expect(body.basis).toBe('snapshot');
    items.push(...body.items);
    outOfReach += body.outOfReach ?? 0;
    cursor = body.cursor;
  } while (cursor !== undefined);
  return { items, outOfReach };
}

/** Every figure of a board that names its list, with what it counts. */
function figuresOf(body: unknown): readonly (readonly [string, number])[] {
  if (typeof body !== 'object' || body === null) return [];
  const own: Record<string, unknown> = { ...body };
  const named = Object.entries(Object(own.lists) as Record<string, string>);
  const found = named.map(([name, address]) => [address, Number(own[name])] as const);
  return [...found, ...Object.values(own).flatMap(figuresOf)];
}

describe('the board of a frozen year', () => {
  it('says what was known then, and when', async () => {
    const { status, body } = await board(county, '350122');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ basis: 'snapshot', asOf: '2016-12-31', knownAt: '2017-10-23T02:00:00.000Z' },
      snapshot: { year: 2016, counties: ['350122'], without: [] },
      households: { registered: 8, exited: 1, unexited: 7 },
      persons: { registered: 16, exited: 2 },
      villages: { withHouseholds: 3, poor: 1 },
    });
    expect(body.children).toMatchObject([
      {
        area: { code: '350122101', name: '名350122101' },
        board: '/areas/350122101/board?snapshot=2016',
        households: { registered: 3 },
      },
      { area: { code: '350122102' }, households: { registered: 5 } },
    ]);
    expect((await board(county, a)).body).toMatchObject({
      households: { registered: 2, exited: 1 },
      children: [],
    });
  });

  it('is not the board of that day by what is known now', async () => {
    const frozen = (await board(county, '350122')).body;
    const now = (await board(county, '350122', { asOf: '2016-12-31' })).body;
    expect(now).toMatchObject({ basis: 'known-now', asOf: '2016-12-31', outOfReach: 1 });
    expect(now.households.registered).toBe(7);
    expect(frozen.guarantees.households.water.met).toMatchObject({ households: 0 });
    expect(now.guarantees.households.water.met).toMatchObject({ households: 1 });
    expect((await board(county, '350122', {})).body).toMatchObject({ basis: 'current' });
  });

  it('does not say which households were in a case: that is told of today only', async () => {
    const today = (await board(county, '350122', {})).body;
    expect([today, ...today.children].every((one) => 'byCase' in one && 'byAwaits' in one)).toBe(
      true,
    );
    for (const then of [{ snapshot: '2016' }, { asOf: '2016-12-31' }]) {
      const { body } = await board(county, '350122', then);
      for (const one of [body, ...body.children])
        expect(Object.keys(one).filter((name) => /^by(?:Case|Awaits)$/.test(name))).toEqual([]);
      const asked = { area: a, case: 'household-exit', awaits: 'decide', ...then };
      const { status, body: refused } = await list(county, 'households', asked);
      expect([status, refused.code]).toEqual([400, 'request-invalid']);
      const told = refused.errors.map(({ field, code }: Record<string, string>) => [field, code]);
      expect(told).toEqual([
        ['case', 'today-only'],
        ['awaits', 'today-only'],
      ]);
    }
    expect((await list(county, 'households', { area: a, case: 'household-exit' })).status).toBe(
      200,
    );
  });

  it('has a list for every figure, with all it counts but for those out of reach now', async () => {
    for (const area of ['350122', c]) {
      const { body } = await board(city, area);
      const figures = figuresOf(body);
      expect(figures.length).toBeGreaterThan(200);
      const some = figures.filter(([, count], at) => count > 0 || at % 60 === 0);
      for (const [address, count] of some) {
        expect(address).toContain('snapshot=2016');
        const { items, outOfReach } = await followed(city, address);
        expect([address, items.length, outOfReach]).toEqual([address, count, 0]);
      }
    }
  }, 120_000);

  it('counts who is out of reach now, and its lists say that they leave them out', async () => {
    const figures = figuresOf((await board(county, '350122')).body).filter(
      ([, count]) => count > 0,
    );
    for (const [address, count] of figures.filter(([one]) => !one.startsWith('/villages'))) {
      const { items, outOfReach } = await followed(county, address);
      expect([address, items.length + outOfReach]).toEqual([address, count]);
      expect(items.map(({ id }) => id)).not.toContain(moved.household.id);
    }
    const all = await followed(county, '/households?area=350122&snapshot=2016');
    expect([all.items.length, all.outOfReach]).toEqual([7, 1]);
    const persons = await followed(county, '/persons?area=350122&snapshot=2016');
    expect([persons.items.length, persons.outOfReach]).toEqual([14, 2]);
  }, 120_000);

  it('of a city adds up the counties that are frozen, and names those that are not', async () => {
    for (const [by, code] of [
      [city, '3501'],
      [province, '35'],
    ] as const)
      expect((await board(by, code)).body).toMatchObject({
        households: { registered: 8, exited: 1 },
        snapshot: { year: 2016, counties: ['350122'], without: ['350121'] },
      });
    expect((await followed(province, '/households?area=35&snapshot=2016')).items).toHaveLength(8);
    expect((await board(city, '3501', { snapshot: '2015' })).body.code).toBe('snapshot-none');
  });
});

describe('what is asked of a frozen year', () => {
  it('is refused where there is none, while it is frozen, and together with a day', async () => {
    const both = { snapshot: '2016', asOf: '2016-12-31' };
    expect((await board(county, '350122', both)).body.code).toBe('snapshot-and-as-of');
    for (const kind of ['households', 'persons'])
      expect((await list(county, kind, { area: '350122', ...both })).body.code).toBe(
        'snapshot-and-as-of',
      );
    const none = { area: '350122', snapshot: '2015' };
    expect((await board(county, '350122', { snapshot: '2015' })).body.code).toBe('snapshot-none');
    expect((await list(county, 'households', none)).body.code).toBe('snapshot-none');
    granted(await desk.ask('350121'));
    const neighbour = { ...county, areas: '350121' };
    expect((await board(neighbour, '350121')).body.code).toBe('snapshot-running');
    expect((await list(neighbour, 'persons', { area: beside, snapshot: '2016' })).body.code).toBe(
      'snapshot-running',
    );
  });

  it('lies inside the own area; a helper sees the households paired now', async () => {
    expect((await board(town, '350122101')).body.households.registered).toBe(3);
    for (const area of ['350122', '350122102', c])
      expect((await board(town, area)).body.code).toBe('not-found');
    expect((await list(town, 'households', { area: c, snapshot: '2016' })).status).toBe(404);
    const own = await list(helper, 'households', { area: '350122', snapshot: '2016' });
    expect(own.body.items).toMatchObject([{ id: paired.household.id }]);
    expect(own.body.outOfReach).toBeUndefined();
  });

  it('goes on page by page; a cursor is good for its own question only', async () => {
    const query = { area: '350122', snapshot: '2016', limit: '3' };
    const { body } = await list(county, 'households', query);
    expect(body.items).toHaveLength(3);
    const { cursor } = body;
    const other = await list(county, 'households', { area: '350122', limit: '3', cursor });
    expect(other.body.code).toBe('cursor-invalid');
    const odd = await followed(county, '/persons?area=350122&snapshot=2016', '1');
    expect(new Set(odd.items.map(({ id }) => id)).size).toBe(14);
    const wrong = await list(county, 'households', { ...query, status: 'gone' });
    expect(wrong.body.code).toBe('request-invalid');
  });

  it('shows a member who has left since by name, and nobody’s number', async () => {
    const [, son] = exited.household.members;
    const end = { person: son?.id ?? '', heldTo: '2017-08-01', endReason: 'death' };
    exited = await put(exited, endMember(exited, end, doing()));
    const { items } = await followed(county, `/persons?area=${a}&snapshot=2016`);
    expect(items).toContainEqual(expect.objectContaining({ id: son?.id, name: son?.name }));
    expect(JSON.stringify(items)).not.toMatch(/350199\d{8}/);
  });
});

it('a dimension nobody counted then is missing, not zero', async () => {
  const row = await desk.ports.row(2016, a);
  if (!row) throw new Error('unreachable');
  const { cause: _, ...households } = row.figures.households;
  const older = { ...row, figures: { ...row.figures, households } };
  const key = { pk: 'Y#2016#350122101' };
  await putItem(tables.summary, { ...key, ...rowItem(older) });
  const { body } = await board(county, a);
  expect(body.byStatus.exited).toMatchObject({ households: 1 });
  expect(body.byCause).toBeUndefined();
  const filter = { area: a, snapshot: '2016', cause: 'illness' };
  expect((await list(county, 'households', filter)).body.items).toHaveLength(1);
  await putItem(tables.summary, { ...key, ...rowItem(row) });
});

describe('a county whose divisions got other codes since', () => {
  const later: Caller = { ...county, areas: '350182' };
  const occasion = {
    ...{ actor: 'seed', at: '2017-10-23T01:00:00.000Z', heldOn: '2017-10-01' },
    ...{ reason: '撤县设市', source: 'dc_1' },
  };
  const next = (code: string) => code.replace('350122', '350182');

  it('has its frozen board and lists under both, with the codes of their day', async () => {
    const before = (await board(county, '350122')).body;
    await saveDivisions(
      tables.area,
      ['350122', '350122101', '350122102', a, b, c].flatMap((code) => {
        const old = newDivision(code, `名${code}`, null);
        const ended = { ...old, validTo: '2017-09-30', successors: [next(code)], version: 2 };
        return [
          { before: old, after: ended },
          { before: null, after: newDivision(next(code), `新${code}`, '2017-10-01') },
        ];
      }),
      occasion,
    );
    // The office still has its old code; standings are believed for a minute.
    process.env.CLOCK_OFFSET_MS = String(Number(process.env.CLOCK_OFFSET_MS) + 120_000);
    for (const area of ['350122', '350182'])
      for (const by of [later, county]) {
        const { body } = await board(by, area);
        expect(body).toMatchObject({
          ...{ households: { registered: 8, exited: 1 }, knownAt: before.knownAt },
          snapshot: { counties: ['350122'] },
        });
        expect(body.children.map((one: { area: object }) => one.area)).toMatchObject([
          { code: '350122101' },
          { code: '350122102' },
        ]);
      }
    expect((await board(later, next(c))).body.households.registered).toBe(5);
    expect((await board({ ...town, areas: '350182101' }, '350122101')).status).toBe(200);
    expect((await board({ ...town, areas: '350182101' }, '350122102')).status).toBe(404);
    // Nobody has moved to the new villages yet: their households are out of the new office's reach.
    const none = await followed(later, '/households?area=350182&snapshot=2016');
    expect([none.items.length, none.outOfReach]).toEqual([0, 8]);
    const move = { village: next(b), heldFrom: '2017-10-01', reason: '撤县设市' };
    paired = await put(paired, moveHousehold(paired, move, doing()));
    for (const area of [next(b), b, '350182101', '350182']) {
      const one = await followed(later, `/households?area=${area}&snapshot=2016`);
      expect(one.items).toMatchObject([{ id: paired.household.id, village: b }]);
    }
    const villages = await followed(later, '/villages?area=350182&snapshot=2016&poor=yes');
    expect(villages.items).toMatchObject([{ code: a, board: `/areas/${a}/board?snapshot=2016` }]);
  });
});
