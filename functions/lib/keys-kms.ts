import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { KeyWrapper } from './keys-wrap.ts';

/** The client of a function. Imported by name, a bundle holds 28 KB of KMS and loads faster than with all of it (68 KB) loaded late. */
export function kmsClient(): KMSClient {
  return new KMSClient({ maxAttempts: 5 });
}

/** The master key stays in KMS; the name of each wrapped key is its encryption context, which also shows in the trail of KMS. */
export function kmsWrapper(client: KMSClient, keyId: string): KeyWrapper {
  const contextOf = (name: string) => ({ 'bangfu:key': name });
  return {
    make: async (name) => {
      const made = await client.send(
        new GenerateDataKeyCommand({
          KeyId: keyId,
          KeySpec: 'AES_256',
          EncryptionContext: contextOf(name),
        }),
      );
      return { plain: given(made.Plaintext), wrapped: given(made.CiphertextBlob) };
    },
    open: async (name, wrapped) => {
      const opened = await client.send(
        new DecryptCommand({
          KeyId: keyId,
          CiphertextBlob: wrapped,
          EncryptionContext: contextOf(name),
        }),
      );
      return given(opened.Plaintext);
    },
  };
}

function given(bytes: Uint8Array | undefined): Uint8Array {
  if (!bytes) throw new Error('KMS answered without a key');
  return bytes;
}
