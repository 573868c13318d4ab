import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { catalogue } from '../functions/catalogue.ts';
import { named, readSettings, type Settings } from './settings.ts';

/** A rule of cdk-nag that does not fit, on which resources, and why. Everything else it finds fails a test. */
export interface Acknowledgement {
  readonly rule: string;
  readonly on: (resource: CfnResource) => boolean;
  readonly reason: string;
}

/** Routes that anybody may call. A new one has to be argued for here. */
const openRoutes: Readonly<Record<string, string>> = {
  'GET /health': 'Says that the registry is up, and nothing about it; monitors have no token.',
  'GET /': 'The page itself holds no data: it asks the API with the token of whoever opened it.',
  'GET /openapi.json': 'Describes the public source code; holds no data of the county.',
};

/** Queues that are the last stop of failed work; cdk-nag recognises some of them only by a redrive policy in the same stack. */
const lastStops = /(Dead|Failed|Undispatched)Queue$/;

const functions = (resource: CfnResource) => resource instanceof CfnFunction;
const policies = (resource: CfnResource) => resource instanceof CfnPolicy;
const isLastStop = (resource: CfnResource) =>
  resource instanceof CfnQueue && lastStops.test(resource.node.scope?.node.id ?? '');
const isLogBucket = (resource: CfnResource) =>
  resource instanceof CfnBucket && resource.node.scope?.node.id === 'LogBucket';

const isTheEnd =
  'It is itself where failed work ends: 14 days of retention, an alarm on its first message, a runbook.';
const failuresKept =
  'Functions behind the API answer whoever waits; those behind a queue or stream fail into its dead-letter queue or destination; those invoked asynchronously have an on-failure destination, which keeps the error too. A test holds each to its kind.';

export const acknowledgements: readonly Acknowledgement[] = [
  ...Object.entries(openRoutes).map(([key, reason]) => ({
    rule: 'AwsSolutions-APIG4',
    on: (resource: CfnResource) => resource instanceof CfnRoute && resource.routeKey === key,
    reason,
  })),
  {
    rule: 'AwsSolutions-SQS3',
    on: isLastStop,
    reason: isTheEnd,
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    on: isLastStop,
    reason: isTheEnd,
  },
  {
    rule: 'Serverless-LambdaDLQ',
    on: functions,
    reason: failuresKept,
  },
  {
    rule: 'NIST.800.53.R5-LambdaDLQ',
    on: functions,
    reason: failuresKept,
  },
  {
    rule: 'Serverless-LambdaEventSourceMappingDestination',
    on: (resource) =>
      resource instanceof CfnEventSourceMapping && resource.startingPosition === undefined,
    reason:
      'Lambda knows no destination for SQS: the queue has a redrive policy to its own dead-letter queue.',
  },
  {
    rule: 'Serverless-LambdaTracing',
    on: functions,
    reason:
      'Lambda has no X-Ray in China regions. Request ids in structured logs tie a call together.',
  },
  {
    rule: 'NIST.800.53.R5-LambdaInsideVPC',
    on: functions,
    reason:
      'The functions speak to DynamoDB, S3, SQS and KMS only, each by IAM and TLS. A VPC would add endpoints to pay for all day and no boundary that identity does not draw already.',
  },
  {
    rule: 'NIST.800.53.R5-LambdaConcurrency',
    on: functions,
    reason:
      'The API is throttled at its stage and queue consumers by the concurrency of their mapping. Reserving would take from the account what another function needs, and a county needs little.',
  },
  {
    rule: 'NIST.800.53.R5-IAMNoInlinePolicy',
    on: policies,
    reason:
      'Each policy belongs to the one role of one function and lives and dies with it; nobody can attach it elsewhere. Statements are drawn from the spec and checked by a test.',
  },
  {
    rule: 'NIST.800.53.R5-DynamoDBInBackupPlan',
    on: (resource) => resource instanceof CfnTable,
    reason:
      'Point-in-time recovery restores any second of 35 days; deletion protection and RETAIN guard the table itself; year snapshots lie in the versioned bucket. A backup vault is for the account to decide, not for the application.',
  },
  {
    rule: 'NIST.800.53.R5-S3BucketReplicationEnabled',
    on: (resource) => resource instanceof CfnBucket,
    reason:
      'Personal data of state organs stays in its region (PIPL article 36). S3 keeps it in three zones, every version for 30 days.',
  },
  {
    rule: 'NIST.800.53.R5-S3DefaultEncryptionKMS',
    on: isLogBucket,
    reason:
      'S3 delivers server access records only to buckets encrypted with its own keys (SSE-S3).',
  },
];

/** Prefixes of keys below which some function writes. */
const prefixes = [
  ...new Set(
    catalogue.flatMap(({ functions }) => functions.flatMap(({ bucket }) => bucket?.writes ?? [])),
  ),
];

/** Wildcards below a named resource that cannot be avoided, as cdk-nag names them: ids depend on the stack. */
function wildcards(all: readonly IConstruct[]): readonly Acknowledgement[] {
  const below = (resource: CfnResource, rest: string, reason: string): Acknowledgement => ({
    rule: `AwsSolutions-IAM5[Resource::<${Stack.of(resource).getLogicalId(resource)}.Arn>${rest}]`,
    on: policies,
    reason,
  });
  return all.flatMap((one) => {
    if (one instanceof CfnBucket) {
      return [
        below(one, '/*', 'Objects of the one bucket of the registry: keys are made at run time.'),
        ...prefixes.map((prefix) =>
          below(
            one,
            `/${prefix}*`,
            'Objects under one prefix, which alone the function may write: keys are made at run time.',
          ),
        ),
      ];
    }
    if (one instanceof CfnTable && one.streamSpecification) {
      return [
        below(
          one,
          '/stream/*',
          'ListStreams is granted on the streams of one table, never on a stream by label.',
        ),
      ];
    }
    return [];
  });
}

/** Recovered tables do not exist when the stacks are written: only their prefix is known. */
function restored(settings: Settings): Acknowledgement {
  const table = named(settings, 'restored-*');
  const arn = `arn:<AWS::Partition>:dynamodb:<AWS::Region>:<AWS::AccountId>:table/${table}`;
  return {
    rule: `AwsSolutions-IAM5[Resource::${arn}]`,
    on: policies,
    reason:
      'An operator names the recovered table when the day comes; the prefix is kept for such tables and opens no other.',
  };
}

/** Writes the acknowledgements onto the resources they concern. */
export function acknowledge(app: App): void {
  const all = app.node.findAll();
  const list = [...acknowledgements, ...wildcards(all), restored(readSettings(app))];
  for (const resource of all) {
    if (!(resource instanceof CfnResource)) continue;
    for (const { rule, on, reason } of list) {
      if (on(resource)) Validations.of(resource).acknowledge({ id: rule, reason });
    }
  }
}
