import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Chunk, Import, Tally } from '../core/import.ts';
import {
  type Decision,
  type PlannedEntry,
  planned,
  type StagedEntry,
  tallyEntries,
  withLate,
} from '../core/import-entry.ts';
import { writeRefusals } from './refusals.ts';
import {
  finishChunk,
  loadChunk,
  loadChunks,
  loadImport,
  loadProgress,
  type Phase,
  saveImport,
} from './table.ts';
import { getPlanned, getStaged, putPlanned, type Vault } from './vault.ts';

/** A message of the import queue: one chunk of one phase; without a chunk, all of them. */
export const ImportMessage = z.object({
  import: z.string(),
  phase: z.enum(['match', 'apply']),
  chunk: z.int().nonnegative().optional(),
});
export type ImportMessage = z.infer<typeof ImportMessage>;

/** An entry as staged, and what the plan does with it. */
export interface Planned {
  readonly staged: StagedEntry;
  readonly plan: PlannedEntry;
}

/** What differs from kind to kind. */
export interface Kind {
  /** Chunks go one after the other: places above before places below. */
  readonly inOrder: boolean;
  /** What the file does to what is known now; one decision per entry. */
  match(found: Import, entries: readonly StagedEntry[]): Promise<readonly Decision[]>;
  /** Writes entries; done again, it changes nothing. Returns the keys of those that have changed since the plan. */
  apply(found: Import, items: readonly Planned[]): Promise<readonly string[]>;
}

/** What working on chunks needs. */
export interface Works {
  readonly jobTable: string;
  readonly vault: Vault;
  readonly kinds: Readonly<Record<Import['kind'], Kind>>;
  /** Puts messages on the import queue. */
  send(messages: readonly ImportMessage[]): Promise<void>;
  now(): Date;
}

/**
 * How long one invocation goes on to the next chunk of a kind whose chunks follow each other, in milliseconds. Lambda takes a function
 * that sends itself a message some 16 times in a row for a runaway loop and stops it, so most steps are taken without one.
 */
const IN_ORDER_MS = 60_000;

const stateOf = { match: 'matching', apply: 'applying' } as const;

/**
 * Does what a message asks. Every step can be done again: a message that comes twice, late, or after a crash half-way finds what is
 * already recorded and goes on from there.
 */
export async function work(works: Works, message: ImportMessage): Promise<void> {
  const found = await loadImport(works.jobTable, message.import);
  // A message that outlived its phase has nothing left to do.
  if (!found || found.state !== stateOf[message.phase]) return;
  const { phase, chunk } = message;
  if (chunk === undefined) return fanOut(works, found, phase);
  const one = phase === 'match' ? matchChunk : applyChunk;
  const began = works.now().getTime();
  for (let place = chunk; ; place += 1) {
    if (place > chunk && works.now().getTime() - began > IN_ORDER_MS) {
      return works.send([{ import: found.id, phase, chunk: place }]);
    }
    const progress = await one(works, found, place);
    if (progress.done === found.chunks) return closePhase(works, found, phase);
    if (!works.kinds[found.kind].inOrder) return;
  }
}

/** Sends what is left of a phase: all of it at first, the rest when an import that stood still is told to go on. */
async function fanOut(works: Works, found: Import, phase: Phase): Promise<void> {
  const known = await loadChunks(works.jobTable, found.id);
  const done = known.filter((chunk) => phase === 'match' || chunk.applied !== undefined);
  const doneAt = new Set(done.map(({ chunk }) => chunk));
  const all = Array.from({ length: found.chunks ?? 0 }, (_, chunk) => chunk);
  const left = all.filter((chunk) => !doneAt.has(chunk));
  if (left.length === 0) return closePhase(works, found, phase);
  const first = works.kinds[found.kind].inOrder ? left.slice(0, 1) : left;
  await works.send(first.map((chunk) => ({ import: found.id, phase, chunk })));
}

async function matchChunk(works: Works, found: Import, place: number) {
  const { jobTable, vault } = works;
  if (await loadChunk(jobTable, found.id, place)) {
    return loadProgress(jobTable, found.id, 'match');
  }
  const staged = await getStaged(vault, found, place);
  const entries = await matchEntries(works.kinds[found.kind], found, staged.entries);
  const tally = tallyEntries(entries);
  const stored = await putPlanned(vault, found, { place, entries: [...entries] });
  const chunk: Chunk = { chunk: place, ...stored, tally };
  return finishChunk(jobTable, found.id, { phase: 'match', chunk, tally });
}

/** Entries with faults are refused as they stand; the kind decides about the others. */
async function matchEntries(
  kind: Kind,
  found: Import,
  staged: readonly StagedEntry[],
): Promise<readonly PlannedEntry[]> {
  const sound = staged.filter((entry) => entry.faults.length === 0);
  const decisions = await kind.match(found, sound);
  const bySound = new Map(sound.map((entry, place) => [entry, decisions[place]]));
  return staged.map((entry) =>
    planned(entry, bySound.get(entry) ?? { outcome: 'refused', faults: entry.faults }),
  );
}

async function applyChunk(works: Works, found: Import, place: number) {
  const { jobTable } = works;
  const chunk = await loadChunk(jobTable, found.id, place);
  if (!chunk) throw new Error('chunk of the plan is missing');
  if (chunk.applied) return loadProgress(jobTable, found.id, 'apply');
  const entries = await applyEntries(works, found, chunk);
  return finishChunk(jobTable, found.id, {
    phase: 'apply',
    chunk: { ...chunk, applied: entries },
    tally: entries.tally,
  });
}

const writes = (plan: PlannedEntry) => plan.outcome === 'new' || plan.outcome === 'changed';

async function applyEntries(
  works: Works,
  found: Import,
  chunk: Chunk,
): Promise<{ tally: Tally; late: number[] }> {
  const plan = await getPlanned(works.vault, chunk.key);
  if (!plan.entries.some(writes)) return { tally: chunk.tally, late: [] };
  const staged = await getStaged(works.vault, found, chunk.chunk);
  const items = plan.entries.flatMap((entry, place) => {
    const wanted = staged.entries[place];
    return wanted && writes(entry) ? [{ staged: wanted, plan: entry }] : [];
  });
  const changed = new Set(await works.kinds[found.kind].apply(found, items));
  const late = plan.entries.flatMap((entry, place) =>
    changed.has(entry.key) && writes(entry) ? [place] : [],
  );
  return { tally: tallyEntries(withLate(plan.entries, late)), late };
}

/** SHA-256 over the hashes of all chunks in order, and over what they are a plan for. */
function planHash(found: Import, chunks: readonly Chunk[]): string {
  const hash = createHash('sha256').update(`${found.id} ${found.heldOn} ${chunks.length}\n`);
  for (const chunk of chunks) hash.update(`${chunk.hash}\n`);
  return hash.digest('hex');
}

/**
 * Seals the plan, or the account of what became of it. Several consumers may find the last chunk done; the version of the header lets
 * one of them through, and all would write the same.
 */
async function closePhase(works: Works, found: Import, phase: Phase): Promise<void> {
  const chunks = await loadChunks(works.jobTable, found.id);
  const { tally } = await loadProgress(works.jobTable, found.id, phase);
  await writeRefusals(works.vault, found, { phase, chunks });
  const changedAt = works.now().toISOString();
  if (phase === 'match') {
    const plan = planHash(found, chunks);
    await saveImport(works.jobTable, found, { state: 'planned', changedAt, plan, counts: tally });
  } else {
    await saveImport(works.jobTable, found, { state: 'applied', changedAt, applied: tally });
  }
}
