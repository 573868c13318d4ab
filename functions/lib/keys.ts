import * as z from 'zod';
import { dayOf } from '../core/day.ts';
import { now } from './clock.ts';
import { absent, getItem, putItem } from './dynamo.ts';
import { env } from './env.ts';
import { keyNameOf, openEnvelope, sealEnvelope } from './keys-envelope.ts';
import { fileWrapper } from './keys-file.ts';
import { kmsClient, kmsWrapper } from './keys-kms.ts';
import { Bytes, type KeyWrapper } from './keys-wrap.ts';

/** Version of the wrapped key's item. */
export const V = 1;

export const WrappedKey = z.object({
  pk: z.string(),
  v: z.literal(V),
  wrapped: Bytes,
});

/** What is sealed: the id of its record, the county that owns it, and the version of its shape (1-255). */
export interface SealedRecord {
  readonly record: string;
  readonly county: string;
  readonly shape: number;
}

/** Seals and opens values under data keys of a county and month. */
export interface Keys {
  seal(about: SealedRecord, plain: Uint8Array): Promise<Uint8Array>;
  open(record: string, sealed: Uint8Array): Promise<Uint8Array>;
}

/** Keeps a promise per name, and forgets those that failed, so that one fault does not stay for the life of a function. */
function kept<Value>(make: (name: string) => Promise<Value>): (name: string) => Promise<Value> {
  const all = new Map<string, Promise<Value>>();
  return (name) => {
    const known = all.get(name);
    if (known) return known;
    const made = make(name);
    all.set(name, made);
    made.catch(() => all.delete(name));
    return made;
  };
}

/** Data keys of a deployment, wrapped in the identity table, opened once per function and name. */
export function dataKeys(table: string, wrapper: KeyWrapper): Keys {
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    const item = await getItem(table, { pk: `K#${name}` });
    return item && wrapper.open(name, WrappedKey.parse(item).wrapped);
  };
  const make = async (name: string): Promise<Uint8Array> => {
    const fresh = await wrapper.make(name);
    const item = { pk: `K#${name}`, v: V, wrapped: fresh.wrapped };
    if (await putItem(table, item, absent)) return fresh.plain;
    // Another function was faster: its key is the key of the month.
    return required(await read(name), name);
  };
  const opened = kept(async (name) => required(await read(name), name));
  const ready = kept(async (name) => (await read(name)) ?? (await make(name)));
  return {
    seal: async ({ record, county, shape }, plain) => {
      const keyName = `${county}#${dayOf(now()).slice(0, 7)}`;
      return sealEnvelope({ key: await ready(keyName), keyName, record, shape }, plain);
    },
    open: async (record, sealed) =>
      openEnvelope({ key: await opened(keyNameOf(sealed)), record }, sealed),
  };
}

function required(key: Uint8Array | undefined, name: string): Uint8Array {
  if (!key) throw new Error(`the data key ${name} is missing`);
  return key;
}

/** The wrapper of this deployment: the key file on stage `local`, and there alone; KMS everywhere else. */
export function houseWrapper(): KeyWrapper {
  const { STAGE, LOCAL_KEY_FILE } = env({
    STAGE: z.string(),
    LOCAL_KEY_FILE: z.string().optional(),
  });
  if (STAGE === 'local' && LOCAL_KEY_FILE !== undefined) return fileWrapper(LOCAL_KEY_FILE);
  const { DATA_KEY_ID } = env({ DATA_KEY_ID: z.string() });
  let opened: KeyWrapper | undefined;
  // Only when a key is needed that no cache holds: reading the register makes no client of KMS.
  const kms = () => {
    opened ??= kmsWrapper(kmsClient(), DATA_KEY_ID);
    return opened;
  };
  return { make: (name) => kms().make(name), open: (name, wrapped) => kms().open(name, wrapped) };
}
