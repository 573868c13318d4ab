import * as z from 'zod';
import { divisionsUnder } from '../area/table.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { faultFields, log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import { importOf } from './place.ts';
import { readImport } from './reading.ts';

const settings = env({
  JOB_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  BUCKET: z.string(),
  IMPORT_QUEUE: z.string(),
});
const { JOB_TABLE, IDENTITY_TABLE, AREA_TABLE, BUCKET, IMPORT_QUEUE } = settings;

/** An object-created event as EventBridge hands it over. */
const Created = z.object({ detail: z.object({ object: z.object({ key: z.string() }) }) });

const readings = {
  jobTable: JOB_TABLE,
  vault: { bucket: BUCKET, keys: dataKeys(IDENTITY_TABLE, houseWrapper()) },
  // Villages of the whole county are known, so that a row of another town is refused as such.
  places: (area: string) => divisionsUnder(AREA_TABLE, area.slice(0, 6)),
  send: (messages: readonly unknown[]) => sendAll(IMPORT_QUEUE, messages),
  now,
  newAttempt: () => crypto.randomUUID(),
};

/** Reads a file as soon as it has been uploaded. */
export async function handler(event: unknown): Promise<void> {
  const id = importOf(Created.parse(event).detail.object.key);
  if (id === undefined) return;
  const began = performance.now();
  try {
    await readImport(readings, id);
  } catch (fault) {
    log.error('import-read-failed', { import: id, ...faultFields(fault) });
    // Lambda logs and hands on what is thrown, message and all; the message may quote a cell.
    throw new Error('import-read-failed');
  }
  log.info('import-read', { import: id, ms: Math.round(performance.now() - began) });
}
