import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { divisionsUnder } from '../area/table.ts';
import { levelOf } from '../core/division.ts';
import { now } from '../lib/clock.ts';
import { getItem, putItem } from '../lib/dynamo.ts';
import { env } from '../lib/env.ts';
import { log } from '../lib/log.ts';
import { relock } from './relock.ts';
import { householdsIn, openStore, type Store, storeEnv } from './table.ts';

/** Version of the job's shape. */
const V = 1;
/** Time left to save the place, ms. */
const MARGIN_MS = 20_000;
const DAY_MS = 86_400_000;

/** `rotate` begins a rotation at once; without it one begins when the key has served its time. */
const Order = z.looseObject({ rotate: z.literal(true).optional() });

/** Where the walk is: villages up to `after` are done in this pass, in which `moved` locks have been moved so far. */
const Place = z.object({
  v: z.literal(V),
  after: z.string(),
  moved: z.int().nonnegative(),
  /** Locks moved in all passes. */
  total: z.int().nonnegative(),
});
type Place = z.infer<typeof Place>;

const tables = env({
  ...storeEnv,
  AREA_TABLE: z.string(),
  JOB_TABLE: z.string(),
  ROOT: z.string(),
  LOOKUP_KEY_DAYS: z.coerce.number().int().positive().default(365),
});
const store: Store = openStore(tables);

export interface Report {
  readonly state: 'settled' | 'announced' | 'waiting' | 'under-way' | 'done';
  readonly moved: number;
}

type Remaining = Pick<Context, 'getRemainingTimeInMillis'>;

function placeKey(newest: number) {
  return { pk: `J#rehash-${newest}`, sk: '0' };
}

async function placeOf(newest: number): Promise<Place> {
  const item = await getItem(tables.JOB_TABLE, placeKey(newest));
  return item ? Place.parse(item) : { v: V, after: '', moved: 0, total: 0 };
}

/** One pass over the villages from where the last run stopped; undefined when time ran out first. */
async function walk(newest: number, context: Remaining): Promise<Place | undefined> {
  let place = await placeOf(newest);
  const divisions = await divisionsUnder(tables.AREA_TABLE, tables.ROOT);
  const villages = divisions.map(({ code }) => code).filter((code) => levelOf(code) === 'village');
  for (const village of villages.toSorted().filter((code) => code > place.after)) {
    if (context.getRemainingTimeInMillis() < MARGIN_MS) return undefined;
    const moved = await relockVillage(village);
    place = { ...place, after: village, moved: place.moved + moved, total: place.total + moved };
    await putItem(tables.JOB_TABLE, { ...placeKey(newest), ...place });
  }
  return place;
}

async function relockVillage(village: string): Promise<number> {
  let moved = 0;
  for (const id of await householdsIn(tables.HOUSEHOLD_TABLE, village))
    moved += await relock(store, id);
  return moved;
}

/**
 * Walks all villages until a whole pass finds nothing under an old key: a household that changed villages during a pass is found by the
 * next. Only then is the old key forgotten.
 */
async function carryOn(newest: number, context: Remaining): Promise<Report> {
  for (;;) {
    const place = await walk(newest, context);
    if (!place) return { state: 'under-way', moved: (await placeOf(newest)).total };
    if (place.moved === 0) {
      await store.lookup.retire();
      return { state: 'done', moved: place.total };
    }
    const again = { ...place, after: '', moved: 0 };
    await putItem(tables.JOB_TABLE, { ...placeKey(newest), ...again });
  }
}

async function rehash(event: unknown, context: Remaining): Promise<Report> {
  const { rotate } = Order.parse(event ?? {});
  const { keys, isSettled, newestFrom } = await store.lookup.state();
  if (keys.length > 1)
    return isSettled ? carryOn(keys.at(-1) ?? 0, context) : { state: 'waiting', moved: 0 };
  const age = now().getTime() - Date.parse(newestFrom);
  if (!rotate && age < tables.LOOKUP_KEY_DAYS * DAY_MS) return { state: 'settled', moved: 0 };
  await store.lookup.rotate();
  return { state: 'announced', moved: 0 };
}

/** Renews the key under which persons are found; runs nightly and goes on where it was. */
export async function handler(event: unknown, context: Remaining): Promise<Report> {
  const report = await rehash(event, context);
  log.info('rehash', { state: report.state, moved: report.moved });
  return report;
}
