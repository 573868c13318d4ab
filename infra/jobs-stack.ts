import { Aws } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { CapabilitySpec, FunctionSpec, QueueName, TableName } from '../functions/core/spec.ts';
import { defaultTimeout, type Ground, houseFunction } from './function.ts';
import { HouseStack } from './house-stack.ts';
import { driftName } from './metric.ts';
import { deadQueue, houseQueue } from './queue.ts';
import { named } from './settings.ts';
import { consumeQueue, onObject, onSchedule, onStream, sendFailuresTo } from './trigger.ts';

/** Records of one table whose key begins so, and the queues that asked for them. */
export type StreamRoutes = Readonly<
  Partial<Record<TableName, Readonly<Record<string, readonly QueueName[]>>>>
>;

type Base = Omit<Ground, 'queues'>;

/** What works while nobody waits: the dispatcher of table streams, queues with their consumers, schedules, arrived objects. */
export class JobsStack extends HouseStack {
  readonly queues: ReadonlyMap<QueueName, Queue>;
  readonly functions = new Map<string, LambdaFunction>();
  readonly #catalogue: readonly CapabilitySpec[];
  readonly #ground: Ground;
  readonly #failed: Queue;
  readonly #undispatched: Queue;

  constructor(scope: Construct, base: Base, catalogue: readonly CapabilitySpec[]) {
    super(scope, 'jobs', { ...base.settings, about: 'dispatcher, queues and schedules' });
    this.#catalogue = catalogue;
    const specs = functionsOf(catalogue);
    this.#failed = deadQueue(this, 'failed', base.settings);
    this.#undispatched = deadQueue(this, 'undispatched', base.settings);
    this.queues = new Map(
      queuesOf(catalogue).map((name) => [name, this.#queue(name, specs, base)]),
    );
    this.#ground = { ...base, queues: this.queues };
    for (const spec of specs.filter(({ routes }) => routes === undefined)) {
      this.functions.set(spec.id, spec.streams ? this.#dispatcher(spec) : this.#worker(spec));
    }
    this.#schedules(specs.filter(({ schedule }) => schedule));
  }

  #queue(name: QueueName, specs: readonly FunctionSpec[], { settings }: Base): Queue {
    const consumer = specs.find(({ consumes }) => consumes?.queue === name);
    const timeout = consumer?.timeoutSeconds ?? defaultTimeout;
    return houseQueue(this, {
      word: name,
      settings,
      deadLetter: deadQueue(this, `${name}-dead`, settings),
      visibilitySeconds: 6 * timeout + (consumer?.consumes?.windowSeconds ?? 0),
    });
  }

  #worker(spec: FunctionSpec): LambdaFunction {
    const fn = houseFunction(this, spec, this.#ground);
    const { consumes, objectCreated, schedule, restores } = spec;
    const queue = consumes && this.queues.get(consumes.queue);
    if (consumes && queue) consumeQueue(fn, queue, consumes);
    if (objectCreated)
      onObject(fn, { ...objectCreated, bucket: this.#ground.bucket, failed: this.#failed });
    if (objectCreated ?? schedule ?? restores) sendFailuresTo(fn, this.#failed);
    if (schedule) this.#drift(fn);
    return fn;
  }

  /** What nightly tasks say of boards that differ from the register: log line `drift` with the number of `areas`. */
  #drift(fn: LambdaFunction): void {
    new CfnMetricFilter(fn, 'Drift', {
      logGroupName: fn.logGroup.logGroupName,
      filterPattern: '{ $.code = "drift" }',
      metricTransformations: [
        {
          metricNamespace: 'Bangfu',
          metricName: driftName(this.#ground.settings.stage),
          metricValue: '$.areas',
        },
      ],
    });
  }

  /** One mapping per table, whatever the number of consumers: a new consumer is a new queue in STREAM_ROUTES. */
  #dispatcher(spec: FunctionSpec): LambdaFunction {
    const routes = streamRoutesOf(this.#catalogue);
    const sends = queuesOf(this.#catalogue).filter((name) =>
      Object.values(routes).some((prefixes) => Object.values(prefixes).flat().includes(name)),
    );
    const fn = houseFunction(this, { ...spec, sends }, this.#ground);
    fn.addEnvironment('STREAM_ROUTES', JSON.stringify(routes));
    for (const [name, table] of this.#ground.tables) {
      const prefixes = Object.keys(routes[name] ?? {});
      if (prefixes.length > 0) this.#stream(fn, { name, table, prefixes });
    }
    return fn;
  }

  #stream(
    fn: LambdaFunction,
    { name, table, prefixes }: { name: TableName; table: Table; prefixes: readonly string[] },
  ): void {
    fn.addEnvironment(`${name.toUpperCase()}_TABLE`, table.tableName);
    onStream(fn, { name, table, prefixes, key: this.#ground.atRest, failed: this.#undispatched });
  }

  #schedules(specs: readonly FunctionSpec[]): void {
    if (specs.length === 0) return;
    const group = new CfnScheduleGroup(this, 'Schedules', {
      name: named(this.#ground.settings, 'schedules'),
    });
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Schedules: invoke their functions, and nothing else',
    });
    for (const { id, schedule } of specs) {
      const fn = this.functions.get(id);
      if (fn && schedule) onSchedule(fn, { ...schedule, group, role, failed: this.#failed });
    }
  }
}

export function functionsOf(catalogue: readonly CapabilitySpec[]): readonly FunctionSpec[] {
  return catalogue.flatMap(({ functions }) => functions);
}

/** Every queue that somebody sends to, reads from or is told changes through. */
export function queuesOf(catalogue: readonly CapabilitySpec[]): readonly QueueName[] {
  const named = functionsOf(catalogue).flatMap(({ sends, consumes }) => [
    ...(sends ?? []),
    ...(consumes ? [consumes.queue] : []),
  ]);
  const told = catalogue
    .flatMap(({ tables }) => tables ?? [])
    .flatMap(({ stream }) => stream ?? []);
  return [...new Set([...named, ...told.flatMap(({ to }) => to)])].sort();
}

/** What the dispatcher passes on, by table and key prefix. */
export function streamRoutesOf(catalogue: readonly CapabilitySpec[]): StreamRoutes {
  const tables = catalogue.flatMap(({ tables }) => tables ?? []);
  return Object.fromEntries(
    tables.flatMap(({ name, stream }) =>
      stream ? [[name, Object.fromEntries(stream.map(({ prefix, to }) => [prefix, to]))]] : [],
    ),
  );
}
