import { DefaultStackSynthesizer, Duration, Fn, RemovalPolicy, Size } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  ApplicationLogLevel,
  Architecture,
  CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { FunctionSpec, QueueName, TableName } from '../functions/core/spec.ts';
import {
  bucketStatements,
  dataKeyStatement,
  restoredStatement,
  sendStatement,
  tableStatements,
} from './grant.ts';
import { named, type Settings } from './settings.ts';
import { constant, pascal } from './word.ts';

/** What functions stand on: the stores of the data stack, the queues, and the bundles. */
export interface Ground {
  readonly settings: Settings;
  readonly tables: ReadonlyMap<TableName, Table>;
  readonly bucket: Bucket;
  /** Encrypts tables, bucket and logs. */
  readonly atRest: Key;
  /** Wraps the data keys of identity numbers, and nothing else. */
  readonly dataKey: Key;
  readonly queues: ReadonlyMap<QueueName, Queue>;
  /** Function id -> folder of its bundle. */
  readonly bundles: ReadonlyMap<string, string>;
}

/** Seconds; the API gives up after 30. */
export const defaultTimeout = 29;

/** Log lines are kept for half a year, as the network security rules ask. */
export const logDays = 180;

/**
 * The house Lambda: Node.js 24 on ARM64, ESM with source maps, JSON logs in an encrypted group of its own, and exactly the
 * rights and environment its declaration asks for. No tracing: Lambda has no X-Ray in China regions.
 */
export function houseFunction(
  scope: Construct,
  spec: FunctionSpec,
  ground: Ground,
): LambdaFunction {
  const id = pascal(spec.id);
  const logGroup = new LogGroup(scope, `${id}Log`, {
    retention: logDays,
    encryptionKey: ground.atRest,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const role = new Role(scope, `${id}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `Function ${spec.id}: ${spec.purpose}`,
  });
  for (const statement of statementsFor(spec, ground, logGroup.logGroupArn))
    role.addToPolicy(statement);
  const fn = new LambdaFunction(scope, `${id}Function`, {
    functionName: named(ground.settings, spec.id),
    description: spec.purpose,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: Code.fromAsset(of(ground.bundles, spec.id, spec)),
    memorySize: spec.memoryMb ?? 512,
    timeout: Duration.seconds(spec.timeoutSeconds ?? defaultTimeout),
    ...(spec.temporaryMb && { ephemeralStorageSize: Size.mebibytes(spec.temporaryMb) }),
    environment: environmentOf(spec, ground),
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    systemLogLevelV2: SystemLogLevel.WARN,
    logGroup,
    role,
  });
  const { defaultChild } = fn.node;
  if (defaultChild instanceof CfnFunction) nameNoPlace(defaultChild);
  return fn;
}

/** Names the bucket of bundles by pseudo parameters also where the region is known: one template for every place. */
function nameNoPlace(fn: CfnFunction): void {
  const bucket = DefaultStackSynthesizer.DEFAULT_FILE_ASSETS_BUCKET_NAME;
  const qualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER;
  fn.addPropertyOverride('Code.S3Bucket', Fn.sub(bucket.replace(/\$\{Qualifier\}/, qualifier)));
}

function statementsFor(spec: FunctionSpec, ground: Ground, logGroupArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    }),
    ...tablesOf(spec).flatMap(([name, access]) =>
      tableStatements({ table: of(ground.tables, name, spec), key: ground.atRest, access }),
    ),
    ...(spec.bucket ? bucketStatements({ ...ground, ...spec.bucket }) : []),
    ...(spec.sends ?? []).map((name) => sendStatement(of(ground.queues, name, spec))),
    ...(spec.dataKeys ? [dataKeyStatement(ground.dataKey)] : []),
    ...(spec.restores ? [restoredStatement(named(ground.settings, 'restored-'))] : []),
  ];
}

function environmentOf(spec: FunctionSpec, ground: Ground): Record<string, string> {
  const variables: [string, string][] = [
    ['STAGE', ground.settings.stage],
    ['ROOT', ground.settings.root],
    ...tablesOf(spec).map<[string, string]>(([name]) => [
      `${constant(name)}_TABLE`,
      of(ground.tables, name, spec).tableName,
    ]),
    ...(spec.sends ?? []).map<[string, string]>((name) => [
      `${constant(name)}_QUEUE`,
      of(ground.queues, name, spec).queueUrl,
    ]),
  ];
  if (spec.bucket) variables.push(['BUCKET', ground.bucket.bucketName]);
  if (spec.dataKeys) variables.push(['DATA_KEY_ID', ground.dataKey.keyArn]);
  return Object.fromEntries(variables);
}

function tablesOf(spec: FunctionSpec): [TableName, 'read' | 'write'][] {
  const names = Object.entries(spec.tables ?? {});
  return names.filter((entry): entry is [TableName, 'read' | 'write'] => entry[1] !== undefined);
}

/** What the function names must have been declared by somebody. */
function of<K extends string, V>(known: ReadonlyMap<K, V>, name: K, { id }: FunctionSpec): V {
  const found = known.get(name);
  if (found === undefined)
    throw new Error(`Function ${id} names ${name}, which no capability declares.`);
  return found;
}
