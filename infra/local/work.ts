import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { Activity } from './activity.ts';
import { AsyncInvoker } from './async-invoker.ts';
import { readBuckets } from './buckets.ts';
import { EventBus } from './event-bus.ts';
import { LocalError } from './fault.ts';
import { type LocalFunction, startFunctions } from './functions.ts';
import type { Ground, Stops } from './ground.ts';
import { keyFile } from './issuer.ts';
import { type Mapping, readMappings } from './mapping.ts';
import { ObjectStore } from './object-store.ts';
import { QueueMapping } from './queue-mapping.ts';
import { QueueStore } from './queue-store.ts';
import { readQueues } from './queues.ts';
import { makeS3 } from './s3-server.ts';
import { Scheduler } from './scheduler.ts';
import { makeSqs } from './sqs-server.ts';
import { StreamMapping } from './stream-mapping.ts';

/** Everything that moves: functions and what calls them. */
export interface Work {
  activity: Activity;
  queues: QueueStore;
  functions: ReadonlyMap<string, LocalFunction>;
  invoker: AsyncInvoker;
  scheduler: Scheduler;
  streams: readonly StreamMapping[];
  consumers: readonly QueueMapping[];
  /** Starts reading streams and queues and watching the clock. */
  begin: () => void;
}

/** Makes the parts from the templates; nothing is called before `begin`. */
export function startWork(ground: Ground, stops: Stops): Work {
  const { resources, region, logs, clock, sqs } = ground;
  const activity = new Activity();
  const queues = new QueueStore(ground.state);
  for (const queue of readQueues(resources, region)) queues.definitions.set(queue.name, queue);
  sqs.serve(makeSqs(queues, () => sqs.url));

  const functions = startFunctions(resources, {
    assets: ground.assets,
    region,
    logs,
    clockOffset: clock.offsetMs,
    activity: (by) => activity.change(by),
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: ground.dynamodb,
      AWS_ENDPOINT_URL_S3: ground.s3.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
    },
    localEnv: { LOCAL_KEY_FILE: keyFile(ground.dataDir) },
  });
  const invoker = new AsyncInvoker(resources, functions, { store: queues, activity });
  const bus = new EventBus(resources, { invoker, queues }, region);
  ground.s3.serve(
    makeS3({
      buckets: readBuckets(resources),
      store: new ObjectStore(ground.dataDir, ground.state),
      credentials: ground.credentials,
      announce: (object) => bus.objectCreated(object, clock.now()),
    }),
  );
  const mappings = readMappings(resources, functions);
  const consumers = mappings
    .filter(({ source }) => source.kind === 'queue')
    .map((mapping) => new QueueMapping(mapping, queues, { activity, region }));
  const streams = readStreams(mappings, { ground, queues, activity }, stops);
  stops.push(async () => {
    // No more is taken up, then the workers end, and with them what was under way: it is delivered again next time.
    const ended = endAll([invoker, ...consumers, ...streams]);
    await endAll(functions.values());
    await ended;
  });
  const moved = ground.fitExpiry;
  const scheduler = new Scheduler(resources, { invoker, queues, clock, activity, logs, moved });
  stops.push(() => scheduler.stop());
  const begin = (): void => {
    for (const part of [invoker, ...consumers, ...streams, scheduler]) part.start();
  };
  return { activity, queues, functions, invoker, scheduler, streams, consumers, begin };
}

function readStreams(
  mappings: readonly Mapping[],
  parts: { ground: Ground; queues: QueueStore; activity: Activity },
  stops: Stops,
): StreamMapping[] {
  const { ground, queues, activity } = parts;
  const { region, credentials, state, logs, tables } = ground;
  const client = new DynamoDBStreamsClient({ endpoint: ground.dynamodb, region, credentials });
  stops.push(() => client.destroy());
  return mappings
    .filter(({ source }) => source.kind === 'stream')
    .map((mapping) => {
      const streamArn = tables.find(({ name }) => name === mapping.source.name)?.streamArn;
      if (streamArn === undefined) {
        throw new LocalError('TEMPLATE', `${mapping.id} reads a stream that no table has.`);
      }
      const around = { client, streamArn, region, state, queues, activity, logs };
      return new StreamMapping(mapping, around);
    });
}

async function endAll(parts: Iterable<{ stop(): Promise<void> }>): Promise<void> {
  await Promise.all([...parts].map((part) => part.stop()));
}
