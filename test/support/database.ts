import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { type TableName, tableNames } from '../../functions/core/spec.ts';
import { useDynamo } from '../../functions/lib/dynamo.ts';

export type Tables = Readonly<Record<TableName, string>>;

/** A client of the run's DynamoDB Local. */
export async function testClient(): Promise<DynamoDBClient> {
  const answer = await fetch(inject('dynamoBroker'));
  const endpoint = await answer.text();
  if (!answer.ok) throw new Error(endpoint);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new DynamoDBClient({ endpoint, region: 'local', credentials });
}

function create(client: DynamoDBClient, name: TableName, TableName: string): Promise<unknown> {
  const sorted = name !== 'identity';
  const attributes = sorted ? ['pk', 'sk'] : ['pk'];
  return client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: attributes.map((key) => ({
        AttributeName: key,
        KeyType: key === 'pk' ? 'HASH' : 'RANGE',
      })),
    }),
  );
}

/**
 * Empty tables of every kind for one test file, in DynamoDB Local: the house's client is pointed there and the environment names them, so
 * handlers imported afterwards find them.
 */
export async function freshTables(): Promise<Tables> {
  const client = await testClient();
  useDynamo(client);
  const mark = crypto.randomUUID().slice(0, 8);
  const nameOf = (name: TableName) => `${name}-${mark}`;
  await Promise.all(tableNames.map((name) => create(client, name, nameOf(name))));
  for (const name of tableNames) process.env[`${name.toUpperCase()}_TABLE`] = nameOf(name);
  // A bucket nobody asks for objects, unless a test has one.
  process.env.BUCKET ??= 'none';
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
}
