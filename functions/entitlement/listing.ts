import type { Actor } from '../core/access.ts';
import type { Result } from '../core/entitlement.ts';
import { type EntitlementSource, entitlementList } from '../core/entitlement-view.ts';
import { villageOf } from '../core/household.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { asOfPorts, villageProfileOn } from '../household/as-of.ts';
import { homeOn } from '../household/home-on.ts';
import { readFile } from '../household/table.ts';
import { today } from '../lib/clock.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import { policiesFor } from '../policy/table.ts';
import { receiptsWith } from '../receipt/table.ts';
import type * as spec from './spec.ts';

/** Tables that entitlements are worked out from. */
export interface EntitlementTables {
  readonly policy: string;
  readonly household: string;
  readonly area: string;
}

/** What was on a past day, as is known now. */
export function pastOf({ household, area }: EntitlementTables) {
  return asOfPorts({ household, area }, true);
}

/** The household on a day with what is published where it lives; whoever may read its file may see it. Refusals: date-future, not-found. */
export async function sourceOf(
  tables: EntitlementTables,
  actor: Actor,
  { id, date }: { readonly id: string; readonly date?: string | undefined },
): Promise<Decided<EntitlementSource & { readonly version: number }>> {
  const day = date ?? today();
  if (day > today()) return refuse('date-future', { field: 'date' });
  const file = await readFile({ tables }, actor, id);
  if (isRefused(file)) return file;
  const past = pastOf(tables);
  const village = villageOf(file.ok.household);
  const home = await homeOn(past, { village, household: id }, day);
  if (!home) return refuse('not-found');
  const { household, on } = home;
  const [profile, policies, receipts] = await Promise.all([
    villageProfileOn(past, on.village, day),
    policiesFor(tables.policy, on.village),
    receiptsWith(tables.policy, { id, members: on.members.map(({ member }) => member) }),
  ]);
  const { version } = household;
  return {
    ok: {
      ...{ household, on, profile, policies, receipts, day, version },
      isToday: day === today(),
    },
  };
}

/** Whether a row is of the result asked for. */
export function isOf(asked: Result | undefined): (one: { readonly result: Result }) => boolean {
  return ({ result }) => asked === undefined || result === asked;
}

/** What a household is entitled to, item by item. */
export async function listEntitlements(
  tables: EntitlementTables,
  { actor, params, query }: Pick<Request<typeof spec.entitlements>, 'actor' | 'params' | 'query'>,
): Promise<Answer | Refusal> {
  const source = await sourceOf(tables, actor, { id: params.id, date: query.date });
  if (isRefused(source)) return source;
  const all = entitlementList(source.ok);
  const items = all.items.filter(isOf(query.result));
  return { body: { ...all, items }, version: source.ok.version };
}
