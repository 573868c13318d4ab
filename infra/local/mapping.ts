import * as z from 'zod';
import { LocalError } from './fault.ts';
import type { LocalFunction } from './functions.ts';
import { type Json, parseObject } from './json.ts';
import { matches } from './pattern.ts';
import { nameInArn, ofType, type Resource } from './resources.ts';
import type { Outcome } from './sandbox.ts';

const mappingSchema = z.looseObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.coerce.number().optional(),
  MaximumBatchingWindowInSeconds: z.coerce.number().default(0),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.coerce.number().default(-1),
  MaximumRecordAgeInSeconds: z.coerce.number().default(-1),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number().optional() }).optional(),
  DestinationConfig: z
    .looseObject({ OnFailure: z.object({ Destination: z.string() }).optional() })
    .optional(),
});

/** An event source mapping: what feeds a function, in which portions, and what happens on failure. */
export interface Mapping {
  id: string;
  source: { kind: 'stream' | 'queue'; name: string; arn: string };
  fn: LocalFunction;
  batchSize: number;
  windowMs: number;
  from: 'TRIM_HORIZON' | 'LATEST';
  filters: readonly Json[];
  reportsItems: boolean;
  bisect: boolean;
  /** -1: for ever */
  maxRetries: number;
  /** -1: any age */
  maxAgeMs: number;
  concurrency: number;
  onFailure: string | undefined;
}

/** @throws LocalError TEMPLATE when a mapping has no function here, or a source that is neither stream nor queue */
export function readMappings(
  resources: readonly Resource[],
  functions: ReadonlyMap<string, LocalFunction>,
): Mapping[] {
  return ofType(resources, 'AWS::Lambda::EventSourceMapping', mappingSchema)
    .filter(({ is }) => is.Enabled)
    .map(({ logicalId, is }) => {
      const fn = functions.get(nameInArn(is.FunctionName));
      const kind = kindOf(is.EventSourceArn);
      if (fn === undefined || kind === undefined) {
        throw new LocalError('TEMPLATE', `The mapping ${logicalId} has no function or source.`);
      }
      const destination = is.DestinationConfig?.OnFailure?.Destination;
      const { MaximumRecordAgeInSeconds: age } = is;
      return {
        id: logicalId,
        source: { kind, name: nameInArn(is.EventSourceArn), arn: is.EventSourceArn },
        fn,
        batchSize: is.BatchSize ?? (kind === 'stream' ? 100 : 10),
        windowMs: is.MaximumBatchingWindowInSeconds * 1000,
        from: is.StartingPosition ?? 'TRIM_HORIZON',
        filters: is.FilterCriteria?.Filters.map(({ Pattern }) => JSON.parse(Pattern)) ?? [],
        reportsItems: is.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        bisect: is.BisectBatchOnFunctionError,
        maxRetries: is.MaximumRetryAttempts,
        maxAgeMs: age < 0 ? -1 : age * 1000,
        concurrency: Math.min(is.ScalingConfig?.MaximumConcurrency ?? fn.limit, fn.limit),
        onFailure: destination && nameInArn(destination),
      };
    });
}

function kindOf(arn: string): 'stream' | 'queue' | undefined {
  if (/:dynamodb:.*\/stream\//.test(arn)) return 'stream';
  return /:sqs:/.test(arn) ? 'queue' : undefined;
}

/** A record passes when it fits any of the filters; without filters every record does. */
export function passes(mapping: Mapping, record: Json): boolean {
  return mapping.filters.length === 0 || mapping.filters.some((one) => matches(one, record));
}

const failuresSchema = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which of the batch's items failed: none, some by their identifiers, or all (an error, or an answer that names an
 * item outside the batch).
 */
export function failedItems(
  mapping: Mapping,
  outcome: Outcome,
  ids: readonly string[],
): 'none' | 'all' | string[] {
  if (!outcome.ok) return 'all';
  if (!mapping.reportsItems) return 'none';
  const answer = parseObject(outcome.payload);
  if (answer === undefined) return 'none';
  const parsed = failuresSchema.safeParse(answer);
  if (!parsed.success) return 'all';
  const failed = (parsed.data.batchItemFailures ?? []).map((one) => one.itemIdentifier);
  if (failed.length === 0) return 'none';
  return failed.every((id) => ids.includes(id)) ? failed : 'all';
}
