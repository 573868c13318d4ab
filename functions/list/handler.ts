import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { listings } from './listing.ts';
import { listHouseholdsRoute, listPersonsRoute } from './spec.ts';

const settings = env({
  LIST_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  BUCKET: z.string(),
});
const { LIST_TABLE, HOUSEHOLD_TABLE, SUMMARY_TABLE, AREA_TABLE, JOB_TABLE, BUCKET } = settings;

const { households, persons } = listings(
  {
    ...{ list: LIST_TABLE, household: HOUSEHOLD_TABLE, summary: SUMMARY_TABLE },
    ...{ area: AREA_TABLE, job: JOB_TABLE },
  },
  BUCKET,
);

export const handler = api(
  [endpoint(listHouseholdsRoute, households), endpoint(listPersonsRoute, persons)],
  { resolve: areaResolver(AREA_TABLE) },
);
