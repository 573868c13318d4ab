import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { ancestorAt } from '../core/division.ts';
import { villageOf } from '../core/household.ts';
import { correctReceipt } from '../core/receipt-correct.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { correctRoute } from './spec.ts';
import { findReceipt, saveReceipts } from './table.ts';

const settings = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { POLICY_TABLE, AREA_TABLE } = settings;
const store = { tables: { household: settings.HOUSEHOLD_TABLE } };

async function correct(request: Request<typeof correctRoute>): Promise<Answer | Refusal> {
  const { actor, params, body, ifMatch } = request;
  const file = await readFile(store, actor, params.id);
  if (isRefused(file)) return file;
  const of = { household: params.id, id: params.receiptId };
  const before = await findReceipt(POLICY_TABLE, of);
  if (!before) return refuse('not-found');
  if (before.version !== ifMatch) return refuse('version-stale', { version: before.version });
  const place = ancestorAt(villageOf(file.ok.household), 'county');
  const by = { at: now().toISOString(), actor: actor.sub, place };
  const decided = correctReceipt(before, body, by);
  if (isRefused(decided)) return decided;
  const after = decided.ok;
  const late = await saveReceipts(POLICY_TABLE, [{ before, after, reason: body.reason }]);
  if (late.length === 0) {
    const { id, version } = after;
    return { body: { id, version }, version };
  }
  const present = await findReceipt(POLICY_TABLE, of);
  return refuse('version-stale', { version: present?.version ?? 0 });
}

export const handler = api([endpoint(correctRoute, correct)], {
  resolve: areaResolver(AREA_TABLE),
});
