import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  CfnBucket,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { CapabilitySpec } from '../functions/core/spec.ts';
import { logDays } from './function.ts';

interface DataBucketProps {
  readonly key: Key;
  readonly logs: Bucket;
  /** Pages that may upload to presigned addresses. */
  readonly origins: readonly string[];
  /** Objects kept for some days only. */
  readonly passing: NonNullable<CapabilitySpec['objects']>;
}

const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
};

/** Uploaded ledgers, staged chunks, plans, exports and year snapshots. Every version is kept 30 days after it was replaced. */
export function dataBucket(
  scope: Construct,
  { key, logs, origins, passing }: DataBucketProps,
): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    ...closed,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    versioned: true,
    lifecycleRules: [
      {
        id: 'old-versions',
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
      ...passing.map(({ prefix, days }) => ({
        id: `passing-${prefix.replaceAll('/', '')}`,
        prefix,
        expiration: Duration.days(days),
      })),
    ],
    ...(origins.length > 0 && {
      cors: [
        {
          allowedOrigins: [...origins],
          allowedMethods: [HttpMethods.PUT, HttpMethods.GET],
          allowedHeaders: ['content-type', 'content-length', 'if-none-match', 'x-amz-*'],
          exposedHeaders: ['etag'],
          maxAge: 3600,
        },
      ],
    }),
  });
  const { defaultChild: resource } = bucket.node;
  if (!(resource instanceof CfnBucket)) throw new Error('The bucket has no resource.');
  // CDK's own switch for this deploys a Python function as a custom resource; the bucket's property needs none.
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  resource.loggingConfiguration = {
    destinationBucketName: logs.bucketName,
    logFilePrefix: 'data/',
  };
  return bucket;
}

/** Who fetched which object: access records, which S3 itself can only deliver to a bucket with its own encryption. */
export function logBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'LogBucket', {
    ...closed,
    encryption: BucketEncryption.S3_MANAGED,
    versioned: true,
    lifecycleRules: [
      {
        id: 'half-a-year',
        expiration: Duration.days(logDays),
        noncurrentVersionExpiration: Duration.days(30),
      },
    ],
  });
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('data/*')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  return bucket;
}
