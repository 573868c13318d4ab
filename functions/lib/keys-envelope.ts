import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * A sealed record: algorithm id (1 byte), shape version of what is inside (1), length of the key's name (1), the name, nonce (12),
 * ciphertext, tag (16). Record id and shape version are authenticated with it, never a place, so a record may move but not be swapped.
 */
const AES_256_GCM = 1;
const NONCE = 12;
const TAG = 16;
const HEAD = 3;

export interface Sealing {
  readonly key: Uint8Array;
  readonly keyName: string;
  readonly record: string;
  readonly shape: number;
}

function boundTo(record: string, shape: number): Buffer {
  return Buffer.from(`${record}\n${shape}`, 'utf8');
}

export function sealEnvelope(about: Sealing, plain: Uint8Array): Uint8Array {
  const name = Buffer.from(about.keyName, 'ascii');
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', about.key, nonce);
  cipher.setAAD(boundTo(about.record, about.shape));
  const sealed = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([
    Buffer.from([AES_256_GCM, about.shape, name.length]),
    name,
    nonce,
    ...sealed,
  ]);
}

/** The name of the key a record is sealed under. */
export function keyNameOf(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(HEAD, HEAD + (sealed[2] ?? 0))).toString('ascii');
}

/** Opens a record; bytes that were changed, cut or belong to another record are a fault. */
export function openEnvelope(
  about: Pick<Sealing, 'key' | 'record'>,
  sealed: Uint8Array,
): Uint8Array {
  const [algorithm, shape = 0, length = 0] = sealed;
  if (algorithm !== AES_256_GCM) throw new Error(`unknown algorithm ${algorithm}`);
  const start = HEAD + length;
  const nonce = sealed.subarray(start, start + NONCE);
  const text = sealed.subarray(start + NONCE, sealed.length - TAG);
  const decipher = createDecipheriv('aes-256-gcm', about.key, nonce, { authTagLength: TAG });
  decipher.setAAD(boundTo(about.record, shape));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(text), decipher.final()]);
}
