import type { AsyncInvoker } from './async-invoker.ts';
import type { LocalFunction } from './functions.ts';
import { pick } from './pick.ts';
import type { MangleQueue, QueueMapping } from './queue-mapping.ts';
import type { QueueStore } from './queue-store.ts';
import type { MangleStream, StreamMapping } from './stream-mapping.ts';

/** Hooks for tests: what goes wrong in the cloud now and then, on demand. */
export interface Faults {
  /** Changes each batch of stream records before it is delivered: duplicate, reorder, drop. undefined: no more. */
  stream(mangle: MangleStream | undefined): void;
  /** The same for messages taken from queues. A message left out counts as done. */
  queue(mangle: MangleQueue | undefined): void;
  /** Delivers everything the stream of a table still holds once more. */
  replay(tablePart: string): Promise<void>;
  /** Makes hidden, delayed and waiting messages visible now, asynchronous retries too. */
  redeliver(queuePart?: string): void;
  /** Kills the workers of a function that are in the middle of an invocation; says how many. */
  kill(functionPart: string): Promise<number>;
  /** The next invocation of a function loses its worker so many milliseconds after it began. */
  killNext(functionPart: string, afterMs: number): void;
}

export function makeFaults(parts: {
  streams: readonly StreamMapping[];
  consumers: readonly QueueMapping[];
  functions: ReadonlyMap<string, LocalFunction>;
  queues: QueueStore;
  invoker: AsyncInvoker;
}): Faults {
  const { streams, consumers, functions, queues, invoker } = parts;
  const fn = (part: string): LocalFunction =>
    pick([...functions.values()], part, ({ resource }) => [resource.logicalId, resource.name]);
  return {
    stream: (mangle) => {
      for (const mapping of streams) mapping.mangle = mangle;
    },
    queue: (mangle) => {
      for (const mapping of consumers) mapping.mangle = mangle;
    },
    replay: async (part) => {
      const table = pick(
        streams.map(({ mapping }) => mapping.source.name),
        part,
        (name) => [name],
      );
      for (const one of streams) if (one.mapping.source.name === table) await one.replay();
    },
    redeliver: (part = '') => {
      for (const name of [...queues.definitions.keys(), ...invoker.queues()]) {
        if (name.toLowerCase().includes(part.toLowerCase())) queues.reveal(name);
      }
    },
    kill: (part) => fn(part).kill(),
    killNext: (part, afterMs) => fn(part).killNext(afterMs),
  };
}
