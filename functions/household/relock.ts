import { type Action, atVersion, batchGet, type Condition, transact } from '../lib/dynamo.ts';
import { keyOf, LockItem } from './item.ts';
import { loadFile } from './table.ts';
import { free, type Store } from './write.ts';

/** Persons per transaction: two actions each, and the household's version. */
const PERSONS = 40;
/** Times a household that others are changing is tried. */
const TURNS = 5;

/** A lock that stands under an old key, and the hash it belongs under now. */
interface Misplaced {
  readonly lock: LockItem;
  readonly hash: string;
  /** What stands there already: the person has joined another household since. */
  readonly present: LockItem | undefined;
}

function ownedBy(household: string): Condition {
  return { expression: 'household = :household', values: { ':household': household } };
}

function movesOf(table: string, { lock, hash, present }: Misplaced): readonly Action[] {
  const remove: Action = { table, delete: { pk: lock.pk }, when: ownedBy(lock.household) };
  if (present?.live) return [remove];
  return [{ table, put: { ...lock, ...keyOf.lock(hash) }, when: free }, remove];
}

/**
 * Locks of a household's persons, past members included, that stand under an old key. Those of numbers that were put right are in no file:
 * they are nobody's, and are lost with the key.
 */
async function misplaced(
  store: Store,
  household: string,
  identities: readonly string[],
): Promise<readonly Misplaced[]> {
  const hashes = await Promise.all(identities.map((identity) => store.lookup.hashesOf(identity)));
  const pks = hashes.flatMap(({ current, others }) => [current, ...others]).map(keyOf.lock);
  const locks = new Map(
    (await batchGet(store.tables.identity, pks, true))
      .map((item) => LockItem.parse(item))
      .map((lock) => [lock.pk, lock]),
  );
  return hashes.flatMap(({ current: hash, others }) =>
    others.flatMap((other) => {
      const lock = locks.get(keyOf.lock(other).pk);
      const present = locks.get(keyOf.lock(hash).pk);
      return lock?.household === household ? [{ lock, hash, present }] : [];
    }),
  );
}

/**
 * Moves the identity locks of one household under the current lookup key, on condition that the household has not changed meanwhile.
 * @returns how many were moved
 */
export async function relock(store: Store, id: string): Promise<number> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const file = await loadFile(store, id);
    if (!file) return 0;
    const identities = [...new Set(Object.values(file.secrets.identities))];
    const found = (await misplaced(store, id, identities)).slice(0, PERSONS);
    if (found.length === 0) return 0;
    const check: Action = {
      table: store.tables.household,
      check: keyOf.household(id),
      when: atVersion(file.household.version),
    };
    const moves = found.flatMap((one) => movesOf(store.tables.identity, one));
    const obstacles = await transact([check, ...moves]);
    if (obstacles.length === 0)
      return found.length + (found.length === PERSONS ? await relock(store, id) : 0);
  }
  throw new Error(`the locks of ${id} could not be moved`);
}
