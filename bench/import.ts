import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { inLanes } from '../functions/lib/lanes.ts';
import { freshBucket } from '../test/support/bucket.ts';
import { importer } from '../test/support/importer.ts';
import type { Ground, Tables } from './ground.ts';
import { type Figure, interleaved } from './ratio.ts';

const sample = join(import.meta.dirname, '../sample');
const LEDGER = '贫困人口台账.xlsx';
const ROUNDS = 3;
/** Households the import writes at once. */
const LANES = 8;

type Transaction = readonly TransactWriteItem[];

/** Keeps every transaction that writes households, as it went over the wire. */
class Recorder {
  readonly transactions: Transaction[] = [];
  on = false;

  constructor(client: DynamoDBClient) {
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (this.on && commandName === 'TransactWriteItemsCommand') this.#keep(args.input);
          return next(args);
        },
      { step: 'initialize', name: 'recorder' },
    );
  }

  #keep(input: unknown): void {
    const Items = z.custom<Transaction>((value) => Array.isArray(value));
    const { TransactItems } = z.object({ TransactItems: Items }).parse(input);
    const isHousehold = TransactItems.some(({ Put }) => Put?.TableName?.startsWith('household'));
    if (isHousehold) this.transactions.push(TransactItems);
  }
}

/** The same actions on another set of tables. */
function moved(transaction: Transaction, to: Tables): TransactWriteItem[] {
  const nameOf = (name = '') => (name.startsWith('identity') ? to.identity : to.household);
  return transaction.map(({ Put, ...others }) => {
    if (!Put) throw new Error(`a first import only puts: ${Object.keys(others)}`);
    return { Put: { ...Put, TableName: nameOf(Put.TableName) } };
  });
}

interface Run {
  readonly tables: Tables;
  readonly milliseconds: number;
  readonly rows: number;
}

/** The whole pipeline after the upload, in this process: read, match, approve, apply. */
async function pipeline(ground: Ground, recorder: Recorder): Promise<Run> {
  const tables = await ground.tables();
  const county = importer(tables);
  const fileOf = (name: string) => readFileSync(join(sample, name));
  const divisions = { kind: 'divisions', fileName: 'divisions.csv' } as const;
  await county.apply(await county.plan(fileOf(divisions.fileName), divisions));
  const id = await county.upload(fileOf(LEDGER), { kind: 'registry', fileName: LEDGER });
  recorder.on = recorder.transactions.length === 0;
  ground.meter.reset();
  const began = performance.now();
  await county.read(id);
  await county.drain();
  const applied = await county.apply(await county.load(id));
  const milliseconds = performance.now() - began;
  recorder.on = false;
  if (applied.state !== 'applied') throw new Error(`the import ended ${applied.state}`);
  return { tables, milliseconds, rows: applied.applied?.rows.new ?? 0 };
}

/** A bare loop of TransactWriteItems over the very same items, as many at once. */
async function bareLoop(ground: Ground, transactions: readonly Transaction[]): Promise<Run> {
  const tables = await ground.tables();
  const inputs = transactions.map((one) => moved(one, tables));
  ground.meter.reset();
  const began = performance.now();
  await inLanes(inputs, LANES, async (TransactItems) => {
    await ground.client.send(new TransactWriteItemsCommand({ TransactItems }));
    return [];
  });
  return { tables, milliseconds: performance.now() - began, rows: 0 };
}

/** Rows per second and write units of taking in the sample county's ledger, against writing what came of it with nothing around. */
export async function importFigures(ground: Ground): Promise<readonly Figure[]> {
  const bucket = await freshBucket();
  const recorder = new Recorder(ground.client);
  const { meter } = ground;
  const seen = { rows: 0, ours: 0, base: 0 };
  const perSecond = (milliseconds: number) => (seen.rows * 1000) / milliseconds;
  const speeds = await interleaved(ROUNDS, {
    ours: async () => {
      const run = await pipeline(ground, recorder);
      seen.ours = meter.spent().write;
      seen.rows = run.rows;
      await ground.drop(run.tables);
      return perSecond(run.milliseconds);
    },
    base: async () => {
      const run = await bareLoop(ground, recorder.transactions);
      seen.base = meter.spent().write;
      await ground.drop(run.tables);
      return perSecond(run.milliseconds);
    },
  });
  await bucket.close();
  return [
    {
      name: `import: rows a second, ${seen.rows} persons, ${LANES} households at once`,
      unit: 'rows/s',
      ...speeds,
      goal: 0.5,
      atLeast: true,
      note: 'read, match, apply / a bare loop of TransactWriteItems over the same items',
    },
    {
      name: 'import: write units a person',
      unit: 'WRU',
      ours: seen.ours / seen.rows,
      base: seen.base / seen.rows,
      goal: 1.3,
      note: 'all tables, jobs and keys too / household, members, number, locks, roster, event in transactions; list entries and summaries stand below',
    },
  ];
}
