import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { named, type Settings } from './settings.ts';
import { pascal } from './word.ts';

/** SQS's own key: messages hold codes and ids only, and services may deliver without rights to a key of ours. */
const house = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** Where what failed waits 14 days for a person. */
export function deadQueue(scope: Construct, word: string, settings: Settings): Queue {
  return new Queue(scope, `${pascal(word)}Queue`, {
    ...house,
    queueName: named(settings, word),
    retentionPeriod: Duration.days(14),
  });
}

interface HouseQueueProps {
  readonly word: string;
  readonly settings: Settings;
  readonly deadLetter: Queue;
  /** Six times the consumer's timeout and its window, so that a message is not handed out while it is being worked on. */
  readonly visibilitySeconds: number;
}

/** A queue that tries five times before it gives up. */
export function houseQueue(scope: Construct, props: HouseQueueProps): Queue {
  const { word, settings, deadLetter, visibilitySeconds } = props;
  return new Queue(scope, `${pascal(word)}Queue`, {
    ...house,
    queueName: named(settings, word),
    visibilityTimeout: Duration.seconds(visibilitySeconds),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetter, maxReceiveCount: 5 },
  });
}
