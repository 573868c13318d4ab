import { afterAll, beforeAll, expect, it } from 'vitest';
import { saveDivisions } from '../../functions/area/table.ts';
import { addDays } from '../../functions/core/day.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { approve } from '../../functions/import/service.ts';
import { work } from '../../functions/import/work.ts';
import { allReceiptsOf, receiptEvents } from '../../functions/receipt/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { Death, Reaper } from '../support/death.ts';
import { type Importer, importer } from '../support/importer.ts';
import { item } from '../support/receipt-items.ts';
import { workbook } from '../support/sheet.ts';
import { settle } from '../support/store.ts';

const COUNTY = '350122';
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const department = { sub: 'civil', role: 'department', areas: [COUNTY] } as const;
/** Every await is tried by `npm run soak`, every fifth otherwise. */
const STRIDE = process.env.SOAK ? 1 : 5;
const NUMBER = 'C1';
const reaper = new Reaper();
let bucket: TestBucket;
let tables: Tables;
let county: Importer;
let household: string;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, undefined, {
    items: async () => [item()],
    entriesAChunk: 2,
    tick: reaper.tick,
  });
  const places = ['35', '3501', COUNTY, '350122101', '350122101201'].map((code) => ({
    before: null,
    after: newDivision(code, `名${code}`, null),
  }));
  const occasion = { actor: 'seed', at: 'x', heldOn: 'x', reason: 'seed', source: 'imp_0' };
  await saveDivisions(tables.area, places, occasion);
  const members = [wantedMember({ identity: identityOf('1962-07-15', 21) })];
  household = (await settle(county.store, { number: NUMBER, members })).household.id;
  reaper.watch();
});
afterAll(() => bucket.close());

/** The three days of the n-th file of payments. */
const daysOf = (n: number) => [0, 1, 2].map((day) => addDays('1960-01-01', 3 * n + day));

/** Three payments in two chunks. */
async function planned(n: number, amount = 500) {
  const days = daysOf(n);
  const header = ['补助编号', '户编号', '补助项目', '金额', '发放日期'];
  const rows = days.map((day) => [day, NUMBER, '春节慰问金', amount, day]);
  const about = { kind: 'receipts', fileName: '补助.xlsx', area: COUNTY } as const;
  return county.plan(workbook({ sheets: [{ rows: [header, ...rows] }] }), about, department);
}

const stored = async (n: number) => {
  const all = await allReceiptsOf(tables.policy, household);
  return all.filter(({ on }) => daysOf(n).includes(on));
};

/** Applies a plan; every piece of work is done so many times, and once more where it is killed. */
async function apply(found: Awaited<ReturnType<typeof planned>>, times = 1): Promise<void> {
  const plan = found.plan ?? '';
  const survive = async (piece: () => Promise<unknown>) => {
    try {
      await piece();
    } catch (fault) {
      if (!(fault instanceof Death)) throw fault;
      reaper.revive();
      await piece();
    }
  };
  await survive(async () => granted(await approve(county.ports, office, { id: found.id, plan })));
  for (let message = county.queue.shift(); message; message = county.queue.shift()) {
    const again = message;
    for (let time = 0; time < times; time += 1) await survive(() => work(county.works, again));
  }
}

it('payments whose import is killed at any await are there once, as if nothing had happened', async () => {
  const calm = await planned(0);
  reaper.arm();
  await apply(calm);
  const { steps } = reaper;
  reaper.revive();
  expect(await stored(0)).toHaveLength(3);
  expect(steps).toBeGreaterThan(30);
  for (let at = 1; at <= steps; at += STRIDE) {
    const found = await planned(at);
    reaper.arm(at);
    await apply(found);
    reaper.revive();
    const done = await county.load(found.id);
    expect([at, done.state, done.applied]).toEqual([at, 'applied', found.counts]);
    const receipts = await stored(at);
    expect([at, receipts.length, receipts.map(({ version }) => version)]).toEqual([
      at,
      3,
      [1, 1, 1],
    ]);
  }
  expect(await receiptEvents(tables.policy, household)).toEqual([]);
}, 120_000);

it('every message may come twice: amounts change once, with one event each', async () => {
  await apply(await planned(900), 2);
  const found = await planned(900, 600);
  expect(found.counts?.entries.changed).toBe(3);
  await apply(found, 2);
  expect((await county.load(found.id)).applied).toEqual(found.counts);
  const receipts = await stored(900);
  expect(receipts.map(({ version, amountFen }) => [version, amountFen])).toEqual([
    [2, 60_000],
    [2, 60_000],
    [2, 60_000],
  ]);
  expect(await receiptEvents(tables.policy, household)).toHaveLength(3);
});
