import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { check } from './check.ts';
import { checkPorts, countiesIn } from './port.ts';
import { listOf, showSnapshot } from './show.ts';
import { checkSnapshot, listSnapshots, readSnapshot } from './spec.ts';
import { getChunks, getSnapshots } from './table.ts';

const { AREA_TABLE, JOB_TABLE, SUMMARY_TABLE, BUCKET } = env({
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  BUCKET: z.string(),
});
const resolve = areaResolver(AREA_TABLE);
const tables = { area: AREA_TABLE, job: JOB_TABLE, summary: SUMMARY_TABLE };
const ports = {
  ...checkPorts(tables, BUCKET, resolve),
  snapshots: (county: string) => getSnapshots(JOB_TABLE, county),
  chunks: (job: string) => getChunks(JOB_TABLE, job),
  counties: (area: string) => countiesIn(AREA_TABLE, area),
};

export const handler = api(
  [
    endpoint(listSnapshots, async ({ query: { area } }) => ({ body: await listOf(ports, area) })),
    endpoint(readSnapshot, async ({ params }) => {
      const found = await showSnapshot(ports, params);
      return 'refused' in found ? found : { body: found };
    }),
    endpoint(checkSnapshot, async ({ params }) => {
      const found = await check(ports, params);
      return 'refused' in found ? found : { body: found };
    }),
  ],
  { resolve },
);
