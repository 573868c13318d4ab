import {
  type AttributeValue,
  ResourceNotFoundException,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { now } from '../lib/clock.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  dynamo,
  getItem,
  type Key,
  putItem,
  queryAll,
  transact,
} from '../lib/dynamo.ts';
import { leftBehind, type Mode, noCounts, Progress } from './plan.ts';
import { keyOf, type Row, type RowKey, rosterKeysOf } from './rule.ts';
import type { Ports } from './service.ts';

/** Version of the shapes stored here. */
const V = 1;
/** Rows looked at between two savings of the place. */
const PAGE = 200;

/** One segment of one job: the recovered table, the live ones, and where the place is kept. */
export interface Segment {
  readonly from: string;
  readonly to: string;
  /** Live household table, which locks are bound to. */
  readonly household: string;
  readonly jobs: string;
  readonly job: string;
  readonly index: number;
  readonly count: number;
  readonly isLate: () => boolean;
}

/** Whether the table is there. */
export async function isThere(table: string): Promise<boolean> {
  try {
    await dynamo().send(new ScanCommand({ TableName: table, Limit: 1 }));
    return true;
  } catch (fault) {
    if (fault instanceof ResourceNotFoundException) return false;
    throw fault;
  }
}

function toKey(key: Record<string, AttributeValue>): RowKey {
  return keyOf(unmarshall(key));
}

/** The one Scan of the registry: of a recovered table, which nobody else reads. */
async function scan({ from, index, count }: Segment, after: RowKey | undefined) {
  const answer = await dynamo().send(
    new ScanCommand({
      TableName: from,
      Segment: index,
      TotalSegments: count,
      Limit: PAGE,
      ...(after && { ExclusiveStartKey: marshall(after) }),
    }),
  );
  const rows: readonly Row[] = (answer.Items ?? []).map((item) => unmarshall(item));
  return answer.LastEvaluatedKey ? { rows, next: toKey(answer.LastEvaluatedKey) } : { rows };
}

function lowerOrAbsent(row: Row) {
  if (typeof row.version !== 'number') return absent;
  return {
    expression: 'attribute_not_exists(pk) OR #version < :version',
    names: { '#version': 'version' },
    values: { ':version': row.version },
  };
}

async function putLock(
  { to, household }: Segment,
  row: Row,
  at: { head: RowKey; version: number },
) {
  const obstacles = await transact([
    { table: to, put: row, when: absent },
    { table: household, check: at.head, when: atVersion(at.version) },
  ]);
  if (obstacles.some(({ index }) => index === 0)) return 'present';
  return obstacles.length === 0 ? 'put' : 'changed';
}

async function putAt({ to }: Segment, row: Row, at: { head: RowKey; version: number }) {
  const obstacles = await transact([
    { table: to, put: row, when: absent },
    { table: to, check: at.head, when: atVersion(at.version) },
  ]);
  return obstacles.length === 0;
}

/** A file of more than 100 rows cannot be replaced at once, so it is not replaced. */
async function replace(
  { to }: Segment,
  rows: readonly Row[],
  at: { head: RowKey; version: number },
) {
  const live: Row[] = [];
  for await (const row of queryAll(to, { pk: at.head.pk, consistent: true })) live.push(row);
  const head = live.find((row) => keyOf(row).sk === at.head.sk);
  const standing = [...live, ...(head ? rosterKeysOf(head) : []).map((key) => ({ ...key }))];
  const actions: Action[] = [
    ...rows.map((row) =>
      keyOf(row).pk === at.head.pk && keyOf(row).sk === at.head.sk
        ? { table: to, put: row, when: atVersion(at.version) }
        : { table: to, put: row },
    ),
    ...leftBehind(rows, standing).map((key) => ({ table: to, delete: key })),
  ];
  return actions.length <= 100 && (await transact(actions)).length === 0;
}

function placeKey({ job, index }: Segment): Key {
  return { pk: `J#${job}`, sk: `C#${String(index).padStart(6, '0')}` };
}

async function load(segment: Segment): Promise<Progress> {
  const item = await getItem(segment.jobs, placeKey(segment));
  return item ? Progress.parse(item) : { version: 0, isDone: false, counts: noCounts };
}

function save(segment: Segment, progress: Progress): Promise<boolean> {
  const item = { ...placeKey(segment), v: V, ...progress, changedAt: now().toISOString() };
  return putItem(
    segment.jobs,
    item,
    progress.version === 1 ? absent : atVersion(progress.version - 1),
  );
}

/** The two tables of a segment as the service wants them. */
export function portsOf(segment: Segment): Ports {
  const { from, to } = segment;
  return {
    page: (after) => scan(segment, after),
    saved: (keys) => batchGet(from, keys, true),
    live: (keys) => batchGet(to, keys, true),
    put: (row, mode: Mode) => putItem(to, row, mode === 'overwrite' ? lowerOrAbsent(row) : absent),
    households: (keys) => batchGet(segment.household, keys, true),
    putLock: (row, at) => putLock(segment, row, at),
    putAt: (row, at) => putAt(segment, row, at),
    replace: (rows, at) => replace(segment, rows, at),
    load: () => load(segment),
    save: (progress) => save(segment, progress),
    isLate: segment.isLate,
    now: () => Math.floor(now().getTime() / 1000),
  };
}
