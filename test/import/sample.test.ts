import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';

const ledger = '贫困人口台账.xlsx';
const villages = '贫困村台账.xlsx';
const supplement = '补充登记.xlsx';
const expected = JSON.parse(readFileSync('sample/expected.json', 'utf8'));
let bucket: TestBucket;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  county = importer(await freshTables());
});
afterAll(() => bucket.close());

const file = (name: string) => readFileSync(`sample/${name}`);

test('divisions come first and bring their towns and villages', async () => {
  const planned = await county.plan(file('divisions.csv'), {
    kind: 'divisions',
    fileName: 'divisions.csv',
  });
  expect(planned).toMatchObject({ state: 'planned' });
  // The county itself stands in the file too.
  const { towns, villages: count } = expected.totals;
  expect(planned.counts?.entries).toMatchObject({
    new: 1 + towns + count,
    refused: 0,
    conflicting: 0,
  });
  const applied = await county.apply(planned);
  expect(applied).toMatchObject({ state: 'applied', applied: planned.counts });
});

test('the registry ledger is taken whole: every household and person, none refused', async () => {
  const planned = await county.plan(file(ledger), { kind: 'registry', fileName: ledger });
  expect(planned.fault).toBeUndefined();
  expect((await county.entries(planned, 'refused')).slice(0, 3)).toEqual([]);
  expect(planned.counts?.entries).toMatchObject({ new: expected.totals.households });
  expect(planned.counts?.rows).toMatchObject({ new: expected.totals.persons });
  expect(planned.heldOn).toBe('2017-10-23');
  expect(planned.incomePeriod).toEqual({ from: '2015-10-01', to: '2016-09-30' });
  const applied = await county.apply(planned);
  expect(applied.applied).toEqual(planned.counts);
}, 120_000);

test('the supplement is taken as a registry ledger: every household changed, none refused or argued with', async () => {
  const options = { kind: 'registry', fileName: supplement, heldOn: '2017-10-23' } as const;
  const planned = await county.plan(file(supplement), options);
  expect((await county.entries(planned, 'refused')).slice(0, 3)).toEqual([]);
  const { changed, ...others } = planned.counts?.entries ?? { changed: 0 };
  expect(changed).toBe(expected.totals.households);
  expect(others).toMatchObject({ new: 0, conflicting: 0, refused: 0 });
  expect((await county.apply(planned)).applied).toEqual(planned.counts);
}, 120_000);

test('the villages ledger describes every poor village', async () => {
  const planned = await county.plan(file(villages), { kind: 'villages', fileName: villages });
  expect(planned.counts?.entries).toMatchObject({ new: expected.totals.poorVillages, refused: 0 });
  expect((await county.apply(planned)).state).toBe('applied');
});

test.each([
  ['divisions', 'divisions.csv'],
  ['registry', ledger],
  ['villages', villages],
] as const)(
  'taking the same %s file again changes nothing',
  async (kind, fileName) => {
    const planned = await county.plan(file(fileName), { kind, fileName });
    const { unchanged, ...others } = planned.counts?.entries ?? { unchanged: 0 };
    expect(unchanged).toBeGreaterThan(0);
    expect(others).toEqual({ new: 0, changed: 0, conflicting: 0, refused: 0 });
  },
  60_000,
);
