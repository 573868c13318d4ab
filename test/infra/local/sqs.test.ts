import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Listener, listen } from '../../../infra/local/listen.ts';
import { type QueueDefinition, QueueStore } from '../../../infra/local/queue-store.ts';
import { makeSqs } from '../../../infra/local/sqs-server.ts';
import { openState, type State } from '../../../infra/local/state.ts';
import { dataDir } from './fixture/assembly.ts';

const folder = dataDir();
const queue = (name: string, more: Partial<QueueDefinition> = {}): QueueDefinition => ({
  name,
  arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
  visibilitySeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 86_400,
  ...more,
});
const queues = [
  queue('work', { visibilitySeconds: 1, deadLetter: { queue: 'dead', maxReceives: 2 } }),
  queue('dead'),
  queue('batch'),
  queue('slow', { delaySeconds: 1 }),
];

let state: State;
let server: Listener;
let sqs: SQSClient;

function open(): void {
  state = openState(folder);
  const store = new QueueStore(state);
  for (const one of queues) store.definitions.set(one.name, one);
  server.serve(makeSqs(store, () => server.url));
}

beforeAll(async () => {
  server = await listen(0, (text) => expect.fail(text));
  open();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'secret' };
  sqs = new SQSClient({ region: 'us-east-1', endpoint: server.url, credentials, maxAttempts: 1 });
});
afterAll(async () => {
  await server.close();
  state.close();
});

const url = (name: string): string => `${server.url}/000000000000/${name}`;

async function receive(name: string, more: object = {}) {
  const QueueUrl = url(name);
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
    ...more,
  });
  return (await sqs.send(command)).Messages ?? [];
}

test('what is sent is received with its attributes, hidden meanwhile, and gone when deleted', async () => {
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: '名单' },
    raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
  };
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'batch' }));
  expect(QueueUrl).toBe(url('batch'));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"村":1}', MessageAttributes }));
  const [message] = await receive('batch');
  expect(message).toMatchObject({ Body: '{"村":1}', MessageAttributes });
  expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
  expect(await receive('batch')).toEqual([]);
  const { ReceiptHandle } = message ?? {};
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
  );
  const [again] = await receive('batch');
  expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  });
});

test('a batch is sent and deleted whole; too many or doubled entries are refused', async () => {
  const QueueUrl = url('batch');
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Id: String(index),
    MessageBody: `m${index}`,
  }));
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(sent.Successful).toHaveLength(10);
  const found = await receive('batch');
  expect(found.map(({ Body }) => Body).toSorted()).toEqual(Entries.map((one) => one.MessageBody));
  const receipts = found.map(({ ReceiptHandle }, index) => ({ Id: `r${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: receipts }));
  const send = (entries: typeof Entries) =>
    sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
  const [first] = Entries;
  if (first === undefined) throw new Error('no entries');
  await expect(send([...Entries, { Id: '10', MessageBody: 'x' }])).rejects.toMatchObject({
    name: 'TooManyEntriesInBatchRequest',
  });
  await expect(send([first, first])).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
});

test('a message received too often goes to the dead letters', async () => {
  const QueueUrl = url('work');
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
  expect(await receive('work')).toHaveLength(1);
  // Hidden for a second, then there again: the call waits for it.
  expect(await receive('work', { WaitTimeSeconds: 3 })).toHaveLength(1);
  expect(await receive('work', { WaitTimeSeconds: 2 })).toEqual([]);
  const [dead] = await receive('dead');
  expect(dead?.Body).toBe('poison');
});

test('a delayed message comes when its time has come', async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl: url('slow'), MessageBody: 'later' }));
  expect(await receive('slow')).toEqual([]);
  expect(await receive('slow', { WaitTimeSeconds: 3 })).toHaveLength(1);
});

test('a waiting receiver gets a message as soon as it is sent', async () => {
  const QueueUrl = url('batch');
  const waiting = receive('batch', { WaitTimeSeconds: 5 });
  const startedAt = performance.now();
  await new Promise((done) => setTimeout(done, 100));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
  expect(await waiting).toHaveLength(1);
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test('queues survive a restart, and can be emptied', async () => {
  const QueueUrl = url('dead');
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));
  state.close();
  open();
  const [kept] = await receive('dead');
  expect(kept?.Body).toBe('kept');
});

test('an unknown queue and an empty message are refused by name', async () => {
  await expect(
    sqs.send(new SendMessageCommand({ QueueUrl: url('none'), MessageBody: 'x' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  await expect(
    sqs.send(new SendMessageCommand({ QueueUrl: url('batch'), MessageBody: '' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
