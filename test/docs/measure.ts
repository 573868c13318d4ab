import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { nothing } from '../../functions/core/figure.ts';
import { encodeFigures } from '../../functions/core/figure-codec.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import { ALL, entryKey, entryKeysOf, partitionOf } from '../../functions/core/list-entry.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import {
  commit,
  findPersons,
  loadFile,
  readStored,
  type Store,
} from '../../functions/household/table.ts';
import {
  batchGet,
  dynamo,
  getItem,
  putItem,
  queryPage,
  transact,
} from '../../functions/lib/dynamo.ts';
import {
  granted,
  identityOf,
  TODAY,
  VILLAGE,
  wantedHousehold,
  wantedMember,
} from '../support/build.ts';
import type { Tables } from '../support/database.ts';
import { doing } from '../support/store.ts';

export interface Units {
  readonly read: number;
  readonly write: number;
}

const reading = /^(GetItem|BatchGetItem|Query|Scan)/;
let used = { read: 0, write: 0 };

const Consumed = z.object({ CapacityUnits: z.number() });
const Transaction = z.object({
  TransactItems: z.array(
    z.object({ Put: z.object({ Item: z.record(z.string(), z.unknown()) }).optional() }),
  ),
});

/** Bytes of a value as DynamoDB counts them: numbers about a byte for two digits, 3 bytes for a list or map and one for each entry. */
function bytesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const [[kind, inside] = ['NULL', true]] = Object.entries(value);
  if (kind === 'S') return Buffer.byteLength(String(inside));
  if (kind === 'N') return Math.ceil(String(inside).length / 2) + 1;
  if (inside instanceof Uint8Array) return inside.byteLength;
  if (kind === 'L' && Array.isArray(inside))
    return inside.reduce((sum: number, one) => sum + 1 + bytesOf(one), 3);
  return kind === 'M' && typeof inside === 'object' && inside !== null ? 3 + itemBytes(inside) : 1;
}

function itemBytes(item: object): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value) + 1,
    0,
  );
}

/** DynamoDB Local answers 2 units per table for any transaction; the rule is two for each started KB of each item. */
function transactionUnits(input: unknown): number {
  return Transaction.parse(input).TransactItems.reduce(
    (sum, { Put }) => sum + 2 * Math.ceil((Put ? itemBytes(Put.Item) : 1) / 1024),
    0,
  );
}

function answered(output: object): number {
  const consumed = 'ConsumedCapacity' in output ? [output.ConsumedCapacity].flat() : [];
  return consumed.reduce(
    (sum: number, one) => sum + (Consumed.safeParse(one).data?.CapacityUnits ?? 0),
    0,
  );
}

/** Counts the capacity units of everything the client sends from now on. */
export function countUnits(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const isTransaction = commandName.startsWith('TransactWrite');
        const written = isTransaction ? transactionUnits(args.input) : 0;
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const result = await next(args);
        const units = isTransaction ? written : answered(result.output);
        used = reading.test(commandName)
          ? { ...used, read: used.read + units }
          : { ...used, write: used.write + units };
        return result;
      },
    { step: 'initialize' },
  );
}

async function unitsOf(work: () => Promise<unknown>): Promise<Units> {
  used = { read: 0, write: 0 };
  await work();
  return used;
}

const years = ['1962-07-15', '1965-02-03', '1990-09-01', '2009-04-22'];

/** A household as ledgers have them: three or four persons, most facts known, phone and account. */
function wanted(index: number) {
  const size = index % 6 === 0 ? 4 : 3;
  return wantedHousehold({
    number: `3501227${String(index).padStart(3, '0')}`,
    contact: { phone: '10000000017', bankName: '样本信用社', bankAccount: '0000123456789' },
    facts: {
      otherCauses: ['disability'],
      measures: ['education', 'production'].slice(0, 1 + (index % 2)),
      identifiedYear: 2016,
      planYear: 2017,
      housingGrade: 'B',
      waterSafe: true,
      food: true,
      clothes: true,
      electricity: true,
      income: {
        from: '2015-10-01',
        to: '2016-09-30',
        wagesFen: 612_300,
        businessFen: 80_000,
        propertyFen: 0,
        transferFen: 220_000,
        businessCostFen: 30_000,
      },
    },
    members: years.slice(0, size).map((birth, place) =>
      wantedMember({
        name: `样本${index}之${place}`,
        birth,
        relation: place === 0 ? 'head' : place === 1 ? 'spouse' : 'son',
        identity: identityOf(birth, index),
        facts: {
          nation: '01',
          education: 'primary',
          health: ['healthy'],
          labour: 'ordinary',
          basicMedical: true,
          seriousIllness: true,
          pension: true,
          familyDoctor: true,
        },
      }),
    ),
  });
}

interface Listed {
  readonly file: HouseholdFile;
  readonly keys: readonly string[];
}

/** What the consumer of lists writes for a household: the entries that differ and its manifest, in one transaction. */
async function relist(
  tables: Tables,
  file: HouseholdFile,
  before: Listed | undefined,
): Promise<Listed> {
  const { id } = file.household;
  const keys = entryKeysOf(rosterOf(file.household), TODAY);
  await getItem(tables.list, { pk: `M#${id}`, sk: '0' });
  await getItem(tables.household, { pk: `V#${VILLAGE}`, sk: `1#${id}` });
  const place = (key: string) => ({ pk: partitionOf(VILLAGE, key), sk: `${VILLAGE}#${id}` });
  const manifest = { pk: `M#${id}`, sk: '0', v: 1, version: 1, village: VILLAGE, keys };
  await transact([
    { table: tables.list, put: manifest },
    ...keys
      .filter((key) => !before?.keys.includes(key))
      .map((key) => ({ table: tables.list, put: { ...place(key), v: 1 } })),
    ...(before?.keys ?? [])
      .filter((key) => !keys.includes(key))
      .map((key) => ({ table: tables.list, delete: place(key) })),
  ]);
  return { file, keys };
}

async function register(store: Store, tables: Tables, index: number): Promise<Listed> {
  const change = granted(registerHousehold(wanted(index), '2016-05-01', doing()));
  await findPersons(store, Object.values(change.next.secrets.identities));
  granted(await commit(store, { before: undefined, ...change }));
  return relist(tables, change.next, undefined);
}

async function improveHousing(store: Store, tables: Tables, listed: Listed): Promise<void> {
  const { id } = listed.file.household;
  const file = await loadFile(store, id);
  if (!file) throw new Error('no file');
  const wish = {
    heldFrom: '2017-06-01',
    heldTo: null,
    reason: '核实',
    cleared: [],
    contact: {},
    members: [],
  };
  const change = granted(changeHousehold(file, { ...wish, facts: { housingGrade: 'A' } }, doing()));
  if (!change) throw new Error('no change');
  granted(await commit(store, { before: file, ...change }));
  await relist(tables, change.next, listed);
}

async function summarise(table: string): Promise<number> {
  const figures = encodeFigures(nothing);
  const row = {
    pk: 'S#350122101',
    sk: VILLAGE,
    v: 1,
    version: 1,
    day: TODAY,
    until: TODAY,
    figures,
  };
  await getItem(table, { pk: row.pk, sk: row.sk });
  await putItem(table, row);
  return figures.length + 90;
}

/** A page of 20 households by one key: their entries, then their rosters. */
async function readPage(tables: Tables): Promise<void> {
  const pk = partitionOf(VILLAGE, entryKey(ALL));
  const { items } = await queryPage(tables.list, { pk, limit: 20 });
  const keys = items.map(({ sk }) => {
    const [village, id] = String(sk).split('#');
    return { pk: `V#${village}`, sk: `1#${id}` };
  });
  await batchGet(tables.household, keys);
}

async function storedBytes(tables: Tables): Promise<number> {
  const sizes = await Promise.all(
    Object.values(tables).map(async (TableName) => {
      const { Table } = await dynamo().send(new DescribeTableCommand({ TableName }));
      return Table?.TableSizeBytes ?? 0;
    }),
  );
  return sizes.reduce((sum, one) => sum + one, 0);
}

const round = (value: number) => Math.round(value * 100) / 100;
const per = ({ read, write }: Units, count: number): Units => ({
  read: round(read / count),
  write: round(write / count),
});

/** Measures what the cost of a month is computed from, on real items in DynamoDB Local. */
export async function measure(store: Store, tables: Tables) {
  const first = await register(store, tables, 0);
  const count = 60;
  const listed: Listed[] = [first];
  const registered = await unitsOf(async () => {
    for (let index = 1; index <= count; index += 1)
      listed.push(await register(store, tables, index));
  });
  const persons = listed.slice(1).reduce((sum, { file }) => sum + file.household.members.length, 0);
  const bytes = (await storedBytes(tables)) / (persons + first.file.household.members.length);
  const changed = await unitsOf(async () => {
    for (const one of listed.slice(1)) await improveHousing(store, tables, one);
  });
  const fileRead = await unitsOf(async () => {
    for (const { file } of listed.slice(1)) await readStored(store, file.household.id);
  });
  const lookup = await unitsOf(() =>
    findPersons(store, Object.values(first.file.secrets.identities).slice(0, 1)),
  );
  let summaryBytes = 0;
  const summary = await unitsOf(async () => {
    summaryBytes = await summarise(tables.summary);
  });
  const rosters = listed.map(({ file }) => encodeRoster(rosterOf(file.household)).length + 90);
  return {
    importedPerson: per(registered, persons),
    change: per(changed, count),
    summary: per(summary, 1),
    fileRead: per(fileRead, count),
    listPage: per(await unitsOf(() => readPage(tables)), 1),
    lookup: { ...per(lookup, 1), write: 1 },
    rosterBytes: Math.round(rosters.reduce((sum, one) => sum + one, 0) / rosters.length),
    summaryBytes,
    storedBytesPerPerson: Math.round(bytes),
  };
}
