import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { type Actor, mayEnter } from '../core/access.ts';
import { type AreaCode, ancestorsOf } from '../core/division.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { evaluationsOf, waitingChunks } from './job-table.ts';
import { answerNames, namesPorts } from './listing.ts';
import { showAll, showItem } from './service.ts';
import { listCoverage, listEvaluations, showCoverage, showItemCoverage } from './spec.ts';
import { evaluationAbove, evaluationView } from './view.ts';

const { POLICY_TABLE, HOUSEHOLD_TABLE, AREA_TABLE, JOB_TABLE } = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
});
const resolve = areaResolver(AREA_TABLE);
const ports = namesPorts({ policy: POLICY_TABLE, household: HOUSEHOLD_TABLE, area: AREA_TABLE });

/** Evaluations shown of an area, and of each area above. */
const LATEST = 5;

async function evaluations(actor: Actor, area: AreaCode) {
  const areas = [area, ...ancestorsOf(area)];
  const found = await Promise.all(areas.map((one) => evaluationsOf(JOB_TABLE, one, LATEST)));
  const latest = found.flat().toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  const shown = latest.slice(0, LATEST).map(async (one) => {
    const waiting = one.plan === null ? 0 : (await waitingChunks(JOB_TABLE, one)).length;
    return mayEnter(actor, one.area) ? evaluationView(one, waiting) : evaluationAbove(one, waiting);
  });
  return { area, evaluations: await Promise.all(shown) };
}

export const handler = api(
  [
    endpoint(showCoverage, async ({ query: { area } }) => ({ body: await showAll(ports, area) })),
    endpoint(showItemCoverage, async ({ params: { id }, query: { area } }) => {
      const found = await showItem(ports, { area, id });
      return 'refused' in found ? found : { body: found };
    }),
    endpoint(listCoverage, (request) => answerNames(ports, request)),
    endpoint(listEvaluations, async ({ params: { code }, actor }) => ({
      body: await evaluations(actor, code),
    })),
  ],
  { resolve },
);
