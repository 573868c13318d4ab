import type { AreaCode } from '../core/division.ts';
import {
  addTally,
  Chunk,
  emptyTally,
  Import,
  ImportPointer,
  type ImportState,
  listedUnder,
  Progress,
  type Tally,
} from '../core/import.ts';
import { isUnderWay } from '../core/import-overdue.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  putItem,
  queryAll,
  transact,
} from '../lib/dynamo.ts';
import { mergedPage } from '../lib/merged.ts';

/** Phases that are worked off chunk by chunk. */
export type Phase = 'match' | 'apply';

/** How often a chunk is tried to be counted while others are counted, before its message is left to come again. */
const TURNS = 100;
/** Version of the shapes stored here. */
const V = 1;

const headerKey = (id: string) => ({ pk: `I#${id}`, sk: '0' });
const chunkKey = (id: string, chunk: number) => ({
  pk: `I#${id}`,
  sk: `C#${String(chunk).padStart(6, '0')}`,
});
const progressKey = (id: string, phase: Phase) => ({ pk: `I#${id}`, sk: `P#${phase}` });

/** The imports that are under way. */
const OPEN = 'O#import';

/** Notes an import as under way, or no longer, together with the state it comes to: whatever message is lost, it is not forgotten. */
function noteAction(table: string, { id, state }: Pick<Import, 'id' | 'state'>): Action {
  const key = { pk: OPEN, sk: id };
  return isUnderWay(state) ? { table, put: { ...key, v: V } } : { table, delete: key };
}

/** An import noted as under way, and how many chunks of its phase were done when it was last looked at. */
export interface Noted {
  readonly id: string;
  readonly seen: number | undefined;
}

/** All imports noted as under way. */
export async function listNoted(table: string): Promise<readonly Noted[]> {
  const noted: Noted[] = [];
  for await (const { sk, seen } of queryAll(table, { pk: OPEN, consistent: true })) {
    noted.push({ id: String(sk), seen: seen === undefined ? undefined : Number(seen) });
  }
  return noted;
}

/** Keeps how far an import had come, unless it is no longer under way. */
export async function noteSeen(table: string, id: string, seen: number): Promise<void> {
  const there = { expression: 'attribute_exists(pk)' };
  await putItem(table, { pk: OPEN, sk: id, v: V, seen }, there);
}

/** Takes the note of an import away that nobody goes on with; not if it has gone on meanwhile. */
export async function dropNote(table: string, { id, version }: Import): Promise<void> {
  await transact([
    { table, check: headerKey(id), when: atVersion(version) },
    { table, delete: { pk: OPEN, sk: id } },
  ]);
}

/** Stores a new import and lists it under its county and every place above; `exists` when the id is taken, `busy` when nothing can be said. */
export async function createImport(
  table: string,
  created: Import,
): Promise<'created' | 'exists' | 'busy'> {
  const { id, area, createdAt } = created;
  const pointers = listedUnder(area).map((place) => ({
    table,
    put: { pk: `W#${place}`, sk: `${createdAt}#${id}`, v: V, import: id, area },
  }));
  const header = { table, put: { ...headerKey(id), v: V, ...created }, when: absent };
  const obstacles = await transact([header, ...pointers, noteAction(table, created)]);
  if (obstacles.length === 0) return 'created';
  const isTaken = obstacles.some(
    ({ index, code }) => index === 0 && code === 'ConditionalCheckFailed',
  );
  return isTaken ? 'exists' : 'busy';
}

/** The header of an import. */
export async function loadImport(table: string, id: string): Promise<Import | undefined> {
  const item = await getItem(table, headerKey(id));
  return item && Import.parse(item);
}

/** Puts the next state in place of the one that was read; undefined when someone else was faster. */
export async function saveImport(
  table: string,
  found: Import,
  changes: Partial<Import> & { readonly state: ImportState; readonly changedAt: string },
): Promise<Import | undefined> {
  const next = { ...found, ...changes, version: found.version + 1 };
  const item = { ...headerKey(found.id), v: V, ...next };
  const put = { table, put: item, when: atVersion(found.version) };
  const [obstacle] = await transact([put, noteAction(table, next)]);
  if (!obstacle) return next;
  if (obstacle.code === 'ConditionalCheckFailed') return undefined;
  throw new Error('import could not be saved');
}

export interface ImportPage {
  readonly imports: readonly Import[];
  readonly next?: string;
}

/** Imports for an area and the places in it, newest first; a page may hold fewer than `limit` where others lie between. */
export async function listImports(
  table: string,
  asked: {
    /** Counties, or a city or province, under which they are listed. */
    readonly counties: readonly AreaCode[];
    readonly holds: (area: AreaCode) => Promise<boolean>;
  },
  page: { readonly limit: number; readonly after?: string },
): Promise<ImportPage> {
  const partitions = asked.counties.map((code) => `W#${code}`);
  const { items, next } = await mergedPage(table, partitions, { ...page, reverse: true });
  const pointers: ImportPointer[] = [];
  for (const item of items) {
    const pointer = ImportPointer.parse(item);
    if (await asked.holds(pointer.area)) pointers.push(pointer);
  }
  const headers = await batchGet(
    table,
    pointers.map((one) => headerKey(one.import)),
  );
  const byId = new Map(headers.map((item) => Import.parse(item)).map((one) => [one.id, one]));
  const imports = pointers.flatMap((one) => byId.get(one.import) ?? []);
  return next === undefined ? { imports } : { imports, next };
}

/** One chunk, once it has been matched. */
export async function loadChunk(
  table: string,
  id: string,
  chunk: number,
): Promise<Chunk | undefined> {
  const item = await getItem(table, chunkKey(id, chunk));
  return item && Chunk.parse(item);
}

/** All chunks matched so far, in order. */
export async function loadChunks(table: string, id: string): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const item of queryAll(table, { pk: `I#${id}`, prefix: 'C#', consistent: true })) {
    chunks.push(Chunk.parse(item));
  }
  return chunks;
}

/** How far a phase has come. */
export async function loadProgress(table: string, id: string, phase: Phase): Promise<Progress> {
  const item = await getItem(table, progressKey(id, phase));
  return item ? Progress.parse(item) : { done: 0, tally: emptyTally };
}

function chunkCondition(phase: Phase) {
  if (phase === 'match') return absent;
  return { expression: 'attribute_exists(pk) AND attribute_not_exists(applied)' };
}

function progressCondition(before: Progress) {
  if (before.done === 0) return absent;
  return { expression: 'done = :done', values: { ':done': before.done } };
}

/**
 * Records a chunk as done and counts it, in one transaction: however often a chunk is worked on, it is counted once.
 * @returns the progress, whoever recorded the chunk
 */
export async function finishChunk(
  table: string,
  id: string,
  done: { readonly phase: Phase; readonly chunk: Chunk; readonly tally: Tally },
): Promise<Progress> {
  const { phase, chunk, tally } = done;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const before = await loadProgress(table, id, phase);
    const after = { done: before.done + 1, tally: addTally(before.tally, tally) };
    const obstacles = await transact([
      {
        table,
        put: { ...chunkKey(id, chunk.chunk), v: V, ...chunk },
        when: chunkCondition(phase),
      },
      {
        table,
        put: { ...progressKey(id, phase), v: V, ...after },
        when: progressCondition(before),
      },
    ]);
    if (obstacles.length === 0) return after;
    // Somebody recorded this very chunk: what counts is what is counted now.
    if (obstacles.some((one) => one.index === 0 && one.code === 'ConditionalCheckFailed')) {
      return loadProgress(table, id, phase);
    }
  }
  throw new Error('chunk could not be recorded');
}
