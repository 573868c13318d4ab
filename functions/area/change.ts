import * as z from 'zod';
import { ChangeMessage } from '../core/division-job.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { lookupKeys } from '../lib/keys-lookup.ts';
import { faultFields, log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import { householdPort } from './household-port.ts';
import { divisionPort, jobPort, profileMover } from './port.ts';
import { work } from './work.ts';

const tables = env({
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  JOB_QUEUE: z.string(),
});
const wrapper = houseWrapper();
const store = {
  tables: {
    household: tables.HOUSEHOLD_TABLE,
    identity: tables.IDENTITY_TABLE,
    access: tables.ACCESS_TABLE,
  },
  keys: dataKeys(tables.IDENTITY_TABLE, wrapper),
  lookup: lookupKeys(tables.IDENTITY_TABLE, wrapper),
};
const ports = {
  divisions: divisionPort(tables.AREA_TABLE),
  households: householdPort(store, now),
  jobs: jobPort(tables.JOB_TABLE, (messages) => sendAll(tables.JOB_QUEUE, messages)),
  moveProfile: profileMover(tables.HOUSEHOLD_TABLE),
  now,
};

/** A batch of a queue, as Lambda hands it over. */
interface QueueBatch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** Carries out the step each message names; one that fails comes again alone. */
export async function handler({ Records }: QueueBatch) {
  const failures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Records) {
    try {
      await work(ports, ChangeMessage.parse(JSON.parse(body)));
    } catch (fault) {
      log.error('division-change.failed', { messageId, ...faultFields(fault) });
      failures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failures };
}
