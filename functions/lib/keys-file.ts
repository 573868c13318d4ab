import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { openEnvelope, sealEnvelope } from './keys-envelope.ts';
import type { KeyWrapper } from './keys-wrap.ts';

const KEY_BYTES = 32;

/** The key of the file; a missing file is made once, readable by its owner only. */
async function masterOf(path: string): Promise<Uint8Array> {
  // Whoever comes second finds the file of whoever came first.
  await writeFile(path, randomBytes(KEY_BYTES).toString('base64'), {
    flag: 'wx',
    mode: 0o600,
  }).catch((fault: unknown) => {
    if (!isTaken(fault)) throw fault;
  });
  const master = Buffer.from(await readFile(path, 'utf8'), 'base64');
  if (master.length !== KEY_BYTES) throw new Error('the local key file does not hold 256 bits');
  return master;
}

function isTaken(fault: unknown): boolean {
  return fault instanceof Error && 'code' in fault && fault.code === 'EEXIST';
}

/** The master key in a file: on stage `local` only, where there is no KMS. */
export function fileWrapper(path: string): KeyWrapper {
  let master: Promise<Uint8Array> | undefined;
  const keyOf = () => {
    master ??= masterOf(path);
    return master;
  };
  return {
    make: async (name) => {
      const plain = randomBytes(KEY_BYTES);
      const about = { key: await keyOf(), keyName: 'local', record: name, shape: 1 };
      return { plain, wrapped: sealEnvelope(about, plain) };
    },
    open: async (name, wrapped) => openEnvelope({ key: await keyOf(), record: name }, wrapped),
  };
}
