import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
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

/** Sends every message (as JSON), ten a call; those the service did not take are sent again. */
export async function sendAll(queueUrl: string, messages: readonly unknown[]): Promise<void> {
  const bodies = messages.map((message) => JSON.stringify(message));
  const batches: string[][] = [];
  for (let at = 0; at < bodies.length; at += BATCH) batches.push(bodies.slice(at, at + BATCH));
  await inLanes(batches, LANES, (batch) => sendBatch(queueUrl, batch));
}

async function sendBatch(queueUrl: string, bodies: readonly string[]): Promise<void> {
  let waiting = bodies.map((body, index) => ({ Id: String(index), MessageBody: body }));
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
