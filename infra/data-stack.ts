import { Aws, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { CapabilitySpec, TableName } from '../functions/core/spec.ts';
import { dataBucket, logBucket } from './bucket.ts';
import { HouseStack } from './house-stack.ts';
import type { Settings } from './settings.ts';
import { houseTable } from './table.ts';

/** What must survive everything else: tables, bucket, keys. Nothing here is removed with the stack. */
export class DataStack extends HouseStack {
  readonly tables: ReadonlyMap<TableName, Table>;
  readonly bucket: Bucket;
  /** Encrypts tables, bucket, logs and alarms at rest. */
  readonly atRest: Key;
  /** Wraps the data keys of identity numbers, and nothing else. */
  readonly dataKey: Key;

  constructor(scope: Construct, settings: Settings, catalogue: readonly CapabilitySpec[]) {
    super(scope, 'data', { ...settings, about: 'tables, bucket and keys' });
    this.atRest = houseKey(this, 'AtRestKey', 'Bangfu: tables, bucket, logs and alarms at rest');
    this.dataKey = houseKey(this, 'DataKey', 'Bangfu: wraps the data keys of identity numbers');
    allowLogs(this.atRest);
    allowAlarms(this.atRest);
    this.tables = new Map(
      catalogue
        .flatMap(({ tables }) => tables ?? [])
        .map((spec) => [spec.name, houseTable(this, spec, this.atRest)]),
    );
    this.bucket = dataBucket(this, {
      key: this.atRest,
      logs: logBucket(this),
      origins: settings.origins,
      passing: catalogue.flatMap(({ objects }) => objects ?? []),
    });
  }
}

function houseKey(scope: Construct, id: string, description: string): Key {
  return new Key(scope, id, {
    description,
    enableKeyRotation: true,
    pendingWindow: Duration.days(30),
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** CloudWatch Logs seals the log groups of this account and region with the key. */
function allowLogs(key: Key): void {
  const arn = Fn.sub(`arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:*`);
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:DescribeKey',
      ],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn } },
    }),
  );
}

/** CloudWatch alarms of this account reach the encrypted topic of the watch stack. */
function allowAlarms(key: Key): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}
