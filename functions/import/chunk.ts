import * as z from 'zod';
import { type BatchAnswer, collapse, QueueBatch } from '../lib/batch.ts';
import { now } from '../lib/clock.ts';
import { env } from '../lib/env.ts';
import { dataKeys, houseWrapper } from '../lib/keys.ts';
import { lookupKeys } from '../lib/keys-lookup.ts';
import { sendAll } from '../lib/queue.ts';
import { divisionsKind } from './divisions.ts';
import { helpersKind } from './helpers.ts';
import { registryOf } from './household.ts';
import { receiptPortsOf } from './receipt-ports.ts';
import { receiptsKind } from './receipts.ts';
import { registryKind } from './registry.ts';
import { villagesKind } from './villages.ts';
import { ImportMessage, type Works, work } from './work.ts';

const settings = env({
  JOB_TABLE: z.string(),
  HOUSEHOLD_TABLE: z.string(),
  IDENTITY_TABLE: z.string(),
  AREA_TABLE: z.string(),
  ACCESS_TABLE: z.string(),
  POLICY_TABLE: z.string(),
  PAIRING_TABLE: z.string(),
  BUCKET: z.string(),
  IMPORT_QUEUE: z.string(),
});
const { JOB_TABLE, HOUSEHOLD_TABLE, IDENTITY_TABLE, AREA_TABLE, ACCESS_TABLE, POLICY_TABLE } =
  settings;
const wrapper = houseWrapper();
const keys = dataKeys(IDENTITY_TABLE, wrapper);
const store = {
  tables: { household: HOUSEHOLD_TABLE, identity: IDENTITY_TABLE, access: ACCESS_TABLE },
  keys,
  lookup: lookupKeys(IDENTITY_TABLE, wrapper),
};

const works: Works = {
  jobTable: JOB_TABLE,
  vault: { bucket: settings.BUCKET, keys },
  kinds: {
    divisions: divisionsKind(AREA_TABLE),
    registry: registryKind(registryOf(store, AREA_TABLE)),
    villages: villagesKind({ household: HOUSEHOLD_TABLE, area: AREA_TABLE }),
    helpers: helpersKind({ store, area: AREA_TABLE, pairing: settings.PAIRING_TABLE }),
    receipts: receiptsKind(receiptPortsOf({ store, area: AREA_TABLE, policy: POLICY_TABLE })),
  },
  send: (messages) => sendAll(settings.IMPORT_QUEUE, messages),
  now,
};

/** Works on the chunks of a batch; those that fail are named, so that only they come again. */
export function handler(event: unknown): Promise<BatchAnswer> {
  return collapse(QueueBatch.parse(event), {
    read: (body) => ImportMessage.parse(body),
    keyOf: (message) => JSON.stringify(message),
    work: (message) => work(works, message),
    lanes: 1,
  });
}
