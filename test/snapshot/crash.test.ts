import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SnapshotMessage } from '../../functions/core/snapshot.ts';
import { check } from '../../functions/snapshot/check.ts';
import { getSnapshots, unfinished } from '../../functions/snapshot/table.ts';
import { work } from '../../functions/snapshot/work.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { Death, Reaper } from '../support/death.ts';
import { correct, Desk, home, open } from './ground.ts';

/** Every await is tried by `npm run soak`, every seventh otherwise. */
const STRIDE = process.env.SOAK ? 1 : 7;
const reaper = new Reaper();
let bucket: TestBucket;
let tables: Tables;
let desk: Desk;
let next = 0;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  desk = new Desk(tables, bucket.bucket, reaper.tick);
  reaper.watch();
});
afterAll(() => bucket.close());

async function county() {
  next += 1;
  const code = `3${String(next).padStart(5, '1')}`;
  const [first, second] = [`${code}101201`, `${code}102201`] as const;
  await open(tables, [first, second]);
  const file = await home(tables, first, { status: 'exited', exitYear: 2016 });
  await home(tables, second);
  return { code, file };
}

/** Does a piece of work as its platform does: killed in the middle, it is started again. */
async function survive(piece: () => Promise<unknown>): Promise<void> {
  try {
    await piece();
  } catch (fault) {
    if (!(fault instanceof Death)) throw fault;
    reaper.revive();
    await piece();
  }
}

/** From the question to the end; where its first message was lost with who asked, the hourly look sends it. */
async function whole(code: string): Promise<void> {
  await survive(() => desk.ask(code));
  await survive(async () => {
    for (const { county: one, year } of await unfinished(tables.job))
      await desk.ports.send([{ step: 'open', county: one, year }]);
  });
  for (let due = desk.queue.shift(); due; due = desk.queue.shift()) {
    const message: SnapshotMessage = due;
    await survive(() => work(desk.ports, message));
  }
}

test('a snapshot killed at any await goes on, and is frozen once with what was known', async ({
  annotate,
}) => {
  const calm = await county();
  reaper.arm();
  await whole(calm.code);
  const { steps } = reaper;
  reaper.revive();
  expect(steps).toBeGreaterThan(50);
  await annotate(`${Math.ceil(steps / STRIDE)} of ${steps} awaits`);
  for (let at = 1; at <= steps; at += STRIDE) {
    const { code, file } = await county();
    reaper.arm(at);
    await whole(code);
    reaper.revive();
    expect(await getSnapshots(tables.job, code)).toMatchObject([{ state: 'frozen', chunks: 2 }]);
    expect(await unfinished(tables.job)).toEqual([]);
    await correct(tables, file, { facts: { waterSafe: true }, heldFrom: '2016-06-01' });
    expect(await check(desk.checks, { area: code, year: 2016 })).toMatchObject({
      ...{ drift: 0, villages: 2, households: 2, persons: 4 },
    });
  }
}, 1_800_000);
