import type { Evaluation } from '../core/evaluation.ts';

/** An evaluation for people. @param waiting chunks that are not done */
export function evaluationView(evaluation: Evaluation, waiting: number) {
  const { id, area, state, chunks, villages, households } = evaluation;
  const { reason, startedAt, finishedAt } = evaluation;
  const done = chunks - waiting;
  return { id, area, state, chunks, done, villages, households, reason, startedAt, finishedAt };
}
