import type { Activity } from './activity.ts';
import { type JsonObject, parseObject } from './json.ts';
import { failedItems, type Mapping, passes } from './mapping.ts';
import { type Message, md5, type QueueStore } from './queue-store.ts';
import { systemAttributes } from './sqs-server.ts';

export type MangleQueue = (messages: Message[], queue: string) => Message[];

const eventLimit = 5_500_000;

/** Feeds a function from a queue: batches, window, concurrency, partial failures, as Lambda's own poller does. */
export class QueueMapping {
  mangle: MangleQueue | undefined;
  readonly #mapping: Mapping;
  readonly #store: QueueStore;
  readonly #region: string;
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #collecting = false;

  constructor(mapping: Mapping, store: QueueStore, around: { activity: Activity; region: string }) {
    this.#mapping = mapping;
    this.#store = store;
    this.#region = around.region;
    around.activity.watch({
      name: `queue ${mapping.source.name}`,
      quietSince: () => this.#running.size === 0 && !this.#collecting && this.#empty(),
    });
  }

  start(): void {
    void this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  get queue(): string {
    return this.#mapping.source.name;
  }

  #empty(): boolean {
    const { visible, inFlight, delayed } = this.#store.counts(this.queue);
    return visible + inFlight + delayed === 0;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#running.size >= this.#mapping.concurrency) {
        await Promise.race(this.#running);
        continue;
      }
      const batch = await this.#collect();
      for (const part of bySize(batch)) {
        const work = this.#deliver(part).finally(() => this.#running.delete(work));
        this.#running.add(work);
      }
      if (batch.length === 0) await this.#store.wait(this.queue, 20_000, signal);
    }
  }

  /** Takes what is there, up to the batch size; with a window it waits for more. */
  async #collect(): Promise<Message[]> {
    const { batchSize, windowMs } = this.#mapping;
    const { signal } = this.#stop;
    const batch = this.#store.receive(this.queue, batchSize);
    this.#collecting = batch.length > 0;
    const until = Date.now() + windowMs;
    while (batch.length > 0 && batch.length < batchSize && Date.now() < until && !signal.aborted) {
      await this.#store.wait(this.queue, until - Date.now(), signal);
      batch.push(...this.#store.receive(this.queue, batchSize - batch.length));
    }
    return batch;
  }

  async #deliver(taken: Message[]): Promise<void> {
    this.#collecting = false;
    const batch: Message[] = [];
    for (const message of taken) {
      if (passes(this.#mapping, filterable(message))) batch.push(message);
      else this.#store.remove(this.queue, message.receipt);
    }
    const given = this.mangle?.([...batch], this.queue) ?? batch;
    const failed = given.length === 0 ? 'none' : await this.#invoke(given);
    for (const { id, receipt } of batch) {
      if (failed === 'none' || (failed !== 'all' && !failed.includes(id))) {
        this.#store.remove(this.queue, receipt);
      }
    }
  }

  async #invoke(messages: Message[]): Promise<'none' | 'all' | string[]> {
    const { fn, source } = this.#mapping;
    const records = messages.map((one) => recordOf(one, source.arn, this.#region));
    const outcome = await fn.invoke(JSON.stringify({ Records: records }));
    return failedItems(
      this.#mapping,
      outcome,
      messages.map(({ id }) => id),
    );
  }
}

/** Parts small enough for one event. */
function bySize(batch: Message[]): Message[][] {
  const parts: Message[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const message of batch) {
    const length = Buffer.byteLength(message.body) * 1.1 + 2000;
    if (size + length > eventLimit) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(message);
    size += length;
  }
  return parts;
}

/** A filter looks into a JSON body. */
function filterable(message: Message): JsonObject {
  return { messageId: message.id, body: parseObject(message.body) ?? message.body };
}

function recordOf(message: Message, arn: string, awsRegion: string): JsonObject {
  const messageAttributes: JsonObject = {};
  for (const [name, value] of Object.entries(message.attributes)) {
    messageAttributes[name] = {
      dataType: value.DataType,
      ...(value.BinaryValue === undefined
        ? { stringValue: value.StringValue ?? '' }
        : { binaryValue: value.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
    };
  }
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes,
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion,
  };
}
