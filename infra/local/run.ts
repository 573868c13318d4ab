import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { Activity } from './activity.ts';
import { makeApi } from './api.ts';
import { expectedIssuer, readApi } from './api-definition.ts';
import { readAssembly } from './assembly.ts';
import { startDynamo } from './dynamo.ts';
import { LocalError } from './fault.ts';
import { localCredentials, startFunctions } from './functions.ts';
import { keyFile, openIssuer, type TokenClaims } from './issuer.ts';
import { listen } from './listen.ts';
import { openClock } from './local-clock.ts';
import { type LogLine, Logs } from './logs.ts';
import { readMappings } from './mapping.ts';
import { QueueMapping } from './queue-mapping.ts';
import { QueueStore } from './queue-store.ts';
import { readQueues } from './queues.ts';
import { readResources } from './resources.ts';
import { makeSqs } from './sqs-server.ts';
import { openState } from './state.ts';
import { StreamMapping } from './stream-mapping.ts';
import { createTables, switchExpiry } from './tables.ts';

export interface LocalOptions {
  /** folder of the cloud assembly */
  assembly: string;
  /** folder that keeps everything between runs */
  dataDir: string;
  /** port of the HTTP API; 0 (the default) takes any free one */
  port?: number;
  /** ISO day or instant the clock starts at */
  now?: string;
  /** receives every captured line */
  log?: (line: string) => void;
  /** answers what no route of the API answers; says whether it did */
  page?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface LocalRun {
  url: string;
  token(claims: TokenClaims): Promise<string>;
  idle(timeoutMs?: number): Promise<void>;
  logs(): LogLine[];
  stop(): Promise<void>;
}

export async function startLocal(options: LocalOptions): Promise<LocalRun> {
  // Lambda runs in UTC, and a worker thread shares the time zone of its process.
  process.env.TZ = 'UTC';
  const { dataDir } = options;
  const assembly = readAssembly(options.assembly);
  const region = assembly.stacks[0]?.region ?? 'us-east-1';
  const logs = new Logs(options.log);
  const state = openState(dataDir);
  const complain = (text: string): void => logs.add('local', text);
  const api = await listen(options.port ?? 0, complain);
  const sqs = await listen(0, complain);
  const resources = readResources(assembly, { api: api.url, sqs: sqs.url });
  const dynamo = await startDynamo({ dataDir: join(dataDir, 'dynamodb') });
  const config = { endpoint: dynamo.endpoint, region, credentials: localCredentials };
  const client = new DynamoDBClient(config);
  const streams = new DynamoDBStreamsClient(config);
  const clock = openClock(state, options.now);
  const tables = await createTables(client, resources);
  await switchExpiry(client, tables, clock.offsetMs() > -60_000);

  const activity = new Activity();
  const queues = new QueueStore(state);
  for (const queue of readQueues(resources, region)) queues.definitions.set(queue.name, queue);
  sqs.serve(makeSqs(queues, () => sqs.url));

  const functions = startFunctions(resources, {
    assets: assembly.assets,
    region,
    logs,
    clockOffset: clock.offsetMs,
    activity: (by) => activity.change(by),
    env: { AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint, AWS_ENDPOINT_URL_SQS: sqs.url },
    localEnv: { LOCAL_KEY_FILE: keyFile(dataDir) },
  });
  const mappings = readMappings(resources, functions).map((mapping) => {
    if (mapping.source.kind === 'queue') {
      return new QueueMapping(mapping, queues, { activity, region });
    }
    const streamArn = tables.find(({ name }) => name === mapping.source.name)?.streamArn;
    if (streamArn === undefined) {
      throw new LocalError('TEMPLATE', `${mapping.id} reads a stream that no table has.`);
    }
    return new StreamMapping(mapping, {
      client: streams,
      streamArn,
      region,
      state,
      queues,
      activity,
      logs,
    });
  });
  const issuer = await openIssuer(dataDir, expectedIssuer(resources));
  api.serve(
    makeApi(readApi(resources, functions, issuer), {
      issuer,
      url: api.url,
      logs,
      now: clock.now,
      page: options.page,
    }),
  );
  for (const mapping of mappings) mapping.start();
  return {
    url: api.url,
    token: issuer.token,
    idle: (timeoutMs = 30_000) => activity.idle(timeoutMs),
    logs: () => logs.all(),
    stop: async () => {
      await api.close();
      await Promise.all(mappings.map((mapping) => mapping.stop()));
      await Promise.all([...functions.values()].map((fn) => fn.stop()));
      await sqs.close();
      await dynamo.stop();
      state.close();
    },
  };
}
