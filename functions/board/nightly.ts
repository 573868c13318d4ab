import * as z from 'zod';
import { RecountMessage } from '../core/drift.ts';
import { type BatchAnswer, collapse, QueueBatch } from '../lib/batch.ts';
import { env } from '../lib/env.ts';
import { recountChunk, start } from './recount.ts';
import { recountPorts } from './recount-ports.ts';

const settings = env({
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
  LIST_TABLE: z.string(),
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  SUMMARY_QUEUE: z.string(),
  LISTING_QUEUE: z.string(),
  RECOUNT_QUEUE: z.string(),
});
const ports = recountPorts(
  {
    household: settings.HOUSEHOLD_TABLE,
    summary: settings.SUMMARY_TABLE,
    list: settings.LIST_TABLE,
    area: settings.AREA_TABLE,
    job: settings.JOB_TABLE,
  },
  {
    summary: settings.SUMMARY_QUEUE,
    listing: settings.LISTING_QUEUE,
    recount: settings.RECOUNT_QUEUE,
  },
);

/** The schedule's own event, or an operator's with the area to recount; `0` is everything. */
const Scheduled = z.object({ schedule: z.literal('recount'), area: z.string().default('0') });
const Event = z.union([QueueBatch, Scheduled]);

/** Begins the night's recount, and does its chunks as they come from the queue. */
export async function handler(given: unknown): Promise<BatchAnswer | { readonly run: string }> {
  const event = Event.parse(given);
  if ('schedule' in event) {
    const run = crypto.randomUUID();
    await ports.toRecount([{ run, area: event.area }]);
    return { run };
  }
  return collapse(event, {
    read: (body) => RecountMessage.parse(body),
    keyOf: (message) => JSON.stringify(message),
    work: (message) =>
      'run' in message
        ? start(ports, message.run, message.area)
        : recountChunk(ports, message.recount, message.chunk),
    lanes: 1,
  });
}
