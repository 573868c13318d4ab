import { childrenOf } from '../area/table.ts';
import { addTallies } from '../core/figure.ts';
import { ALL, entryKey } from '../core/list-entry.ts';
import { now, today } from '../lib/clock.ts';
import { log } from '../lib/log.ts';
import { sendAll } from '../lib/queue.ts';
import { allEntries, getManifests, standing } from '../list/table.ts';
import type { RecountPorts } from './recount.ts';
import {
  getChunk,
  getChunks,
  getRecount,
  latestRecount,
  newRecount,
  putChunk,
  saveRecount,
} from './recount-table.ts';
import { tallyOf } from './row.ts';
import { getRow, getRows, getVillage } from './table.ts';

export interface RecountSettings {
  readonly household: string;
  readonly summary: string;
  readonly list: string;
  readonly area: string;
  readonly job: string;
}

export interface RecountQueues {
  readonly summary: string;
  readonly listing: string;
  readonly recount: string;
}

/** A change needs a batching window or two to reach the figures. */
const WAIT_MS = 3000;

/** The recount on the tables and queues of a deployment. */
export function recountPorts(tables: RecountSettings, queues: RecountQueues): RecountPorts {
  return {
    row: (area) => getRow(tables.summary, area),
    village: (area) => getVillage(tables.household, area),
    parts: async (area) => {
      const rows = await getRows(tables.summary, area, true);
      const isWhole = rows.every(({ figures }) => figures !== undefined);
      return isWhole ? addTallies(rows.map(tallyOf)) : addTallies([]);
    },
    inside: async (area) => {
      const [divisions, rows] = await Promise.all([
        childrenOf(tables.area, area),
        getRows(tables.summary, area, true),
      ]);
      const codes = [...divisions.map(({ code }) => code), ...rows.map((row) => row.area)];
      return [...new Set(codes)].sort();
    },
    manifests: (households) => getManifests(tables.list, households),
    listed: (village) => standing(tables.list, village, entryKey(ALL)),
    entries: (county, key) => allEntries(tables.list, county, key),
    latest: (county, area) => latestRecount(tables.job, county, area),
    recount: (id) => getRecount(tables.job, id),
    create: (recount, chunks) => newRecount(tables.job, recount, chunks),
    save: (before, next) => saveRecount(tables.job, before, next),
    chunks: (id) => getChunks(tables.job, id),
    chunk: (id, place) => getChunk(tables.job, id, place),
    saveChunk: (id, chunk) => putChunk(tables.job, id, chunk),
    toSummary: (messages) => sendAll(queues.summary, messages),
    toListing: (messages) => sendAll(queues.listing, messages),
    toRecount: (messages) => sendAll(queues.recount, messages),
    wait: async () => {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    },
    report: (drift) => log.warn('drift', { ...drift }),
    now,
    today,
  };
}
