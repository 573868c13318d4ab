import { getDivisions } from '../area/table.ts';
import { placementRefusal } from '../core/division-register.ts';
import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import type { ImportFault } from '../core/import-reason.ts';
import { type Decided, isRefused, type Refusal } from '../core/refusal.ts';
import type { VillageProfile } from '../core/roster.ts';
import {
  decideVillage,
  factsOf,
  factsThatDiffer,
  type VillageDecision,
  VillageFactsGiven,
} from '../core/village.ts';
import { inLanes } from '../lib/lanes.ts';
import { getProfile, getProfiles, saveProfiles } from '../village/table.ts';
import { occasionOf } from './divisions.ts';
import type { Kind, Planned } from './work.ts';

/** Tables of the profiles and of the divisions. */
export interface VillageTables {
  readonly household: string;
  readonly area: string;
}

/** Villages of a chunk under way at once. */
const LANES = 8;

export function villagesKind(tables: VillageTables): Kind {
  return {
    inOrder: false,
    match: (found, entries) => matchVillages(tables, found, entries),
    apply: (found, items) => applyVillages(tables, found, items),
  };
}

function decideEntry(
  found: Import,
  entry: StagedEntry,
  known: VillageProfile | undefined,
): Decided<VillageDecision> {
  const facts = VillageFactsGiven.parse(entry.wanted);
  return decideVillage(known, { village: entry.key, heldOn: found.heldOn, facts });
}

function changesOf(known: VillageProfile, next: VillageProfile) {
  const [before, after] = [factsOf(known), factsOf(next)];
  return factsThatDiffer(before, after).map((field) => ({
    field,
    person: null,
    before: Reflect.get(before, field),
    after: Reflect.get(after, field),
  }));
}

function faultOf({ refused: code, values }: Refusal): ImportFault {
  return { code, ...(values && { values: { ...values } }) };
}

async function matchVillages(
  tables: VillageTables,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<readonly Decision[]> {
  const codes = entries.map((entry) => entry.key);
  const profiles = await getProfiles(tables.household, codes);
  const divisions = await getDivisions(tables.area, codes);
  return entries.map((entry): Decision => {
    const closed = placementRefusal(entry.key, divisions.get(entry.key));
    if (closed) return { outcome: 'conflicting', faults: [faultOf(closed)] };
    const known = profiles.get(entry.key);
    const decided = decideEntry(found, entry, known);
    const target = { id: entry.key, version: known?.version ?? 0 };
    if (isRefused(decided)) {
      const outcome = decided.refused === 'village-facts-older' ? 'conflicting' : 'refused';
      return { outcome, target, faults: [faultOf(decided)] };
    }
    const { outcome, profile } = decided.ok;
    return { outcome, target, changes: known ? changesOf(known, profile) : [] };
  });
}

async function applyVillages(
  tables: VillageTables,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const { household: table } = tables;
  const codes = items.map((item) => item.plan.key);
  const profiles = await getProfiles(table, codes);
  const divisions = await getDivisions(tables.area, codes);
  const done = await inLanes(items, LANES, async (item) => {
    // A profile put there now would stay behind: that of the village has moved on.
    if (placementRefusal(item.plan.key, divisions.get(item.plan.key))) return [item.plan.key];
    const state = await applyOne(table, found, { ...item, before: profiles.get(item.plan.key) });
    if (state !== 'stale') return state === 'late' ? [item.plan.key] : [];
    // Somebody was faster, perhaps a double of ourselves: what stands there now decides.
    const before = await getProfile(table, item.plan.key);
    return (await applyOne(table, found, { ...item, before })) === 'done' ? [] : [item.plan.key];
  });
  return done.flat();
}

async function applyOne(
  table: string,
  found: Import,
  item: Planned & { readonly before: VillageProfile | undefined },
): Promise<'done' | 'late' | 'stale'> {
  const { staged, plan, before } = item;
  const decided = decideEntry(found, staged, before);
  // Already as the file wants it: written before a crash, or by someone else to the same effect.
  if (!isRefused(decided) && decided.ok.outcome === 'unchanged') return 'done';
  if (isRefused(decided) || (before?.version ?? 0) !== plan.target?.version) return 'late';
  const step = { before: before ?? null, after: decided.ok.profile };
  return (await saveProfiles(table, [step], occasionOf(found))) ? 'done' : 'stale';
}
