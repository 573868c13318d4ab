import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  ResourceNotFoundException,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { LocalError } from './fault.ts';
import { ofType, type Resource } from './resources.ts';

const keySchema = z.array(
  z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
const projection = z.object({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const indexes = z
  .array(z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projection }))
  .optional();

/** What of a table's properties has a meaning on one machine. */
export const tableSchema = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: indexes,
  LocalSecondaryIndexes: indexes,
  StreamSpecification: z
    .object({
      StreamViewType: z.enum(['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY']),
    })
    .optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string().optional(), Enabled: z.stringbool().or(z.boolean()) })
    .optional(),
});
export type TableDefinition = z.infer<typeof tableSchema>;

export interface LocalTable {
  logicalId: string;
  name: string;
  /** ARN of the stream in DynamoDB Local, when the template asks for one */
  streamArn: string | undefined;
  ttlAttribute: string | undefined;
}

/**
 * Creates the tables the templates describe, or brings the indexes of existing ones up to date.
 * @throws LocalError TABLE_CHANGED when a table on disk has other keys than the template
 */
export async function createTables(
  client: DynamoDBClient,
  resources: readonly Resource[],
): Promise<LocalTable[]> {
  const tables = [
    ...ofType(resources, 'AWS::DynamoDB::Table', tableSchema),
    ...ofType(resources, 'AWS::DynamoDB::GlobalTable', tableSchema),
  ];
  return Promise.all(
    tables.map(async ({ logicalId, name, is }) => {
      const found = await describe(client, name);
      const table = found ?? (await createTable(client, name, is));
      if (found !== undefined) await update(client, found, is);
      const ttl = is.TimeToLiveSpecification;
      return {
        logicalId,
        name,
        streamArn: is.StreamSpecification ? table.LatestStreamArn : undefined,
        ttlAttribute: ttl?.Enabled ? ttl.AttributeName : undefined,
      };
    }),
  );
}

/** Creates one table and waits until it can be used. */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  definition: TableDefinition,
): Promise<TableDescription> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    definition;
  const { TableDescription: table } = await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema,
      AttributeDefinitions,
      GlobalSecondaryIndexes,
      LocalSecondaryIndexes,
      StreamSpecification: definition.StreamSpecification && {
        StreamEnabled: true,
        ...definition.StreamSpecification,
      },
    }),
  );
  if (table === undefined) throw new Error(`no description of ${name}`);
  if (table.TableStatus !== 'ACTIVE') {
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: name });
  }
  return table;
}

async function describe(
  client: DynamoDBClient,
  name: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: name }))).Table;
  } catch (fault) {
    if (fault instanceof ResourceNotFoundException) return undefined;
    throw fault;
  }
}

async function update(
  client: DynamoDBClient,
  found: TableDescription,
  wanted: TableDefinition,
): Promise<void> {
  const name = found.TableName ?? '';
  if (keys(found.KeySchema) !== keys(wanted.KeySchema) || streamChanged(found, wanted)) {
    throw new LocalError(
      'TABLE_CHANGED',
      `The table ${name} on disk has another key or stream than the template: start with --fresh.`,
    );
  }
  const indexes = wanted.GlobalSecondaryIndexes ?? [];
  const onDisk = (found.GlobalSecondaryIndexes ?? []).map(fingerprint);
  for (const print of onDisk) {
    if (indexes.map(fingerprint).includes(print)) continue;
    await changeIndex(client, name, { remove: print.split(' ', 1)[0] ?? '' });
  }
  for (const index of indexes) {
    if (onDisk.includes(fingerprint(index))) continue;
    await changeIndex(client, name, { add: index, attributes: wanted.AttributeDefinitions });
  }
}

/** Name, keys and projection: an index that differs in any is made anew. */
function fingerprint(index: GlobalSecondaryIndexDescription): string {
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
  const kept = [ProjectionType, ...NonKeyAttributes.toSorted()].join(',');
  return `${index.IndexName} ${keys(index.KeySchema)} ${kept}`;
}

function keys(schema: TableDescription['KeySchema']): string {
  return (schema ?? []).map((key) => `${key.KeyType}:${key.AttributeName}`).join(',');
}

function streamChanged(found: TableDescription, wanted: TableDefinition): boolean {
  return found.StreamSpecification?.StreamViewType !== wanted.StreamSpecification?.StreamViewType;
}

type IndexChange =
  | { remove: string }
  | {
      add: NonNullable<TableDefinition['GlobalSecondaryIndexes']>[number];
      attributes: TableDefinition['AttributeDefinitions'];
    };

/** One index at a time, as DynamoDB demands, and waits until it is there. */
async function changeIndex(
  client: DynamoDBClient,
  name: string,
  change: IndexChange,
): Promise<void> {
  await client.send(
    new UpdateTableCommand(
      'remove' in change
        ? {
            TableName: name,
            GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: change.remove } }],
          }
        : {
            TableName: name,
            AttributeDefinitions: change.attributes,
            GlobalSecondaryIndexUpdates: [{ Create: change.add }],
          },
    ),
  );
  for (;;) {
    const table = await describe(client, name);
    const busy = table?.GlobalSecondaryIndexes?.some(({ IndexStatus }) => IndexStatus !== 'ACTIVE');
    if (table?.TableStatus === 'ACTIVE' && !busy) return;
    await sleep(100);
  }
}

/**
 * Switches expiry on or off. DynamoDB Local compares with the real clock: while the run's clock lies in the past,
 * items of its present would be deleted at once, so expiry rests then (deleting late is always allowed).
 */
export async function switchExpiry(
  client: DynamoDBClient,
  tables: readonly LocalTable[],
  on: boolean,
): Promise<void> {
  for (const { name, ttlAttribute } of tables) {
    if (ttlAttribute === undefined) continue;
    const now = await client.send(new DescribeTimeToLiveCommand({ TableName: name }));
    if ((now.TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') === on) continue;
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { AttributeName: ttlAttribute, Enabled: on },
      }),
    );
  }
}
