import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { useQueues } from '../../functions/lib/queue.ts';
import { listen } from '../../infra/local/listen.ts';
import { QueueStore } from '../../infra/local/queue-store.ts';
import { makeSqs } from '../../infra/local/sqs-server.ts';
import { openState } from '../../infra/local/state.ts';

export interface TestQueue {
  /** For the environment of functions. */
  readonly url: string;
  /** Takes a message, as a consumer's batch of one; undefined when none is left. It is done unless it is put back. */
  take():
    | { readonly Records: readonly { readonly messageId: string; readonly body: string }[] }
    | undefined;
  put(body: string): void;
  /** Messages that are held back for a time. */
  delayed(): number;
  /** Lets that time pass. */
  hurry(): void;
  close(): Promise<void>;
}

/** One queue of the local run, reached by the real client. */
export async function startQueue(name: string): Promise<TestQueue> {
  const state = openState(mkdtempSync(join(tmpdir(), 'queue-')));
  const store = new QueueStore(state);
  const arn = `arn:aws:sqs:local:000000000000:${name}`;
  store.definitions.set(name, {
    name,
    arn,
    visibilitySeconds: 30,
    delaySeconds: 0,
    retentionSeconds: 3600,
  });
  const listener = await listen(0, (text) => {
    throw new Error(text);
  });
  listener.serve(makeSqs(store, () => listener.url));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  useQueues(new SQSClient({ endpoint: listener.url, region: 'local', credentials }));
  return {
    url: `${listener.url}/000000000000/${name}`,
    take: () => {
      const [message] = store.receive(name, 1);
      if (!message) return undefined;
      store.remove(name, message.receipt);
      return { Records: [{ messageId: message.id, body: message.body }] };
    },
    put: (body) => {
      store.send(name, body);
    },
    delayed: () => store.counts(name).delayed,
    hurry: () => store.reveal(name),
    close: async () => {
      await listener.close();
      state.close();
    },
  };
}
