import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { bytesOf, writeUnits } from './item-size.ts';

/** Capacity units as DynamoDB counts them: strong and transactional reads and writes at their full price. */
export interface Units {
  readonly read: number;
  readonly write: number;
}

const none: Units = { read: 0, write: 0 };

/** How a call is counted: as DynamoDB Local says, and where it is known to say too little, by DynamoDB's own rules. */
const rules: Readonly<Record<string, keyof Units | 'batch' | 'transaction'>> = {
  GetItemCommand: 'read',
  QueryCommand: 'read',
  ScanCommand: 'read',
  BatchGetItemCommand: 'batch',
  PutItemCommand: 'write',
  UpdateItemCommand: 'write',
  DeleteItemCommand: 'write',
  BatchWriteItemCommand: 'write',
  TransactWriteItemsCommand: 'transaction',
};

type Item = Readonly<Record<string, AttributeValue>>;
const One = z.object({ TableName: z.string(), CapacityUnits: z.number() });
const Answer = z.object({ ConsumedCapacity: z.union([One, z.array(One)]) });
const Asked = z.object({ ConsistentRead: z.boolean().optional() });
const Batch = z.object({
  RequestItems: z.record(z.string(), Asked.extend({ Keys: z.array(z.unknown()) })),
});
const Found = z.object({ Responses: z.record(z.string(), z.array(z.unknown())) });
const Actions = z.object({
  TransactItems: z.custom<readonly TransactWriteItem[]>((value) => Array.isArray(value)),
});

/** What reading nothing costs: DynamoDB charges the smallest read, DynamoDB Local none. */
const leastRead = (asked: { readonly ConsistentRead?: boolean | undefined }) =>
  asked.ConsistentRead ? 1 : 0.5;

/** Table, key and new content of an action. */
function targetOf(action: TransactWriteItem): { table: string; key: Item; item: Item } {
  const { Put, Delete, ConditionCheck } = action;
  const table = Put?.TableName ?? Delete?.TableName ?? ConditionCheck?.TableName ?? '';
  const item = Put?.Item ?? {};
  const { pk, sk } = item;
  const own = { ...(pk && { pk }), ...(sk && { sk }) };
  return { table, item, key: Delete?.Key ?? ConditionCheck?.Key ?? own };
}

/** Units consumed through one client, by table. */
export class Meter {
  readonly #spent = new Map<string, Units>();
  readonly #beside: DynamoDBClient;
  #looksBefore = false;

  /**
   * Asks for the consumed capacity of every call of the client and adds it up. Calls that are refused tell none.
   * @param beside another client, not counted, to look things up with
   */
  constructor(client: DynamoDBClient, beside: DynamoDBClient) {
    this.#beside = beside;
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          const rule = rules[commandName];
          if (!rule) return next(args);
          const input = { ...args.input, ReturnConsumedCapacity: 'INDEXES' };
          const actions = rule === 'transaction' ? await this.#transaction(args.input) : [];
          const result = await next({ ...args, input });
          for (const [table, write] of actions) this.#add(table, { ...none, write });
          this.#told(rule, { input, output: result.output });
          return result;
        },
      { step: 'initialize', name: 'meter' },
    );
  }

  #add(table: string, units: Units): void {
    const before = this.#spent.get(table) ?? none;
    this.#spent.set(table, {
      read: before.read + units.read,
      write: before.write + units.write,
    });
  }

  #told(rule: string, { input, output }: { readonly input: object; readonly output: unknown }) {
    if (rule === 'transaction') return;
    if (rule === 'batch') this.#missing(input, output);
    const least = rule === 'read' ? leastRead(Asked.parse(input)) : 0;
    for (const { TableName, CapacityUnits } of [Answer.parse(output).ConsumedCapacity].flat()) {
      const units = Math.max(CapacityUnits, least);
      this.#add(TableName, rule === 'write' ? { ...none, write: units } : { ...none, read: units });
    }
  }

  /** Keys of a batch that are not there. */
  #missing(input: unknown, output: unknown): void {
    const { Responses } = Found.parse(output);
    for (const [table, asked] of Object.entries(Batch.parse(input).RequestItems)) {
      const count = asked.Keys.length - (Responses[table]?.length ?? 0);
      this.#add(table, { read: count * leastRead(asked), write: 0 });
    }
  }

  /** DynamoDB Local counts items of one size in a transaction once; DynamoDB charges each twice its larger side, before or after. */
  async #transaction(input: unknown): Promise<readonly (readonly [string, number])[]> {
    const targets = Actions.parse(input).TransactItems.map(targetOf);
    return Promise.all(
      targets.map(async ({ table, key, item }) => {
        const before = this.#looksBefore ? await this.#look(table, key) : {};
        return [table, 2 * writeUnits(Math.max(bytesOf(item), bytesOf(before)))] as const;
      }),
    );
  }

  async #look(TableName: string, Key: Item): Promise<Item> {
    const input = { TableName, Key: { ...Key }, ConsistentRead: true };
    return (await this.#beside.send(new GetItemCommand(input))).Item ?? {};
  }

  reset(): void {
    this.#spent.clear();
  }

  /** Units of the tables whose names begin so; of all of them without. */
  spent(table = ''): Units {
    const found = [...this.#spent].filter(([name]) => name.startsWith(table));
    return {
      read: found.reduce((sum, [, { read }]) => sum + read, 0),
      write: found.reduce((sum, [, { write }]) => sum + write, 0),
    };
  }

  /** What a piece of work costs; what transactions overwrite is looked up first, which costs time and is not counted. */
  async of(work: () => Promise<unknown>): Promise<Units> {
    this.reset();
    this.#looksBefore = true;
    await work();
    this.#looksBefore = false;
    return this.spent();
  }
}
