import { getDivisions } from '../area/table.ts';
import type { Actor } from '../core/access.ts';
import { liesWithin } from '../core/division.ts';
import type { Helper } from '../core/helper.ts';
import { LedgerHelper, type WantedPairing } from '../core/helper-ledger.ts';
import type { KnownHelper } from '../core/helper-plan.ts';
import type { Import } from '../core/import.ts';
import type { StagedEntry } from '../core/import-entry.ts';
import { comparable } from '../core/ledger-text.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import { findNumbers, homesOf, rosterHeads, type Store } from '../household/table.ts';
import {
  allDeliveries,
  listedHelpers,
  loadHelper,
  openPhone,
  type StoredHelper,
} from '../pairing/store.ts';
import { portsOf } from '../pairing/write.ts';
import { contextOf } from './context.ts';
import { type DivisionLoader, placementsOf } from './placement.ts';

/** Where taking in helpers reads and writes. */
export interface HelperTables {
  readonly store: Store;
  readonly area: string;
  readonly pairing: string;
}

interface HouseholdFound {
  readonly id: string;
  readonly village: string;
  readonly isStruckOff: boolean;
  readonly head: string;
}

/** What the entries of a chunk are matched with. */
export interface Ground {
  readonly tables: HelperTables;
  readonly found: Import;
  readonly ports: ReturnType<typeof portsOf>;
  readonly actor: Actor;
  /** Helpers of the kinds of the chunk. */
  readonly helpers: readonly Helper[];
  readonly households: ReadonlyMap<string, HouseholdFound>;
  readonly village: (code: string) => Decided<string>;
}

export const wantedOf = (entry: StagedEntry) => LedgerHelper.parse(entry.wanted);

async function householdsOf(
  { store }: HelperTables,
  county: string,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, HouseholdFound>> {
  const ids = await findNumbers(store, county, [...new Set(numbers)]);
  const homes = await homesOf(store, [...ids.values()]);
  const heads = await rosterHeads(store, homes);
  return new Map(
    [...ids].flatMap(([number, id]) => {
      const home = homes.get(id);
      if (!home) return [];
      const { village, isStruckOff } = home;
      return [[number, { id, village, isStruckOff, head: heads.get(id) ?? '' }] as const];
    }),
  );
}

export async function groundOf(
  tables: HelperTables,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<Ground> {
  const wanted = entries.map(wantedOf);
  const county = found.area.slice(0, 6);
  const pairings = wanted.flatMap((one) => one.pairings);
  const kinds = new Set(wanted.map(({ helper }) => helper.kind));
  const load: DivisionLoader = (codes) => getDivisions(tables.area, codes);
  const [helpers, households, village] = await Promise.all([
    listedHelpers(tables.pairing, county, [...kinds]),
    householdsOf(
      tables,
      county,
      pairings.flatMap(({ household }) => household ?? []),
    ),
    placementsOf(
      load,
      pairings.flatMap((one) => one.village ?? []),
    ),
  ]);
  const { actor: sub } = contextOf(found, '');
  const actor: Actor = { sub, role: 'office', areas: [found.area] };
  const ports = portsOf({ ...tables, now: () => new Date(contextOf(found, '').at) });
  return { tables, found, ports, actor, helpers, households, village };
}

/** Where a pairing of the ledger stands. Refusals: helper-household-unknown, helper-head-differs, household-closed, area-closed. */
export function placeOf(ground: Ground, { household, village, head }: WantedPairing) {
  if (household === null) {
    const code = ground.village(village ?? '');
    if (isRefused(code)) return code;
    return { ok: { subject: { type: 'village', code: code.ok } as const, village: code.ok } };
  }
  const known = ground.households.get(household);
  if (!known || !liesWithin(known.village, ground.found.area))
    return refuse('helper-household-unknown', { number: household });
  if (head !== null && comparable(head) !== comparable(known.head))
    return refuse('helper-head-differs', { number: household, name: head });
  if (known.isStruckOff) return refuse('household-closed');
  const subject = { type: 'household', id: known.id } as const;
  return { ok: { subject, village: known.village } };
}

/** Helpers that may be the one of the entry: by credit code, else by kind, name and where she works. */
function candidates({ helpers }: Ground, { helper }: LedgerHelper): readonly Helper[] {
  const { kind, name, organisation, details } = helper;
  const live = helpers.filter((one) => one.kind === kind && one.endedOn === null);
  const coded = live.filter(
    (one) => details.creditCode !== undefined && one.details.creditCode === details.creditCode,
  );
  if (coded.length > 0) return coded;
  const isCalled = (one: Helper) =>
    comparable(one.name) === comparable(name) &&
    (organisation === null || comparable(one.organisation ?? '') === comparable(organisation)) &&
    (details.creditCode === undefined || one.details.creditCode === undefined);
  return live.filter(isCalled);
}

/** Those kept in the area of the import or above it; what another town keeps is not looked at. */
async function inSight(
  { ports, found: { area } }: Ground,
  helpers: readonly Helper[],
): Promise<readonly Helper[]> {
  const present = await Promise.all(helpers.map((one) => ports.present(one.area)));
  return helpers.filter((_, at) =>
    present[at]?.some((code) => liesWithin(code, area) || liesWithin(area, code)),
  );
}

export async function opened(
  { tables }: Ground,
  id: string,
): Promise<(StoredHelper & KnownHelper) | undefined> {
  const stored = await loadHelper(tables.pairing, id);
  if (!stored) return undefined;
  const phone = await openPhone(tables.store.keys, id, stored.sealed);
  return { ...stored, phone, deliveries: await allDeliveries(tables.pairing, id) };
}

/** The helper of an entry, undefined where nobody knows it yet. Refusals: helper-unclear, helper-unknown. */
export async function known(
  ground: Ground,
  wanted: LedgerHelper,
): Promise<Decided<(StoredHelper & KnownHelper) | undefined>> {
  const found = await inSight(ground, candidates(ground, wanted));
  const files = await Promise.all(found.map(({ id }) => opened(ground, id)));
  const all = files.flatMap((one) => one ?? []);
  const same = all.filter(({ phone }) => phone !== null && phone === wanted.phone);
  const [only] = same.length > 0 ? same : wanted.isNamesake ? [] : all;
  const { name } = wanted.helper;
  if (!only) return wanted.isDetailOnly ? refuse('helper-unknown', { name }) : { ok: undefined };
  const isUnclear = same.length > 1 || (same.length === 0 && all.length > 1);
  return isUnclear ? refuse('helper-unclear', { count: all.length, name }) : { ok: only };
}
