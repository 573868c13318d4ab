import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  CfnEventInvokeConfig,
  CfnEventSourceMapping,
  CfnPermission,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule, type CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionSpec, TableName } from '../functions/core/spec.ts';
import { consumeStatement, sendStatement, streamStatements } from './grant.ts';
import { pascal } from './word.ts';

const hour = 3600;

/** Batches of a queue; only the messages that failed come back. */
export function consumeQueue(
  fn: LambdaFunction,
  queue: Queue,
  { batch, windowSeconds, concurrency }: NonNullable<FunctionSpec['consumes']>,
): void {
  fn.addToRolePolicy(consumeStatement(queue));
  new CfnEventSourceMapping(fn, 'Consume', {
    functionName: fn.functionName,
    eventSourceArn: queue.queueArn,
    batchSize: batch,
    maximumBatchingWindowInSeconds: windowSeconds,
    functionResponseTypes: ['ReportBatchItemFailures'],
    ...(concurrency && { scalingConfig: { maximumConcurrency: concurrency } }),
  });
}

interface StreamProps {
  readonly name: TableName;
  readonly table: Table;
  /** Key prefixes that somebody asked for; other records do not invoke the function. */
  readonly prefixes: readonly string[];
  readonly key: Key;
  readonly failed: Queue;
}

/**
 * The stream of a table from its oldest record. A record that fails is tried ten times alone, then named in the failure
 * queue: waiting longer would hold up the village's other changes, and the nightly recount finds what was missed.
 */
export function onStream(
  fn: LambdaFunction,
  { name, table, prefixes, key, failed }: StreamProps,
): void {
  for (const statement of [...streamStatements(table, key), sendStatement(failed)]) {
    fn.addToRolePolicy(statement);
  }
  const pattern = { dynamodb: { Keys: { pk: { S: prefixes.map((prefix) => ({ prefix })) } } } };
  new CfnEventSourceMapping(fn, `${pascal(name)}Stream`, {
    functionName: fn.functionName,
    eventSourceArn: streamArnOf(table),
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    bisectBatchOnFunctionError: true,
    functionResponseTypes: ['ReportBatchItemFailures'],
    maximumRetryAttempts: 10,
    maximumRecordAgeInSeconds: 6 * hour,
    filterCriteria: { filters: [{ pattern: JSON.stringify(pattern) }] },
    destinationConfig: { onFailure: { destination: failed.queueArn } },
  });
}

/** @throws Error where a table without a stream is asked for one */
export function streamArnOf(table: Table): string {
  if (table.tableStreamArn === undefined) throw new Error(`${table.node.id} has no stream.`);
  return table.tableStreamArn;
}

interface ScheduleProps {
  readonly name: string;
  readonly cron: string;
  readonly group: CfnScheduleGroup;
  readonly role: Role;
  readonly failed: Queue;
}

/** A schedule by the clock on the office wall: Asia/Shanghai. */
export function onSchedule(
  fn: LambdaFunction,
  { name, cron, group, role, failed }: ScheduleProps,
): void {
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }),
  );
  role.addToPolicy(sendStatement(failed));
  new CfnSchedule(fn, 'Schedule', {
    name,
    groupName: group.ref,
    scheduleExpression: `cron(${cron})`,
    scheduleExpressionTimezone: 'Asia/Shanghai',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: fn.functionArn,
      roleArn: role.roleArn,
      input: JSON.stringify({ schedule: name }),
      retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: hour },
      deadLetterConfig: { arn: failed.queueArn },
    },
  });
}

interface ObjectProps {
  readonly bucket: Bucket;
  readonly prefix: string;
  readonly suffix?: string;
  readonly failed: Queue;
}

/** Objects that arrived in the bucket, told by EventBridge. */
export function onObject(
  fn: LambdaFunction,
  { bucket, prefix, suffix, failed }: ObjectProps,
): void {
  const key = suffix ? { wildcard: `${prefix}*${suffix}` } : { prefix };
  const rule = new CfnRule(fn, 'ObjectCreated', {
    description: `Objects under ${prefix}`,
    eventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [bucket.bucketName] }, object: { key: [key] } },
    },
    targets: [
      {
        id: 'function',
        arn: fn.functionArn,
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: hour },
        deadLetterConfig: { arn: failed.queueArn },
      },
    ],
  });
  const ruleArn = rule.attrArn;
  new CfnPermission(fn, 'ObjectCreatedPermission', {
    action: 'lambda:InvokeFunction',
    functionName: fn.functionArn,
    principal: 'events.amazonaws.com',
    sourceArn: ruleArn,
  });
  failed.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [failed.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    }),
  );
}

/** What nobody waits for is tried thrice; then the event and its error go where a person looks. */
export function sendFailuresTo(fn: LambdaFunction, failed: Queue): void {
  fn.addToRolePolicy(sendStatement(failed));
  new CfnEventInvokeConfig(fn, 'Failures', {
    functionName: fn.functionName,
    qualifier: '$LATEST',
    maximumRetryAttempts: 2,
    maximumEventAgeInSeconds: 6 * hour,
    destinationConfig: { onFailure: { destination: failed.queueArn } },
  });
}
