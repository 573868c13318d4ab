import * as z from 'zod';
import { basisShape } from './as-of.ts';
import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import { villageEntitlementsOf } from './entitlement.ts';
import {
  countsOf,
  EntitlementCounts,
  EntitlementRow,
  type Naming,
  rowOf,
} from './entitlement-view.ts';
import { itemsInForce, type Policies } from './policy.ts';
import { villageGround } from './policy-ground.ts';
import { lineValues, lineWords } from './policy-line.ts';
import { hadByVillage, type VillageHeld } from './receipt-village.ts';
import type { VillageProfile } from './roster.ts';

/** What a village itself is entitled to, item by item; of its households see their own lists. */
export const VillageEntitlements = z.object({
  village: z.string(),
  asOf: basisShape.asOf,
  basis: basisShape.basis,
  counts: EntitlementCounts,
  items: z.array(EntitlementRow),
});
export type VillageEntitlements = z.infer<typeof VillageEntitlements>;

/** A village on a day with what is published where it lies. */
export interface VillageSource {
  readonly village: AreaCode;
  readonly profile: VillageProfile | undefined;
  readonly policies: Policies;
  /** What it received, withdrawn or not. */
  readonly held: readonly VillageHeld[];
  readonly day: Day;
  readonly isToday: boolean;
}

/** Every item for villages in force where a village lies, with result and reason, on a day by what is known now about it. */
export function villageEntitlementList(source: VillageSource): VillageEntitlements {
  const { village, profile, policies, held, day, isToday } = source;
  const items = itemsInForce(policies.items, day, village);
  const all = villageEntitlementsOf({
    village: villageGround(village, profile, day),
    items,
    receipts: hadByVillage(held),
    lines: lineValues(policies.lines, day, village),
    day,
    place: village,
    explains: true,
  });
  const naming: Naming = {
    names: new Map(items.map((item) => [item.id, item])),
    lines: lineWords(policies.lines, day, village),
    persons: new Map(),
    day,
  };
  return {
    village,
    asOf: day,
    basis: isToday ? 'current' : 'known-now',
    counts: countsOf(all),
    items: items.flatMap((item) =>
      all.filter((one) => one.item === item.id).map((one) => rowOf(one, item, naming)),
    ),
  };
}
