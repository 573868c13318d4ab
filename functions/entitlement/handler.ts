import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import type { Result } from '../core/entitlement.ts';
import { cardPage } from '../core/entitlement-page.ts';
import { type EntitlementSource, entitlementList } from '../core/entitlement-view.ts';
import { villageEntitlementList } from '../core/entitlement-village.ts';
import { villageOf } from '../core/household.ts';
import { noticePolicy } from '../core/notice-page.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import { asOfPorts, villageProfileOn } from '../household/as-of.ts';
import { homeOn } from '../household/home-on.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { policiesFor } from '../policy/table.ts';
import { receiptsWith } from '../receipt/table.ts';
import { villageReceipts } from '../receipt/village-table.ts';
import * as spec from './spec.ts';

const { POLICY_TABLE, HOUSEHOLD_TABLE, AREA_TABLE } = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});

const store = { tables: { household: HOUSEHOLD_TABLE } };
const past = asOfPorts({ household: HOUSEHOLD_TABLE, area: AREA_TABLE }, true);

/** The household on a day with what is published where it lives; whoever may read its file may see it. Refusals: date-future, not-found. */
async function sourceOf(
  actor: Actor,
  { id, date }: { readonly id: string; readonly date?: string | undefined },
): Promise<Decided<EntitlementSource & { readonly version: number }>> {
  const day = date ?? today();
  if (day > today()) return refuse('date-future', { field: 'date' });
  const file = await readFile(store, actor, id);
  if (isRefused(file)) return file;
  const village = villageOf(file.ok.household);
  const home = await homeOn(past, { village, household: id }, day);
  if (!home) return refuse('not-found');
  const { household, on } = home;
  const [profile, policies, receipts] = await Promise.all([
    villageProfileOn(past, on.village, day),
    policiesFor(POLICY_TABLE, on.village),
    receiptsWith(POLICY_TABLE, { id, members: on.members.map(({ member }) => member) }),
  ]);
  const { version } = household;
  return {
    ok: {
      ...{ household, on, profile, policies, receipts, day, version },
      isToday: day === today(),
    },
  };
}

function isOf(asked: Result | undefined): (one: { readonly result: Result }) => boolean {
  return ({ result }) => asked === undefined || result === asked;
}

/** Shown and printed, framed by nobody; what its own policy forbids stays forbidden where it was saved. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `${noticePolicy}; frame-ancestors 'none'`,
};

export const handler = api(
  [
    endpoint(spec.entitlements, async ({ actor, params, query }) => {
      const source = await sourceOf(actor, { id: params.id, date: query.date });
      if (isRefused(source)) return source;
      const all = entitlementList(source.ok);
      const items = all.items.filter(isOf(query.result));
      return { body: { ...all, items }, version: source.ok.version };
    }),
    endpoint(spec.card, async ({ actor, params }) => {
      const source = await sourceOf(actor, { id: params.id });
      if (isRefused(source)) return source;
      return { body: cardPage(entitlementList(source.ok), source.ok.policies), headers };
    }),
    endpoint(spec.ofVillage, async ({ params: { code }, query }) => {
      const { date: day = today(), result } = query;
      if (day > today()) return refuse('date-future', { field: 'date' });
      if (!(await getDivision(AREA_TABLE, code))) return refuse('not-found');
      const [profile, policies, held] = await Promise.all([
        villageProfileOn(past, code, day),
        policiesFor(POLICY_TABLE, code),
        villageReceipts(POLICY_TABLE, code),
      ]);
      const source = { village: code, profile, policies, held, day, isToday: day === today() };
      const all = villageEntitlementList(source);
      return { body: { ...all, items: all.items.filter(isOf(result)) } };
    }),
  ],
  { resolve: areaResolver(AREA_TABLE) },
);
