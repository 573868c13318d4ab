import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { TableSpec } from '../functions/core/spec.ts';
import { pascal } from './word.ts';

/**
 * The house table: on demand, encrypted with our key, restorable to any second of 35 days, neither deleted by mistake nor
 * with its stack. `Table`, not `TableV2`: cdk-nag does not see the latter.
 */
export function houseTable(scope: Construct, spec: TableSpec, encryptionKey: Key): Table {
  const { name, partition, sort, ttl, stream } = spec;
  return new Table(scope, pascal(`${name}-table`), {
    partitionKey: { name: partition, type: AttributeType.STRING },
    ...(sort && { sortKey: { name: sort, type: AttributeType.STRING } }),
    ...(ttl && { timeToLiveAttribute: ttl }),
    ...(stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}
