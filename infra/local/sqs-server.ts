import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Json, JsonObject } from './json.ts';
import {
  type Message,
  md5,
  md5OfAttributes,
  type QueueDefinition,
  type QueueStore,
} from './queue-store.ts';

const attributes = z
  .record(
    z.string(),
    z.object({
      DataType: z.string(),
      StringValue: z.string().optional(),
      BinaryValue: z.string().optional(),
    }),
  )
  .optional();
const sending = {
  MessageBody: z.string().min(1),
  DelaySeconds: z.number().min(0).max(900).optional(),
  MessageAttributes: attributes,
};
const entries = <T extends z.ZodRawShape>(shape: T) =>
  z.array(z.object({ Id: z.string(), ...shape })).min(1);

const maxMessageBytes = 1024 * 1024;

class SqsError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Call {
  store: QueueStore;
  queue: QueueDefinition;
  url: string;
  input: Json;
  closed: AbortSignal;
}
type Action = (call: Call) => JsonObject | Promise<JsonObject>;

const actions: Record<string, Action> = {
  GetQueueUrl: ({ url }) => ({ QueueUrl: url }),
  SendMessage: ({ store, queue, input }) => send(store, queue, z.object(sending).parse(input)),
  SendMessageBatch: ({ store, queue, input }) => {
    const { Entries } = z.object({ Entries: entries(sending) }).parse(input);
    requireBatch(Entries);
    const total = Entries.reduce((sum, one) => sum + Buffer.byteLength(one.MessageBody), 0);
    if (total > maxMessageBytes) {
      throw new SqsError(
        'BatchRequestTooLong',
        'Batch requests cannot be longer than 1048576 bytes.',
      );
    }
    return { Successful: Entries.map((one) => ({ Id: one.Id, ...send(store, queue, one) })) };
  },
  ReceiveMessage: receive,
  DeleteMessage: ({ store, queue, input }) => {
    store.remove(queue.name, z.object({ ReceiptHandle: z.string() }).parse(input).ReceiptHandle);
    return {};
  },
  DeleteMessageBatch: ({ store, queue, input }) => {
    const { Entries } = z.object({ Entries: entries({ ReceiptHandle: z.string() }) }).parse(input);
    requireBatch(Entries);
    for (const { ReceiptHandle } of Entries) store.remove(queue.name, ReceiptHandle);
    return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
  },
  ChangeMessageVisibility: ({ store, queue, input }) => {
    const { ReceiptHandle, VisibilityTimeout } = z
      .object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number().min(0).max(43_200) })
      .parse(input);
    if (!store.changeVisibility(queue.name, ReceiptHandle, VisibilityTimeout)) {
      throw new SqsError('ReceiptHandleIsInvalid', 'The receipt handle is not valid.');
    }
    return {};
  },
  GetQueueAttributes: ({ store, queue }) => {
    const { visible, inFlight, delayed } = store.counts(queue.name);
    return {
      Attributes: {
        QueueArn: queue.arn,
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
        ApproximateNumberOfMessagesDelayed: String(delayed),
        VisibilityTimeout: String(queue.visibilitySeconds),
        DelaySeconds: String(queue.delaySeconds),
        MessageRetentionPeriod: String(queue.retentionSeconds),
      },
    };
  },
  PurgeQueue: ({ store, queue }) => {
    store.purge(queue.name);
    return {};
  },
};

/** Errors that had another name in the older protocol; clients look for that one too. */
const oldNames: Record<string, string> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
};

/** Answers the SDK's JSON protocol of SQS. */
export function makeSqs(
  store: QueueStore,
  endpoint: () => string,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const target = String(request.headers['x-amz-target']).replace(/^AmazonSQS\./, '');
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      const input: Json = JSON.parse(await text(request));
      const action = actions[target];
      if (action === undefined) throw new SqsError('InvalidAction', `${target} is not supported.`);
      const queue = store.definitions.get(queueName(input));
      if (queue === undefined) {
        throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
      }
      const url = `${endpoint()}/000000000000/${queue.name}`;
      answer(response, 200, await action({ store, queue, url, input, closed: gone.signal }));
    } catch (fault) {
      const { code, message } = describe(fault);
      response.setHeader('x-amzn-query-error', `${oldNames[code] ?? code};Sender`);
      answer(response, 400, { __type: `com.amazonaws.sqs#${code}`, message });
    }
  };
}

function describe(fault: unknown): { code: string; message: string } {
  if (fault instanceof SqsError) return { code: fault.code, message: fault.message };
  if (fault instanceof z.ZodError) {
    return { code: 'InvalidParameterValue', message: z.prettifyError(fault) };
  }
  throw fault;
}

function queueName(input: Json): string {
  const { QueueUrl, QueueName } = z
    .object({ QueueUrl: z.string().optional(), QueueName: z.string().optional() })
    .parse(input);
  return QueueName ?? QueueUrl?.split('/').at(-1) ?? '';
}

function send(
  store: QueueStore,
  queue: QueueDefinition,
  message: z.infer<z.ZodObject<typeof sending>>,
): JsonObject {
  const { MessageBody: body, DelaySeconds: delaySeconds, MessageAttributes: given } = message;
  if (Buffer.byteLength(body) > maxMessageBytes) {
    throw new SqsError('InvalidParameterValue', 'One or more parameters are invalid: too long.');
  }
  const id = store.send(queue.name, body, {
    ...(given ? { attributes: given } : {}),
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
  });
  const digest = md5OfAttributes(given ?? {});
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(digest ? { MD5OfMessageAttributes: digest } : {}),
  };
}

function requireBatch(list: { Id: string }[]): void {
  if (list.length > 10) {
    throw new SqsError(
      'TooManyEntriesInBatchRequest',
      'Maximum number of entries per request are 10.',
    );
  }
  if (new Set(list.map(({ Id }) => Id)).size < list.length) {
    throw new SqsError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.');
  }
}

async function receive({ store, queue, input, closed }: Call): Promise<JsonObject> {
  const asked = z
    .object({
      MaxNumberOfMessages: z.number().min(1).max(10).default(1),
      VisibilityTimeout: z.number().min(0).max(43_200).optional(),
      WaitTimeSeconds: z.number().min(0).max(20).default(0),
    })
    .parse(input);
  const take = (): Message[] =>
    store.receive(queue.name, asked.MaxNumberOfMessages, asked.VisibilityTimeout);
  let messages = take();
  const until = Date.now() + asked.WaitTimeSeconds * 1000;
  while (messages.length === 0 && Date.now() < until && !closed.aborted) {
    await store.wait(queue.name, until - Date.now(), closed);
    if (!closed.aborted) messages = take();
  }
  return messages.length === 0 ? {} : { Messages: messages.map(wireMessage) };
}

function wireMessage(message: Message): JsonObject {
  const digest = md5OfAttributes(message.attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    Attributes: systemAttributes(message),
    ...(digest
      ? { MD5OfMessageAttributes: digest, MessageAttributes: wireAttributes(message) }
      : {}),
  };
}

function wireAttributes({ attributes: given }: Message): JsonObject {
  return Object.fromEntries(
    Object.entries(given).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(BinaryValue === undefined ? { StringValue: StringValue ?? '' } : { BinaryValue }),
      },
    ]),
  );
}

export function systemAttributes(message: Message): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(message.sentAt),
    SenderId: 'local',
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  };
}

function answer(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}
