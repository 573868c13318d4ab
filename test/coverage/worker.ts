import * as z from 'zod';

export type Worker = (event: unknown) => Promise<unknown>;

/**
 * The consumers that keep coverage, as they are deployed. To be asked for once there are tables.
 * @param queue where they send; `none` where sending is a fault
 */
export async function coverageWorkers(queue = 'none') {
  Object.assign(process.env, {
    ...{ ENTITLEMENT_QUEUE: queue, EVALUATION_QUEUE: queue, COVERAGE_QUEUE: queue },
    ...{ AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  });
  const worker = z.custom<Worker>();
  return {
    entitle: worker.parse((await import('../../functions/coverage/consumer.ts')).handler),
    evaluate: worker.parse((await import('../../functions/coverage/evaluate.ts')).handler),
    sum: worker.parse((await import('../../functions/coverage/sum.ts')).handler),
  };
}
