import { beforeAll, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import { getRow } from '../../functions/board/table.ts';
import { ancestorsOf } from '../../functions/core/division.ts';
import { putItem } from '../../functions/lib/dynamo.ts';
import { VILLAGE } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';

/** Every board and list that leads over the village. */
const upwards = [VILLAGE, ...ancestorsOf(VILLAGE)].toSorted((a, b) => b.length - a.length);
const [, TOWN = '', COUNTY = ''] = upwards;
const by = { sub: 'office', role: 'office', areas: COUNTY } as const;
let tables: Tables;
let handler: typeof import('../../functions/board/handler.ts')['handler'];

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, {
    STAGE: 'local',
    SUMMARY_TABLE: tables.summary,
    AREA_TABLE: tables.area,
    TARGET_TABLE: tables.target,
  });
  ({ handler } = await import('../../functions/board/handler.ts'));
  const days = { day: '2019-03-01', until: '2019-04-01' };
  for (const [above, sk] of [
    [TOWN, VILLAGE],
    [COUNTY, TOWN],
  ] as const) {
    // As a former release had stored it: nobody can say what its figures mean.
    const item = { pk: `S#${above}`, sk, v: 1, version: 1, ...days, figures: new Uint8Array(8) };
    await putItem(tables.summary, item);
  }
});

const board = (code: string) =>
  callOf(handler, { route: 'GET /areas/{code}/board', by, params: { code } });
const list = () => callOf(handler, { route: 'GET /villages', by, query: { area: COUNTY } });

it('figures of a former release are not shown and are no fault: whoever asks is told to come again', async () => {
  for (const answer of [
    await board(VILLAGE),
    await board(TOWN),
    await board(COUNTY),
    await list(),
  ]) {
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'figures-being-recounted' },
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    });
  }
});

it('once they are counted again the boards answer', async () => {
  const store = summaryStore(tables);
  for (const area of upwards) await recompute(store, area, '2019-03-01');
  expect((await getRow(tables.summary, TOWN))?.figures).toBeDefined();
  for (const answer of [await board(VILLAGE), await board(TOWN), await board(COUNTY), await list()])
    expect(answer.status).toBe(200);
});
