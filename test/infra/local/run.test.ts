import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type LocalRun, startLocal } from '../../../infra/local/run.ts';
import { dataDir, httpApi, lambda, writeAssembly } from './fixture/assembly.ts';

const note = `
import { DynamoDBClient, PutItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export async function handler(event) {
  const id = event.pathParameters.id;
  if (event.routeKey.startsWith('PUT')) {
    await client.send(new PutItemCommand({ TableName: process.env.NOTE_TABLE, Item: { pk: { S: id }, text: { S: event.body } } }));
    return { statusCode: 204 };
  }
  const { Item } = await client.send(new GetItemCommand({ TableName: process.env.NOTE_TABLE, Key: { pk: { S: id } }, ConsistentRead: true }));
  return { id, text: Item?.text.S, seen: Item?.seen?.S, claims: event.requestContext.authorizer?.jwt.claims };
}`;

const dispatch = `
import { SQSClient, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
const client = new SQSClient({});
export async function handler(event) {
  await client.send(new SendMessageBatchCommand({ QueueUrl: process.env.SEEN_QUEUE, Entries: event.Records.map((record, index) => (
    { Id: String(index), MessageBody: JSON.stringify({ pk: record.dynamodb.Keys.pk.S, kind: record.eventName }) })) }));
}`;

const mark = `
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
const client = new DynamoDBClient({});
export async function handler(event) {
  for (const { body } of event.Records) {
    const { pk } = JSON.parse(body);
    console.log('marking');
    await client.send(new UpdateItemCommand({ TableName: process.env.NOTE_TABLE, Key: { pk: { S: pk } },
      UpdateExpression: 'SET seen = :yes', ExpressionAttributeValues: { ':yes': { S: 'yes' } } }));
  }
}`;

const table = { 'Fn::ImportValue': 'Data:Note' };

/** Two stacks: a table with its stream, and an API, a dispatcher and a queue consumer that refer to it. */
function assembly(): string {
  return writeAssembly(
    {
      Data: {
        resources: {
          Note: {
            Type: 'AWS::DynamoDB::Table',
            Properties: {
              KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
              AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
              StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
              TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
              BillingMode: 'PAY_PER_REQUEST',
            },
          },
          Key: { Type: 'AWS::KMS::Key', Properties: {} },
        },
        exports: {
          'Data:Note': { Ref: 'Note' },
          'Data:NoteStream': { 'Fn::GetAtt': ['Note', 'StreamArn'] },
        },
      },
      Api: {
        resources: {
          ...httpApi({
            'GET /notes/{id}': { fn: 'Notes' },
            'PUT /notes/{id}': { fn: 'Notes' },
            'GET /open/{id}': { fn: 'Notes', open: true },
          }),
          Notes: lambda('note', { Timeout: 10, Environment: { Variables: { NOTE_TABLE: table } } }),
          Seen: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } },
          Dispatch: lambda('dispatch', {
            Timeout: 10,
            Environment: { Variables: { SEEN_QUEUE: { Ref: 'Seen' } } },
          }),
          Mark: lambda('mark', { Timeout: 10, Environment: { Variables: { NOTE_TABLE: table } } }),
          DispatchMapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: { 'Fn::ImportValue': 'Data:NoteStream' },
              FunctionName: { Ref: 'Dispatch' },
              StartingPosition: 'TRIM_HORIZON',
              BatchSize: 10,
              FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
            },
          },
          MarkMapping: {
            Type: 'AWS::Lambda::EventSourceMapping',
            Properties: {
              EventSourceArn: { 'Fn::GetAtt': ['Seen', 'Arn'] },
              FunctionName: { 'Fn::GetAtt': ['Mark', 'Arn'] },
            },
          },
        },
      },
    },
    { note, dispatch, mark },
  );
}

describe('a county in two stacks', () => {
  const folder = dataDir();
  let run: LocalRun;
  const call = async (method: string, path: string, body?: string): Promise<Response> =>
    fetch(run.url + path, {
      method,
      headers: { authorization: `Bearer ${await run.token({ role: 'office', areas: '350122' })}` },
      ...(body === undefined ? {} : { body }),
    });
  beforeAll(async () => {
    run = await startLocal({ assembly: assembly(), dataDir: folder });
  });
  afterAll(() => run.stop());

  test('a write goes through route, function, table, stream, dispatcher, queue and consumer', async () => {
    expect((await call('PUT', '/notes/a', 'hello')).status).toBe(204);
    await run.idle();
    expect(await (await call('GET', '/notes/a')).json()).toMatchObject({
      id: 'a',
      text: 'hello',
      seen: 'yes',
    });
    // The filter lets inserts through alone, so the consumer's own change did not come round again.
    expect(run.logs().filter(({ line }) => line === 'marking')).toHaveLength(1);
  });

  test('claims reach the function as text', async () => {
    const answer = await (await call('GET', '/notes/a')).json();
    const { claims } = z.object({ claims: z.record(z.string(), z.string()) }).parse(answer);
    expect(claims).toMatchObject({
      role: 'office',
      areas: '350122',
      iss: 'https://issuer.test.invalid/',
    });
    expect(claims.exp).toMatch(/^\d+$/);
  });

  test('a route with an authorizer refuses a call without a token, an open one does not', async () => {
    const closed = await fetch(`${run.url}/notes/a`);
    expect([closed.status, await closed.json()]).toEqual([401, { message: 'Unauthorized' }]);
    expect((await fetch(`${run.url}/open/a`)).status).toBe(200);
    const nowhere = await fetch(`${run.url}/nowhere`);
    expect([nowhere.status, await nowhere.json()]).toEqual([404, { message: 'Not Found' }]);
  });

  test('what was written is there after a restart, and the stream goes on where it was', async () => {
    await run.stop();
    run = await startLocal({ assembly: assembly(), dataDir: folder });
    expect(await (await call('GET', '/notes/a')).json()).toMatchObject({
      text: 'hello',
      seen: 'yes',
    });
    await call('PUT', '/notes/b', 'again');
    await run.idle();
    expect(await (await call('GET', '/notes/b')).json()).toMatchObject({ seen: 'yes' });
    expect(run.logs().filter(({ line }) => line === 'marking')).toHaveLength(1);
  });
});
