import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A stored item before its schema has parsed it. */
export type Item = Readonly<Record<string, unknown>>;

export interface Key {
  readonly pk: string;
  readonly sk?: string;
}

/** An expression over an item, with `#name` and `:value` placeholders filled from `names` and `values`. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Item;
}

/** One action of a transaction. */
export type Action =
  | { readonly put: Item; readonly table: string; readonly when?: Condition }
  | { readonly delete: Key; readonly table: string; readonly when?: Condition }
  | { readonly check: Key; readonly table: string; readonly when: Condition };

/** Why an action did not go through: its place in the list, and the item that stood there. */
export interface Obstacle {
  readonly index: number;
  readonly code: string;
  readonly item?: Item;
}

const options = { removeUndefinedValues: true, convertClassInstanceToMap: false };
let shared: DynamoDBClient | undefined;

/** The one client of a function: adaptive retries, so that throttled tables slow us down instead of failing the clerk. */
export function dynamo(): DynamoDBClient {
  shared ??= new DynamoDBClient({ maxAttempts: 8, retryMode: 'adaptive' });
  return shared;
}

/** Lets a test or the bench give the client (another endpoint, a middleware that counts units or loses replies). */
export function useDynamo(client: DynamoDBClient | undefined): void {
  shared = client;
}

/** Condition that the item does not exist yet. */
export const absent: Condition = { expression: 'attribute_not_exists(pk)' };

/** Condition that the stored version is the one the caller has read. */
export function atVersion(version: number): Condition {
  return {
    expression: '#version = :version',
    names: { '#version': 'version' },
    values: { ':version': version },
  };
}

function conditionOf(when: Condition | undefined) {
  if (!when) return {};
  return {
    ConditionExpression: when.expression,
    ...(when.names && { ExpressionAttributeNames: { ...when.names } }),
    ...(when.values && { ExpressionAttributeValues: marshall(when.values, options) }),
  };
}

/** One item by key; consistent unless told otherwise. */
export async function getItem(
  table: string,
  key: Key,
  consistent = true,
): Promise<Item | undefined> {
  const input = { TableName: table, Key: marshall(key), ConsistentRead: consistent };
  const { Item: found } = await dynamo().send(new GetItemCommand(input));
  return found && unmarshall(found);
}

export interface Query {
  readonly pk: string;
  /** Sort key begins so. */
  readonly prefix?: string;
  /** Sort key lies between, both ends included. */
  readonly between?: readonly [string, string];
  /** Sort key comes after (exclusive); with `prefix`, both hold. */
  readonly after?: string;
  readonly consistent?: boolean;
  readonly limit?: number;
  readonly reverse?: boolean;
}

function keyCondition(query: Query) {
  const { pk, prefix, between } = query;
  if (between) {
    return {
      expression: 'pk = :pk AND sk BETWEEN :from AND :to',
      values: { ':pk': pk, ':from': between[0], ':to': between[1] },
    };
  }
  if (prefix !== undefined) {
    return {
      expression: 'pk = :pk AND begins_with(sk, :prefix)',
      values: { ':pk': pk, ':prefix': prefix },
    };
  }
  return { expression: 'pk = :pk', values: { ':pk': pk } };
}

/** One page of a partition: its items and, where there are more, the sort key to go on after. */
export async function queryPage(
  table: string,
  query: Query,
): Promise<{ items: readonly Item[]; next?: string }> {
  const key = keyCondition(query);
  const answer = await dynamo().send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: key.expression,
      ExpressionAttributeValues: marshall(key.values),
      ConsistentRead: query.consistent ?? false,
      ScanIndexForward: !(query.reverse ?? false),
      ...(query.limit !== undefined && { Limit: query.limit }),
      ...(query.after !== undefined && {
        ExclusiveStartKey: marshall({ pk: query.pk, sk: query.after }),
      }),
    }),
  );
  const items = (answer.Items ?? []).map((item) => unmarshall(item));
  const last = answer.LastEvaluatedKey?.sk?.S;
  return last === undefined ? { items } : { items, next: last };
}

/** All items of a query, page after page. */
export async function* queryAll(table: string, query: Query): AsyncGenerator<Item> {
  let after = query.after;
  do {
    const page = await queryPage(table, after === undefined ? query : { ...query, after });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Items by key, in no order, missing ones left out; keys must differ. Unprocessed keys are asked for again. */
export async function batchGet(
  table: string,
  keys: readonly Key[],
  consistent = false,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let waiting = keys.map((key) => marshall(key));
  for (let turn = 0; waiting.length > 0; turn += 1) {
    if (turn > 0) await pause(Math.min(25 * 2 ** turn, 1000));
    const now = waiting.slice(0, 100);
    const request = { [table]: { Keys: now, ConsistentRead: consistent } };
    const answer = await dynamo().send(new BatchGetItemCommand({ RequestItems: request }));
    for (const item of answer.Responses?.[table] ?? []) found.push(unmarshall(item));
    const unprocessed = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    waiting = [...unprocessed, ...waiting.slice(100)];
    if (unprocessed.length === 0) turn = -1;
  }
  return found;
}

/** Puts one item; false when the condition did not hold. */
export function putItem(table: string, item: Item, when?: Condition): Promise<boolean> {
  const input = { TableName: table, Item: marshall(item, options), ...conditionOf(when) };
  return holds(dynamo().send(new PutItemCommand(input)));
}

/** Deletes one item; false when the condition did not hold. */
export function deleteItem(table: string, key: Key, when?: Condition): Promise<boolean> {
  const input = { TableName: table, Key: marshall(key), ...conditionOf(when) };
  return holds(dynamo().send(new DeleteItemCommand(input)));
}

async function holds(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (fault) {
    if (fault instanceof ConditionalCheckFailedException) return false;
    throw fault;
  }
}

function toWrite(action: Action): TransactWriteItem {
  const shown = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  if ('put' in action) {
    return {
      Put: {
        TableName: action.table,
        Item: marshall(action.put, options),
        ...conditionOf(action.when),
        ...shown,
      },
    };
  }
  if ('delete' in action) {
    return {
      Delete: {
        TableName: action.table,
        Key: marshall(action.delete),
        ...conditionOf(action.when),
        ...shown,
      },
    };
  }
  const { expression, names, values } = action.when;
  return {
    ConditionCheck: {
      TableName: action.table,
      Key: marshall(action.check),
      ConditionExpression: expression,
      ...(names && { ExpressionAttributeNames: { ...names } }),
      ...(values && { ExpressionAttributeValues: marshall(values, options) }),
      ...shown,
    },
  };
}

/** Obstacle of an item beyond the 400 KB that the database takes; trying again does not help. */
export const TOO_LARGE = 'TooLarge';

/** The database has no code of its own for it: "Item size has exceeded the maximum allowed size". */
const SIZE = /size.*exceed|exceed.*size/i;

/** Told before the transaction begins; what an update makes too large is told by its cancellation. */
function isTooLarge(fault: unknown): boolean {
  return fault instanceof Error && fault.name === 'ValidationException' && SIZE.test(fault.message);
}

/** Cancellations that say "again", not "no": another transaction touched an item, or the table is throttled. */
const passing = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * Writes all actions or none (at most 100). Conflicts and throttling are tried again with jitter under the same client token, so a lost
 * reply within ten minutes is not written twice.
 * @returns the obstacles; empty when everything was written
 */
export async function transact(
  actions: readonly Action[],
  token: string = crypto.randomUUID(),
): Promise<readonly Obstacle[]> {
  const command = new TransactWriteItemsCommand({
    TransactItems: actions.map(toWrite),
    ClientRequestToken: token,
  });
  for (let turn = 0; ; turn += 1) {
    const obstacles = await attempt(command);
    if (turn >= 9 || obstacles.length === 0 || !obstacles.every((one) => passing.has(one.code)))
      return obstacles;
    await pause(Math.random() * Math.min(20 * 2 ** turn, 1500));
  }
}

async function attempt(command: TransactWriteItemsCommand): Promise<readonly Obstacle[]> {
  try {
    await dynamo().send(command);
    return [];
  } catch (fault) {
    // A try whose reply was lost is still at work under this token, and the client has waited for it as often as it may.
    if (fault instanceof TransactionInProgressException) return [{ index: 0, code: fault.name }];
    if (isTooLarge(fault)) return [{ index: 0, code: TOO_LARGE }];
    if (!(fault instanceof TransactionCanceledException)) throw fault;
    return obstaclesOf(fault);
  }
}

function obstaclesOf(fault: TransactionCanceledException): readonly Obstacle[] {
  return (fault.CancellationReasons ?? []).flatMap((reason, index) => {
    const { Code: code = 'None', Message: message = '' } = reason;
    if (code === 'None') return [];
    if (code === 'ValidationError') {
      // Anything else that is no valid write is a mistake of ours.
      if (!SIZE.test(message)) throw fault;
      return [{ index, code: TOO_LARGE }];
    }
    return [{ index, code, ...(reason.Item && { item: unmarshall(reason.Item) }) }];
  });
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
