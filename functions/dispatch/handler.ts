import * as z from 'zod';
import type { BatchAnswer } from '../lib/batch.ts';
import { env } from '../lib/env.ts';
import { faultFields, log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import { messageOf, StreamRecord } from './message.ts';

/** Table word -> key prefix -> queues that asked for it: what the specs declare, handed over by the stack. */
const Routes = z.record(z.string(), z.record(z.string(), z.array(z.string())));

const { STREAM_ROUTES } = env({ STREAM_ROUTES: z.string() });
const routes = Routes.parse(JSON.parse(STREAM_ROUTES));
const tables = Object.keys(routes).map((word) => [
  variable(word, 'TABLE'),
  routes[word] ?? {},
]) satisfies readonly (readonly [string, z.infer<typeof Routes>[string]])[];

function variable(word: string, kind: 'TABLE' | 'QUEUE'): string {
  const name = `${word.toUpperCase()}_${kind}`;
  return z.string({ error: `${name} is missing` }).parse(process.env[name]);
}

function queuesFor(record: StreamRecord): readonly string[] {
  const pk = record.dynamodb.Keys.pk.S;
  return tables
    .filter(([table]) => record.eventSourceARN.includes(`:table/${table}/`))
    .flatMap(([, prefixes]) => Object.entries(prefixes))
    .flatMap(([prefix, queues]) => (pk.startsWith(prefix) ? queues : []));
}

/** Messages by queue; records of one batch that say the same are told once. */
function messagesOf(records: readonly StreamRecord[]): ReadonlyMap<string, readonly unknown[]> {
  const told = new Map<string, Set<string>>();
  for (const record of records) {
    const message = messageOf(record);
    if (!message) continue;
    for (const queue of queuesFor(record))
      told.set(queue, (told.get(queue) ?? new Set()).add(JSON.stringify(message)));
  }
  return new Map(
    [...told].map(([queue, texts]) => [queue, [...texts].map((text) => JSON.parse(text))]),
  );
}

/**
 * The one reader of table streams: tells each change to the queues that asked for it. When a queue does not take its messages the whole
 * batch comes again; consumers stand being told twice.
 */
export async function handler(event: {
  readonly Records: readonly unknown[];
}): Promise<BatchAnswer> {
  const records = event.Records.map((record) => StreamRecord.parse(record));
  try {
    for (const [queue, messages] of messagesOf(records))
      await sendAll(variable(queue, 'QUEUE'), messages);
    return { batchItemFailures: [] };
  } catch (fault) {
    log.error('dispatch.failed', { records: records.length, ...faultFields(fault) });
    const first = records[0]?.dynamodb.SequenceNumber ?? '';
    return { batchItemFailures: [{ itemIdentifier: first }] };
  }
}
