import * as z from 'zod';
import { areaResolver, getDivisions } from '../area/table.ts';
import { type Actor, mayEnter } from '../core/access.ts';
import { evaluateVillage } from '../core/coverage-village.ts';
import { type AreaCode, ancestorsOf } from '../core/division.ts';
import { villageGround } from '../core/policy-ground.ts';
import { hadByVillage } from '../core/receipt-village.ts';
import { readRoster } from '../core/roster-item.ts';
import { now, today } from '../lib/clock.ts';
import { batchGet } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { policiesFor } from '../policy/table.ts';
import { villageReceipts } from '../receipt/village-table.ts';
import { getProfile } from '../village/table.ts';
import { evaluationsOf, waitingChunks } from './job-table.ts';
import { listNames, type NamesPorts } from './names.ts';
import { inForce, RuleBook } from './rules.ts';
import { showAll, showItem } from './service.ts';
import { listCoverage, listEvaluations, showCoverage, showItemCoverage } from './spec.ts';
import { getCoverage, getCoverages, householdPage } from './table.ts';
import { evaluationAbove, evaluationView } from './view.ts';

const { POLICY_TABLE, HOUSEHOLD_TABLE, AREA_TABLE, JOB_TABLE } = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
});
const resolve = areaResolver(AREA_TABLE);
const rules = new RuleBook((county) => policiesFor(POLICY_TABLE, county), {
  now,
  today,
});

const Named = z.object({ id: z.string(), name: z.string() });

const ports: NamesPorts = {
  inForce: async (area) => inForce(await policiesFor(POLICY_TABLE, area), area, today()),
  coverage: (area) => getCoverage(POLICY_TABLE, area, false),
  coverages: (area) => getCoverages(POLICY_TABLE, area),
  names: (codes) => getDivisions(AREA_TABLE, codes),
  today,
  page: (village, page) => householdPage(POLICY_TABLE, village, page),
  rosters: async (village, households) => {
    const keys = households.map((id) => ({ pk: `V#${village}`, sk: `1#${id}` }));
    const rosters = (await batchGet(HOUSEHOLD_TABLE, keys)).map(readRoster);
    return new Map(rosters.map((roster) => [roster.id, roster]));
  },
  ofVillage: async (village) => {
    const [profile, held] = await Promise.all([
      getProfile(HOUSEHOLD_TABLE, village),
      villageReceipts(POLICY_TABLE, village, false),
    ]);
    const ground = villageGround(village, profile, today());
    return evaluateVillage(await rules.of(village), ground, hadByVillage(held));
  },
  members: async (members) => {
    const keys = members.map(({ household, person }) => ({
      pk: `H#${household}`,
      sk: `1#${person}`,
    }));
    const named = (await batchGet(HOUSEHOLD_TABLE, keys)).map((item) => Named.parse(item));
    return new Map(named.map((one) => [one.id, one]));
  },
};

/** Evaluations shown of an area, and of each area above. */
const LATEST = 5;

async function evaluations(actor: Actor, area: AreaCode) {
  const areas = [area, ...ancestorsOf(area)];
  const found = await Promise.all(areas.map((one) => evaluationsOf(JOB_TABLE, one, LATEST)));
  const latest = found.flat().toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
  const shown = latest.slice(0, LATEST).map(async (one) => {
    const isRunning = one.state === 'running';
    const waiting = isRunning ? (await waitingChunks(JOB_TABLE, one)).length : 0;
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
    endpoint(listCoverage, async ({ params: { id }, query, actor }) => {
      const found = await listNames(ports, { ...query, id, actor });
      return 'refused' in found ? found : { body: found };
    }),
    endpoint(listEvaluations, async ({ params: { code }, actor }) => ({
      body: await evaluations(actor, code),
    })),
  ],
  { resolve },
);
