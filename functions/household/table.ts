import { batchGet, queryAll } from '../lib/dynamo.ts';
import { keyOf, LockItem, NumberItem } from './item.ts';
import { loadFile } from './read.ts';
import type { Store } from './write.ts';

export { type Committed, commit, commitTogether } from './commit.ts';
export { openStore, storeEnv } from './open.ts';
export {
  allEvents,
  eventSince,
  type Home,
  homesOf,
  loadFile,
  loadForChange,
  type ReadFile,
  type ReadStore,
  readEvents,
  readFile,
  readStanding,
  readStored,
  rosterHeads,
  wroteEvent,
} from './read.ts';
export type { Store, Write } from './write.ts';

/** Who holds an identity number; `live` is false when the person has left every household. */
export type Holder = Pick<LockItem, 'household' | 'person' | 'live'>;

/**
 * Holders of identity numbers, unknown ones missing: one Get by keyed hash each, two while the lookup key rotates; one more read for the
 * household of each that was given up.
 */
export async function findPersons(
  store: Store,
  identities: readonly string[],
): Promise<ReadonlyMap<string, Holder>> {
  const numberOf = new Map<string, string>();
  for (const identity of new Set(identities)) {
    const { current, others } = await store.lookup.hashesOf(identity);
    for (const hash of [current, ...others]) numberOf.set(keyOf.lock(hash).pk, identity);
  }
  const keys = [...numberOf.keys()].map((pk) => ({ pk }));
  const locks = (await batchGet(store.tables.identity, keys, true)).map((item) =>
    LockItem.parse(item),
  );
  const held = locks.map((lock) => ({ lock, identity: numberOf.get(lock.pk) ?? '' }));
  const former = await formerHolds(
    store,
    held.filter(({ lock }) => !lock.live),
  );
  // A live hold outweighs one that was given up, under whichever key it stands.
  const found = [...former, ...held.filter(({ lock }) => lock.live)];
  return new Map(found.map(({ lock, identity }) => [identity, lock]));
}

/** The household in which a number was entered that was put right since; undefined where somebody holds it, or held it to the end. */
export async function putRightIn(store: Store, identity: string): Promise<string | undefined> {
  const { current, others } = await store.lookup.hashesOf(identity);
  const keys = [current, ...others].map((hash) => ({ pk: keyOf.lock(hash).pk }));
  const locks = (await batchGet(store.tables.identity, keys, true)).map((item) =>
    LockItem.parse(item),
  );
  if (locks.some(({ live }) => live)) return undefined;
  const former = await formerHolds(
    store,
    locks.map((lock) => ({ lock, identity })),
  );
  return former.length > 0 ? undefined : locks[0]?.household;
}

interface Hold {
  readonly lock: LockItem;
  readonly identity: string;
}

/**
 * Holds that were given up by who left. A number that was put right since was never the person's: its owner must not be taken for one who
 * lives on under another.
 */
async function formerHolds(store: Store, holds: readonly Hold[]): Promise<readonly Hold[]> {
  const households = [...new Set(holds.map(({ lock }) => lock.household))];
  const files = await Promise.all(households.map((id) => loadFile(store, id)));
  const numbers = new Map(
    households.map((id, place) => [id, files[place]?.secrets.identities ?? {}]),
  );
  return holds.filter(
    ({ lock, identity }) => numbers.get(lock.household)?.[lock.person] === identity,
  );
}

/** Households by number in their county, struck-off ones included; unknown numbers are missing. */
export async function findNumbers(
  store: Store,
  county: string,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const numberOf = new Map(numbers.map((number) => [keyOf.number(county, number).pk, number]));
  const keys = [...numberOf.keys()].map((pk) => ({ pk }));
  const items = await batchGet(store.tables.identity, keys, true);
  return new Map(
    items.map((item) => [numberOf.get(String(item.pk)) ?? '', NumberItem.parse(item).household]),
  );
}

/** Ids of all households placed in a village, struck-off ones included. */
export async function householdsIn(table: string, village: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = { pk: `V#${village}`, prefix: '1#', consistent: true };
  for await (const item of queryAll(table, query)) ids.push(String(item.sk).slice(2));
  return ids;
}
