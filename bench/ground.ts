import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { queueNames, type TableName, tableNames } from '../functions/core/spec.ts';
import { useDynamo } from '../functions/lib/dynamo.ts';
import { startDynamo } from '../infra/local/dynamo.ts';
import { Meter } from './meter.ts';

export type Tables = Readonly<Record<TableName, string>>;

/** What the counted figures stand on: DynamoDB Local in memory, a client that counts, and a folder for what must be written down. */
export interface Ground {
  /** Address of the database. */
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  readonly meter: Meter;
  readonly folder: string;
  /** A set of empty tables. */
  tables(): Promise<Tables>;
  drop(tables: Tables): Promise<void>;
  close(): Promise<void>;
}

async function create(client: DynamoDBClient, name: TableName, physical: string): Promise<void> {
  const keys = name === 'identity' ? ['pk'] : ['pk', 'sk'];
  await client.send(
    new CreateTableCommand({
      TableName: physical,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: keys.map((key) => ({
        AttributeName: key,
        KeyType: key === 'pk' ? 'HASH' : 'RANGE',
      })),
    }),
  );
}

/** Starts it and gives the house its counting client. */
export async function openGround(): Promise<Ground> {
  const database = await startDynamo();
  const folder = mkdtempSync(join(tmpdir(), 'bangfu-bench-'));
  const connect = () =>
    new DynamoDBClient({
      endpoint: database.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    });
  const [client, beside] = [connect(), connect()];
  const meter = new Meter(client, beside);
  useDynamo(client);
  let sets = 0;
  return {
    endpoint: database.endpoint,
    client,
    meter,
    folder,
    tables: async () => {
      sets += 1;
      const nameOf = (name: TableName) => `${name}-${sets}`;
      await Promise.all(tableNames.map((name) => create(client, name, nameOf(name))));
      return {
        household: nameOf('household'),
        identity: nameOf('identity'),
        area: nameOf('area'),
        summary: nameOf('summary'),
        list: nameOf('list'),
        job: nameOf('job'),
        access: nameOf('access'),
        case: nameOf('case'),
        target: nameOf('target'),
        pairing: nameOf('pairing'),
        policy: nameOf('policy'),
        care: nameOf('care'),
      };
    },
    drop: async (tables) => {
      for (const TableName of Object.values(tables))
        await client.send(new DeleteTableCommand({ TableName }));
    },
    close: async () => {
      useDynamo(undefined);
      client.destroy();
      beside.destroy();
      rmSync(folder, { recursive: true, force: true });
      await database.stop();
    },
  };
}

/** Names tables, queues and stage in the environment, as the stacks do, for handlers imported afterwards. */
export function nameTables(tables: Tables, folder: string): void {
  for (const [name, table] of Object.entries(tables))
    process.env[`${name.toUpperCase()}_TABLE`] = table;
  for (const queue of queueNames)
    process.env[`${queue.toUpperCase()}_QUEUE`] = `http://127.0.0.1/000000000000/${queue}`;
  process.env.STAGE = 'local';
  process.env.BUCKET ??= 'bench';
  process.env.LOCAL_KEY_FILE = join(folder, 'master');
}
