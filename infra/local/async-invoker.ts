import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Activity } from './activity.ts';
import { LocalError } from './fault.ts';
import type { LocalFunction } from './functions.ts';
import { type Json, parseObject } from './json.ts';
import type { Message, QueueStore } from './queue-store.ts';
import { nameInArn, ofType, type Resource } from './resources.ts';
import type { Outcome } from './sandbox.ts';

const configSchema = z.looseObject({
  FunctionName: z.string(),
  MaximumRetryAttempts: z.coerce.number().default(2),
  MaximumEventAgeInSeconds: z.coerce.number().default(21_600),
  DestinationConfig: z
    .looseObject({
      OnFailure: z.object({ Destination: z.string() }).optional(),
      OnSuccess: z.object({ Destination: z.string() }).optional(),
    })
    .optional(),
});
const deadLetterSchema = z.looseObject({
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
});

interface Settings {
  maxRetries: number;
  maxAgeMs: number;
  /** queues by name */
  onFailure: string | undefined;
  onSuccess: string | undefined;
  deadLetter: string | undefined;
}

/** Hidden while it runs; Lambda's own longest run is shorter. */
const longestRunSeconds = 1200;
const retryPausesSeconds = [60, 120];

/**
 * Asynchronous invocations (events, schedules): kept in the run's store until they are done, tried again after one and
 * two minutes as Lambda does, then handed to the on-failure destination.
 */
export class AsyncInvoker {
  readonly #store: QueueStore;
  readonly #functions: ReadonlyMap<string, { fn: LocalFunction; settings: Settings }>;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();
  readonly #stop = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(
    resources: readonly Resource[],
    functions: ReadonlyMap<string, LocalFunction>,
    around: { store: QueueStore; activity: Activity },
  ) {
    this.#store = around.store;
    this.#functions = new Map(
      [...functions].map(([name, fn]) => [name, { fn, settings: settingsOf(resources, fn) }]),
    );
    for (const name of functions.keys()) {
      around.activity.watch({
        name: `async ${name}`,
        quietSince: () => {
          const { visible, inFlight, delayed } = this.#store.counts(queueOf(name));
          return visible + inFlight + delayed === 0;
        },
      });
    }
  }

  start(): void {
    for (const name of this.#functions.keys()) {
      // What was under way when the run ended is taken up again.
      this.#store.reveal(queueOf(name));
      void this.#loop(name);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** The queue behind a function, for tests that do not want to wait a minute for a retry. */
  queues(): string[] {
    return [...this.#functions.keys()].map(queueOf);
  }

  /** Takes an event in. The promise tells how its last attempt ended. */
  invoke(name: string, event: Json): Promise<Outcome> {
    if (!this.#functions.has(name)) throw new LocalError('TEMPLATE', `No function ${name}.`);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.set(this.#store.send(queueOf(name), JSON.stringify(event)), resolve);
    return promise;
  }

  async #loop(name: string): Promise<void> {
    const target = this.#functions.get(name);
    const { signal } = this.#stop;
    const own = new Set<Promise<void>>();
    while (target !== undefined && !signal.aborted) {
      if (own.size >= target.fn.limit && own.size > 0) {
        await Promise.race(own);
        continue;
      }
      const [message] = this.#store.receive(queueOf(name), 1, longestRunSeconds);
      if (message === undefined) {
        await this.#store.wait(queueOf(name), 20_000, signal);
        continue;
      }
      const work = this.#run(message, target).finally(() => {
        own.delete(work);
        this.#running.delete(work);
      });
      own.add(work);
      this.#running.add(work);
    }
  }

  async #run(
    message: Message,
    { fn, settings }: { fn: LocalFunction; settings: Settings },
  ): Promise<void> {
    const outcome = await fn.invoke(message.body, 'async');
    if (this.#stop.signal.aborted) return;
    const queue = queueOf(fn.resource.name);
    const old = Date.now() - message.sentAt > settings.maxAgeMs;
    if (!outcome.ok && message.receives <= settings.maxRetries && !old) {
      const pause = retryPausesSeconds[message.receives - 1] ?? 120;
      this.#store.changeVisibility(queue, message.receipt, pause);
      return;
    }
    this.#report(message, outcome, { fn, settings, condition: conditionOf(outcome, old) });
    this.#store.remove(queue, message.receipt);
    this.#waiting.get(message.id)?.(outcome);
    this.#waiting.delete(message.id);
  }

  #report(
    message: Message,
    outcome: Outcome,
    { fn, settings, condition }: { fn: LocalFunction; settings: Settings; condition: string },
  ): void {
    const destination = outcome.ok ? settings.onSuccess : settings.onFailure;
    if (!outcome.ok && settings.deadLetter) this.#store.send(settings.deadLetter, message.body);
    if (destination === undefined) return;
    const report = {
      version: '1.0',
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId: randomUUID(),
        functionArn: `${fn.arn}:$LATEST`,
        condition,
        approximateInvokeCount: message.receives,
      },
      requestPayload: parseObject(message.body) ?? message.body,
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(outcome.ok ? {} : { functionError: 'Unhandled' }),
      },
      responsePayload: outcome.ok
        ? (parseObject(outcome.payload) ?? null)
        : { errorType: outcome.errorType, errorMessage: outcome.errorMessage },
    };
    this.#store.send(destination, JSON.stringify(report));
  }
}

function conditionOf(outcome: Outcome, old: boolean): string {
  if (outcome.ok) return 'Success';
  return old ? 'EventAgeExceeded' : 'RetriesExhausted';
}

function queueOf(functionName: string): string {
  return `async:${functionName}`;
}

function settingsOf(resources: readonly Resource[], fn: LocalFunction): Settings {
  const { name } = fn.resource;
  const config = ofType(resources, 'AWS::Lambda::EventInvokeConfig', configSchema).find(
    ({ is }) => nameInArn(is.FunctionName) === name,
  )?.is;
  const target = (arn: string | undefined): string | undefined =>
    arn?.includes(':sqs:') ? nameInArn(arn) : undefined;
  const { DeadLetterConfig } = deadLetterSchema.parse(fn.resource.properties);
  return {
    maxRetries: config?.MaximumRetryAttempts ?? 2,
    maxAgeMs: (config?.MaximumEventAgeInSeconds ?? 21_600) * 1000,
    onFailure: target(config?.DestinationConfig?.OnFailure?.Destination),
    onSuccess: target(config?.DestinationConfig?.OnSuccess?.Destination),
    deadLetter: target(DeadLetterConfig?.TargetArn),
  };
}
