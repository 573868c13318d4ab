import type { Evaluation } from '../core/evaluation.ts';

/** An evaluation for people. @param waiting chunks that are not done */
export function evaluationView(evaluation: Evaluation, waiting: number) {
  const { id, area, state, chunks, villages, households } = evaluation;
  const { reason, startedAt, finishedAt } = evaluation;
  const done = chunks - waiting;
  return { id, area, state, chunks, done, villages, households, reason, startedAt, finishedAt };
}

/** The same for somebody who sees a part of its area alone: how far it is, not how much it is about. */
export function evaluationAbove(evaluation: Evaluation, waiting: number) {
  return { ...evaluationView(evaluation, waiting), villages: null, households: null, reason: null };
}
