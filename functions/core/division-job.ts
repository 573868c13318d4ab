import * as z from 'zod';
import { roles } from './access.ts';
import type { AreaCode } from './division.ts';
import { DivisionChange } from './division-change.ts';
import type { ChangePlan, VillageMove } from './division-plan.ts';

/** Divisions per stored piece of a plan; a piece stays far below the size an item may have. */
const PER_PIECE = 100;

const Move = z.object({
  from: z.string(),
  to: z.string(),
  hamlets: z.record(z.string(), z.string()),
});
const Named = z.object({ code: z.string(), name: z.string() });

/** A division change under way or done; immutable but for its state. */
export const ChangeJob = z.object({
  id: z.string(),
  change: DivisionChange,
  state: z.enum(['opening', 'moving', 'done']),
  actor: z.string(),
  role: z.enum(roles),
  at: z.string(),
  doneAt: z.string().nullable(),
  /** Number of villages whose households move. */
  chunks: z.int().nonnegative(),
  version: z.int().positive(),
});
export type ChangeJob = z.infer<typeof ChangeJob>;

/** The households of one village on their way. */
export const ChangeChunk = z.object({
  chunk: z.int().nonnegative(),
  move: Move,
  state: z.enum(['waiting', 'moving', 'done']),
  /** Households that had to move when the chunk was begun; null before. */
  households: z.int().nonnegative().nullable(),
});
export type ChangeChunk = z.infer<typeof ChangeChunk>;

/** Some of the divisions a change opens, renames and closes. */
export const ChangePiece = z.object({
  opens: z.array(Named),
  renames: z.array(Named),
  closes: z.array(z.object({ code: z.string(), successors: z.array(z.string()) })),
});
export type ChangePiece = z.infer<typeof ChangePiece>;

/** One message of the job queue: which step of which change is due. */
export const ChangeMessage = z.discriminatedUnion('step', [
  z.object({ job: z.string(), step: z.literal('open') }),
  z.object({ job: z.string(), step: z.literal('move'), chunk: z.int().nonnegative() }),
  z.object({ job: z.string(), step: z.literal('close') }),
]);
export type ChangeMessage = z.infer<typeof ChangeMessage>;

/** How far a change has come, for people. */
export const ChangeView = z.object({
  id: z.string(),
  change: DivisionChange,
  state: z.enum(['opening', 'moving', 'done']),
  askedBy: z.string(),
  askedAt: z.string(),
  doneAt: z.string().nullable(),
  villages: z.object({ all: z.int(), done: z.int() }),
  /** Households that moved or are about to, in the villages begun so far. */
  households: z.int(),
});
export type ChangeView = z.infer<typeof ChangeView>;

/** Progress is read from the chunks, never kept beside them. */
export function viewOf(job: ChangeJob, chunks: readonly ChangeChunk[]): ChangeView {
  return {
    id: job.id,
    change: job.change,
    state: job.state,
    askedBy: job.actor,
    askedAt: job.at,
    doneAt: job.doneAt,
    villages: { all: job.chunks, done: chunks.filter((chunk) => chunk.state === 'done').length },
    households: chunks.reduce((sum, chunk) => sum + (chunk.households ?? 0), 0),
  };
}

/** The chunks of a plan: one per village. */
export function chunksOf(moves: readonly VillageMove[]): readonly ChangeChunk[] {
  return moves.map((move, chunk) => ({
    chunk,
    move: { ...move, hamlets: { ...move.hamlets } },
    state: 'waiting',
    households: null,
  }));
}

/** The divisions of a plan in pieces small enough to store, what opens before what closes. */
export function piecesOf(plan: ChangePlan): readonly ChangePiece[] {
  const pieces: ChangePiece[] = [];
  const { opens, renames, closes } = plan;
  const longest = Math.max(opens.length, renames.length, closes.length);
  for (let at = 0; at < longest; at += PER_PIECE) {
    pieces.push({
      opens: opens.slice(at, at + PER_PIECE),
      renames: renames.slice(at, at + PER_PIECE),
      closes: closes
        .slice(at, at + PER_PIECE)
        .map(({ code, successors }) => ({ code, successors: [...successors] })),
    });
  }
  return pieces;
}

/** Divisions a change takes hold of when it is asked, so that no other change begins around or inside them. */
export function claimedBy(change: DivisionChange): readonly AreaCode[] {
  if (change.kind === 'merge') return [...new Set([...change.codes, change.into.code])];
  return [change.code];
}
