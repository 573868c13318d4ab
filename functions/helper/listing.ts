import { areaResolver } from '../area/table.ts';
import { getRow } from '../board/table.ts';
import type { Actor } from '../core/access.ts';
import { householdsIn } from '../core/figure.ts';
import type { Helper } from '../core/helper.ts';
import { isCurrent, type Pairing } from '../core/pairing.ts';
import { pairingRuleOn } from '../core/pairing-rule.ts';
import { totalsOf } from '../core/pairing-total.ts';
import { isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { today } from '../lib/clock.ts';
import type { Answer } from '../lib/idempotency.ts';
import type { Request } from '../lib/request.ts';
import type { AreaResolver } from '../lib/scope.ts';
import { isVisible } from '../pairing/ports.ts';
import { loadHelper, type StoredHelper } from '../pairing/store.ts';
import { getProfiles } from '../village/table.ts';
import { helpIn, villagesIn } from './area.ts';
import { gapsOf } from './gap.ts';
import { isInReach, type Placed, pairingView, placing } from './place.ts';
import type * as spec from './spec.ts';

/** Tables that helpers and pairings are looked at in. */
export interface HelperTables {
  readonly pairing: string;
  readonly household: string;
  readonly area: string;
  readonly summary: string;
}

/** What helpers are looked at by: the tables, and where divisions and pairings stand today. */
export interface HelperGround {
  readonly tables: HelperTables;
  readonly resolve: AreaResolver;
  readonly place: (pairings: readonly Pairing[]) => Promise<readonly Placed[]>;
}

export function helperGround(tables: HelperTables): HelperGround {
  return { tables, resolve: areaResolver(tables.area), place: placing(tables) };
}

export function helperView(helper: Helper) {
  const { mostHouseholds } = pairingRuleOn(today(), helper.area).kinds[helper.kind];
  return { ...helper, href: `/helpers/${helper.id}`, mostHouseholds };
}

/** A helper whom an actor may see. Refusals: not-found. */
export async function visible(
  { tables, resolve }: HelperGround,
  actor: Actor,
  id: string,
): Promise<StoredHelper | Refusal> {
  const found = await loadHelper(tables.pairing, id);
  const seen = found && isVisible(actor, found.helper, await resolve([found.helper.area]));
  return seen ? found : refuse('not-found');
}

/** Those under way first, then by day. */
function inOrder(one: Placed, other: Placed): number {
  const [first, second] = [one, other].map(({ pairing }) => Number(!isCurrent(pairing)));
  if (first !== second) return (first ?? 0) - (second ?? 0);
  return one.pairing.from < other.pairing.from ? -1 : 1;
}

/** The pairings an actor may see, in order. */
export async function inReach(
  { place }: HelperGround,
  actor: Actor,
  pairings: readonly Pairing[],
): Promise<readonly Placed[]> {
  const placed = await place(pairings);
  return placed.filter((one) => isInReach(actor, one)).toSorted(inOrder);
}

/** A helper with the caseload. */
export async function showHelper(
  ground: HelperGround,
  { actor, params }: Pick<Request<typeof spec.read>, 'actor' | 'params'>,
): Promise<Answer | Refusal> {
  const found = await visible(ground, actor, params.id);
  if ('refused' in found) return found;
  const placed = await inReach(ground, actor, found.pairings);
  const pairings = placed.map(pairingView);
  const totals = totalsOf(placed.map(({ pairing }) => pairing));
  const { helper } = found;
  return { body: { helper: helperView(helper), pairings, totals }, version: helper.version };
}

/** Order of a directory: by kind, then by id, which tells when somebody was entered. */
function keyOf({ kind, id }: Helper): string {
  return `${kind}#${id}`;
}

/** A page of the directory of helpers. */
export async function listHelpers(
  ground: HelperGround,
  { query }: Pick<Request<typeof spec.list>, 'query'>,
): Promise<Answer | Refusal> {
  const { area, kind, above, cursor, limit } = query;
  const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursor !== undefined && !/^[a-z-]+#hp_\w+$/.test(after)) return refuse('cursor-invalid');
  const found = await helpIn(ground.tables, area, ground);
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

const uncovered = { id: 'responsible', values: ['yes', 'no'] };

/** Where help is lacking in an area: so many rows of each list at most. */
export async function listGaps(
  ground: HelperGround,
  { actor, query: { area } }: Pick<Request<typeof spec.gaps>, 'actor' | 'query'>,
  most: number,
): Promise<Answer | Refusal> {
  if (area.length < 6) return refuse('area-too-wide');
  const { tables } = ground;
  const found = await helpIn(tables, area, ground);
  if (isRefused(found)) return found;
  const { helpers, names, pairings } = found.ok;
  const profiles = await getProfiles(tables.household, await villagesIn(tables.area, area));
  const figures = (await getRow(tables.summary, area, false))?.figures;
  const households = figures ? householdsIn(figures, uncovered, 'no').households : null;
  const placed = await inReach(ground, actor, pairings);
  const lists = gapsOf({ helpers, names, placed, profiles, day: today() }, most);
  const overloaded = lists.overloaded.map((one) => ({ ...one, helper: helperView(one.helper) }));
  const list = `/households?area=${area}&responsible=no`;
  return { body: { area, households: { count: households, list }, ...lists, overloaded } };
}
