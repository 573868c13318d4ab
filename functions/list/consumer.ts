import * as z from 'zod';
import type { Roster } from '../core/roster.ts';
import { readRoster } from '../core/roster-item.ts';
import { type BatchAnswer, collapse, type QueueBatch } from '../lib/batch.ts';
import { today } from '../lib/clock.ts';
import { getItem } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { type ListStore, relist } from './relist.ts';
import { getManifest, writeManifest } from './table.ts';

/** The index as relisting needs it. */
export function listStore(tables: {
  readonly household: string;
  readonly list: string;
}): ListStore {
  return {
    manifest: (household) => getManifest(tables.list, household),
    roster: async (village, household): Promise<Roster | undefined> => {
      const item = await getItem(tables.household, { pk: `V#${village}`, sk: `1#${household}` });
      return item && readRoster(item);
    },
    write: (steps, changes) => writeManifest(tables.list, steps, changes),
  };
}

const Message = z.object({ village: z.string(), household: z.string().optional() });

/**
 * Relists the household each message names; a household named by many of a batch once. A message about a village alone (its profile has
 * changed) moves no entry: no key depends on it.
 */
export function handler(batch: QueueBatch): Promise<BatchAnswer> {
  const { HOUSEHOLD_TABLE, LIST_TABLE } = env({
    HOUSEHOLD_TABLE: z.string(),
    LIST_TABLE: z.string(),
  });
  const store = listStore({ household: HOUSEHOLD_TABLE, list: LIST_TABLE });
  return collapse(batch, {
    read: (body) => Message.parse(body),
    keyOf: ({ village, household }) => `${village}#${household ?? ''}`,
    work: async ({ village, household }) => {
      if (household !== undefined) await relist(store, { village, household }, today());
    },
    lanes: 8,
  });
}
