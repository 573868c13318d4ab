import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getItem } from '../../functions/lib/dynamo.ts';
import { dataKeys, houseWrapper, type SealedRecord } from '../../functions/lib/keys.ts';
import { keyNameOf, openEnvelope, sealEnvelope } from '../../functions/lib/keys-envelope.ts';
import { fileWrapper } from '../../functions/lib/keys-file.ts';
import { kmsWrapper } from '../../functions/lib/keys-kms.ts';
import { lookupKeys, NOTICE_MS } from '../../functions/lib/keys-lookup.ts';
import type { KeyWrapper } from '../../functions/lib/keys-wrap.ts';
import { freshTables } from '../support/database.ts';
import { type SmallKms, smallKms } from '../support/kms.ts';

let kms: SmallKms;
let folder: string;
beforeAll(async () => {
  kms = await smallKms();
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterAll(async () => {
  kms.close();
  await rm(folder, { recursive: true });
});

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
const secret = Buffer.from('3501990000');
const record: SealedRecord = { record: 'hh_1/per_1', county: '350122', shape: 1 };

describe.each([
  ['KMS', () => kmsWrapper(kms.client, 'key-1')],
  ['the key file of stage local', () => fileWrapper(join(folder, 'master'))],
])('keys wrapped by %s', (_, wrapperOf: () => KeyWrapper) => {
  it('a wrapped key opens under its own name only', async () => {
    const wrapper = wrapperOf();
    const { plain, wrapped } = await wrapper.make('350122#2017-10');
    expect(plain).toHaveLength(32);
    expect(Buffer.from(wrapped).includes(Buffer.from(plain))).toBe(false);
    expect(Buffer.from(await wrapper.open('350122#2017-10', wrapped))).toEqual(Buffer.from(plain));
    await expect(wrapper.open('350123#2017-10', wrapped)).rejects.toThrow();
  });

  it('what one function sealed, another opens, under the same key of the county and month', async () => {
    const tables = await freshTables();
    const [one, other] = [
      dataKeys(tables.identity, wrapperOf()),
      dataKeys(tables.identity, wrapperOf()),
    ];
    const [first, second] = await Promise.all([
      one.seal(record, secret),
      other.seal(record, secret),
    ]);
    expect(keyNameOf(first)).toBe(keyNameOf(second));
    expect(keyNameOf(first)).toMatch(/^350122#\d{4}-\d{2}$/);
    expect(text(await other.open(record.record, first))).toBe(text(secret));
    expect(text(await one.open(record.record, second))).toBe(text(secret));
  });
});

describe('sealed records', () => {
  const key = Buffer.alloc(32, 7);
  const sealing = { key, keyName: '350122#2017-10', record: 'hh_1', shape: 1 };

  it('the same value sealed twice looks different, and never shows', () => {
    const [one, other] = [sealEnvelope(sealing, secret), sealEnvelope(sealing, secret)];
    expect(Buffer.from(one)).not.toEqual(Buffer.from(other));
    expect(Buffer.from(one).includes(secret)).toBe(false);
  });

  it('a record cannot be passed off for another, for another shape, or be changed', () => {
    const sealed = sealEnvelope(sealing, secret);
    expect(text(openEnvelope({ key, record: 'hh_1' }, sealed))).toBe(text(secret));
    expect(() => openEnvelope({ key, record: 'hh_2' }, sealed)).toThrow();
    for (const place of [1, sealed.length - 1, sealed.length - 20]) {
      const changed = Buffer.from(sealed);
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(() => openEnvelope({ key, record: 'hh_1' }, changed)).toThrow();
    }
    const otherAlgorithm = Buffer.from(sealed);
    otherAlgorithm[0] = 9;
    expect(() => openEnvelope({ key, record: 'hh_1' }, otherAlgorithm)).toThrow(/algorithm/);
    expect(() => openEnvelope({ key, record: 'hh_1' }, sealed.subarray(0, 20))).toThrow();
  });
});

describe('data keys', () => {
  it('a key is asked for once per function, and again after a fault', async () => {
    const tables = await freshTables();
    const keys = dataKeys(tables.identity, kmsWrapper(kms.client, 'key-1'));
    kms.calls.length = 0;
    const sealed = await keys.seal(record, secret);
    await Promise.all(Array.from({ length: 20 }, () => keys.open(record.record, sealed)));
    expect(kms.calls).toEqual(['TrentService.GenerateDataKey', 'TrentService.Decrypt']);
    const broken: KeyWrapper = {
      make: () => Promise.reject(new Error('down')),
      open: () => Promise.reject(new Error('down')),
    };
    let up = false;
    const healing = dataKeys(tables.identity, {
      ...broken,
      open: (name, wrapped) =>
        up ? kmsWrapper(kms.client, 'key-1').open(name, wrapped) : broken.open(name, wrapped),
    });
    await expect(healing.open(record.record, sealed)).rejects.toThrow('down');
    up = true;
    expect(text(await healing.open(record.record, sealed))).toBe(text(secret));
  });

  it('a KMS that is busy for a moment is asked again by the client itself', async () => {
    kms.busy = 'GenerateDataKey';
    const { wrapped } = await kmsWrapper(kms.client, 'key-1').make('350122#2017-11');
    expect(wrapped.length).toBeGreaterThan(32);
  });

  it('the wrapped key alone is stored', async () => {
    const tables = await freshTables();
    const keys = dataKeys(tables.identity, fileWrapper(join(folder, 'master')));
    const sealed = await keys.seal(record, secret);
    const item = await getItem(tables.identity, { pk: `K#${keyNameOf(sealed)}` });
    expect(Object.keys(item ?? {}).toSorted()).toEqual(['pk', 'v', 'wrapped']);
  });

  it('a value whose key is gone is a fault, not an empty answer', async () => {
    const tables = await freshTables();
    const keys = dataKeys(tables.identity, fileWrapper(join(folder, 'master')));
    const stray = sealEnvelope(
      { key: Buffer.alloc(32), keyName: '350122#1999-01', record: 'hh_1', shape: 1 },
      secret,
    );
    await expect(keys.open('hh_1', stray)).rejects.toThrow('350122#1999-01');
  });
});

describe('the wrapper of a deployment', () => {
  const saved = { ...process.env };
  beforeEach(() => {
    process.env = { ...saved };
  });
  afterAll(() => {
    process.env = saved;
  });

  it('is the key file on stage local, made once and readable by its owner only', async () => {
    const path = join(folder, 'made');
    Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: path });
    const { wrapped, plain } = await houseWrapper().make('a');
    expect((await stat(path)).mode & 0o077).toBe(0);
    expect(Buffer.from(await houseWrapper().open('a', wrapped))).toEqual(Buffer.from(plain));
  });

  it('is never a key file on another stage', () => {
    Object.assign(process.env, { STAGE: 'production', LOCAL_KEY_FILE: join(folder, 'made') });
    delete process.env.DATA_KEY_ID;
    expect(() => houseWrapper()).toThrow();
  });

  it('a key file that holds something else is a fault', async () => {
    await writeFile(join(folder, 'short'), 'c2hvcnQ=');
    await expect(fileWrapper(join(folder, 'short')).make('a')).rejects.toThrow(/256/);
    await expect(fileWrapper(join(folder, 'no/such')).make('a')).rejects.toThrow(/ENOENT/);
  });
});

describe('the lookup key', () => {
  const later = (ms: number) => {
    Object.assign(process.env, { STAGE: 'local', CLOCK_OFFSET_MS: String(ms) });
  };
  afterAll(() => later(0));

  it('every function hashes alike, and without the key a hash says nothing', async () => {
    const tables = await freshTables();
    const wrapper = kmsWrapper(kms.client, 'key-1');
    const [one, other] = [
      lookupKeys(tables.identity, wrapper),
      lookupKeys(tables.identity, wrapper),
    ];
    const [first, second] = await Promise.all([
      one.hashesOf('3501990001'),
      other.hashesOf('3501990001'),
    ]);
    expect(first).toEqual(second);
    expect(first.others).toEqual([]);
    expect((await one.hashesOf('3501990002')).current).not.toBe(first.current);
    const elsewhere = lookupKeys((await freshTables()).identity, wrapper);
    expect((await elsewhere.hashesOf('3501990001')).current).not.toBe(first.current);
  });

  it('a new key is known to all before anybody writes under it, and the old one is tried until retired', async () => {
    const tables = await freshTables();
    const wrapper = fileWrapper(join(folder, 'master'));
    const [one, other] = [
      lookupKeys(tables.identity, wrapper),
      lookupKeys(tables.identity, wrapper),
    ];
    const before = await other.hashesOf('x');
    await one.rotate();
    const told = await one.hashesOf('x');
    expect(told).toMatchObject({ current: before.current });
    expect(told.others).toHaveLength(1);
    expect(await one.state()).toMatchObject({ keys: [1, 2], isSettled: false });
    // The other function has not looked yet, and still writes under the same key as the first.
    expect((await other.hashesOf('x')).current).toBe(told.current);
    later(NOTICE_MS);
    const after = await other.hashesOf('x');
    expect(after).toEqual({ current: told.others[0], others: [told.current] });
    expect(await one.state()).toMatchObject({ isSettled: true });
    await one.retire();
    expect(await one.hashesOf('x')).toEqual({ current: after.current, others: [] });
    expect((await one.state()).keys).toEqual([2]);
  });
});
