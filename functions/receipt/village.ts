import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import { type AreaCode, ancestorAt } from '../core/division.ts';
import { placementRefusal } from '../core/division-register.ts';
import { itemsInForce, type PolicyItem } from '../core/policy.ts';
import { correctReceipt } from '../core/receipt-correct.ts';
import { sameness, type WantedVillageReceipt } from '../core/receipt-decide.ts';
import type { VillageReceipt } from '../core/receipt-village.ts';
import { typedVillageReceipt, villageReceiptsView } from '../core/receipt-village-view.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { now, today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { lettersFrom } from '../lib/id.ts';
import { type Answer, once } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { policiesFor } from '../policy/table.ts';
import * as spec from './spec.ts';
import { receiptsById, saveReceipt, saveReceipts } from './table.ts';
import { findVillageReceipt, formerVillages, villageReceiptFile } from './village-table.ts';

const { POLICY_TABLE, AREA_TABLE, ACCESS_TABLE } = env({
  POLICY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
});

async function list({
  params: { code },
  query: { year },
}: Request<typeof spec.villageListRoute>): Promise<Answer | Refusal> {
  if (!(await getDivision(AREA_TABLE, code))) return refuse('not-found');
  const county = ancestorAt(code, 'county');
  const [file, { items }] = await Promise.all([
    villageReceiptFile(POLICY_TABLE, code),
    policiesFor(POLICY_TABLE, county),
  ]);
  const held = file.held.filter(
    ({ receipt: { on } }) => year === undefined || on.startsWith(`${year}-`),
  );
  const ids = new Set(held.map(({ receipt: { id } }) => id));
  const changes = file.events.filter(({ receipt: id }) => ids.has(id));
  return { body: villageReceiptsView(code, { held, changes, called: calledIn(items, county) }) };
}

function calledIn(items: readonly PolicyItem[], county: AreaCode) {
  return ({ item, on }: VillageReceipt) => {
    const versions = items.filter(({ id }) => id === item);
    return itemsInForce(versions, on, county)[0]?.name;
  };
}

/** Whether it has been told already, under whichever code of the village. */
async function isKnown(wanted: WantedVillageReceipt, county: AreaCode): Promise<boolean> {
  const codes = await formerVillages(POLICY_TABLE, wanted.village);
  const ids = codes.map((village) => idOf({ ...wanted, village }, county));
  return (await receiptsById(POLICY_TABLE, ids)).size > 0;
}

const idOf = (wanted: WantedVillageReceipt, county: AreaCode) =>
  `rc_${lettersFrom(sameness(wanted, county))}`;

async function enter(request: Request<typeof spec.villageEnterRoute>): Promise<Answer | Refusal> {
  const { actor, params, body, idempotency } = request;
  const { code: village } = params;
  const barrier = placementRefusal(village, await getDivision(AREA_TABLE, village));
  if (barrier) return barrier;
  const place = ancestorAt(village, 'county');
  const items = itemsInForce((await policiesFor(POLICY_TABLE, place)).items, body.on, place);
  const wanted = typedVillageReceipt(body, { village, items, place, today: today() });
  if (isRefused(wanted)) return wanted;
  const told = { version: 1, withdrawn: null, at: now().toISOString(), actor: actor.sub };
  const source = { import: null, ...wanted.ok.source };
  const after: VillageReceipt = { ...wanted.ok, ...told, id: idOf(wanted.ok, place), source };
  const { id, version } = after;
  const answer: Answer = { status: 201, body: { id, version }, version };
  return once(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    if (await isKnown(wanted.ok, place)) return refuse('receipt-known');
    const step = { before: null, after, reason: '录入' };
    const isWritten = await saveReceipt(POLICY_TABLE, step, remembered(answer));
    return isWritten ? answer : refuse('receipt-known');
  });
}

async function correct(
  request: Request<typeof spec.villageCorrectRoute>,
): Promise<Answer | Refusal> {
  const { actor, params, body, ifMatch } = request;
  const of = { village: params.code, id: params.receiptId };
  const before = await findVillageReceipt(POLICY_TABLE, of);
  if (!before) return refuse('not-found');
  if (before.version !== ifMatch) return refuse('version-stale', { version: before.version });
  const place = ancestorAt(params.code, 'county');
  const by = { at: now().toISOString(), actor: actor.sub, place };
  const decided = correctReceipt(before, body, by);
  if (isRefused(decided)) return decided;
  const { id, version } = decided.ok;
  const step = { before, after: decided.ok, reason: body.reason };
  if ((await saveReceipts(POLICY_TABLE, [step])).length === 0)
    return { body: { id, version }, version };
  const present = await findVillageReceipt(POLICY_TABLE, of);
  return refuse('version-stale', { version: present?.version ?? 0 });
}

export const handler = api(
  [
    endpoint(spec.villageListRoute, list),
    endpoint(spec.villageEnterRoute, enter),
    endpoint(spec.villageCorrectRoute, correct),
  ],
  { resolve: areaResolver(AREA_TABLE), answers: ACCESS_TABLE },
);
