import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';

const Asked = z.object({
  KeyId: z.string(),
  KeySpec: z.string().optional(),
  CiphertextBlob: z.base64().optional(),
  EncryptionContext: z.record(z.string(), z.string()),
});
type Asked = z.infer<typeof Asked>;

/** What the vendor's service does with data keys, over its own wire format: enough to hold the real client against. */
export interface SmallKms {
  readonly client: KMSClient;
  readonly calls: string[];
  /** The next call of that name fails like a service that is busy. */
  busy: string | undefined;
  close(): void;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString('utf8');
}

function encrypt(master: Buffer, asked: Asked, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', master, nonce);
  cipher.setAAD(Buffer.from(JSON.stringify(asked.EncryptionContext)));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(master: Buffer, asked: Asked): Buffer {
  const blob = Buffer.from(asked.CiphertextBlob ?? '', 'base64');
  const decipher = createDecipheriv('aes-256-gcm', master, blob.subarray(0, 12));
  decipher.setAAD(Buffer.from(JSON.stringify(asked.EncryptionContext)));
  decipher.setAuthTag(blob.subarray(-16));
  return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
}

function answerTo(call: string, asked: Asked, master: Buffer): object {
  if (call === 'TrentService.GenerateDataKey') {
    const plain = randomBytes(asked.KeySpec === 'AES_256' ? 32 : 16);
    return {
      KeyId: asked.KeyId,
      Plaintext: plain.toString('base64'),
      CiphertextBlob: encrypt(master, asked, plain).toString('base64'),
    };
  }
  return { KeyId: asked.KeyId, Plaintext: decrypt(master, asked).toString('base64') };
}

export async function smallKms(): Promise<SmallKms> {
  const master = randomBytes(32);
  const calls: string[] = [];
  const state: { busy: string | undefined } = { busy: undefined };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = String(request.headers['x-amz-target']);
    calls.push(call);
    const asked = Asked.parse(JSON.parse(await textOf(request)));
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (state.busy !== undefined && call.endsWith(state.busy)) {
      state.busy = undefined;
      response.writeHead(400).end(JSON.stringify({ __type: 'ThrottlingException' }));
      return;
    }
    try {
      response.end(JSON.stringify(answerTo(call, asked, master)));
    } catch {
      response.writeHead(400).end(JSON.stringify({ __type: 'InvalidCiphertextException' }));
    }
  };
  const server: Server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const client = new KMSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'local',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client,
    calls,
    get busy() {
      return state.busy;
    },
    set busy(call) {
      state.busy = call;
    },
    close: () => {
      client.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}
