import * as z from 'zod';
import { SnapshotMessage } from '../core/snapshot.ts';
import { type BatchAnswer, collapse, QueueBatch } from '../lib/batch.ts';
import { env } from '../lib/env.ts';
import { sendAll } from '../lib/queue.ts';
import { workPorts } from './port.ts';
import { unfinished } from './table.ts';
import { work } from './work.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  AREA_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  JOB_TABLE: z.string(),
  SNAPSHOT_QUEUE: z.string(),
  BUCKET: z.string(),
});
const tables = {
  household: settings.HOUSEHOLD_TABLE,
  area: settings.AREA_TABLE,
  summary: settings.SUMMARY_TABLE,
  job: settings.JOB_TABLE,
};
const send = (messages: readonly SnapshotMessage[]) => sendAll(settings.SNAPSHOT_QUEUE, messages);
const ports = workPorts(tables, settings.BUCKET, send);

const Event = z.union([QueueBatch, z.object({ schedule: z.literal('snapshot-resume') })]);

/** Every snapshot that is not frozen goes on from where it stands: its message may have been lost, or have ended with the dead letters. */
async function resumeAll(): Promise<{ readonly resumed: number }> {
  const left = await unfinished(tables.job);
  await send(left.map(({ county, year }) => ({ step: 'open', county, year })));
  return { resumed: left.length };
}

/** Takes the step each message names, one that fails comes again alone; every hour, has snapshots that stand still go on. */
export async function handler(given: unknown): Promise<BatchAnswer | { readonly resumed: number }> {
  const event = Event.parse(given);
  if ('schedule' in event) return resumeAll();
  return collapse(event, {
    read: (body) => SnapshotMessage.parse(body),
    keyOf: (message) => JSON.stringify(message),
    work: (message) => work(ports, message),
    lanes: 1,
  });
}
