import * as z from 'zod';
import { faultFields, log } from './log.ts';

/** A batch of a queue, as Lambda hands it over. */
export const QueueBatch = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});
export type QueueBatch = z.infer<typeof QueueBatch>;

/** What came of a batch: these are handed out again, the others are done. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface Collapsing<Task> {
  /** What a message asks for; throws for a body nobody can read. */
  readonly read: (body: unknown) => Task;
  /** Messages with the same key ask for the same work, which is done once. */
  readonly keyOf: (task: Task) => string;
  /** What two tasks of the same key ask for together; the first says it all unless told. */
  readonly join?: (one: Task, other: Task) => Task;
  readonly work: (task: Task) => Promise<void>;
  /** Tasks under way at once. */
  readonly lanes: number;
}

function parse(body: string): unknown {
  return JSON.parse(body);
}

/** What the messages of a batch say, as far as it can be read: for what is looked up for all of them together. */
export function bodiesOf({ Records }: QueueBatch): readonly unknown[] {
  return Records.flatMap(({ body }) => {
    try {
      return [parse(body)];
    } catch {
      return [];
    }
  });
}

/**
 * Works through a batch, equal tasks once. A message whose task failed is handed out again, alone with those that asked for the same; a
 * message nobody can read ends in the dead-letter queue in the same way.
 */
export async function collapse<Task>(
  batch: QueueBatch,
  { read, keyOf, join = (one) => one, work, lanes }: Collapsing<Task>,
): Promise<BatchAnswer> {
  const failed: string[] = [];
  const waiting = new Map<string, { readonly task: Task; readonly messages: string[] }>();
  for (const { messageId, body } of batch.Records) {
    try {
      const task = read(parse(body));
      const key = keyOf(task);
      const same = waiting.get(key);
      const messages = [...(same?.messages ?? []), messageId];
      waiting.set(key, { task: same ? join(same.task, task) : task, messages });
    } catch (fault) {
      log.error('message.unreadable', { messageId, ...faultFields(fault) });
      failed.push(messageId);
    }
  }
  const tasks = [...waiting.values()];
  const lane = async (): Promise<void> => {
    for (let next = tasks.shift(); next; next = tasks.shift()) {
      try {
        await work(next.task);
      } catch (fault) {
        log.error('message.failed', { messages: next.messages.length, ...faultFields(fault) });
        failed.push(...next.messages);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
