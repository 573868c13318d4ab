import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { entryKeysOf } from '../core/list-entry.ts';
import type { Roster } from '../core/roster.ts';
import { type Manifest, type Place, type Pointer, placeOf } from './manifest.ts';
import type { EntryChanges } from './table.ts';

/** What relisting needs; tests stop, delay and kill between its steps. */
export interface ListStore {
  manifest(household: string): Promise<Manifest | undefined>;
  /** Consistent. */
  roster(village: AreaCode, household: string): Promise<Roster | undefined>;
  write(
    steps: { readonly before: Manifest | undefined; readonly after: Manifest },
    changes: EntryChanges,
  ): Promise<boolean>;
}

/** Others that relist the same household at once can hold one up so often before the message is handed out again. */
const TURNS = 12;
/** Entries written at once: with the manifest under a transaction's limit of 100 actions. */
const PER_TRANSACTION = 90;

/** The roster where the message says, or where the household stood when it was listed last: one of both after a move. */
async function find(
  store: ListStore,
  { village, household }: Pointer,
  manifest: Manifest | undefined,
): Promise<Roster | undefined> {
  const found = await store.roster(village, household);
  if (found || !manifest || manifest.village === village) return found;
  return store.roster(manifest.village, household);
}

function keyOfPlace({ pk }: Place): string {
  return pk.slice(pk.indexOf('#') + 1);
}

function nameOf({ pk, sk }: Place): string {
  return `${pk} ${sk}`;
}

function placesOf(village: AreaCode, household: string, keys: readonly string[]): readonly Place[] {
  return keys.map((key) => placeOf(village, household, key));
}

/** Places of `some` that are not among `others`. */
function without(some: readonly Place[], others: readonly Place[]): readonly Place[] {
  const names = new Set(others.map(nameOf));
  return some.filter((place) => !names.has(nameOf(place)));
}

interface Step {
  readonly village: AreaCode;
  readonly keys: readonly string[];
  readonly changes: EntryChanges;
  readonly isLast: boolean;
}

/**
 * The next step from what is held to what is wanted. Nearly always the only one; a household with very many helpers that changes county
 * goes away first and arrives then, each step with a manifest that says where it stands.
 */
function stepFrom(before: Manifest | undefined, wanted: Omit<Manifest, 'version'>): Step {
  const { household, village, keys } = wanted;
  const held = before ? placesOf(before.village, household, before.keys) : [];
  const goal = placesOf(village, household, keys);
  const remove = without(held, goal);
  const add = without(goal, held);
  if (remove.length + add.length <= PER_TRANSACTION)
    return { village, keys, changes: { add, remove }, isLast: true };
  const gone = remove.slice(0, PER_TRANSACTION);
  const come = add.slice(0, PER_TRANSACTION - gone.length);
  if (before && gone.length > 0) {
    const left = without(held, gone).map(keyOfPlace);
    return {
      village: before.village,
      keys: left,
      changes: { add: [], remove: gone },
      isLast: false,
    };
  }
  const now = [...held, ...come].map(keyOfPlace);
  return { village, keys: now, changes: { add: come, remove: [] }, isLast: false };
}

/**
 * Makes a household stand under its keys and no others: reads its manifest, then its roster, and writes the difference with the manifest in
 * one transaction on condition that the manifest is unchanged, otherwise starts again. The manifest's version is raised also where nothing
 * differs: passes are in order then, and none can bring back what a later one has seen undone.
 */
export async function relist(store: ListStore, pointer: Pointer, today: Day): Promise<void> {
  const { household } = pointer;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const before = await store.manifest(household);
    const roster = await find(store, pointer, before);
    const { village, keys, changes, isLast } = stepFrom(before, {
      household,
      village: roster?.village ?? pointer.village,
      keys: roster ? entryKeysOf(roster, today) : [],
    });
    const after = { household, version: (before?.version ?? 0) + 1, village, keys };
    if ((await store.write({ before, after }, changes)) && isLast) return;
  }
  throw new Error('a household is relisted by too many at once');
}
