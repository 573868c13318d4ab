import * as z from 'zod';
import { ChangeMessage } from '../core/division-job.ts';
import { openStore, storeEnv } from '../household/table.ts';
import { type BatchAnswer, collapse, QueueBatch } from '../lib/batch.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { sendAll } from '../lib/queue.ts';
import { unfinished } from './change-table.ts';
import { householdPort } from './household-port.ts';
import { divisionPort, jobPort, profileMover, targetMover } from './port.ts';
import { work } from './work.ts';

const tables = env({
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ...storeEnv,
  TARGET_TABLE: z.string(),
  POLICY_TABLE: z.string(),
  JOB_QUEUE: z.string(),
});
const store = openStore(tables);
const send = (messages: readonly ChangeMessage[]) => sendAll(tables.JOB_QUEUE, messages);
const ports = {
  divisions: divisionPort(tables.AREA_TABLE),
  households: householdPort(store, now),
  jobs: jobPort(tables.JOB_TABLE, send),
  moveProfile: profileMover({ household: tables.HOUSEHOLD_TABLE, policy: tables.POLICY_TABLE }),
  moveTargets: targetMover(tables.TARGET_TABLE),
  now,
};

const Event = z.union([QueueBatch, z.object({ schedule: z.literal('change') })]);

/** Every change that is not done goes on from where it stands: its message may have been lost, or have ended with the dead letters. */
async function resumeAll(): Promise<{ readonly resumed: number }> {
  const left = await unfinished(tables.JOB_TABLE);
  await send(left.map((job) => ({ job, step: 'open' })));
  return { resumed: left.length };
}

/** Carries out the step each message names, one that fails comes again alone; every hour, has changes that stand still go on. */
export async function handler(given: unknown): Promise<BatchAnswer | { readonly resumed: number }> {
  const event = Event.parse(given);
  if ('schedule' in event) return resumeAll();
  return collapse(event, {
    read: (body) => ChangeMessage.parse(body),
    keyOf: (message) => JSON.stringify(message),
    work: (message) => work(ports, message),
    lanes: 1,
  });
}
