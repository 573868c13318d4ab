import * as z from 'zod';
import { EvaluationMessage } from '../core/evaluation.ts';
import { type BatchAnswer, collapse, QueueBatch } from '../lib/batch.ts';
import { env } from '../lib/env.ts';
import { sendAll } from '../lib/queue.ts';
import { work } from './job.ts';
import { unfinished } from './job-table.ts';
import { jobPorts } from './port.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  POLICY_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ENTITLEMENT_QUEUE: z.string(),
  EVALUATION_QUEUE: z.string(),
  COVERAGE_QUEUE: z.string(),
});
const send = (messages: readonly EvaluationMessage[]) =>
  sendAll(settings.EVALUATION_QUEUE, messages);
const ports = jobPorts(
  {
    household: settings.HOUSEHOLD_TABLE,
    summary: settings.SUMMARY_TABLE,
    policy: settings.POLICY_TABLE,
    job: settings.JOB_TABLE,
  },
  {
    send,
    tellVillages: (villages) =>
      sendAll(
        settings.ENTITLEMENT_QUEUE,
        villages.map((village) => ({ village })),
      ),
    tellSums: (areas) =>
      sendAll(
        settings.COVERAGE_QUEUE,
        areas.map((area) => ({ area })),
      ),
  },
);

/** The schedule's own event, or an operator's with the area to look at; `0` is everything. */
const Scheduled = z.object({ schedule: z.literal('entitlement'), area: z.string().default('0') });
const Event = z.union([QueueBatch, Scheduled]);

/**
 * Every hour: evaluations that stand still go on, since a message may have been lost; and where the day has made something untrue (a birthday, the
 * end of a period, a policy that begins), the villages are brought up to date. Most of that is due in the first hour of a day.
 */
async function everyHour(area: string): Promise<{ readonly resumed: number }> {
  const left = await unfinished(settings.JOB_TABLE);
  await send([...left.map((job) => ({ step: 'open' as const, job })), { step: 'due', area }]);
  return { resumed: left.length };
}

/** Takes the step each message names; one that fails comes again alone. */
export async function handler(given: unknown): Promise<BatchAnswer | { readonly resumed: number }> {
  const event = Event.parse(given);
  if ('schedule' in event) return everyHour(event.area);
  return collapse(event, {
    read: (body) => EvaluationMessage.parse(body),
    keyOf: (message) => JSON.stringify(message),
    work: (message) => work(ports, message),
    lanes: 1,
  });
}
