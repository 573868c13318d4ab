import * as z from 'zod';
import { LocalError } from './fault.ts';
import type { QueueDefinition } from './queue-store.ts';
import { nameInArn, ofType, type Resource } from './resources.ts';

const queueSchema = z.looseObject({
  VisibilityTimeout: z.coerce.number().default(30),
  DelaySeconds: z.coerce.number().default(0),
  MessageRetentionPeriod: z.coerce.number().default(345_600),
  FifoQueue: z.boolean().optional(),
  RedrivePolicy: z
    .object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() })
    .optional(),
});

/** @throws LocalError TEMPLATE for a FIFO queue, which the local run does not speak */
export function readQueues(resources: readonly Resource[], region: string): QueueDefinition[] {
  return ofType(resources, 'AWS::SQS::Queue', queueSchema).map(({ name, logicalId, is }) => {
    if (is.FifoQueue) {
      throw new LocalError('TEMPLATE', `The local run has no FIFO queues (${logicalId}).`);
    }
    const dead = is.RedrivePolicy;
    return {
      name,
      arn: `arn:aws:sqs:${region}:000000000000:${name}`,
      visibilitySeconds: is.VisibilityTimeout,
      delaySeconds: is.DelaySeconds,
      retentionSeconds: is.MessageRetentionPeriod,
      ...(dead && {
        deadLetter: {
          queue: nameInArn(dead.deadLetterTargetArn),
          maxReceives: dead.maxReceiveCount,
        },
      }),
    };
  });
}
