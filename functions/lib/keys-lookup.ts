import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { now } from './clock.ts';
import { absent, atVersion, getItem, putItem } from './dynamo.ts';
import { Bytes, type KeyWrapper } from './keys-wrap.ts';

/** Version of the item that holds the lookup keys. */
export const V = 1;
const PK = 'L#';

/** Functions look at the keys again after this time … */
const LOOK_AGAIN_MS = 60_000;
/** … so a new key is told to all of them well before anybody writes under it. */
export const NOTICE_MS = 10 * LOOK_AGAIN_MS;

export const LookupKeys = z.object({
  pk: z.literal(PK),
  v: z.literal(V),
  version: z.int(),
  keys: z.array(z.object({ n: z.int(), wrapped: Bytes, activeFrom: z.iso.datetime() })).min(1),
});
type LookupKeys = z.infer<typeof LookupKeys>;

/** Hashes an identity number can stand under: the one it is written under now, and those it may still or already stand under. */
export interface LookupHashes {
  readonly current: string;
  readonly others: readonly string[];
}

export interface Lookup {
  /** Whether there is a key yet; before the first registration nobody is known, and who only reads must not make one. */
  isMade(): Promise<boolean>;
  hashesOf(identity: string): Promise<LookupHashes>;
  /** Numbers of the keys in use, oldest first, and whether the newest is the current one. */
  state(): Promise<{
    readonly keys: readonly number[];
    readonly isSettled: boolean;
    readonly newestFrom: string;
  }>;
  /** Begins a rotation: a new key, written under only after every function has heard of it. */
  rotate(): Promise<void>;
  /** Ends a rotation: forgets every key but the current. */
  retire(): Promise<void>;
}

interface Opened {
  readonly stored: LookupKeys;
  readonly plain: ReadonlyMap<number, Uint8Array>;
  readonly readAt: number;
}

function nameOf(n: number): string {
  return `lookup#${n}`;
}

/** The keys as they are stored, opened and remembered for a while. */
function lookupStore(table: string, wrapper: KeyWrapper) {
  let opened: Opened | undefined;

  const open = async (stored: LookupKeys): Promise<Opened> => {
    const plain = new Map<number, Uint8Array>();
    for (const { n, wrapped } of stored.keys) {
      plain.set(n, opened?.plain.get(n) ?? (await wrapper.open(nameOf(n), wrapped)));
    }
    opened = { stored, plain, readAt: now().getTime() };
    return opened;
  };
  const read = async (): Promise<LookupKeys | undefined> => {
    const item = await getItem(table, { pk: PK });
    return item && LookupKeys.parse(item);
  };
  const first = async (): Promise<LookupKeys> => {
    const { wrapped } = await wrapper.make(nameOf(1));
    const keys = [{ n: 1, wrapped, activeFrom: now().toISOString() }];
    const item: LookupKeys = { pk: PK, v: V, version: 1, keys };
    if (await putItem(table, item, absent)) return item;
    return present(await read());
  };
  const load = async (): Promise<Opened> => {
    const age = opened ? Math.abs(now().getTime() - opened.readAt) : Number.POSITIVE_INFINITY;
    if (opened && age < LOOK_AGAIN_MS) return opened;
    return open((await read()) ?? (await first()));
  };
  const save = async (before: LookupKeys, keys: LookupKeys['keys']): Promise<void> => {
    const item = { ...before, version: before.version + 1, keys };
    // Somebody else rotating at the same time has done it.
    await putItem(table, item, atVersion(before.version));
    opened = undefined;
  };
  const isMade = async () => opened !== undefined || (await read()) !== undefined;
  return { load, save, isMade };
}

/** Number of the key to write under: the newest that every function has had time to hear of. */
function currentOf(stored: LookupKeys): number {
  const at = now().toISOString();
  const active = stored.keys.filter((key) => key.activeFrom <= at);
  return (active.at(-1) ?? present(stored.keys[0])).n;
}

/** The versioned lookup key of a deployment: HMAC-SHA-256, so that hashes cannot be tried out without it. */
export function lookupKeys(table: string, wrapper: KeyWrapper): Lookup {
  const { load, save, isMade } = lookupStore(table, wrapper);
  return {
    isMade,
    hashesOf: async (identity) => {
      const { stored, plain } = await load();
      const current = currentOf(stored);
      const hash = (n: number) =>
        createHmac('sha256', present(plain.get(n)))
          .update(identity)
          .digest('base64url');
      const others = stored.keys.filter((key) => key.n !== current);
      return { current: hash(current), others: others.map((key) => hash(key.n)) };
    },
    state: async () => {
      const { stored } = await load();
      const newest = present(stored.keys.at(-1));
      return {
        keys: stored.keys.map((key) => key.n),
        isSettled: currentOf(stored) === newest.n,
        newestFrom: newest.activeFrom,
      };
    },
    rotate: async () => {
      const { stored } = await load();
      const n = present(stored.keys.at(-1)).n + 1;
      const { wrapped } = await wrapper.make(nameOf(n));
      const activeFrom = new Date(now().getTime() + NOTICE_MS).toISOString();
      await save(stored, [...stored.keys, { n, wrapped, activeFrom }]);
    },
    retire: async () => {
      const { stored } = await load();
      const current = currentOf(stored);
      await save(
        stored,
        stored.keys.filter((key) => key.n >= current),
      );
    },
  };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the lookup key is missing');
  return value;
}
