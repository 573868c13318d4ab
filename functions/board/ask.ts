import { createHash } from 'node:crypto';
import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { mayEnter } from '../core/access.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { now } from '../lib/clock.ts';
import { transact } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type Answer, remember } from '../lib/idempotency.ts';
import { sendAll } from '../lib/queue.ts';
import type { Request } from '../lib/request.ts';
import { type LatestPorts, latestOf } from './recount-service.ts';
import { getChunks, latestRecount } from './recount-table.ts';
import { askRecount, readRecount } from './spec.ts';
import { getRow, getRows } from './table.ts';

const settings = env({
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  RECOUNT_QUEUE: z.string(),
});
const { SUMMARY_TABLE, AREA_TABLE, JOB_TABLE, ACCESS_TABLE, RECOUNT_QUEUE } = settings;

const recounts: LatestPorts = {
  rows: (area) => getRows(SUMMARY_TABLE, area),
  row: (area) => getRow(SUMMARY_TABLE, area, false),
  latest: (county, area) => latestRecount(JOB_TABLE, county, area),
  chunks: (id) => getChunks(JOB_TABLE, id),
};

async function ask({
  body: { area },
  actor,
  idempotency,
}: Request<typeof askRecount>): Promise<Answer | Refusal> {
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
}

export const handler = api(
  [
    endpoint(askRecount, ask),
    endpoint(readRecount, async ({ query: { area } }) => ({
      body: await latestOf(recounts, area),
    })),
  ],
  { resolve: areaResolver(AREA_TABLE), answers: ACCESS_TABLE },
);
