import { createHash } from 'node:crypto';
import * as z from 'zod';
import { areaResolver, childrenOf, getDivisions } from '../area/table.ts';
import { mayEnter } from '../core/access.ts';
import { refuse } from '../core/refusal.ts';
import { now, today } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { remember } from '../lib/idempotency.ts';
import { sendAll } from '../lib/queue.ts';
import { latestOf } from './recount-service.ts';
import { getChunks, latestRecount } from './recount-table.ts';
import { type BoardPorts, listVillages, showBoard } from './service.ts';
import { askRecount, listVillagesRoute, readRecount, showBoardRoute } from './spec.ts';
import { getRow, getRows } from './table.ts';

const settings = env({
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  RECOUNT_QUEUE: z.string(),
});
const { SUMMARY_TABLE, AREA_TABLE, JOB_TABLE, ACCESS_TABLE, RECOUNT_QUEUE } = settings;

const ports: BoardPorts = {
  rows: (area) => getRows(SUMMARY_TABLE, area),
  row: (area) => getRow(SUMMARY_TABLE, area, false),
  divisions: (codes) => getDivisions(AREA_TABLE, codes),
  children: (code) => childrenOf(AREA_TABLE, code),
};

const recounts = {
  ...ports,
  latest: (county: string) => latestRecount(JOB_TABLE, county),
  chunks: (id: string) => getChunks(JOB_TABLE, id),
};

export const handler = api(
  [
    endpoint(showBoardRoute, async ({ params: { code }, actor }) => {
      const board = await showBoard(ports, { code, actor, today: today() });
      return 'refused' in board ? board : { body: board };
    }),
    endpoint(listVillagesRoute, async ({ query }) => {
      const villages = await listVillages(ports, query);
      return 'refused' in villages ? villages : { body: villages };
    }),
    endpoint(askRecount, async ({ body: { area }, actor, idempotency }) => {
      if (!mayEnter(actor, area)) return refuse('not-found');
      // The same request is the same run, so that it may be sent again when its answer was not kept.
      const run = createHash('sha256').update(idempotency.id).digest('hex').slice(0, 24);
      await sendAll(RECOUNT_QUEUE, [{ run, area }]);
      const answer = {
        status: 202,
        body: { run, area, latest: `/recounts/latest?area=${area}` },
      };
      await transact([remember(ACCESS_TABLE, idempotency, { answer, now: now() })]);
      return answer;
    }),
    endpoint(readRecount, async ({ query: { area } }) => ({
      body: await latestOf(recounts, area),
    })),
  ],
  { resolve: areaResolver(AREA_TABLE), answers: ACCESS_TABLE },
);
