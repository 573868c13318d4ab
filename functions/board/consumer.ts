import * as z from 'zod';
import { type BatchAnswer, collapse, type QueueBatch } from '../lib/batch.ts';
import { today } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { recompute, summaryStore } from './recompute.ts';

const { HOUSEHOLD_TABLE, SUMMARY_TABLE } = env({
  HOUSEHOLD_TABLE: z.string(),
  SUMMARY_TABLE: z.string(),
});
const store = summaryStore({ household: HOUSEHOLD_TABLE, summary: SUMMARY_TABLE });

const Message = z.union([z.object({ village: z.string() }), z.object({ area: z.string() })]);

/** Recomputes the area each message names, an area named by many of a batch once. */
export function handler(batch: QueueBatch): Promise<BatchAnswer> {
  return collapse(batch, {
    read: (body) => {
      const message = Message.parse(body);
      return 'village' in message ? message.village : message.area;
    },
    keyOf: (area) => area,
    work: async (area) => {
      await recompute(store, area, today());
    },
    lanes: 4,
  });
}
