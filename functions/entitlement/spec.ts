import * as z from 'zod';
import type { Access } from '../core/access.ts';
import { EntitlementList, EntitlementQuery } from '../core/entitlement-view.ts';
import { VillageEntitlements } from '../core/entitlement-village.ts';
import { HouseholdPath } from '../core/household-path.ts';
import { VillagePath } from '../core/pairing-input.ts';
import type { CapabilitySpec, Route } from '../core/spec.ts';

/** Whoever may read the household's file. */
const readers: Access = { office: true, auditor: true, helper: true };

export const entitlements = {
  id: 'policy.entitlements',
  method: 'GET',
  path: '/households/{id}/entitlements',
  sheet: '/households/{id}/entitlements.xlsx',
  summary: {
    zh: '一户的应享、已享、未享政策：逐项结论、理由、年度合计与不可同享',
    en: 'What a household is entitled to, receives and misses on a day, item by item, with reasons and the total of the year',
  },
  access: readers,
  params: HouseholdPath,
  query: EntitlementQuery,
  response: EntitlementList,
  refusals: ['not-found', 'request-invalid', 'date-future'],
} as const satisfies Route;

export const card = {
  id: 'policy.card',
  method: 'GET',
  path: '/households/{id}/entitlements/card',
  summary: {
    zh: '一户的政策明白卡（一页 A4，可打印）',
    en: 'The same as one A4 page in plain words (HTML) to print for the household',
  },
  access: readers,
  params: HouseholdPath,
  response: z.string(),
  refusals: ['not-found', 'request-invalid'],
} as const satisfies Route;

export const ofVillage = {
  id: 'policy.village-entitlements',
  method: 'GET',
  path: '/villages/{code}/entitlements',
  summary: {
    zh: '一个村（整村推进等以村为对象的项目）的应享、未享与不符合：逐项结论与理由',
    en: 'What a village itself is entitled to on a day by the items that are of villages, with reasons',
  },
  access: { office: true, auditor: true },
  params: VillagePath,
  query: EntitlementQuery,
  response: VillageEntitlements,
  refusals: ['not-found', 'request-invalid', 'date-future', 'area-closed'],
  area: 'code',
} as const satisfies Route;

export const entitlement: CapabilitySpec = {
  name: 'entitlement',
  functions: [
    {
      id: 'entitlement',
      entry: 'entitlement/handler.ts',
      purpose:
        'tells a household or a village what it is entitled to, receives and misses, with reasons and as a card',
      tables: { policy: 'read', household: 'read', area: 'read' },
      routes: [entitlements, card, ofVillage],
    },
  ],
};
