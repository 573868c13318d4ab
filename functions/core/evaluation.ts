import * as z from 'zod';
import { roles } from './access.ts';
import type { AreaCode } from './division.ts';

const count = z.int().nonnegative();

/** Who is named where nobody asked: a policy was published. */
export const BY_PUBLICATION = 'publication';

/**
 * The evaluation anew of every household of an area.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> planning : asked for, or a policy was published
 *   planning --> running : its chunks are stored
 *   running --> done : no chunk is left, or a newer one of the area does what is left
 * ```
 */
export const Evaluation = z.object({
  /** `ev_…` */
  id: z.string(),
  area: z.string(),
  state: z.enum(['planning', 'running', 'done']),
  /** Under which its chunks are kept; null before they are. */
  plan: z.string().nullable(),
  chunks: count,
  villages: count,
  /** Households that were counted in the area when it was planned. */
  households: count,
  actor: z.string(),
  role: z.enum(roles).nullable(),
  reason: z.string().nullable(),
  /**
   * Whether everybody is evaluated who was not since it began; where not, those alone whose results go by other rules, or are not true any
   * more.
   */
  isWhole: z.boolean(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  version: z.int().positive(),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** Which evaluation the publications of an area have asked for last: of two that are told at one moment, one asks. */
export const PublicationTurn = z.object({ evaluation: z.string(), version: z.int().positive() });
export type PublicationTurn = z.infer<typeof PublicationTurn>;

type Scope = Pick<Evaluation, 'id' | 'isWhole'>;

/**
 * Whether the latest evaluation of an area does what is left of one: by the same rules or newer ones, and of everybody where everybody was
 * asked for.
 */
export function isOvertakenBy(job: Scope, latest: Scope): boolean {
  return latest.id !== job.id && (latest.isWhole || !job.isWhole);
}

/** When an evaluation begins that comes after another, also where the clock of who began that one is ahead of ours. */
export function beginsAfter(before: Pick<Evaluation, 'startedAt'> | undefined, now: Date): string {
  const next = before ? Date.parse(before.startedAt) + 1 : 0;
  return new Date(Math.max(now.getTime(), next)).toISOString();
}

/** Some villages of an evaluation. */
export const EvaluationChunk = z.object({
  chunk: count,
  villages: z.array(z.string()),
  /** Households that were counted there when it was planned. */
  households: count,
  isDone: z.boolean(),
});
export type EvaluationChunk = z.infer<typeof EvaluationChunk>;

/** One message of the queue: to plan an evaluation or go on with one, to do a chunk of it, or to look for what is due in an area (`0`: anywhere). */
export const EvaluationMessage = z.discriminatedUnion('step', [
  z.object({ step: z.literal('open'), job: z.string() }),
  z.object({ step: z.literal('chunk'), job: z.string(), chunk: count }),
  z.object({ step: z.literal('due'), area: z.string() }),
]);
export type EvaluationMessage = z.infer<typeof EvaluationMessage>;

export interface VillageSize {
  readonly area: AreaCode;
  readonly households: number;
}

/** Villages of a chunk at most: an empty one is work too. */
const VILLAGES = 100;

/** Cuts villages into chunks of so many households; a village is never cut, so that one larger than that is a chunk of its own. */
export async function* chunked(
  villages: AsyncIterable<VillageSize>,
  most: number,
): AsyncGenerator<EvaluationChunk> {
  let chunk = 0;
  let codes: AreaCode[] = [];
  let households = 0;
  for await (const { area, households: more } of villages) {
    if (codes.length > 0 && (households + more > most || codes.length >= VILLAGES)) {
      yield { chunk, villages: codes, households, isDone: false };
      chunk += 1;
      codes = [];
      households = 0;
    }
    codes.push(area);
    households += more;
  }
  if (codes.length > 0) yield { chunk, villages: codes, households, isDone: false };
}
