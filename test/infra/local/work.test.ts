import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LocalRun, startLocal } from '../../../infra/local/run.ts';
import { dataDir, lambda, type Resources, writeAssembly } from './fixture/assembly.ts';

/** Writes one line per event, and fails where an item says so. */
const reader = `
export async function handler(event) {
  const records = event.Records.map((record) => ({ id: record.dynamodb.SequenceNumber, pk: record.dynamodb.Keys.pk.S }));
  console.log(JSON.stringify({ batch: records.map(({ pk }) => pk) }));
  const bad = records.filter(({ pk }) => pk.startsWith('poison'));
  if (bad.length > 0) throw new Error('poison');
}`;

const partial = `
export async function handler(event) {
  console.log(JSON.stringify({ messages: event.Records.map(({ body }) => body) }));
  const failed = event.Records.filter(({ body, attributes }) => body === 'fail' || (body === 'once' && attributes.ApproximateReceiveCount === '1'));
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}`;

const listener = `
export async function handler(event) {
  console.log(JSON.stringify({ event, clock: new Date(Date.now() + Number(process.env.CLOCK_OFFSET_MS)).toISOString().slice(0, 16) }));
  if (event.fail || event.detail?.object.key.includes('broken')) throw new Error('cannot');
}`;

const queue = (more: object = {}): Resources[string] => ({
  Type: 'AWS::SQS::Queue',
  Properties: more,
});
const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });
const schedule = (ScheduleExpression: string, Input: object): Resources[string] => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression,
    ScheduleExpressionTimezone: 'Asia/Shanghai',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: arn('Listener'), RoleArn: 'role', Input: JSON.stringify(Input) },
  },
});
const local = { Timeout: 10, Environment: { Variables: { STAGE: 'local' } } };

const resources: Resources = {
  Book: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
    },
  },
  Reader: lambda('reader', local),
  Passed: queue(),
  Reading: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': ['Book', 'StreamArn'] },
      FunctionName: { Ref: 'Reader' },
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 4,
      MaximumBatchingWindowInSeconds: 1,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: arn('Passed') } },
    },
  },
  Dead: queue(),
  Mail: queue({
    VisibilityTimeout: 300,
    RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 2 },
  }),
  Partial: lambda('partial', local),
  Posting: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      EventSourceArn: arn('Mail'),
      FunctionName: arn('Partial'),
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
      FilterCriteria: { Filters: [{ Pattern: '{"body":[{"anything-but":{"prefix":"skip"}}]}' }] },
    },
  },
  Shelf: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
    },
  },
  Listener: lambda('listener', local),
  Failed: queue(),
  ListenerAsync: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: 'Listener' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: arn('Failed') } },
    },
  },
  Arrived: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [{ Ref: 'Shelf' }] }, object: { key: [{ prefix: 'in/' }] } },
      },
      Targets: [{ Arn: arn('Listener'), Id: 'T' }],
    },
  },
  NightlyRecount: schedule('cron(30 2 * * ? *)', { job: 'recount' }),
  WeeklyReport: schedule('cron(0 6 ? * MON *)', { job: 'report' }),
};

const folder = dataDir();
let run: LocalRun;
let from = 0;

beforeAll(async () => {
  const assembly = writeAssembly({ S: { resources } }, { reader, partial, listener });
  run = await startLocal({ assembly, dataDir: folder, now: '2017-10-20' });
});
afterAll(() => run.stop());
beforeEach(() => {
  from = run.logs().length;
  run.faults.stream(undefined);
  run.faults.queue(undefined);
});

/** What a function wrote during this test. */
function said(fn: string): Record<string, unknown>[] {
  const lines = run.logs().slice(from);
  return lines
    .filter(
      ({ source, line }) => source === fn && line.startsWith('{"') && !line.includes('errorType'),
    )
    .map(({ line }) => JSON.parse(line));
}

const config = () => {
  const { region, credentials } = run.resources;
  return { region, credentials };
};

async function write(...keys: string[]): Promise<void> {
  const client = new DynamoDBClient({ ...config(), endpoint: run.resources.endpoints.dynamodb });
  for (const pk of keys) {
    const TableName = run.resources.table('Book');
    await client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk } } }));
  }
}

async function store(Key: string): Promise<void> {
  const endpoint = run.resources.endpoints.s3;
  const Bucket = run.resources.bucket('Shelf');
  await new S3Client({ ...config(), endpoint }).send(
    new PutObjectCommand({ Bucket, Key, Body: 'x' }),
  );
}

function sqs(): SQSClient {
  return new SQSClient({ ...config(), endpoint: run.resources.endpoints.sqs });
}
const address = (part: string): string =>
  `${run.resources.endpoints.sqs}/000000000000/${run.resources.queue(part)}`;

async function post(...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) {
    await sqs().send(new SendMessageCommand({ QueueUrl: address('Mail'), MessageBody }));
  }
}

async function letters(part: string): Promise<string[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: address(part),
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 300,
  });
  return ((await sqs().send(command)).Messages ?? []).map(({ Body = '' }) => Body);
}

const taken = () => said('Partial').flatMap(({ messages }) => messages);

/** What the function was told so far, and what still lies in its queue. */
async function mail() {
  const command = new GetQueueAttributesCommand({
    QueueUrl: address('Mail'),
    AttributeNames: ['All'],
  });
  const { Attributes = {} } = await sqs().send(command);
  return {
    taken: taken().length,
    visible: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

const batches = () => said('Reader').map(({ batch }) => String(batch));

test('stream records come in order and in batches', async () => {
  await write('a', 'b', 'c', 'd', 'e', 'f');
  await run.idle();
  expect(batches().join(';').replaceAll(';', ',')).toBe('a,b,c,d,e,f');
  expect(batches()[0]).toBe('a,b,c,d');
});

test('a poisoned record is cut out by halves, retried, and reported; the others are taken', async () => {
  await write('g', 'h', 'poison', 'i');
  await run.idle();
  expect(batches()).toEqual(['g,h,poison,i', 'g,h', 'poison,i', 'poison', 'poison', 'i']);
  const [report = '{}'] = await letters('Passed');
  expect(JSON.parse(report)).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: { batchSize: 1 },
  });
});

test('records can be doubled, turned round and lost on demand, and the stream replayed', async () => {
  run.faults.stream((records) => [...records, ...records].toReversed());
  await write('k', 'l');
  await run.idle();
  expect(batches().join()).toBe('l,k,l,k');
  run.faults.stream(() => []);
  await write('lost');
  await run.idle();
  expect(batches()).toHaveLength(1);
  run.faults.stream(undefined);
  await run.faults.replay('Book');
  await run.idle();
  const replayed = batches().slice(1).join().split(',');
  expect(new Set(replayed)).toEqual(new Set('a,b,c,d,e,f,g,h,poison,i,k,l,lost'.split(',')));
  await letters('Passed');
});

test('a worker killed in the middle gets its records again', async () => {
  run.faults.killNext('Reader', 0);
  await write('m');
  await run.idle();
  expect(batches().join()).toMatch(/^(m,)?m$/);
});

test('messages that failed come again alone, and go to the dead letters in the end', async () => {
  await post('once', 'fine', 'fail', 'skip');
  // What was taken is gone, and what failed waits for its time, before anything is handed out again.
  await expect.poll(mail, { timeout: 20_000 }).toEqual({ taken: 3, visible: 0, inFlight: 2 });
  await expect(run.idle(300)).rejects.toThrow(/not idle/);
  run.faults.redeliver('Mail');
  await expect.poll(mail, { timeout: 20_000 }).toEqual({ taken: 5, visible: 0, inFlight: 1 });
  run.faults.redeliver('Mail');
  await run.idle();
  expect(taken().toSorted()).toEqual(['fail', 'fail', 'fine', 'once', 'once']);
  expect(await letters('Dead')).toEqual(['fail']);
});

test('a new object calls the function its rule names, others do not', async () => {
  await store('in/名单 1.xlsx');
  await store('out/x');
  await run.idle();
  const heard = said('Listener');
  expect(heard).toHaveLength(1);
  expect(heard[0]?.event).toMatchObject({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 's-shelf' }, object: { key: 'in/名单 1.xlsx', size: 1 } },
  });
});

test('an event that cannot be handled is tried again, then reported', async () => {
  await store('in/broken');
  await expect.poll(() => said('Listener').length).toBe(1);
  await new Promise((done) => setTimeout(done, 100));
  run.faults.redeliver('Listener');
  await run.idle();
  expect(said('Listener')).toHaveLength(2);
  const [report = '{}'] = await letters('Failed');
  expect(JSON.parse(report)).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: { detail: { object: { key: 'in/broken' } } },
    responsePayload: { errorMessage: 'cannot' },
  });
});

test('a schedule fires on demand, with further fields in its input', async () => {
  await run.trigger('recount');
  await run.trigger('NightlyRecount', { area: '350122' });
  expect(said('Listener').map(({ event }) => event)).toEqual([
    { job: 'recount' },
    { job: 'recount', area: '350122' },
  ]);
  await expect(run.trigger('nothing')).rejects.toThrow('S-NightlyRecount, S-WeeklyReport');
});

test('moving the clock fires what lies in between, in order and at its own time', async () => {
  // From Friday, 20 October, nine in the morning in Shanghai.
  await run.clock('+4d');
  expect(said('Listener')).toEqual([
    { event: { job: 'recount' }, clock: '2017-10-20T18:30' },
    { event: { job: 'recount' }, clock: '2017-10-21T18:30' },
    { event: { job: 'recount' }, clock: '2017-10-22T18:30' },
    { event: { job: 'report' }, clock: '2017-10-22T22:00' },
    { event: { job: 'recount' }, clock: '2017-10-23T18:30' },
  ]);
  expect(run.now().toISOString().slice(0, 13)).toBe('2017-10-24T01');
  await expect(run.clock('-1d')).rejects.toThrow('-1d is not a move of the clock');
  await expect(run.clock('+9999d')).rejects.toThrow('at most 366 days');
});

const script = async (name: string, ...args: string[]): Promise<string> => {
  const file = new URL(`../../../scripts/${name}.ts`, import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--data', folder, ...args]);
  return stdout.trim();
};

test('commands in another process reach the running county', async () => {
  expect(await script('trigger', 'recount', 'area=350122')).toBe('done');
  expect(await script('clock', '+1h')).toMatch(/^2017-10-24 10:/);
  expect(said('Listener').map(({ event }) => event)).toEqual([{ job: 'recount', area: '350122' }]);
  await expect(script('trigger', 'nothing')).rejects.toMatchObject({ code: 1 });
  await expect(script('clock', '--far')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^Unknown option '--far'.*\n$/),
  });
  const [, payload = ''] = (await script('token', 'office', '350122 350123', '--sub', 'me')).split(
    '.',
  );
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    role: 'office',
    areas: '350122 350123',
    sub: 'me',
  });
});

test('a second run on the same data is refused, and secrets are readable by their owner alone', async () => {
  const second = startLocal({ assembly: writeAssembly({}), dataDir: folder });
  await expect(second).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
  for (const file of ['run.json', 'local.key', 'issuer.json']) {
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  }
  const key = readFileSync(join(folder, 'local.key'), 'utf8');
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
});

test('the control door opens with its secret alone', async () => {
  const { control } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  const body = JSON.stringify({ move: '+1d' });
  const headers = { authorization: 'Bearer guess' };
  expect((await fetch(`${control}/clock`, { method: 'POST', body, headers })).status).toBe(404);
});

test('when it ends nothing stays: no port, no address file', async () => {
  await run.stop();
  expect(existsSync(join(folder, 'run.json'))).toBe(false);
  await expect(fetch(run.resources.endpoints.dynamodb)).rejects.toThrow();
  await expect(fetch(run.url)).rejects.toThrow();
  await expect(script('clock', '+1d')).rejects.toMatchObject({
    stderr: 'The county does not run here: `npm start` first.\n',
  });
});
