import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { dayOf } from '../core/day.ts';
import { exitSheet as exitSheetOf } from '../core/exit-sheet.ts';
import { householdOn } from '../core/household-as-of.ts';
import { eventView, householdView, householdViewOn } from '../core/household-view.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { events, exitSheet, read } from './spec.ts';
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

/** What holds today stands in the current sheets; of an earlier day every event may tell. */
async function prove({
  actor,
  params,
  query,
}: Request<typeof exitSheet>): Promise<Answer | Refusal> {
  const today = dayOf(now());
  const { on = today } = query;
  if (on > today) return refuse('date-future', { field: 'on' });
  const found = await readFile(store, actor, params.id);
  if (isRefused(found)) return found;
  const { household, events: latest } = found.ok;
  const known = on < today ? await allEvents(store, household.id) : latest;
  if (!householdOn(household, known, on)) return refuse('not-found');
  return { body: exitSheetOf(household, known, on), version: household.version };
}

const endpoints = [endpoint(read, show), endpoint(events, history), endpoint(exitSheet, prove)];

export const handler = api(endpoints, { resolve: areaResolver(AREA_TABLE) });
