import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addTallies,
  countVillage,
  type Figures,
  householdsIn,
} from '../../functions/core/figure.ts';
import { figuresOf } from '../../functions/core/figure-name.ts';
import { asOfPorts, villagesOn } from '../../functions/household/as-of.ts';
import { loadFile } from '../../functions/household/table.ts';
import { check } from '../../functions/snapshot/check.ts';
import { loadVillage } from '../../functions/snapshot/object.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { importer } from '../support/importer.ts';
import { rowsOf } from '../support/sample.ts';
import { storeOf } from '../support/store.ts';
import { correct, Desk } from './ground.ts';

const { totals } = JSON.parse(readFileSync('sample/expected.json', 'utf8'));
let bucket: TestBucket;
let tables: Tables;
let desk: Desk;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  const county = importer(tables);
  for (const [kind, fileName] of [
    ['divisions', 'divisions.csv'],
    ['registry', '贫困人口台账.xlsx'],
    ['villages', '贫困村台账.xlsx'],
  ] as const) {
    const file = readFileSync(`sample/${fileName}`);
    await county.apply(await county.plan(file, { kind, fileName }));
  }
  desk = new Desk(tables, bucket.bucket);
}, 300_000);
afterAll(() => bucket.close());

const exitedIn = (figures: Figures) =>
  householdsIn(figures, { id: 'exited', values: ['yes', 'no'] }, 'yes');

async function frozen(): Promise<Figures> {
  const row = await desk.ports.row(2016, '350122');
  if (!row) throw new Error('nothing is frozen');
  return figuresOf(row.figures);
}

/** Rows of the ledger that tell of persons of exited households born later than a day. */
async function bornAfter(day: string) {
  const rows = await rowsOf('贫困人口台账.xlsx', '贫困人口台账');
  return rows.filter((row) => {
    const birth = String(row.get('证件号码')).slice(6, 14);
    return row.get('脱贫属性') === '已脱贫' && birth > day.replaceAll('-', '');
  });
}

/** The same day by what is known now. */
async function knownNow(villages: readonly string[]): Promise<Figures> {
  const found = await villagesOn(asOfPorts(tables), villages, '2016-12-31');
  const tallies = [...found.values()].map(({ rosters, profile }) =>
    countVillage(rosters, profile, '2016-12-31'),
  );
  return addTallies(tallies).figures;
}

it('the sample county is frozen for 2016 with 586 households exited, and what is corrected later changes the day, not the snapshot', async () => {
  await desk.freeze('350122');
  const before = await frozen();
  const { exitedHouseholds: households, exitedPersons: persons } = totals;
  expect(exitedIn(before)).toEqual({ households, persons });
  const towns = (await desk.ports.row(2016, '350122'))?.parts ?? [];
  const rows = await Promise.all(towns.map((one) => desk.ports.rows(2016, one)));
  const villages = rows.flat().map(({ area }) => area);
  expect(villages).toHaveLength(totals.villages);
  // The account has the persons of the ledger that told of the year; on its last day those born since were not there.
  const born = await bornAfter('2016-12-31');
  const thatDay = exitedIn(await knownNow(villages));
  expect(born.length).toBeGreaterThan(0);
  expect(thatDay).toEqual({ households, persons: persons - born.length });
  const found = await check(desk.checks, { area: '350122', year: 2016 });
  expect(found).toMatchObject({ drift: 0, households: totals.households, faults: [] });

  const [first] = (
    await Promise.all(villages.map((one) => loadVillage(bucket.bucket, 2016, one)))
  ).flatMap((one) => one?.rosters ?? []);
  const file = await loadFile(storeOf(tables), first?.id ?? '');
  if (!file || first?.waterSafe === undefined) throw new Error('nobody is frozen');
  const then = await knownNow(villages);
  const facts = { waterSafe: first.waterSafe !== true };
  await correct(tables, file, { facts, heldFrom: '2016-05-01' });
  expect(await frozen()).toEqual(before);
  expect(await knownNow(villages)).not.toEqual(then);
  expect(await check(desk.checks, { area: '350122', year: 2016 })).toEqual(found);
}, 300_000);
