import { afterAll, beforeAll, expect, test } from 'vitest';
import { importView } from '../../functions/core/import-view.ts';
import { type Overdue, reviveImports } from '../../functions/import/overdue.ts';
import { uploadKey } from '../../functions/import/place.ts';
import { readImport } from '../../functions/import/reading.ts';
import { announce, approve } from '../../functions/import/service.ts';
import { listNoted } from '../../functions/import/table.ts';
import { work } from '../../functions/import/work.ts';
import { hasObject } from '../../functions/lib/objects.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer, importId } from '../support/importer.ts';
import { COUNTY, divisionsCsv, households, ledgerBook } from '../support/ledger.ts';

const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const ledger = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
const divisions = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
const nobody = { ended: 0, told: 0, read: 0, failed: 0 };
const MINUTES = 60_000;
/** A clock that the tests move. */
const clock = new Date('2019-03-01T02:00:00Z');
const families = households(200);
let bucket: TestBucket;
let tables: Tables;
let county: Importer;
let ports: Overdue;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, clock, { entriesAChunk: 2 });
  ports = {
    jobTable: tables.job,
    isUploaded: (id) => hasObject({ bucket: county.vault.bucket, key: uploadKey(id) }),
    read: county.read,
    send: county.works.send,
    now: () => clock,
  };
  await county.applyBy(office, await county.plan(divisionsCsv(), divisions, clerk));
});
afterAll(() => bucket.close());

/** Lets time pass, then looks as the schedule does. */
function lookAfter(minutes: number) {
  clock.setTime(clock.getTime() + minutes * MINUTES);
  return reviveImports(ports);
}
const upload = () => county.upload(ledgerBook(families.splice(0, 6).flat()), ledger, clerk);
const noted = async () => (await listNoted(tables.job)).map(({ id }) => id);

test('an import whose reader dies of its file ends as unreadable, and says what to do', async () => {
  const id = await upload();
  const places = () => Promise.reject(new Error('out of memory'));
  for (const minutes of [0, 16, 16]) {
    clock.setTime(clock.getTime() + minutes * MINUTES);
    await expect(readImport({ ...county.readings, places }, id)).rejects.toThrow();
  }
  expect(await lookAfter(30)).toEqual(nobody);
  expect((await county.load(id)).state).toBe('reading');
  expect(await lookAfter(31)).toEqual({ ...nobody, ended: 1 });
  const { state, fault } = importView(await county.load(id));
  expect(state).toBe('unreadable');
  expect(fault).toMatchObject({ code: 'file-not-finished' });
  expect(fault?.reason.zh).toContain('重新上传');
  await county.read(id);
  expect((await county.load(id)).state).toBe('unreadable');
  expect(await noted()).toEqual([]);
});

test('a reader that was given up but lives after all changes nothing any more', async () => {
  const id = await upload();
  const places = async (area: string) => {
    await lookAfter(61);
    return county.readings.places(area);
  };
  await readImport({ ...county.readings, places }, id);
  expect((await county.load(id)).fault).toEqual({ code: 'file-not-finished' });
  expect(county.queue).toEqual([]);
});

test('an import that lost its message goes on within the hour, while planned and while applied', async () => {
  const id = await upload();
  await county.read(id);
  county.queue.splice(0);
  expect(await lookAfter(10)).toEqual(nobody);
  expect(await lookAfter(10)).toEqual({ ...nobody, told: 1 });
  await county.drain();
  const { plan = '', state } = await county.load(id);
  expect(state).toBe('planned');
  expect(await noted()).toEqual([]);
  granted(await approve(county.ports, office, { id, plan }));
  county.queue.splice(0);
  expect(await lookAfter(20)).toEqual({ ...nobody, told: 1 });
  await county.drain();
  const { applied, counts } = await county.load(id);
  expect(applied).toEqual(counts);
  expect(await lookAfter(60)).toEqual(nobody);
});

test('one that is at work is left alone; once it stands still, only what is left is sent again', async () => {
  const id = await upload();
  await county.read(id);
  const takeOne = async () => {
    const message = county.queue.shift();
    if (message) await work(county.works, message);
  };
  await takeOne();
  const { length } = county.queue;
  expect(length).toBeGreaterThan(2);
  await takeOne();
  expect(await lookAfter(20)).toEqual(nobody);
  await takeOne();
  expect(await lookAfter(60)).toEqual(nobody);
  county.queue.splice(0);
  expect(await lookAfter(60)).toEqual({ ...nobody, told: 1 });
  await takeOne();
  expect(county.queue).toHaveLength(length - 2);
  await county.drain();
  expect((await county.load(id)).state).toBe('planned');
});

test('one whose last step alone was lost is closed', async () => {
  const id = await upload();
  await county.read(id);
  const { state } = await county.load(id);
  for (let message = county.queue.shift(); message; message = county.queue.shift()) {
    // The function is killed before it can seal the plan.
    let calls = 0;
    const now = () => {
      calls += 1;
      if (calls > 1) throw new Error('killed');
      return clock;
    };
    await work({ ...county.works, now }, message).catch(() => undefined);
  }
  expect((await county.load(id)).state).toBe(state);
  expect(await lookAfter(20)).toEqual(nobody);
  expect(await lookAfter(60)).toEqual({ ...nobody, told: 1 });
  await county.drain();
  expect((await county.load(id)).state).toBe('planned');
});

test('chunks that follow each other go on at the first that is left', async () => {
  const id = await county.upload(divisionsCsv(), divisions, clerk);
  await county.read(id);
  county.queue.splice(0);
  await lookAfter(20);
  await work(county.works, { import: id, phase: 'match' });
  expect(county.queue.at(-1)).toEqual({ import: id, phase: 'match', chunk: 0 });
  await county.drain();
  expect((await county.load(id)).counts?.entries.unchanged).toBeGreaterThan(0);
});

test('a file whose arrival nobody noticed is read; one that never came is forgotten after a week', async () => {
  const arrived = await upload();
  const never = importId();
  granted(await announce(county.ports, clerk, { ...ledger, size: 10, id: never }));
  expect(await lookAfter(60)).toEqual(nobody);
  expect(await lookAfter(60)).toEqual({ ...nobody, read: 1 });
  expect((await county.load(arrived)).state).toBe('matching');
  await county.drain();
  expect(await noted()).toEqual([never]);
  await lookAfter(7 * 24 * 60);
  expect(await noted()).toEqual([]);
  expect((await county.load(never)).state).toBe('awaiting');
});

test('an import that cannot be looked at holds up no other', async () => {
  const [one, other] = [await upload(), await upload()];
  clock.setTime(clock.getTime() + 120 * MINUTES);
  const isUploaded = (id: string) =>
    id === one ? Promise.reject(new Error('store')) : ports.isUploaded(id);
  expect(await reviveImports({ ...ports, isUploaded })).toEqual({ ...nobody, read: 1, failed: 1 });
  expect((await county.load(other)).state).toBe('matching');
});
