import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { mayReach } from '../core/access.ts';
import { levelOf } from '../core/division.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { requestView } from '../core/request-view.ts';
import { homesOf } from '../household/table.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import * as spec from './spec.ts';
import { listRequests, loadRequest, prefixOf } from './table.ts';

const settings = env({
  CASE_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { CASE_TABLE, AREA_TABLE } = settings;
const store = { tables: { household: settings.HOUSEHOLD_TABLE } };

/** Requests stand under the village of their day; who may see them is decided by where their households live now. */
async function list({ actor, query }: Request<typeof spec.list>): Promise<Answer | Refusal> {
  const { area, state, limit, cursor } = query;
  const level = levelOf(area);
  if (level === 'province' || level === 'city') return refuse('area-above-county');
  const after = cursor === undefined ? {} : { after: textOf(cursor) };
  if (after.after !== undefined && !after.after.startsWith(prefixOf(area, state)))
    return refuse('cursor-invalid');
  const page = await listRequests(CASE_TABLE, { area, state }, { limit, ...after });
  const homes = await homesOf(
    store,
    page.requests.map(({ household }) => household),
  );
  const requests = page.requests.flatMap((request) => {
    const home = homes.get(request.household);
    return home && mayReach(actor, home) ? [requestView(request, home.version)] : [];
  });
  const { next } = page;
  const more = next === undefined ? {} : { cursor: Buffer.from(next).toString('base64url') };
  return { body: { requests, ...more } };
}

function textOf(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('utf8');
}

async function read({ actor, params }: Request<typeof spec.read>): Promise<Answer | Refusal> {
  const stored = await loadRequest(CASE_TABLE, params.id);
  if (!stored) return refuse('not-found');
  const { request } = stored;
  const home = (await homesOf(store, [request.household])).get(request.household);
  if (!home || !mayReach(actor, home)) return refuse('not-found');
  return { body: requestView(request, home.version), version: request.version };
}

export const handler = api([endpoint(spec.list, list), endpoint(spec.read, read)], {
  resolve: areaResolver(AREA_TABLE),
});
