import * as z from 'zod';
import { areaResolver, getDivision } from '../area/table.ts';
import { cardPage } from '../core/entitlement-page.ts';
import { entitlementList } from '../core/entitlement-view.ts';
import { villageEntitlementList } from '../core/entitlement-village.ts';
import { noticePolicy } from '../core/notice-page.ts';
import { isRefused, refuse } from '../core/refusal.ts';
import { villageProfileOn } from '../household/as-of.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { policiesFor } from '../policy/table.ts';
import { villageReceipts } from '../receipt/village-table.ts';
import { isOf, listEntitlements, pastOf, sourceOf } from './listing.ts';
import * as spec from './spec.ts';

const { POLICY_TABLE, HOUSEHOLD_TABLE, AREA_TABLE } = env({
  POLICY_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
});

const tables = { policy: POLICY_TABLE, household: HOUSEHOLD_TABLE, area: AREA_TABLE };
const past = pastOf(tables);

/** Shown and printed, framed by nobody; what its own policy forbids stays forbidden where it was saved. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `${noticePolicy}; frame-ancestors 'none'`,
};

export const handler = api(
  [
    endpoint(spec.entitlements, (request) => listEntitlements(tables, request)),
    endpoint(spec.card, async ({ actor, params }) => {
      const source = await sourceOf(tables, actor, { id: params.id });
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
