import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { Activity } from './activity.ts';
import type { Logs } from './logs.ts';
import type { Mapping } from './mapping.ts';
import type { QueueStore } from './queue-store.ts';
import { ShardReader } from './shard-reader.ts';
import type { State } from './state.ts';
import type { StreamRecord } from './stream-record.ts';

export type MangleStream = (records: StreamRecord[], table: string) => StreamRecord[];

export interface StreamSurroundings {
  client: DynamoDBStreamsClient;
  streamArn: string;
  region: string;
  state: State;
  queues: QueueStore;
  activity: Activity;
  logs: Logs;
}

const lookForShardsMs = 30_000;

/** Feeds a function from a table's stream, shard by shard, a parent before its children. */
export class StreamMapping {
  mangle: MangleStream | undefined;
  readonly mapping: Mapping;
  readonly around: StreamSurroundings;
  readonly #readers = new Map<string, ShardReader>();
  readonly #stop = new AbortController();
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(mapping: Mapping, around: StreamSurroundings) {
    this.mapping = mapping;
    this.around = around;
    around.activity.watch({
      name: `stream of ${mapping.source.name}`,
      quietSince: (moment) =>
        this.#readers.size > 0 &&
        [...this.#readers.values()].every((reader) => reader.quietSince(moment)),
    });
  }

  start(): void {
    void this.#loop();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#readers.values()].map((reader) => reader.finished));
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Reads everything the stream still holds once more. */
  async replay(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.rewind();
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  async #loop(): Promise<void> {
    const { activity, logs } = this.around;
    while (!this.signal.aborted) {
      const closed = [...this.#readers.values()].some((reader) => reader.done);
      if (closed || performance.now() - this.#lookedAt > lookForShardsMs) {
        await this.#look().catch((fault: Error) => {
          if (!this.signal.aborted) logs.add('local', `stream: ${fault.message}`);
        });
      }
      await activity.pause(500, this.signal);
    }
  }

  /** Starts a reader for every shard whose parent has been read to its end or is gone. */
  async #look(): Promise<void> {
    const shards = await this.#shards();
    this.#lookedAt = performance.now();
    const listed = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      if (id === undefined || this.#readers.has(id)) continue;
      const waits = parent !== undefined && listed.has(parent);
      if (waits && this.#readers.get(parent)?.done !== true) continue;
      const reader = new ShardReader(id, this);
      this.#readers.set(id, reader);
      reader.start();
    }
  }

  async #shards(): Promise<Shard[]> {
    const { client, streamArn } = this.around;
    const shards: Shard[] = [];
    let from: string | undefined;
    do {
      const { StreamDescription: page } = await client.send(
        new DescribeStreamCommand({ StreamArn: streamArn, ExclusiveStartShardId: from }),
      );
      shards.push(...(page?.Shards ?? []));
      from = page?.LastEvaluatedShardId;
    } while (from !== undefined);
    return shards;
  }
}
