import {
  BatchGetItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../bench/item-size.ts';
import { Meter } from '../../bench/meter.ts';
import { testClient } from '../support/database.ts';
import { runs } from '../support/seed.ts';

const TableName = `meter-${crypto.randomUUID().slice(0, 8)}`;
let client: DynamoDBClient;
let meter: Meter;
let count = 0;

beforeAll(async () => {
  client = await testClient();
  meter = new Meter(client, await testClient());
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
});

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.integer(),
  fc.integer({ min: -1000, max: 1000 }).map((cents) => cents / 100),
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array({ maxLength: 40 }),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }),
  fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.integer(), { maxKeys: 4 }),
);
/** Names of content; the meter takes `pk` and `sk` for keys, as every table of ours has them. */
const name = fc.stringMatching(/^[a-z]{1,8}$/).filter((one) => one !== 'pk' && one !== 'sk');
const content = fc.dictionary(name, value, { maxKeys: 6 });
/** Filled up to sizes around every border of a unit. */
const item = fc
  .tuple(content, fc.integer({ min: 0, max: 3 }), fc.integer({ min: -160, max: 20 }))
  .map(([one, kilobytes, beside]) => {
    count += 1;
    const filler = 'x'.repeat(Math.max(0, kilobytes * 1024 + beside));
    return marshall({ ...one, pk: `k${String(count).padStart(6, '0')}`, filler });
  });

describe('capacity units', () => {
  it('a value has the bytes that are billed for it: a unit more begins exactly behind its kilobyte', async () => {
    const decimal = fc.tuple(fc.integer(), fc.integer({ min: -9, max: 9 }));
    const number = decimal.map(([digits, power]) => ({ N: `${digits}e${power}` }));
    const any = fc.oneof(
      number,
      value.map((one) => marshall({ one }).one),
    );
    await fc.assert(
      fc.asyncProperty(any, async (one) => {
        const filled = (bytes: number) => {
          const bare = { pk: { S: 'size' }, filler: { S: '' }, ...(one && { one }) };
          return { ...bare, filler: { S: 'x'.repeat(bytes - bytesOf(bare)) } };
        };
        const cost = (Item: ReturnType<typeof filled>) =>
          meter.of(() => client.send(new PutItemCommand({ TableName, Item })));
        await cost(filled(1024));
        expect((await cost(filled(1024))).write).toBe(1);
        expect((await cost(filled(1025))).write).toBe(2);
      }),
      runs(100, 500),
    );
  });

  it('a transaction costs twice what its items cost when each is put alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 6 }), async (items) => {
        const alone = await meter.of(async () => {
          for (const Item of items) await client.send(new PutItemCommand({ TableName, Item }));
        });
        const fresh = items.map((one) => ({ ...one, pk: { S: `n${one.pk?.S?.slice(1)}` } }));
        const TransactItems = fresh.map((Item) => ({ Put: { TableName, Item } }));
        const together = () => client.send(new TransactWriteItemsCommand({ TransactItems }));
        expect(await meter.of(together)).toEqual({ read: 0, write: 2 * alone.write });
        expect(meter.spent('other')).toEqual({ read: 0, write: 0 });
      }),
      runs(30, 300),
    );
  });

  it('what a transaction overwrites or takes away counts where it was larger', async () => {
    const large = marshall({ pk: 'large', filler: 'x'.repeat(2500) });
    await client.send(new PutItemCommand({ TableName, Item: large }));
    const small = { Put: { TableName, Item: marshall({ pk: 'large' }) } };
    const gone = { Delete: { TableName, Key: marshall({ pk: 'large' }) } };
    const run = (action: typeof small | typeof gone) =>
      meter.of(() => client.send(new TransactWriteItemsCommand({ TransactItems: [action] })));
    expect(await run(small)).toEqual({ read: 0, write: 6 });
    expect(await run(gone)).toEqual({ read: 0, write: 2 });
  });

  it('looking for what is not there costs the smallest read', async () => {
    const keys = { Keys: [marshall({ pk: 'nobody' }), marshall({ pk: 'noone' })] };
    const ask = (ConsistentRead: boolean) => [
      new QueryCommand({
        TableName,
        ConsistentRead,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': 'nobody' }),
      }),
      new BatchGetItemCommand({ RequestItems: { [TableName]: { ...keys, ConsistentRead } } }),
    ];
    const [query, batch] = ask(false);
    const [strongQuery, strongBatch] = ask(true);
    const cost = (command: typeof query) =>
      meter.of(async () => {
        if (command instanceof QueryCommand) await client.send(command);
        if (command instanceof BatchGetItemCommand) await client.send(command);
      });
    expect((await cost(query)).read).toBe(0.5);
    expect((await cost(strongQuery)).read).toBe(1);
    expect((await cost(batch)).read).toBe(1);
    expect((await cost(strongBatch)).read).toBe(2);
  });
});
