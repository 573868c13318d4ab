import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { ancestorAt } from '../core/division.ts';
import { current } from '../core/household.ts';
import { digestOf } from '../core/measure.ts';
import { batchSources } from '../core/measure-batch.ts';
import { matchRuleOn } from '../core/measure-match.ts';
import { measureRulesOn } from '../core/measure-rule.ts';
import { sumMeasures } from '../core/measure-sum.ts';
import { measureView } from '../core/measure-view.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { modesFor } from './former.ts';
import { allHelped, refuseAbove } from './list.ts';
import { listLoans, listMeasures } from './listing.ts';
import * as spec from './spec.ts';
import { getMeasure, measureEvents, measuresOf } from './table.ts';

const settings = env({
  CARE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { CARE_TABLE: care, HOUSEHOLD_TABLE: household, AREA_TABLE: area } = settings;
const store = { tables: { household } };
const tables = { care, household, summary: settings.SUMMARY_TABLE };

async function show({ actor, params }: Request<typeof spec.readRoute>): Promise<Answer | Refusal> {
  const file = await readFile(store, actor, params.id);
  if (isRefused(file)) return file;
  const [found, events] = await Promise.all([
    getMeasure(care, params.id, params.measureId),
    measureEvents(care, params.id, params.measureId),
  ]);
  if (!found) return refuse('not-found');
  const view = measureView(found, digestOf(found), today());
  return { version: found.version, body: { ...view, events } };
}

async function showAll({
  actor,
  params,
}: Request<typeof spec.ofHousehold>): Promise<Answer | Refusal> {
  const file = await readFile(store, actor, params.id);
  if (isRefused(file)) return file;
  const measures = await measuresOf(care, params.id);
  const body = {
    household: params.id,
    batches: batchSources(current(file.ok.household.facts)),
    measures: measures.map((one) => measureView(one, digestOf(one), today())),
  };
  return { body };
}

async function sum({ params, query }: Request<typeof spec.sumRoute>): Promise<Answer | Refusal> {
  const { code } = params;
  const above = refuseAbove(code);
  if (above) return above;
  const all = await allHelped(tables, code);
  return { body: sumMeasures(all, { area: code, today: today() }, query.within) };
}

async function modes({ params }: Request<typeof spec.modesRoute>): Promise<Answer | Refusal> {
  const { list: found } = await modesFor({ care, area }, params.code);
  const county = ancestorAt(params.code, 'county');
  return { version: found.version, body: { area: county, ...found } };
}

function rules({ query }: Request<typeof spec.rulesRoute>): Promise<Answer | Refusal> {
  const { area: place, day = today() } = query;
  const match = matchRuleOn(day, place);
  return Promise.resolve({ body: { area: place, day, ...measureRulesOn(day, place), match } });
}

export const handler = api(
  [
    endpoint(spec.ofHousehold, showAll),
    endpoint(spec.readRoute, show),
    endpoint(spec.listRoute, (request) => listMeasures(tables, request)),
    endpoint(spec.loansRoute, (request) => listLoans(tables, request)),
    endpoint(spec.sumRoute, sum),
    endpoint(spec.modesRoute, modes),
    endpoint(spec.rulesRoute, rules),
  ],
  { resolve: areaResolver(area) },
);
