import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { inLanes } from './lanes.ts';

let shared: SQSClient | undefined;

/** The one client of a function. */
export function queues(): SQSClient {
  shared ??= new SQSClient({ maxAttempts: 6 });
  return shared;
}

/** Lets a test give the client. */
export function useQueues(client: SQSClient | undefined): void {
  shared = client;
}

/** Messages of one call; the service takes at most ten and 256 KB. */
const BATCH = 10;
const TRIES = 5;
/** Calls under way at once. */
const LANES = 8;

/**
 * Sends every message (as JSON), ten a call; those the service did not take are sent again.
 * @param delaySeconds nobody is handed them before, 0 to 900
 */
export async function sendAll(
  queueUrl: string,
  messages: readonly unknown[],
  delaySeconds = 0,
): Promise<void> {
  const entries = messages.map((message, index) => ({
    Id: String(index % BATCH),
    MessageBody: JSON.stringify(message),
    ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
  }));
  const batches: SendMessageBatchRequestEntry[][] = [];
  for (let at = 0; at < entries.length; at += BATCH) batches.push(entries.slice(at, at + BATCH));
  await inLanes(batches, LANES, (batch) => sendBatch(queueUrl, batch));
}

async function sendBatch(
  queueUrl: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<void> {
  let waiting = [...entries];
  for (let turn = 0; waiting.length > 0; turn += 1) {
    if (turn === TRIES) throw new Error('queue refused messages');
    if (turn > 0) await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** turn));
    const answer = await queues().send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: waiting }),
    );
    const failed = new Set((answer.Failed ?? []).map((entry) => entry.Id));
    waiting = waiting.filter((entry) => failed.has(entry.Id));
  }
}
