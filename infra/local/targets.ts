import * as z from 'zod';
import type { AsyncInvoker } from './async-invoker.ts';
import { LocalError } from './fault.ts';
import type { Json } from './json.ts';
import type { QueueStore } from './queue-store.ts';
import { nameInArn } from './resources.ts';

/** What a rule or schedule calls. Roles, retries of the delivery and its dead letters need nothing here: it cannot fail. */
export const targetSchema = z.looseObject({ Arn: z.string(), Input: z.string().optional() });
export type Target = z.infer<typeof targetSchema>;

export interface Destinations {
  invoker: AsyncInvoker;
  queues: QueueStore;
}

/**
 * Hands an event to a function or a queue. Resolves when a function has done with it.
 * @throws Error when the function failed for good
 */
export async function sendTo(
  target: Target,
  event: Json,
  { invoker, queues }: Destinations,
): Promise<void> {
  const name = nameInArn(target.Arn);
  if (target.Arn.includes(':sqs:')) {
    queues.send(name, typeof event === 'string' ? event : JSON.stringify(event));
    return;
  }
  if (!target.Arn.includes(':lambda:')) {
    throw new LocalError(
      'TEMPLATE',
      `The local run calls functions and queues, not ${target.Arn}.`,
    );
  }
  const outcome = await invoker.invoke(name, event);
  if (!outcome.ok) throw new Error(`${name} failed: ${outcome.errorType}`);
}
