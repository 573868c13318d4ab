import * as z from 'zod';
import { ofType, type Resource } from './resources.ts';
import { bucketCorsSchema, type CorsRule } from './s3-cors.ts';

const bucketSchema = z.looseObject({
  CorsConfiguration: bucketCorsSchema.optional(),
  NotificationConfiguration: z
    .looseObject({
      EventBridgeConfiguration: z
        .looseObject({ EventBridgeEnabled: z.boolean().default(true) })
        .optional(),
    })
    .optional(),
});

export interface Bucket {
  name: string;
  cors: readonly CorsRule[];
  /** tells the event bus about new objects */
  announces: boolean;
}

export function readBuckets(resources: readonly Resource[]): Map<string, Bucket> {
  const buckets = ofType(resources, 'AWS::S3::Bucket', bucketSchema).map(({ name, is }) => ({
    name,
    cors: is.CorsConfiguration?.CorsRules ?? [],
    announces: is.NotificationConfiguration?.EventBridgeConfiguration?.EventBridgeEnabled ?? false,
  }));
  return new Map(buckets.map((bucket) => [bucket.name, bucket]));
}
