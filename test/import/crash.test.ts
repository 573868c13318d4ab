import { afterAll, beforeAll, expect, test } from 'vitest';
import { allEvents, findNumbers, loadFile } from '../../functions/household/table.ts';
import { approve } from '../../functions/import/service.ts';
import { loadChunks, loadProgress } from '../../functions/import/table.ts';
import { work } from '../../functions/import/work.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { Death, Reaper } from '../support/death.ts';
import { type Importer, importer } from '../support/importer.ts';
import { COUNTY, divisionsCsv, households, ledgerBook } from '../support/ledger.ts';

const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const FAMILIES = 3;
/** Every await is tried by `npm run soak`, every fifth otherwise. */
const STRIDE = process.env.SOAK ? 1 : 5;
const reaper = new Reaper();
/** Families nobody has imported yet. */
const families = households(9000);
let bucket: TestBucket;
let tables: Tables;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  const now = new Date('2019-03-01T02:00:00Z');
  county = importer(tables, now, { entriesAChunk: 2, tick: reaper.tick });
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), about, clerk));
  reaper.watch();
});
afterAll(() => bucket.close());

function someFamilies() {
  return families.splice(0, FAMILIES);
}

async function uploaded(some: ReturnType<typeof someFamilies>): Promise<string> {
  const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
  return county.upload(ledgerBook(some.flat()), about, clerk);
}

/** Does a piece of work as its platform does: killed in the middle, it is started again. */
async function survive(piece: () => Promise<void>): Promise<void> {
  try {
    await piece();
  } catch (fault) {
    if (!(fault instanceof Death)) throw fault;
    reaper.revive();
    await piece();
  }
}

async function drain(times = 1): Promise<void> {
  for (let message = county.queue.shift(); message; message = county.queue.shift()) {
    const again = message;
    for (let time = 0; time < times; time += 1) await survive(() => work(county.works, again));
  }
}

async function wholeImport(id: string): Promise<void> {
  await survive(() => county.read(id));
  await drain();
  await survive(async () => {
    const { plan = '' } = await county.load(id);
    granted(await approve(county.ports, office, { id, plan }));
  });
  await drain();
}

/** What must be true in the end, whatever happened on the way. */
async function expectTaken(id: string, some: ReturnType<typeof someFamilies>): Promise<void> {
  const found = await county.load(id);
  expect(found).toMatchObject({ state: 'applied', chunks: 2 });
  expect(found.applied).toEqual(found.counts);
  expect(found.counts?.entries.new).toBe(FAMILIES);
  const chunks = await loadChunks(tables.job, id);
  expect(chunks.map((chunk) => chunk.applied?.late)).toEqual([[], []]);
  for (const phase of ['match', 'apply'] as const) {
    expect((await loadProgress(tables.job, id, phase)).done).toBe(2);
  }
  const numbers = some.map(([head]) => String(head?.number));
  const ids = await findNumbers(county.store, COUNTY, numbers);
  expect(ids.size).toBe(FAMILIES);
  for (const [place, number] of numbers.entries()) {
    const household = ids.get(number) ?? '';
    const file = await loadFile(county.store, household);
    expect(file?.household.version).toBe(1);
    expect(file?.household.members).toHaveLength(some[place]?.length ?? 0);
    expect(await allEvents(county.store, household)).toHaveLength(1);
  }
}

test('an import killed at any await goes on and ends as if nothing had happened', async ({
  annotate,
}) => {
  const calm = someFamilies();
  const first = await uploaded(calm);
  reaper.arm();
  await wholeImport(first);
  const { steps } = reaper;
  await expectTaken(first, calm);
  expect(steps).toBeGreaterThan(50);
  await annotate(`${Math.ceil(steps / STRIDE)} of ${steps} awaits`);
  for (let at = 1; at <= steps; at += STRIDE) {
    const some = someFamilies();
    const id = await uploaded(some);
    reaper.arm(at);
    await wholeImport(id);
    reaper.revive();
    await expectTaken(id, some);
  }
}, 1_800_000);

test('messages that come twice, and events that come twice, change nothing', async () => {
  const some = someFamilies();
  const id = await uploaded(some);
  await county.read(id);
  await county.read(id);
  await drain(2);
  const { plan = '' } = await county.load(id);
  granted(await approve(county.ports, office, { id, plan }));
  await drain(2);
  await expectTaken(id, some);
});

test('readers and consumers that work at the same time on the same thing do it once', async () => {
  const some = someFamilies();
  const id = await uploaded(some);
  await Promise.all([county.read(id), county.read(id)]);
  const together = async () => {
    while (county.queue.length > 0) {
      const messages = county.queue.splice(0);
      await Promise.all([...messages, ...messages].map((message) => work(county.works, message)));
    }
  };
  await together();
  const { plan = '' } = await county.load(id);
  const both = await Promise.all([
    approve(county.ports, office, { id, plan }),
    approve(county.ports, { ...office, sub: 'city-office' }, { id, plan }),
  ]);
  expect(both.filter((decided) => 'ok' in decided)).toHaveLength(1);
  expect(both).toContainEqual({ refused: 'import-not-ready', values: { state: 'applying' } });
  await together();
  await expectTaken(id, some);
});
