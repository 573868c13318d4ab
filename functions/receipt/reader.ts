import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { ancestorAt } from '../core/division.ts';
import { villageOf } from '../core/household.ts';
import { itemsInForce } from '../core/policy.ts';
import type { Receipt } from '../core/receipt.ts';
import { receiptsView } from '../core/receipt-view.ts';
import { isRefused, type Refusal } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { policiesFor } from '../policy/table.ts';
import { listRoute } from './spec.ts';
import { allReceiptsOf, receiptEvents } from './table.ts';

const settings = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});
const { POLICY_TABLE, AREA_TABLE } = settings;
const store = { tables: { household: settings.HOUSEHOLD_TABLE } };

async function list(request: Request<typeof listRoute>): Promise<Answer | Refusal> {
  const { actor, params, query } = request;
  const file = await readFile(store, actor, params.id);
  if (isRefused(file)) return file;
  const { household } = file.ok;
  const county = ancestorAt(villageOf(household), 'county');
  const [all, events, { items }] = await Promise.all([
    allReceiptsOf(POLICY_TABLE, params.id),
    receiptEvents(POLICY_TABLE, params.id),
    policiesFor(POLICY_TABLE, county),
  ]);
  const isAsked = ({ on }: Receipt) => query.year === undefined || on.startsWith(`${query.year}-`);
  const receipts = all.filter(isAsked);
  const ids = new Set(receipts.map(({ id }) => id));
  const changes = events.filter((event) => ids.has(event.receipt));
  const called = ({ item, on }: Receipt) =>
    itemsInForce(
      items.filter(({ id }) => id === item),
      on,
      county,
    )[0]?.name;
  return { body: receiptsView(household, { receipts, changes, called }) };
}

export const handler = api([endpoint(listRoute, list)], { resolve: areaResolver(AREA_TABLE) });
