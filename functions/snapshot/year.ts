import * as z from 'zod';
import { type SnapshotMessage, yearBefore } from '../core/snapshot.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { sendAll } from '../lib/queue.ts';

const { SNAPSHOT_QUEUE } = env({ SNAPSHOT_QUEUE: z.string() });

/** The schedule's own event, or an operator's with the area to freeze; `0` is everything. */
const Event = z.object({ schedule: z.literal('snapshot'), area: z.string().default('0') });

/** Has the year that is over frozen in every county of the area that has households and no snapshot of it yet. */
export async function handler(given: unknown): Promise<{ readonly year: number }> {
  const { area } = Event.parse(given);
  const year = yearBefore(today());
  const message: SnapshotMessage = { step: 'year', area, year };
  await sendAll(SNAPSHOT_QUEUE, [message]);
  return { year };
}
