import { GetRecordsCommand, GetShardIteratorCommand } from '@aws-sdk/client-dynamodb-streams';
import { passes } from './mapping.ts';
import { deliver } from './stream-delivery.ts';
import type { StreamMapping } from './stream-mapping.ts';
import { type StreamRecord, toRecord } from './stream-record.ts';

const finished = 'END';
const quickMs = 30;
const calmMs = 200;
const restingMs = 1000;

/** Reads one shard from where it last stopped and hands its records on in order. */
export class ShardReader {
  readonly #id: string;
  readonly #owner: StreamMapping;
  readonly #key: string;
  finished: Promise<void> = Promise.resolve();
  #iterator: string | undefined;
  #buffer: StreamRecord[] = [];
  #bufferedAt = 0;
  #position: string | undefined;
  #emptyAt = Number.NEGATIVE_INFINITY;
  #rewound = false;
  done = false;

  constructor(id: string, owner: StreamMapping) {
    this.#id = id;
    this.#owner = owner;
    this.#key = `stream:${owner.mapping.id}:${owner.around.streamArn}:${id}`;
    this.#position = owner.around.state.get(this.#key);
    this.done = this.#position === finished;
  }

  start(): void {
    if (!this.done) this.finished = this.#loop();
  }

  quietSince(moment: number): boolean {
    return this.done || (this.#emptyAt > moment && this.#buffer.length === 0 && !this.#rewound);
  }

  async rewind(): Promise<void> {
    this.#rewound = true;
    if (!this.done) return;
    await this.finished;
    this.done = false;
    this.start();
  }

  async #loop(): Promise<void> {
    const { around, signal } = this.#owner;
    while (!signal.aborted && !this.done) {
      try {
        await this.#step();
      } catch (fault) {
        if (signal.aborted) return;
        this.#recover(fault);
        await around.activity.pause(calmMs, signal);
      }
    }
  }

  /** An iterator ages, and records older than a day are gone: start again from what is there. */
  #recover(fault: unknown): void {
    const name = fault instanceof Error ? fault.name : '';
    this.#iterator = undefined;
    this.#buffer = [];
    if (name === 'TrimmedDataAccessException') this.#position = undefined;
    else if (name === 'ResourceNotFoundException') this.#finish();
    else if (name !== 'ExpiredIteratorException') {
      this.#owner.around.logs.add('local', `stream ${this.#id}: ${String(fault)}`);
    }
  }

  async #step(): Promise<void> {
    const { activity } = this.#owner.around;
    if (this.#rewound) {
      this.#rewound = false;
      this.#position = undefined;
      this.#iterator = undefined;
      this.#buffer = [];
    }
    this.#iterator ??= await this.#open();
    const startedAt = performance.now();
    const found = await this.#read();
    if (this.#due()) {
      await this.#flush();
    } else if (this.#iterator === undefined) {
      this.#finish();
    } else if (found === 0) {
      if (this.#buffer.length === 0) this.#emptyAt = startedAt;
      const quiet = activity.quietMs;
      const ms = quiet < 1000 ? quickMs : quiet < 60_000 ? calmMs : restingMs;
      await activity.pause(ms, this.#owner.signal);
    }
  }

  async #open(): Promise<string | undefined> {
    const { client, streamArn } = this.#owner.around;
    const last = this.#position;
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: this.#id,
        ...(last === undefined
          ? { ShardIteratorType: this.#owner.mapping.from }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: last }),
      }),
    );
    return ShardIterator;
  }

  async #read(): Promise<number> {
    const { mapping, around } = this.#owner;
    const room = mapping.batchSize - this.#buffer.length;
    if (room <= 0 || this.#iterator === undefined) return 0;
    const { Records = [], NextShardIterator } = await around.client.send(
      new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: Math.min(room, 1000) }),
    );
    this.#iterator = NextShardIterator;
    if (Records.length > 0 && this.#buffer.length === 0) this.#bufferedAt = performance.now();
    for (const record of Records) {
      this.#buffer.push(toRecord(record, around.region, mapping.source.arn));
    }
    return Records.length;
  }

  /** Full, or the window is over, or the shard has ended. */
  #due(): boolean {
    if (this.#buffer.length === 0) return false;
    const { batchSize, windowMs } = this.#owner.mapping;
    if (this.#buffer.length >= batchSize || this.#iterator === undefined) return true;
    return performance.now() - this.#bufferedAt >= windowMs;
  }

  async #flush(): Promise<void> {
    const { mapping, mangle, around } = this.#owner;
    const wanted = this.#buffer.filter((record) => passes(mapping, record.event));
    const given = mangle?.([...wanted], mapping.source.name) ?? wanted;
    await deliver(given, this.#id, this.#owner);
    if (this.#owner.signal.aborted || this.#rewound) return;
    this.#position = this.#buffer.at(-1)?.sequence;
    if (this.#position !== undefined) around.state.set(this.#key, this.#position);
    this.#buffer = [];
  }

  #finish(): void {
    this.done = true;
    this.#owner.around.state.set(this.#key, finished);
  }
}
