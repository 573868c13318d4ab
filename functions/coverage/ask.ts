import * as z from 'zod';
import { areaResolver } from '../area/table.ts';
import type { Evaluation } from '../core/evaluation.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { api, endpoint } from '../lib/http.ts';
import { type Answer, once } from '../lib/idempotency.ts';
import { faultFields, log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import type { Request } from '../lib/request.ts';
import { newEvaluation } from './job-table.ts';
import { askEvaluation } from './spec.ts';
import { evaluationView } from './view.ts';

const { AREA_TABLE, JOB_TABLE, ACCESS_TABLE, EVALUATION_QUEUE } = env({
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  EVALUATION_QUEUE: z.string(),
});

/** It exists by now and is noted as not done; a queue that fails only makes it begin later. */
async function tellFirst({ id, area }: Evaluation): Promise<void> {
  try {
    await sendAll(EVALUATION_QUEUE, [{ step: 'open', job: id }]);
  } catch (fault) {
    log.error('evaluation.untold', { job: id, area, ...faultFields(fault) });
  }
}

async function ask({
  params,
  body,
  actor,
  idempotency,
}: Request<typeof askEvaluation>): Promise<Answer | Refusal> {
  const evaluation: Evaluation = {
    ...{ id: `ev_${crypto.randomUUID()}`, area: params.code, state: 'planning', plan: null },
    ...{ chunks: 0, villages: 0, households: 0, isWhole: true },
    ...{ actor: actor.sub, role: actor.role, reason: body.reason },
    ...{ startedAt: now().toISOString(), finishedAt: null, version: 1 },
  };
  const answer: Answer = { status: 202, body: evaluationView(evaluation, 0) };
  return once(ACCESS_TABLE, { idempotency, now: now() }, async (remembered) => {
    if (!(await newEvaluation(JOB_TABLE, evaluation, remembered(answer)))) return refuse('busy');
    await tellFirst(evaluation);
    return answer;
  });
}

export const handler = api([endpoint(askEvaluation, ask)], {
  resolve: areaResolver(AREA_TABLE),
  answers: ACCESS_TABLE,
});
