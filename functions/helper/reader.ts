import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import { getRow } from '../board/table.ts';
import { householdsIn } from '../core/figure.ts';
import type { Helper } from '../core/helper.ts';
import { isCurrent, type Pairing } from '../core/pairing.ts';
import { coversLacking, pairingRuleOn } from '../core/pairing-rule.ts';
import { summaryOf, totalsOf } from '../core/pairing-total.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { isVisible } from '../pairing/ports.ts';
import { deliveriesOf, helperEvents, loadHelper, type StoredHelper } from '../pairing/store.ts';
import { helpersOf, type Paired } from '../pairing/table.ts';
import { getProfiles } from '../village/table.ts';
import { helpIn, villagesIn } from './area.ts';
import { gapsOf } from './gap.ts';
import { formerVillages, isInReach, type Placed, pairingView, placing } from './place.ts';
import * as spec from './spec.ts';

const settings = env({
  PAIRING_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
});
const { PAIRING_TABLE, AREA_TABLE, SUMMARY_TABLE } = settings;
const tables = { pairing: PAIRING_TABLE, area: AREA_TABLE, household: settings.HOUSEHOLD_TABLE };
const store = { tables: { household: settings.HOUSEHOLD_TABLE } };
const resolve = areaResolver(AREA_TABLE);
const place = placing(tables);
const codesOf = formerVillages(AREA_TABLE);

function helperView(helper: Helper) {
  const { mostHouseholds } = pairingRuleOn(today(), helper.area).kinds[helper.kind];
  return { ...helper, href: `/helpers/${helper.id}`, mostHouseholds };
}

type Actor = Request<typeof spec.read>['actor'];

async function visible(actor: Actor, id: string): Promise<StoredHelper | Refusal> {
  const found = await loadHelper(PAIRING_TABLE, id);
  const seen = found && isVisible(actor, found.helper, await resolve([found.helper.area]));
  return seen ? found : refuse('not-found');
}

/** Those under way first, then by day. */
function inOrder(one: Placed, other: Placed): number {
  const [first, second] = [one, other].map(({ pairing }) => Number(!isCurrent(pairing)));
  if (first !== second) return (first ?? 0) - (second ?? 0);
  return one.pairing.from < other.pairing.from ? -1 : 1;
}

async function inReach(actor: Actor, pairings: readonly Pairing[]): Promise<readonly Placed[]> {
  const placed = await place(pairings);
  return placed.filter((one) => isInReach(actor, one)).toSorted(inOrder);
}

async function show({ actor, params }: Request<typeof spec.read>): Promise<Answer | Refusal> {
  const found = await visible(actor, params.id);
  if ('refused' in found) return found;
  const placed = await inReach(actor, found.pairings);
  const pairings = placed.map(pairingView);
  const totals = totalsOf(placed.map(({ pairing }) => pairing));
  const { helper } = found;
  return { body: { helper: helperView(helper), pairings, totals }, version: helper.version };
}

async function history(request: Request<typeof spec.events>): Promise<Answer | Refusal> {
  const { actor, params, query } = request;
  const found = await visible(actor, params.id);
  if ('refused' in found) return found;
  const { cursor, limit } = query;
  const before = cursor === undefined ? {} : { before: Number(cursor) };
  const page = await helperEvents(PAIRING_TABLE, params.id, { limit, ...before });
  const next = page.next === undefined ? {} : { cursor: String(page.next) };
  const placed = await inReach(actor, found.pairings);
  const seen = new Set(placed.map(({ pairing }) => pairing.id));
  // Why a pairing began or ended elsewhere is for those who may look there.
  const events = page.events.filter(
    ({ pairings }) => pairings.length === 0 || pairings.some((id) => seen.has(id)),
  );
  return { body: { events, ...next } };
}

async function showPairing(request: Request<typeof spec.readPairing>): Promise<Answer | Refusal> {
  const { actor, params } = request;
  const found = await visible(actor, params.id);
  if ('refused' in found) return found;
  const own = found.pairings.filter(({ id }) => id === params.pairingId);
  const [placed] = await inReach(actor, own);
  if (!placed) return refuse('not-found');
  const deliveries = await deliveriesOf(PAIRING_TABLE, placed.pairing);
  const { version } = placed.pairing;
  const helper = helperView(found.helper);
  return { body: { pairing: pairingView(placed), helper, deliveries }, version };
}

/** Order of a directory: by kind, then by id, which tells when somebody was entered. */
function keyOf({ kind, id }: Helper): string {
  return `${kind}#${id}`;
}

async function list({ query }: Request<typeof spec.list>): Promise<Answer | Refusal> {
  const { area, kind, above, cursor, limit } = query;
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor !== undefined && !/^[a-z-]+#hp_\w+$/.test(after)) return refuse('cursor-invalid');
  const found = await helpIn(tables, area, { resolve, place });
  if (isRefused(found)) return found;
  const all = [...found.ok.helpers, ...(above ? found.ok.above : [])];
  const wanted = all
    .filter((helper) => (kind === undefined || helper.kind === kind) && keyOf(helper) > after)
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const page = wanted.slice(0, limit);
  const last = page.at(-1);
  const more = wanted.length > limit && last !== undefined;
  const next = more ? { cursor: Buffer.from(keyOf(last)).toString('base64url') } : {};
  return { body: { area, items: page.map(helperView), ...next } };
}

async function helpersShown(actor: Actor, paired: readonly Paired[]) {
  const helpers = new Map(paired.map(({ helper }) => [helper.id, helper]));
  const placed = await inReach(
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
  const found = await helpIn(tables, params.code, { resolve, place });
  if (isRefused(found)) return found;
  const { helpers, pairings } = found.ok;
  return { body: { area: params.code, kinds: summaryOf(helpers, pairings) } };
}

const uncovered = { id: 'responsible', values: ['yes', 'no'] };

async function gaps({ actor, query }: Request<typeof spec.gaps>): Promise<Answer | Refusal> {
  const { area } = query;
  if (area.length < 6) return refuse('area-too-wide');
  const found = await helpIn(tables, area, { resolve, place });
  if (isRefused(found)) return found;
  const profiles = await getProfiles(tables.household, await villagesIn(AREA_TABLE, area));
  const figures = (await getRow(SUMMARY_TABLE, area, false))?.figures;
  const households = figures ? householdsIn(figures, uncovered, 'no').households : null;
  const placed = await inReach(actor, found.ok.pairings);
  const lists = gapsOf({ helpers: found.ok.helpers, placed, profiles, day: today() });
  const overloaded = lists.overloaded.map((one) => ({ ...one, helper: helperView(one.helper) }));
  const uncoveredList = `/households?area=${area}&responsible=no`;
  return {
    body: { area, households: { count: households, list: uncoveredList }, ...lists, overloaded },
  };
}

export const handler = api(
  [
    endpoint(spec.list, list),
    endpoint(spec.read, show),
    endpoint(spec.events, history),
    endpoint(spec.readPairing, showPairing),
    endpoint(spec.ofHousehold, ofHousehold),
    endpoint(spec.ofVillage, ofVillage),
    endpoint(spec.gaps, gaps),
    endpoint(spec.summary, summarise),
  ],
  { resolve },
);
