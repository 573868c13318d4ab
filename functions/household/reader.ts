import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { eventView, householdView, householdViewOn } from '../core/household-view.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { events, read } from './spec.ts';
import { allEvents, readEvents, readFile } from './table.ts';

const { HOUSEHOLD_TABLE, AREA_TABLE } = env({
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const store = { tables: { household: HOUSEHOLD_TABLE } };

async function show({ actor, params, query }: Request<typeof read>): Promise<Answer | Refusal> {
  const found = await readFile(store, actor, params.id);
  if (isRefused(found)) return found;
  const { household, events } = found.ok;
  const { version } = household;
  if (query.asOf === undefined) return { body: householdView(household, events), version };
  const then = householdViewOn(household, await allEvents(store, household.id), query.asOf);
  return then ? { body: then, version } : refuse('not-found');
}

async function history({
  actor,
  params,
  query,
}: Request<typeof events>): Promise<Answer | Refusal> {
  const found = await readFile(store, actor, params.id);
  if (isRefused(found)) return found;
  const { limit, cursor } = query;
  const before = cursor === undefined ? {} : { before: Number(cursor) };
  const page = await readEvents(store, params.id, { limit, ...before });
  const next = page.next === undefined ? {} : { cursor: String(page.next) };
  return { body: { events: page.events.map(eventView), ...next } };
}

export const handler = api([endpoint(read, show), endpoint(events, history)], {
  resolve: areaResolver(AREA_TABLE),
});
