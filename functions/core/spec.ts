import type * as z from 'zod';
import type { Access } from './access.ts';
import type { RefusalCode } from './refusal-text.ts';

/** Tables by their word in the code; the environment variable is `<WORD>_TABLE`. */
export const tableNames = [
  'household',
  'identity',
  'area',
  'summary',
  'list',
  'job',
  'access',
  'case',
  'target',
  'pairing',
  'policy',
  'care',
] as const;
export type TableName = (typeof tableNames)[number];

/** Queues by their word; the environment variable is `<WORD>_QUEUE` (a URL). Each has a dead-letter queue. */
export const queueNames = [
  'summary',
  'listing',
  'import',
  'job',
  'recount',
  'snapshot',
  'entitlement',
  'evaluation',
  'coverage',
] as const;
export type QueueName = (typeof queueNames)[number];

/** A table is declared by the capability that owns it. Keys are strings. */
export interface TableSpec {
  readonly name: TableName;
  readonly partition: 'pk';
  readonly sort?: 'sk';
  /** Attribute with the expiry in epoch seconds; expiry is compared on read, since removal is late. */
  readonly ttl?: 'expiresAt';
  /** Kinds of records whose changes are told to consumers: key prefix of `pk` -> queues that asked for it. */
  readonly stream?: readonly { readonly prefix: string; readonly to: readonly QueueName[] }[];
  /** Access patterns in words, one per line. */
  readonly patterns: readonly string[];
}

/** One route of the HTTP API: infra, runtime, OpenAPI and the rights test all read this. */
export interface Route {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Path with {parameters} as API Gateway writes them. */
  readonly path: string;
  readonly summary: { readonly zh: string; readonly en: string };
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Success status, 200 unless told. */
  readonly status?: number;
  readonly refusals: readonly RefusalCode[];
  /** The change names the version it is based on (428 without). */
  readonly ifMatch?: true;
  /** Name of the path or query parameter that holds an area code; it must lie in the actor's areas (404 otherwise). */
  readonly area?: string;
  /**
   * A closed code is not replaced by its successor: what was written in its day is asked for under it. The name of a query parameter: only
   * where that is given.
   */
  readonly keepsCode?: true | 'snapshot';
  /** Where the list it answers can be had as a spreadsheet; the function of sheets serves that. */
  readonly sheet?: `/${string}.xlsx`;
}

/** One Lambda function: what it is built from, may touch, and is called by. */
export interface FunctionSpec {
  /** Word of the function: names its bundle and its construct. */
  readonly id: string;
  /** Entry file under functions/, exporting `handler`. */
  readonly entry: string;
  readonly purpose: string;
  readonly memoryMb?: number;
  readonly timeoutSeconds?: number;
  readonly temporaryMb?: number;
  /** Least power: `read` unless it says `write`. */
  readonly tables?: Readonly<Partial<Record<TableName, 'read' | 'write'>>>;
  /** Reads objects, and writes those whose keys begin with one of these. */
  readonly bucket?: { readonly writes: readonly `${string}/`[] };
  readonly sends?: readonly QueueName[];
  /** May ask KMS for data keys and open wrapped ones. */
  readonly dataKeys?: true;
  readonly routes?: readonly Route[];
  readonly consumes?: {
    readonly queue: QueueName;
    readonly batch: number;
    readonly windowSeconds: number;
    readonly concurrency?: number;
  };
  /** The maintenance job that may Scan tables made by point-in-time recovery, named `bangfu-<stage>-restored-…`; no others. */
  readonly restores?: true;
  /** The dispatcher: reads every declared table stream. */
  readonly streams?: true;
  /** Six-field cron in Asia/Shanghai; the name is what `npm run trigger` takes. */
  readonly schedule?: { readonly name: string; readonly cron: string };
  /** Called when an object whose key begins so was created. */
  readonly objectCreated?: { readonly prefix: string; readonly suffix?: string };
}

/** What a capability declares: data only. */
export interface CapabilitySpec {
  readonly name: string;
  readonly tables?: readonly TableSpec[];
  /** Objects of the bucket that are needed for a time only: key prefix and days after which they are removed. */
  readonly objects?: readonly { readonly prefix: string; readonly days: number }[];
  readonly functions: readonly FunctionSpec[];
}
