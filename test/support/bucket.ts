import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { useStore } from '../../functions/lib/objects.ts';
import { listen } from '../../infra/local/listen.ts';
import { ObjectStore } from '../../infra/local/object-store.ts';
import { makeS3, type ObjectCreated } from '../../infra/local/s3-server.ts';
import { openState } from '../../infra/local/state.ts';

export interface TestBucket {
  readonly bucket: string;
  readonly client: S3Client;
  /** Address of the store. */
  readonly url: string;
  /** Objects created so far. */
  readonly created: readonly ObjectCreated[];
  close(): Promise<void>;
}

/** An empty bucket in the local run's object store; the house's client is pointed there. */
export async function freshBucket(): Promise<TestBucket> {
  const folder = mkdtempSync(join(tmpdir(), 'bangfu-bucket-'));
  const state = openState(folder);
  const faults: string[] = [];
  const server = await listen(0, (text) => faults.push(text));
  const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
  const created: ObjectCreated[] = [];
  const bucket = { name: 'county', cors: [], announces: true };
  server.serve(
    makeS3({
      buckets: new Map([[bucket.name, bucket]]),
      store: new ObjectStore(folder, state),
      credentials,
      announce: (event) => created.push(event),
    }),
  );
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: server.url,
    credentials,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  useStore(client);
  process.env.BUCKET = bucket.name;
  return {
    bucket: bucket.name,
    client,
    url: server.url,
    created,
    close: async () => {
      client.destroy();
      await server.close();
      state.close();
      rmSync(folder, { recursive: true, force: true });
      if (faults.length > 0) throw new Error(faults.join('; '));
    },
  };
}
