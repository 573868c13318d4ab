import { type AreaCode, parentOf } from '../core/division.ts';
import { Snapshot, SnapshotChunk } from '../core/snapshot.ts';
import { now } from '../lib/clock.ts';
import {
  type Action,
  absent,
  atVersion,
  deleteItem,
  getItem,
  type Key,
  putItem,
  queryAll,
  transact,
} from '../lib/dynamo.ts';
import { type FrozenRow, frozenRowOf, rowItem, V } from './item.ts';

/** How long the chunks of a snapshot are kept, in seconds (400 days): far longer than it takes. The snapshot itself stays. */
const KEPT_SECONDS = 400 * 86_400;
/** Snapshots that were begun and are not known to be frozen. */
const OPEN = 'O#snapshot';

const keyOf = (county: AreaCode, year: number) => ({ pk: `Y#${county}`, sk: String(year) });
const reminderOf = (county: AreaCode, year: number) => ({ pk: OPEN, sk: `${county}#${year}` });
const chunkKey = (job: string, chunk: number) => ({
  pk: `J#${job}`,
  sk: `C#${String(chunk).padStart(6, '0')}`,
});

function chunkItem(job: string, chunk: SnapshotChunk) {
  const expiresAt = Math.floor(now().getTime() / 1000) + KEPT_SECONDS;
  return { ...chunkKey(job, chunk.chunk), v: V.chunk, expiresAt, ...chunk };
}

/** The snapshot of a county and year, consistent. */
export async function getSnapshot(
  table: string,
  county: AreaCode,
  year: number,
): Promise<Snapshot | undefined> {
  const item = await getItem(table, keyOf(county, year));
  return item && Snapshot.parse(item);
}

/** All snapshots of a county, oldest year first. */
export async function getSnapshots(table: string, county: AreaCode): Promise<readonly Snapshot[]> {
  const found: Snapshot[] = [];
  for await (const item of queryAll(table, { pk: `Y#${county}` })) found.push(Snapshot.parse(item));
  return found;
}

/** The actions that make a snapshot exist and note it as unfinished, so that it goes on whatever becomes of its messages. */
function newSnapshot(table: string, snapshot: Snapshot): readonly Action[] {
  const { county, year } = snapshot;
  return [
    { table, put: { ...keyOf(county, year), v: V.snapshot, ...snapshot }, when: absent },
    { table, put: { ...reminderOf(county, year), v: V.snapshot } },
  ];
}

/**
 * Makes a snapshot exist; its chunks are stored before, so that a snapshot that exists has them all.
 * @param also further actions of the same transaction: the idempotent answer
 * @returns false when the county and year have one already, or another action stood in the way
 */
export async function createSnapshot(
  table: string,
  begun: { readonly snapshot: Snapshot; readonly chunks: readonly SnapshotChunk[] },
  also: readonly Action[] = [],
): Promise<boolean> {
  const { snapshot, chunks } = begun;
  const { job } = snapshot;
  for (const chunk of chunks) await putItem(table, chunkItem(job, chunk));
  const obstacles = await transact([...also, ...newSnapshot(table, snapshot)]);
  if (obstacles.length === 0) return true;
  if (obstacles.some(({ code }) => code !== 'ConditionalCheckFailed'))
    throw new Error('a snapshot could not be written');
  // A reply that was lost hides that it was us.
  const found = await getSnapshot(table, snapshot.county, snapshot.year);
  if (found?.job === job) return true;
  for (const { chunk } of chunks) await deleteItem(table, chunkKey(job, chunk));
  return false;
}

export async function getChunks(table: string, job: string): Promise<readonly SnapshotChunk[]> {
  const chunks: SnapshotChunk[] = [];
  for await (const item of queryAll(table, { pk: `J#${job}`, prefix: 'C#', consistent: true }))
    chunks.push(SnapshotChunk.parse(item));
  return chunks;
}

export async function getChunk(
  table: string,
  job: string,
  chunk: number,
): Promise<SnapshotChunk | undefined> {
  const item = await getItem(table, chunkKey(job, chunk));
  return item && SnapshotChunk.parse(item);
}

export async function saveChunk(table: string, job: string, chunk: SnapshotChunk): Promise<void> {
  await putItem(table, chunkItem(job, chunk));
}

/** Snapshots that are not frozen; the notes of those that are, and of those that did not come about, are taken away. */
export async function unfinished(
  table: string,
): Promise<readonly { readonly county: AreaCode; readonly year: number }[]> {
  const left: { county: AreaCode; year: number }[] = [];
  for await (const item of queryAll(table, { pk: OPEN, consistent: true })) {
    const [county = '', year = ''] = String(item.sk).split('#');
    const snapshot = await getSnapshot(table, county, Number(year));
    if (snapshot?.state === 'running') left.push({ county, year: Number(year) });
    else await deleteItem(table, reminderOf(county, Number(year)));
  }
  return left;
}

/** Rows of a year lie as those of boards do, in the partition of the area above; nobody is told of them. */
function rowKey(year: number, area: AreaCode): Required<Key> {
  return { pk: `Y#${year}#${parentOf(area) ?? '0'}`, sk: area };
}

export async function getFrozenRow(
  table: string,
  year: number,
  area: AreaCode,
): Promise<FrozenRow | undefined> {
  const item = await getItem(table, rowKey(year, area));
  return item && frozenRowOf(item);
}

/** The frozen figures directly inside an area, by code. */
export async function getFrozenRows(
  table: string,
  year: number,
  area: AreaCode,
): Promise<readonly FrozenRow[]> {
  const rows: FrozenRow[] = [];
  for await (const item of queryAll(table, { pk: `Y#${year}#${area}`, consistent: true }))
    rows.push(frozenRowOf(item));
  return rows;
}

/** Puts frozen figures where there are none; false where there are, which stay as they are. */
export function putFrozenRow(table: string, year: number, row: FrozenRow): Promise<boolean> {
  return putItem(table, { ...rowKey(year, row.area), ...rowItem(row) }, absent);
}

/** Ends a snapshot: the county's figures and the state in one transaction. False when it had ended before. */
export async function freeze(
  tables: { readonly job: string; readonly summary: string },
  snapshot: Snapshot,
  end: { readonly row: FrozenRow; readonly frozenAt: string },
): Promise<boolean> {
  const { county, year, version } = snapshot;
  const { row, frozenAt } = end;
  const frozen: Snapshot = {
    ...snapshot,
    ...{ state: 'frozen', frozenAt, hash: row.hash, version: version + 1 },
  };
  const obstacles = await transact([
    {
      table: tables.summary,
      put: { ...rowKey(year, county), ...rowItem(row) },
      when: absent,
    },
    {
      table: tables.job,
      put: { ...keyOf(county, year), v: V.snapshot, ...frozen },
      when: atVersion(version),
    },
    { table: tables.job, delete: reminderOf(county, year) },
  ]);
  if (obstacles.some(({ code }) => code !== 'ConditionalCheckFailed'))
    throw new Error('a snapshot could not be ended');
  return obstacles.length === 0;
}
