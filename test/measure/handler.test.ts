import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { getRow } from '../../functions/board/table.ts';
import { householdDimensions } from '../../functions/core/dimension-household.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { householdsIn } from '../../functions/core/figure.ts';
import { current, type HouseholdFile } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { PolicyDocument, PolicyItem } from '../../functions/core/policy.ts';
import { PolicyEvent } from '../../functions/core/policy-event.ts';
import { loadFile, readStored, type Store } from '../../functions/household/table.ts';
import { dynamo, transact } from '../../functions/lib/dynamo.ts';
import { getDigest } from '../../functions/measure/table.ts';
import { helperActions } from '../../functions/pairing/store.ts';
import { forgetPolicies, publish } from '../../functions/policy/table.ts';
import { granted, VILLAGE } from '../support/build.ts';
import { county, otherTown, seedPlaces, setDay, town, village } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { helperWith } from '../support/helper.ts';
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
    expect((await desk.open(id, industry, { by: village })).body.code).toBe('above-right');
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

  it('of a household that was struck off is ended, which leaves the household as it was', async () => {
    const { id } = await home();
    const taken = await desk.opened(id, industry);
    const file = await stored(id);
    const order = { heldFrom: '2017-10-01', reason: 'error' };
    granted(await write(store, file, granted(strikeOff(file, order, doing()))));
    expect((await desk.open(id, industry)).body.code).toBe('household-closed');
    const { version } = (await stored(id)).household;
    expect((await desk.act('/end', taken, { body: { result: 'stopped' } })).status).toBe(200);
    expect((await stored(id)).household.version).toBe(version);
    expect((await desk.show(taken)).state).toBe('ended');
  });
});

describe('what a measure names', () => {
  const actor = { actor: 'seed', at: '2017-01-01T00:00:00.000Z', reason: '发布', order: null };

  beforeAll(async () => {
    const terms = {
      ...{
        aliases: [],
        batch: 'production',
        department: '农业局',
        validFrom: '2017-01-01',
        validTo: null,
      },
      ...{
        condition: { fact: 'household.status', op: 'is', value: 'unexited' },
        receivedWhen: null,
      },
      ...{ exclusions: [], evidence: [], claim: 'apply', claimWindow: null, note: null },
      benefit: {
        kind: 'cash',
        amountFen: 1,
        unit: 'household',
        period: 'year',
        capFen: null,
      },
    };
    const own = {
      area: '350122',
      document: 'list-2017',
      publication: 'pub_1',
      version: 1,
      ended: false,
    };
    const item = (id: string, subject: string) =>
      PolicyItem.parse({
        ...{ id, subject, ...own, ...terms },
        name: { zh: '奖补', en: 'award' },
        illustrative: true,
        enacted: actor,
      });
    const document = PolicyDocument.parse({
      ...{
        id: 'list-2017',
        area: '350122',
        number: '连扶〔2017〕1号',
        issuer: '县扶贫办',
        date: '2017-01-01',
      },
      ...{ name: '清单', validFrom: '2017-01-01', validTo: null, source: null },
      ...{ illustrative: true, publication: 'pub_1', enacted: actor, note: null },
    });
    const event = PolicyEvent.parse({
      ...{ kind: 'published', area: '350122', role: 'office', ...actor },
      ...{ document: 'list-2017', items: [], line: null, validFrom: '2017-01-01' },
    });
    const items = [item('prod-award', 'household'), item('village-road', 'village')];
    const publication = { document, items, event, head: 0 };
    expect(await publish(tables.policy, publication)).toBe(true);
    forgetPolicies();
  });

  it('is an item of the policy list in force that concerns households or persons', async () => {
    const { id } = await home();
    expect((await desk.open(id, { ...industry, policy: 'prod-award' })).status).toBe(201);
    for (const policy of ['village-road', 'unheard-of']) {
      const answer = await desk.open(id, { ...industry, policy });
      expect(answer.body).toMatchObject({ code: 'measure-link', errors: [{ field: 'policy' }] });
    }
    const early = { ...industry, startedOn: '2016-12-31', policy: 'prod-award' };
    expect((await desk.open(id, early)).body.code).toBe('measure-link');
  });

  it('is a pairing, and a helper, of the household or its village', async () => {
    const { id } = await home();
    const about = { subject: { type: 'household' as const, id }, id: 'pr_own', helper: 'hp_own' };
    const change = helperWith({ id: 'hp_own', name: '林样本', organisation: '农业局' }, about);
    await transact(helperActions(tables.pairing, change, null));
    const body = { ...industry, pairing: 'pr_own', responsible: { helper: 'hp_own' } };
    const taken = await desk.opened(id, body);
    expect(await desk.show(taken)).toMatchObject({
      pairing: 'pr_own',
      responsible: { name: '林样本', organisation: '农业局', helper: 'hp_own' },
    });
    const stranger = await home();
    expect(
      (await desk.open(stranger.id, { ...industry, pairing: 'pr_own' })).body.errors,
    ).toMatchObject([{ field: 'pairing' }]);
    const other = { ...industry, responsible: { helper: 'hp_own' } };
    expect((await desk.open(stranger.id, other)).body.errors).toMatchObject([{ field: 'helper' }]);
    const named = await desk.act('', taken, { body: { responsible: { name: '王样本' } } });
    expect(named.status).toBe(200);
    expect((await desk.show(taken)).responsible).toEqual({
      name: '王样本',
      organisation: null,
      helper: null,
    });
    const none = await desk.act('', { ...taken, version: 2 }, { body: { responsible: null } });
    expect(none.status).toBe(200);
    expect((await desk.show(taken)).responsible).toBeNull();
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
