import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { getRow } from '../../functions/board/table.ts';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { householdsIn } from '../../functions/core/figure.ts';
import { current, type HouseholdFile } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { loadFile, readStored, type Store } from '../../functions/household/table.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { listStore } from '../../functions/list/consumer.ts';
import { relist } from '../../functions/list/relist.ts';
import { getDigest } from '../../functions/measure/table.ts';
import { granted, VILLAGE } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import { county, otherTown, seedPlaces, setDay, town, village } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, keyFile, storeOf, write } from '../support/store.ts';
import { homeOf, measureDesk } from './desk.ts';

let tables: Tables;
let store: Store;
const desk = measureDesk();
const industry = {
  kind: 'industry',
  mode: 'cooperative',
  name: '林下养蜂',
  startedOn: '2017-03-01',
};
const TOWN = VILLAGE.slice(0, 9);

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { LOCAL_KEY_FILE: keyFile });
  store = storeOf(tables);
  await seedPlaces(tables);
});
beforeEach(() => setDay('2017-10-23'));

async function home(given: Parameters<typeof homeOf>[1] = {}) {
  const { household } = await homeOf(store, given);
  return { id: household.id, person: household.members[0]?.id ?? '' };
}

async function stored(id: string): Promise<HouseholdFile> {
  const file = await loadFile(store, id);
  if (!file) throw new Error('no such household');
  return file;
}

const factsOf = async (id: string) => current((await stored(id)).household.facts);
const postOf = (person: string) => ({
  ...{ kind: 'public-post', batch: 'safety-net', name: '保洁', person, startedOn: '2017-01-01' },
  details: { type: 'post', post: '保洁员', wageFen: 80_000 },
});
const loanOf = (person: string, fen: number) => ({
  ...{ kind: 'micro-credit', name: '小额信贷', person, startedOn: '2016-03-01' },
  details: {
    ...{ type: 'loan', bank: '信用社', principalFen: fen, purpose: 'planting' },
    ...{ grantedOn: '2016-03-01', dueOn: '2017-09-01' },
  },
});

describe('a measure', () => {
  it('opens with the household in one transaction, ends with its result, and is told in both histories', async () => {
    const { id } = await home({ facts: { measures: ['education'] } });
    const answer = await desk.open(id, industry);
    expect(answer).toMatchObject({
      status: 201,
      headers: { etag: '"1"' },
      body: { state: 'running' },
    });
    expect(await factsOf(id)).toMatchObject({
      ...{ measures: ['education'], measureBatches: ['production'], modes: ['cooperative'] },
    });
    const ended = await desk.act('/end', answer.body, {
      body: { result: 'achieved', endedOn: '2017-09-01' },
    });
    expect(ended).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { state: 'ended' },
    });
    expect(await factsOf(id)).toMatchObject({
      measureBatches: [],
      modes: [],
      measures: ['education'],
    });
    const file = await desk.show(answer.body);
    expect(file.events.map(({ kind }) => kind)).toEqual(['opened', 'ended']);
    const events = (await readStored(store, id))?.events.map(({ kind }) => kind);
    expect(events).toEqual(['measure-ended', 'measure-opened', 'registered']);
    const route = 'GET /households/{id}/measures';
    const { body } = await desk.call({ route, by: village, params: { id } });
    expect(body).toMatchObject({
      batches: { education: ['stated'] },
      measures: [{ state: 'ended' }],
    });
  });

  it('is kept by whoever may say by what a household is helped: the town and the county, not the village', async () => {
    const { id } = await home();
    expect((await desk.open(id, industry, { by: village })).body.code).toBe('measure-above-right');
    expect((await desk.open(id, industry, { by: otherTown })).status).toBe(404);
    expect((await desk.open(id, industry, { by: county })).status).toBe(201);
    expect((await desk.open('hh_nobody', industry)).status).toBe(404);
  });

  it('sent twice with the same key is opened once', async () => {
    const { id } = await home();
    const [first, again] = [
      await desk.open(id, industry, { key: 'k1' }),
      await desk.open(id, industry, { key: 'k1' }),
    ];
    expect(again.body).toEqual(first.body);
    expect((await getDigest(tables.care, id)).measures).toHaveLength(1);
  });

  it('is changed on the version that was read; a stale one, or none, changes nothing', async () => {
    const { id } = await home();
    const taken = await desk.opened(id, industry);
    const first = await desk.act('', taken, { body: { note: '已联系' } });
    expect(first).toMatchObject({ status: 200, body: { version: 2 } });
    const stale = await desk.act('', taken, { body: { note: '另记' } });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version-stale' } });
    expect((await desk.act('', { ...taken, id: 'ms_none' }, { body: {} })).status).toBe(404);
    expect((await stored(id)).household.version).toBe(2);
  });

  it('refuses identity numbers and phones in words', async () => {
    const { id } = await home();
    const answer = await desk.open(id, { ...industry, note: '电话 138 0000 0000' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request-invalid' } });
  });

  it('of a household that was struck off is ended, and the household that comes back is no longer helped by it', async () => {
    const { id } = await home();
    const taken = await desk.opened(id, industry);
    const file = await stored(id);
    const order = { heldFrom: '2017-10-01', reason: 'moved-away' };
    granted(await write(store, file, granted(strikeOff(file, order, doing()))));
    expect((await desk.open(id, industry)).body.code).toBe('household-closed');
    expect(await factsOf(id)).toMatchObject({ measureBatches: ['production'] });
    expect((await desk.act('/end', taken, { body: { result: 'stopped' } })).status).toBe(200);
    expect(await factsOf(id)).toMatchObject({ status: 'struck-off', measureBatches: [] });
    expect((await desk.show(taken)).state).toBe('ended');
  });
});

describe('limits that depend on other measures', () => {
  it('two offices at once give a person one post', async () => {
    const { id, person } = await home();
    const answers = await Promise.all([
      desk.open(id, postOf(person)),
      desk.open(id, postOf(person), { by: county }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    expect(await factsOf(id)).toMatchObject({ measureKinds: ['public-post'] });
    const [member] = (await stored(id)).household.members;
    expect(current(member?.facts ?? [])).toMatchObject({ publicPost: true });
  });

  it('a post of former years is entered late, and at no time two are held', async () => {
    const { id, person } = await home();
    await desk.opened(id, postOf(person));
    const former = (startedOn: string, endedOn: string) => ({
      ...{ ...postOf(person), startedOn },
      ended: { endedOn, result: 'achieved' },
    });
    expect((await desk.open(id, former('2016-01-01', '2017-01-02'))).body.code).toBe('post-twice');
    const answers = await Promise.all([
      desk.open(id, former('2015-01-01', '2016-06-01')),
      desk.open(id, former('2016-01-01', '2017-01-01'), { by: county }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const [member] = (await stored(id)).household.members;
    expect(current(member?.facts ?? []).publicPost).toBe(true);
    expect(await factsOf(id)).toMatchObject({ measureKinds: ['public-post'] });
  });

  it('a post that ended, or was entered by mistake, makes room for another', async () => {
    const { id, person } = await home();
    const first = await desk.opened(id, postOf(person));
    await desk.act('/end', first, { body: { result: 'error' } });
    const second = await desk.opened(id, postOf(person));
    expect((await desk.open(id, postOf(person))).body.code).toBe('post-twice');
    await desk.act('/end', second, { body: { result: 'achieved', endedOn: '2017-06-01' } });
    expect((await desk.open(id, { ...postOf(person), startedOn: '2017-06-01' })).status).toBe(201);
  });

  it('two loans at once come to no more than one household may owe', async () => {
    const { id, person } = await home();
    const loan = loanOf(person, 3_000_000);
    const answers = await Promise.all([desk.open(id, loan), desk.open(id, loan)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
  });

  it('a loan is repaid, renewed and ended', async () => {
    const { id, person } = await home();
    const taken = await desk.opened(id, loanOf(person, 1_000_000));
    const paid = await desk.act('/repayments', taken, { body: { fen: 400_000 } });
    expect(paid).toMatchObject({ status: 201, body: { version: 2 } });
    const renewed = await desk.act('/renewals', paid.body, { body: { dueOn: '2018-06-01' } });
    expect(renewed.status).toBe(201);
    expect((await desk.act('/end', renewed.body, { body: { result: 'achieved' } })).body.code).toBe(
      'loan-outstanding',
    );
    const last = await desk.act('/repayments', renewed.body, { body: { fen: 600_000 } });
    expect((await desk.act('/end', last.body, { body: { result: 'achieved' } })).status).toBe(200);
    expect((await desk.show(taken)).details).toMatchObject({
      dueOn: '2018-06-01',
      renewals: [{ from: '2017-09-01' }],
    });
    expect((await stored(id)).household.version).toBe(3);
  });
});

describe('the industry modes of a county', () => {
  const read = (code: string) =>
    desk.call({ route: 'GET /areas/{code}/measure-modes', by: county, params: { code } });
  const put = (modes: readonly object[], ifMatch: number, by = county) =>
    desk.call({
      route: 'PUT /areas/{code}/measure-modes',
      by,
      params: { code: '350122' },
      body: { modes },
      ifMatch,
    });

  it('are renamed, closed and added to; a closed one is still read, and takes no new measure', async () => {
    const { id } = await home();
    const shipped = await read(VILLAGE);
    expect(shipped).toMatchObject({
      headers: { etag: '"0"' },
      body: { area: '350122', version: 0 },
    });
    const wanted = shipped.body.modes.map((one: { code: string }) =>
      one.code === 'trusteeship' ? { ...one, closed: true } : one,
    );
    const own = { code: 'own-1', zh: '共享渔排', en: 'shared fish rafts', closed: false };
    expect((await put([...wanted, own], 0, town)).status).toBe(403);
    expect(await put([...wanted, own], 0)).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    expect((await put(wanted, 0)).body.code).toBe('version-stale');
    expect((await put(wanted, 1)).body.code).toBe('mode-missing');
    expect((await read('350122')).body.modes).toHaveLength(7);
    expect((await desk.open(id, { ...industry, mode: 'trusteeship' })).body.code).toBe(
      'mode-closed',
    );
    expect((await desk.open(id, { ...industry, mode: 'own-1' })).status).toBe(201);
  });
});

describe('lists and counts of measures', () => {
  const place = '350122102203';
  let homes: readonly { readonly id: string; readonly person: string }[];

  beforeAll(async () => {
    setDay('2017-10-23');
    homes = [
      await home({ village: place }),
      await home({ village: place }),
      await home({ village: place }),
    ];
    const [one, two] = homes;
    if (!one || !two) throw new Error('no homes');
    const desks = { by: otherTown };
    const opening = async (id: string, body: object) => {
      const answer = await desk.open(id, body, { by: desks.by });
      expect(answer.status).toBe(201);
      return answer.body;
    };
    await opening(one.id, { ...industry, income: [{ year: 2017, fen: 300_000, basis: 'stated' }] });
    const ended = await opening(one.id, { ...industry, mode: 'dividend' });
    await desk.act('/end', ended, { body: { result: 'partly' }, by: otherTown });
    await opening(two.id, loanOf(two.person, 2_000_000));
    await opening(two.id, { ...postOf(two.person) });
    const summaries = summaryStore(tables);
    for (const area of [place, ...ancestorsOf(place)])
      await recompute(summaries, area, '2017-10-23');
  });

  const get = (path: string, query: Readonly<Record<string, string>>, by = county) =>
    desk.call({ route: `GET ${path}`, by, query });

  it('boards count the modes, and who has a cause without a measure that fits', async () => {
    const row = await getRow(tables.summary, place);
    const count = (id: string, value: string) => {
      const dimension = householdDimensions.find((one) => one.id === id);
      return dimension && row?.figures && householdsIn(row.figures, dimension, value).households;
    };
    expect([count('mode', 'cooperative'), count('mode', 'dividend'), count('unmet', 'no')]).toEqual(
      [1, 0, 2],
    );
    expect(count('unmet', 'unknown')).toBe(1);
  });

  it('boards name the list of each mode and of whoever lacks a measure, and the lists have as many', async () => {
    const lacking = await home({ village: place, facts: { measures: ['education'] } });
    await recompute(summaryStore(tables), place, '2017-10-23');
    const store_ = listStore(tables);
    for (const { id } of [...homes, lacking])
      await relist(store_, { village: place, household: id }, '2017-10-23');
    const { handler: boards } = await import('../../functions/board/handler.ts');
    const { handler: lists } = await import('../../functions/list/handler.ts');
    const route = 'GET /areas/{code}/board';
    const { body } = await callOf(boards, { route, by: county, params: { code: place } });
    for (const [figure, ids] of [
      [body.byUnmet.yes, [lacking.id]],
      [body.byMode.cooperative, [homes[0]?.id]],
    ]) {
      expect(figure.households).toBe(1);
      const query = Object.fromEntries(new URLSearchParams(figure.lists.households.split('?')[1]));
      const list = await callOf(lists, { route: 'GET /households', by: county, query });
      expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual(ids);
    }
  });

  it('every figure of an area opens its list, which has as many', async () => {
    const route = 'GET /areas/{code}/measures';
    const { status, body } = await desk.call({
      route,
      by: otherTown,
      params: { code: '350122102' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      all: { running: 3, ended: 1, households: 2 },
      income: { 2017: { fen: 300_000 } },
      posts: { running: 1, wageFenPerMonth: 80_000 },
      loans: { overdue: { loans: 1, outstandingFen: 2_000_000 } },
    });
    const figures = [
      [body.all.lists.running, 3],
      [body.byMode.dividend.lists.ended, 1],
      [body.byBatch['safety-net'].lists.running, 1],
      [body.posts.insured.unknown.list, 1],
      [body.loans.overdue.list, 1],
      [body.loans.due.list, 1],
    ] as const;
    for (const [list, rows] of figures) {
      const [path = '', query = ''] = String(list).split('?');
      const answer = await get(path, Object.fromEntries(new URLSearchParams(query)));
      expect([list, answer.body.items.length]).toEqual([list, rows]);
    }
  });

  it('pages go on where the last one ended, each household whole', async () => {
    const first = await get('/measures', { area: '350122102', limit: '1' });
    expect(first.body.items.length).toBeGreaterThan(0);
    const next = await get('/measures', {
      area: '350122102',
      limit: '1',
      cursor: first.body.cursor,
    });
    const last = await get('/measures', { area: '350122102', limit: '100' });
    expect([...first.body.items, ...next.body.items]).toHaveLength(last.body.items.length);
    const wrong = await get('/measures', {
      area: '350122102',
      kind: 'care',
      cursor: first.body.cursor,
    });
    expect(wrong.body.code).toBe('cursor-invalid');
    expect(JSON.stringify(last.body)).not.toContain('保洁员');
  });

  it('follow the household to where it lives now', async () => {
    const [one] = homes;
    const rows = async (area: string) =>
      (await get('/measures', { area, kind: 'industry' })).body.items.length;
    expect(await rows('350122102')).toBe(2);
    const file = await stored(one?.id ?? '');
    const { moveHousehold } = await import('../../functions/core/household-close.ts');
    const move = { village: VILLAGE, heldFrom: '2017-10-01', reason: '搬迁' };
    const change = granted(moveHousehold(file, move, doing()));
    granted(await write(store, file, change));
    expect(await rows('350122102')).toBe(0);
    const summaries = summaryStore(tables);
    for (const area of [VILLAGE, ...ancestorsOf(VILLAGE)])
      await recompute(summaries, area, '2017-10-23');
    const list = await get('/measures', { area: TOWN, kind: 'industry', limit: '100' });
    expect(list.body.items.map((row: { household: { id: string } }) => row.household.id)).toContain(
      one?.id,
    );
  });

  it('of cities and provinces are their counties’', async () => {
    expect(
      (await get('/measures', { area: '3501' }, { sub: 'city', role: 'office', areas: '3501' }))
        .body.code,
    ).toBe('area-too-wide');
  });

  it('the rules in force say where they come from', async () => {
    const rules = await get('/measure-rules', { area: '350122', day: '2017-10-23' });
    expect(rules.body).toMatchObject({
      loan: { mostFen: 5_000_000, topUpMostFen: null },
      match: { illustrative: true },
    });
    expect(rules.body.kinds.kinds.ecology).toEqual({ batches: ['ecology'], of: 'household' });
  });
});

it('a reply that was lost does not write twice', async () => {
  const { id } = await home();
  const client = dynamo();
  let isFirst = true;
  client.middlewareStack.add(
    (next, at) => async (input) => {
      const output = await next(input);
      if (at.commandName !== 'TransactWriteItemsCommand' || !isFirst) return output;
      isFirst = false;
      throw new Error('reply lost');
    },
    { step: 'initialize', name: 'lost' },
  );
  const lost = await desk.open(id, industry, { key: 'lost' });
  client.middlewareStack.remove('lost');
  expect(lost.status).toBe(500);
  expect((await desk.open(id, industry, { key: 'lost' })).status).toBe(201);
  expect((await getDigest(tables.care, id)).measures).toHaveLength(1);
});
