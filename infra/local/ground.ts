import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readAssembly } from './assembly.ts';
import { indexStreams, startDynamo } from './dynamo.ts';
import { localCredentials } from './functions.ts';
import { type Listener, listen } from './listen.ts';
import { type LocalClock, openClock } from './local-clock.ts';
import { Logs } from './logs.ts';
import { type Resource, readResources } from './resources.ts';
import type { LocalOptions } from './run.ts';
import { openState, type State } from './state.ts';
import { createTables, type LocalTable, switchExpiry } from './tables.ts';

/** What everything else stands on: the templates read, servers listening, tables there. */
export interface Ground {
  dataDir: string;
  resources: readonly Resource[];
  assets: ReadonlyMap<string, string>;
  region: string;
  credentials: typeof localCredentials;
  logs: Logs;
  state: State;
  clock: LocalClock;
  api: Listener;
  sqs: Listener;
  s3: Listener;
  dynamodb: string;
  tables: readonly LocalTable[];
  /** Lets DynamoDB Local expire items, or not, as the clock allows. */
  fitExpiry: () => Promise<void>;
}

/** What ends the parts of a run, in the order they were started. */
export type Stops = (() => Promise<void> | void)[];

/** Ends the parts in reverse order; one that fails does not keep the others alive. */
export async function stopAll(stops: Stops): Promise<void> {
  const faults: unknown[] = [];
  for (const stop of stops.splice(0).toReversed()) {
    try {
      await stop();
    } catch (fault) {
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw new AggregateError(faults, 'the local run did not end cleanly');
}

export async function layGround(options: LocalOptions, stops: Stops): Promise<Ground> {
  const { dataDir } = options;
  const assembly = readAssembly(options.assembly);
  const region = assembly.stacks[0]?.region ?? 'us-east-1';
  const logs = new Logs(options.log);
  const server = async (port: number): Promise<Listener> => {
    const listener = await listen(port, (text) => logs.add('local', text));
    stops.push(() => listener.close());
    return listener;
  };
  const api = await server(options.port ?? 0);
  const [sqs, s3] = [await server(0), await server(0)];
  const resources = readResources(assembly, { api: api.url, sqs: sqs.url });
  const state = openState(dataDir);
  stops.push(() => state.close());
  const clock = openClock(state, options.now);

  const store = join(dataDir, 'dynamodb');
  const dynamo = await startDynamo({ dataDir: store });
  stops.push(() => dynamo.stop());
  const credentials = localCredentials;
  const client = new DynamoDBClient({ endpoint: dynamo.endpoint, region, credentials });
  stops.push(() => client.destroy());
  const tables = await createTables(client, resources);
  indexStreams(store);
  const fitExpiry = (): Promise<void> => switchExpiry(client, tables, clock.offsetMs() > -60_000);
  await fitExpiry();
  return {
    dataDir,
    resources,
    assets: assembly.assets,
    region,
    credentials,
    logs,
    state,
    clock,
    api,
    sqs,
    s3,
    dynamodb: dynamo.endpoint,
    tables,
    fitExpiry,
  };
}
