import * as z from 'zod';
import type { Actor } from '../core/access.ts';
import { isCurrent } from '../core/pairing.ts';
import { coversLacking, pairingRuleOn } from '../core/pairing-rule.ts';
import { summaryOf } from '../core/pairing-total.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { deliveriesOf, helperEvents } from '../pairing/store.ts';
import { helpersOf, type Paired } from '../pairing/table.ts';
import { helpIn } from './area.ts';
import {
  helperGround,
  helperView,
  inReach,
  listGaps,
  listHelpers,
  showHelper,
  visible,
} from './listing.ts';
import { formerVillages, pairingView } from './place.ts';
import * as spec from './spec.ts';

const settings = env({
  PAIRING_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
});
const { PAIRING_TABLE, HOUSEHOLD_TABLE: household, AREA_TABLE: area } = settings;
const store = { tables: { household } };
const ground = helperGround({
  ...{ pairing: PAIRING_TABLE, household, area, summary: settings.SUMMARY_TABLE },
});
const codesOf = formerVillages(area);
/** Rows of each list of gaps at most. */
const MOST_GAPS = 500;

async function history(request: Request<typeof spec.events>): Promise<Answer | Refusal> {
  const { actor, params, query } = request;
  const found = await visible(ground, actor, params.id);
  if ('refused' in found) return found;
  const { cursor, limit } = query;
  const before = cursor === undefined ? {} : { before: Number(cursor) };
  const page = await helperEvents(PAIRING_TABLE, params.id, { limit, ...before });
  const next = page.next === undefined ? {} : { cursor: String(page.next) };
  const placed = await inReach(ground, actor, found.pairings);
  const seen = new Set(placed.map(({ pairing }) => pairing.id));
  // Why a pairing began or ended elsewhere is for those who may look there.
  const events = page.events.filter(
    ({ pairings }) => pairings.length === 0 || pairings.some((id) => seen.has(id)),
  );
  return { body: { events, ...next } };
}

async function showPairing(request: Request<typeof spec.readPairing>): Promise<Answer | Refusal> {
  const { actor, params } = request;
  const found = await visible(ground, actor, params.id);
  if ('refused' in found) return found;
  const own = found.pairings.filter(({ id }) => id === params.pairingId);
  const [placed] = await inReach(ground, actor, own);
  if (!placed) return refuse('not-found');
  const deliveries = await deliveriesOf(PAIRING_TABLE, placed.pairing);
  const { version } = placed.pairing;
  const helper = helperView(found.helper);
  return { body: { pairing: pairingView(placed), helper, deliveries }, version };
}

async function helpersShown(actor: Actor, paired: readonly Paired[]) {
  const helpers = new Map(paired.map(({ helper }) => [helper.id, helper]));
  const placed = await inReach(
    ground,
    actor,
    paired.map(({ pairing }) => pairing),
  );
  return placed.flatMap((one) => {
    const helper = helpers.get(one.pairing.helper);
    return helper ? [{ helper: helperView(helper), pairing: pairingView(one) }] : [];
  });
}

function kindsOf(paired: readonly Paired[]) {
  return paired.filter(({ pairing }) => isCurrent(pairing)).map(({ pairing }) => pairing.kind);
}

async function ofHousehold(request: Request<typeof spec.ofHousehold>): Promise<Answer | Refusal> {
  const { actor, params } = request;
  const file = await readFile(store, actor, params.id);
  if (isRefused(file)) return file;
  const paired = await helpersOf(PAIRING_TABLE, params.id);
  const items = await helpersShown(actor, paired);
  const { covers } = pairingRuleOn(today(), file.ok.household.county);
  return { body: { items, lacks: coversLacking(covers.household, kindsOf(paired)) } };
}

async function ofVillage(request: Request<typeof spec.ofVillage>): Promise<Answer | Refusal> {
  const { actor, params } = request;
  const paired = await helpersOf(PAIRING_TABLE, ...(await codesOf(params.code)));
  const items = await helpersShown(actor, paired);
  const { covers } = pairingRuleOn(today(), params.code);
  return { body: { items, lacks: coversLacking(covers.village, kindsOf(paired)) } };
}

async function summarise({ params }: Request<typeof spec.summary>): Promise<Answer | Refusal> {
  const found = await helpIn(ground.tables, params.code, ground);
  if (isRefused(found)) return found;
  const { helpers, pairings } = found.ok;
  return { body: { area: params.code, kinds: summaryOf(helpers, pairings) } };
}

export const handler = api(
  [
    endpoint(spec.list, (request) => listHelpers(ground, request)),
    endpoint(spec.read, (request) => showHelper(ground, request)),
    endpoint(spec.events, history),
    endpoint(spec.readPairing, showPairing),
    endpoint(spec.ofHousehold, ofHousehold),
    endpoint(spec.ofVillage, ofVillage),
    endpoint(spec.gaps, (request) => listGaps(ground, request, MOST_GAPS)),
    endpoint(spec.summary, summarise),
  ],
  { resolve: ground.resolve },
);
