import type { Import } from '../core/import.ts';
import type { Decision, StagedEntry } from '../core/import-entry.ts';
import { type Decided, isRefused } from '../core/refusal.ts';
import type { VillageProfile } from '../core/roster.ts';
import {
  decideVillage,
  factsOf,
  factsThatDiffer,
  type VillageDecision,
  VillageFactsGiven,
} from '../core/village.ts';
import { getProfile, getProfiles, saveProfiles } from '../village/table.ts';
import { occasionOf } from './divisions.ts';
import { inLanes } from './lanes.ts';
import type { Kind, Planned } from './work.ts';

/** Villages of a chunk under way at once. */
const LANES = 8;

export function villagesKind(householdTable: string): Kind {
  return {
    inOrder: false,
    match: (found, entries) => matchVillages(householdTable, found, entries),
    apply: (found, items) => applyVillages(householdTable, found, items),
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

async function matchVillages(
  table: string,
  found: Import,
  entries: readonly StagedEntry[],
): Promise<readonly Decision[]> {
  const profiles = await getProfiles(
    table,
    entries.map((entry) => entry.key),
  );
  return entries.map((entry): Decision => {
    const known = profiles.get(entry.key);
    const decided = decideEntry(found, entry, known);
    const target = { id: entry.key, version: known?.version ?? 0 };
    if (isRefused(decided)) {
      const { refused: code, values } = decided;
      const outcome = code === 'village-facts-older' ? 'conflicting' : 'refused';
      return { outcome, target, faults: [{ code, ...(values && { values: { ...values } }) }] };
    }
    const { outcome, profile } = decided.ok;
    return { outcome, target, changes: known ? changesOf(known, profile) : [] };
  });
}

async function applyVillages(
  table: string,
  found: Import,
  items: readonly Planned[],
): Promise<readonly string[]> {
  const profiles = await getProfiles(
    table,
    items.map((item) => item.plan.key),
  );
  const done = await inLanes(items, LANES, async (item) => {
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
