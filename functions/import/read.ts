import * as z from 'zod';
import { divisionsUnder } from '../area/table.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { faultFields, log } from '../lib/log.ts';
import { hasObject } from '../lib/objects.ts';
import { sendAll } from '../lib/queue.ts';
import { reviveImports } from './overdue.ts';
import { importOf, uploadKey } from './place.ts';
import { readImport } from './reading.ts';

const settings = env({
  JOB_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  BUCKET: z.string(),
  IMPORT_QUEUE: z.string(),
});
const { JOB_TABLE, IDENTITY_TABLE, AREA_TABLE, BUCKET, IMPORT_QUEUE } = settings;

/** An object-created event as EventBridge hands it over, or the hourly look at imports that stand still. */
const Event = z.union([
  z.object({ detail: z.object({ object: z.object({ key: z.string() }) }) }),
  z.object({ schedule: z.literal('import') }),
]);

const readings = {
  jobTable: JOB_TABLE,
  vault: { bucket: BUCKET, keys: dataKeys(IDENTITY_TABLE, houseWrapper()) },
  // Villages of the whole county are known, so that a row of another town is refused as such.
  places: (area: string) => divisionsUnder(AREA_TABLE, area.slice(0, 6)),
  send: (messages: readonly unknown[]) => sendAll(IMPORT_QUEUE, messages),
  now,
  newAttempt: () => crypto.randomUUID(),
};

const overdue = {
  jobTable: JOB_TABLE,
  isUploaded: (id: string) => hasObject({ bucket: BUCKET, key: uploadKey(id) }),
  read,
  send: readings.send,
  now,
};

async function read(id: string): Promise<void> {
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

/** Reads a file as soon as it has been uploaded; every hour, has imports that stand still go on or come to an end. */
export async function handler(given: unknown): Promise<void> {
  const event = Event.parse(given);
  if ('schedule' in event) {
    const revived = await reviveImports(overdue);
    log.info('imports-revived', { ...revived });
    if (revived.failed > 0) throw new Error('import-revival-failed');
    return;
  }
  const id = importOf(event.detail.object.key);
  if (id !== undefined) await read(id);
}
