import { Fn } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';

export type AccessKind = 'read' | 'write';

/** No Scan: nothing in the registry is answered by one. ConditionCheckItem serves transactions. */
const readItems = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:ConditionCheckItem',
];
const writeItems = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
];
const openKey = ['kms:Decrypt', 'kms:DescribeKey'];
const sealKey = [
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

interface TableGrant {
  readonly table: Table;
  readonly key: Key;
  readonly access: AccessKind;
}

export function tableStatements({ table, key, access }: TableGrant): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: access === 'write' ? [...readItems, ...writeItems] : readItems,
      resources: [table.tableArn],
    }),
    keyStatement({ key, access, service: 'dynamodb' }),
  ];
}

/** Reading tables made by point-in-time recovery under the deployment's own prefix: the one place where Scan is allowed. */
export function restoredStatement(prefix: string): PolicyStatement {
  const arn = `arn:\${AWS::Partition}:dynamodb:\${AWS::Region}:\${AWS::AccountId}:table/${prefix}*`;
  return new PolicyStatement({
    actions: ['dynamodb:Scan', 'dynamodb:BatchGetItem'],
    resources: [Fn.sub(arn)],
  });
}

/** Reading the stream of a table; ListStreams knows no single stream as its resource. */
export function streamStatements(table: Table, key: Key): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [table.tableStreamArn ?? ''],
    }),
    new PolicyStatement({
      actions: ['dynamodb:ListStreams'],
      resources: [`${table.tableArn}/stream/*`],
    }),
    keyStatement({ key, access: 'read', service: 'dynamodb' }),
  ];
}

interface BucketGrant {
  readonly bucket: Bucket;
  readonly atRest: Key;
  /** Prefixes of keys. */
  readonly writes: readonly string[];
}

/** ListBucket only so that a missing object is told apart from a forbidden one. Nothing deletes: lifecycles do. */
export function bucketStatements({ bucket, atRest, writes }: BucketGrant): PolicyStatement[] {
  const access = writes.length > 0 ? 'write' : 'read';
  return [
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    new PolicyStatement({
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects('*')],
    }),
    ...writes.map((prefix) => {
      const resources = [bucket.arnForObjects(`${prefix}*`)];
      return new PolicyStatement({
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources,
      });
    }),
    keyStatement({ key: atRest, access, service: 's3' }),
  ];
}

export function sendStatement(queue: Queue): PolicyStatement {
  return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
}

export function consumeStatement(queue: Queue): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
    ],
    resources: [queue.queueArn],
  });
}

/** Making and opening the data keys that seal identity numbers. */
export function dataKeyStatement(key: Key): PolicyStatement {
  return new PolicyStatement({
    actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
    resources: [key.keyArn],
  });
}

interface KeyGrant {
  readonly key: Key;
  readonly access: AccessKind;
  readonly service: 'dynamodb' | 's3';
}

/** The key at rest, but only through the service that stores: `dynamodb.*` covers both suffixes of endpoints. */
function keyStatement({ key, access, service }: KeyGrant): PolicyStatement {
  return new PolicyStatement({
    actions: access === 'write' ? [...openKey, ...sealKey] : openKey,
    resources: [key.keyArn],
    conditions: { StringLike: { 'kms:ViaService': `${service}.*` } },
  });
}
