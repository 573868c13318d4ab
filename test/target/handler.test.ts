import { beforeAll, describe, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { useDynamo } from '../../functions/lib/dynamo.ts';
import { type Caller, callOf } from '../support/call.ts';
import { freshTables, type Tables, testClient } from '../support/database.ts';

const county = '350122';
const [aojiang, dongdai, village] = ['350122101', '350122102', '350122101201'];
const office: Caller = { sub: 'county-office', role: 'office', areas: county };
const second: Caller = { ...office, sub: 'second-clerk' };
const town: Caller = { sub: 'town-clerk', role: 'office', areas: aojiang };
const auditor: Caller = { sub: 'auditor', role: 'auditor', areas: county };
const whole = { households: 159, persons: 487, villages: 50 };
const reason = '年初下达';
const parts = [
  { code: aojiang, households: 100, persons: 300, villages: 30 },
  { code: dongdai, households: 59, persons: 187, villages: 20 },
];

let tables: Tables;
let writer: Parameters<typeof callOf>[0];
let reader: Parameters<typeof callOf>[0];

beforeAll(async () => {
  process.env.STAGE = 'local';
  process.env.CLOCK_OFFSET_MS = String(Date.parse('2017-10-23T01:00:00Z') - Date.now());
  tables = await freshTables();
  const codes = ['35', '3501', county, aojiang, dongdai, village, '350121', '350121101'];
  const closing = { ...newDivision('350122103', '旧镇', null), successors: [aojiang, dongdai] };
  const all = [...codes.map((code) => newDivision(code, `名${code}`, null)), closing];
  const occasion = {
    actor: 'seed',
    at: 'x',
    heldOn: '2017-01-01',
    reason: 'seed',
    source: 'imp_0',
  };
  await saveDivisions(
    tables.area,
    all.map((after) => ({ before: null, after })),
    occasion,
  );
  ({ handler: writer } = await import('../../functions/target/handler.ts'));
  ({ handler: reader } = await import('../../functions/target/reader.ts'));
});

interface Asked {
  readonly code?: string;
  readonly year?: number;
  readonly by?: Caller;
  readonly ifMatch?: number;
  readonly body?: unknown;
}

function paramsOf({ code = county, year = 2017 }: Asked) {
  return { code, year: String(year) };
}

function call(route: string, asked: Asked) {
  const { by = office, ifMatch, body } = asked;
  const given = { route, by, params: paramsOf(asked), body };
  return callOf(writer, ifMatch === undefined ? given : { ...given, ifMatch });
}

const set = ({ body, ...asked }: Asked) =>
  call('PUT /areas/{code}/targets/{year}', { ...asked, body: body ?? { ...whole, reason } });
const split = ({ body, ...asked }: Asked) =>
  call('PUT /areas/{code}/targets/{year}/parts', { ...asked, body: body ?? { parts, reason } });
const read = (asked: Asked = {}) =>
  callOf(reader, {
    route: 'GET /areas/{code}/targets/{year}',
    by: asked.by ?? office,
    params: paramsOf(asked),
  });

let years = 2017;
/** A year of its own for each test. */
function freshYear(): number {
  years += 1;
  return years;
}

describe('the target of a county', () => {
  it('is set, split and read with who did it and what stood before', async () => {
    const year = freshYear();
    expect((await read({ year })).body).toMatchObject({ target: null, version: 0, set: null });
    const first = await set({ year, ifMatch: 0 });
    expect([first.status, first.headers.etag]).toEqual([200, '"1"']);
    const changed = { ...whole, villages: 49, reason: '调整一村', document: '连委〔2018〕2号' };
    expect((await set({ year, ifMatch: 1, body: changed, by: second })).status).toBe(200);
    expect((await set({ year, ifMatch: 2 })).status).toBe(200);
    expect((await split({ year, ifMatch: 3 })).body).toMatchObject({ version: 4 });

    const { body, headers } = await read({ year });
    expect(headers.etag).toBe('"4"');
    expect(body).toMatchObject({
      area: { code: county, name: `名${county}` },
      ...{ year, target: whole, remaining: whole, version: 4 },
      exited: { households: 0, persons: 0, villages: 0 },
      set: { actor: 'county-office', reason, split: { actor: 'county-office' } },
      unsplit: { households: 0, persons: 0, villages: 0 },
      forecast: { pace: null },
    });
    const standing = parts.map(({ code, ...target }) => ({ code, target, version: 1 }));
    expect(body.parts).toMatchObject(standing);
    expect(body.events).toMatchObject([
      { version: 3, before: { villages: 49 }, after: whole },
      { version: 2, actor: 'second-clerk', document: '连委〔2018〕2号', before: whole },
      { version: 1, actor: 'county-office', reason, before: null, after: whole },
    ]);
    const inTown = await read({ year, code: aojiang, by: town });
    expect(inTown.body.events).toMatchObject([{ kind: 'split', version: 1, before: null }]);
    expect(JSON.stringify(inTown.body)).not.toContain(dongdai);
  });

  it('a first one needs If-Match too, and the wrong one is told the version', async () => {
    const year = freshYear();
    expect((await set({ year })).status).toBe(428);
    await set({ year, ifMatch: 0 });
    const late = await set({ year, ifMatch: 0, by: second });
    expect([late.status, late.body.code]).toEqual([412, 'version-stale']);
    expect(late.body.title ?? late.body.detail).toContain('第 1 版');
  });

  it('parts that do not add up are refused in words that name the unit and the difference', async () => {
    const year = freshYear();
    await set({ year, ifMatch: 0 });
    const wrong = { parts: [{ ...parts[0], persons: 299 }, parts[1]], reason };
    const refused = await split({ year, ifMatch: 1, body: wrong });
    expect([refused.status, refused.body.code]).toEqual([422, 'target-parts-differ']);
    expect(refused.body.title ?? refused.body.detail).toContain('“人数”合计为 486，本级任务为 487');
    expect((await read({ year })).body).toMatchObject({ version: 1, unsplit: null });
  });

  it('changed after the split, what is not split any more is shown', async () => {
    const year = freshYear();
    await set({ year, ifMatch: 0 });
    await split({ year, ifMatch: 1 });
    await set({ year, ifMatch: 2, body: { ...whole, persons: 490, reason: '增加三人' } });
    expect((await read({ year })).body.unsplit).toEqual({ households: 0, persons: 3, villages: 0 });
  });

  it('of a year that is over is not set any more', async () => {
    const refused = await set({ year: 2016, ifMatch: 0 });
    expect([refused.status, refused.body.code]).toEqual([409, 'target-year-over']);
  });

  it.each([
    ['a year outside the programme', { year: 2009 }, 400],
    ['an amount below zero', { body: { ...whole, persons: -1, reason } }, 400],
    ['a field nobody knows', { body: { ...whole, target: 1, reason } }, 400],
    ['no reason', { body: whole }, 400],
    ['a division nobody named', { code: '350122199' }, 404],
    ['a division that is being replaced', { code: '350122103' }, 422],
    ['a village of two', { code: village, body: { ...whole, reason } }, 422],
  ])('%s is refused', async (_what, asked, status) => {
    expect((await set({ year: 2040, ifMatch: 0, ...asked })).status).toBe(status);
  });
});

describe('who may see and set targets', () => {
  it('a town reads its own and nobody else’s, and sets none', async () => {
    const year = freshYear();
    await set({ year, ifMatch: 0 });
    await split({ year, ifMatch: 1 });
    expect((await read({ year, code: aojiang, by: town })).body.target).toMatchObject({
      persons: 300,
    });
    for (const code of [dongdai, county, '350121'])
      expect((await read({ year, code, by: town })).status).toBe(404);
    expect((await set({ year, code: aojiang, by: town, ifMatch: 1 })).status).toBe(403);
    expect((await split({ year, code: aojiang, by: town, ifMatch: 1 })).status).toBe(403);
  });

  it('auditors read; the county beside it is 404 to the county', async () => {
    expect((await read({ by: auditor })).status).toBe(200);
    expect((await set({ by: auditor, ifMatch: 0 })).status).toBe(403);
    expect((await set({ code: '350121', ifMatch: 0 })).status).toBe(404);
    expect((await split({ code: '350121', ifMatch: 0 })).status).toBe(404);
  });

  it('a county office may set what a town and a village of its own are to reach', async () => {
    const year = freshYear();
    const one = { households: 1, persons: 2, villages: 1, reason };
    expect((await set({ year, code: village, ifMatch: 0, body: one })).status).toBe(200);
    expect((await set({ year, code: aojiang, ifMatch: 0, body: one })).status).toBe(200);
    const inside = { parts: [{ code: village, households: 1, persons: 2, villages: 1 }], reason };
    expect((await split({ year, code: aojiang, ifMatch: 1, body: inside })).status).toBe(200);
    expect((await read({ year, code: village, by: town })).body.target).toMatchObject({
      persons: 2,
    });
  });
});

describe('two clerks at once', () => {
  it('one sets, the other is told', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      const year = freshYear();
      const answers = await Promise.all([
        set({ year, ifMatch: 0, body: { ...whole, reason: '一人' } }),
        set({ year, ifMatch: 0, body: { ...whole, reason: '另一人' }, by: second }),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
      expect((await read({ year })).body.events).toHaveLength(1);
    }
  });

  it('one splits, the other is told, and the parts are those of one of them', async () => {
    const year = freshYear();
    await set({ year, ifMatch: 0 });
    const [first, last] = parts;
    const other = [
      { ...first, persons: 301 },
      { ...last, persons: 186 },
    ];
    const answers = await Promise.all([
      split({ year, ifMatch: 1 }),
      split({ year, ifMatch: 1, body: { parts: other, reason }, by: second }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect((await read({ year })).body.unsplit).toMatchObject({ persons: 0 });
  });

  it('a part set while the whole is split: either the split is told, or the part', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const year = freshYear();
      await set({ year, ifMatch: 0 });
      const one = { households: 7, persons: 9, villages: 1, reason };
      const [whole, part] = await Promise.all([
        split({ year, ifMatch: 1 }),
        set({ year, code: aojiang, ifMatch: 0, body: one, by: second }),
      ]);
      expect([whole.status, part.status].toSorted()).toEqual([200, 412]);
      const { body } = await read({ year, code: aojiang });
      expect(body.target.persons).toBe(whole.status === 200 ? 300 : 9);
    }
  });
});

/** Has the reply of the next transaction lost after it was written. */
async function losingOneReply(): Promise<void> {
  const client = await testClient();
  let left = 1;
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const result = await next(args);
        if (commandName !== 'TransactWriteItemsCommand' || left === 0) return result;
        left -= 1;
        throw new Error('the connection was lost');
      },
    { step: 'initialize', name: 'lossy' },
  );
  useDynamo(client);
}

describe('a reply that was lost', () => {
  it('the same request again is answered as done and changes nothing', async () => {
    const year = freshYear();
    await losingOneReply();
    expect((await set({ year, ifMatch: 0 })).status).toBe(500);
    expect((await set({ year, ifMatch: 0 })).body).toMatchObject({ version: 1, ...whole });
    await losingOneReply();
    expect((await split({ year, ifMatch: 1 })).status).toBe(500);
    expect((await split({ year, ifMatch: 1 })).body).toMatchObject({ version: 2 });
    expect((await read({ year })).body.events).toHaveLength(1);
    expect((await read({ year, code: aojiang })).body.events).toHaveLength(1);
    useDynamo(await testClient());
  });
});
