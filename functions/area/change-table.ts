import { ChangeChunk, ChangeJob, ChangePiece, chunksOf, piecesOf } from '../core/division-job.ts';
import type { ChangePlan } from '../core/division-plan.ts';
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
} from '../lib/dynamo.ts';
import { inLanes } from '../lib/lanes.ts';

/** Version of the shapes stored here. */
const V = 1;
/** Items written at once. */
const LANES = 8;
/** How long the parts of a plan are kept, in seconds (400 days): far longer than a change takes. */
const KEPT_SECONDS = 400 * 86_400;
/** The changes that were asked for and are not known to be done. */
const OPEN = 'O#change';

const partition = (id: string) => `J#${id}`;
const numbered = (prefix: 'C' | 'P', index: number) =>
  `${prefix}#${String(index).padStart(6, '0')}`;

/** When a part stored now may go, in seconds since 1970. */
function expiry(): number {
  return Math.floor(now().getTime() / 1000) + KEPT_SECONDS;
}

/** The action that makes a change exist, for the transaction that claims its divisions. */
export function newJob(table: string, job: ChangeJob): Action {
  return { table, put: { pk: partition(job.id), sk: '0', v: V, ...job }, when: absent };
}

/** The action that notes a change as unfinished, in the same transaction: whatever becomes of its first message, it is not forgotten. */
export function newReminder(table: string, id: string): Action {
  return { table, put: { pk: OPEN, sk: id, v: V } };
}

/** Changes that are not done, by id; the notes of those that are done are taken away. */
export async function unfinished(table: string): Promise<readonly string[]> {
  const left: string[] = [];
  for await (const item of queryAll(table, { pk: OPEN, consistent: true })) {
    const id = String(item.sk);
    const job = await loadJob(table, id);
    if (job?.state === 'done') await deleteItem(table, { pk: OPEN, sk: id });
    else left.push(id);
  }
  return left;
}

/** Takes back the plan of a change that did not come about. */
export async function dropPlan(table: string, id: string): Promise<void> {
  const keys: Key[] = [];
  for await (const { sk } of queryAll(table, { pk: partition(id), consistent: true }))
    keys.push({ pk: partition(id), sk: String(sk) });
  await inLanes(keys, LANES, (key) => deleteItem(table, key));
}

/** Stores what a plan comes to, before the change itself: a change that exists has all its chunks. */
export async function storePlan(table: string, id: string, plan: ChangePlan): Promise<void> {
  const pk = partition(id);
  const expiresAt = expiry();
  const pieces = piecesOf(plan).map((piece, index) => ({ sk: numbered('P', index), ...piece }));
  const chunks = chunksOf(plan.moves).map((chunk) => ({
    sk: numbered('C', chunk.chunk),
    ...chunk,
  }));
  await inLanes([...pieces, ...chunks], LANES, (part) =>
    putItem(table, { pk, v: V, expiresAt, ...part }),
  );
}

export async function loadJob(table: string, id: string): Promise<ChangeJob | undefined> {
  const item = await getItem(table, { pk: partition(id), sk: '0' });
  return item && ChangeJob.parse(item);
}

/** Puts the next state; false when another message was faster. */
export function saveJob(
  table: string,
  found: ChangeJob,
  next: Partial<ChangeJob>,
): Promise<boolean> {
  const item = { ...found, ...next, version: found.version + 1 };
  return putItem(
    table,
    { pk: partition(found.id), sk: '0', v: V, ...item },
    atVersion(found.version),
  );
}

export async function loadPieces(table: string, id: string): Promise<readonly ChangePiece[]> {
  const pieces: ChangePiece[] = [];
  for await (const item of queryAll(table, { pk: partition(id), prefix: 'P#', consistent: true }))
    pieces.push(ChangePiece.parse(item));
  return pieces;
}

export async function loadChunks(table: string, id: string): Promise<readonly ChangeChunk[]> {
  const chunks: ChangeChunk[] = [];
  for await (const item of queryAll(table, { pk: partition(id), prefix: 'C#', consistent: true }))
    chunks.push(ChangeChunk.parse(item));
  return chunks;
}

export async function loadChunk(
  table: string,
  id: string,
  chunk: number,
): Promise<ChangeChunk | undefined> {
  const item = await getItem(table, { pk: partition(id), sk: numbered('C', chunk) });
  return item && ChangeChunk.parse(item);
}

export async function saveChunk(table: string, id: string, chunk: ChangeChunk): Promise<void> {
  const key = { pk: partition(id), sk: numbered('C', chunk.chunk) };
  await putItem(table, { ...key, v: V, expiresAt: expiry(), ...chunk });
}

/** Notes how many households a chunk has to move, once: who counts later finds fewer of them left. */
export async function countChunk(table: string, id: string, chunk: ChangeChunk): Promise<void> {
  const key = { pk: partition(id), sk: numbered('C', chunk.chunk) };
  const uncounted = { expression: 'households = :none', values: { ':none': null } };
  await putItem(table, { ...key, v: V, expiresAt: expiry(), ...chunk }, uncounted);
}
