import { afterAll, beforeAll, expect, test } from 'vitest';
import { getDivisions, saveDivisions } from '../../functions/area/table.ts';
import { newDivision } from '../../functions/core/division-register.ts';
import { villageOf } from '../../functions/core/household.ts';
import { findNumbers, householdsIn, loadFile } from '../../functions/household/table.ts';
import { getProfiles } from '../../functions/village/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { approver, type Importer, importer, uploader } from '../support/importer.ts';
import {
  COUNTY,
  divisionsCsv,
  households,
  ledgerBook,
  type Person,
  villages,
} from '../support/ledger.ts';

const clerk = { ...uploader, areas: [COUNTY] };
const office = { ...approver, areas: [COUNTY] };
const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
const town = `${COUNTY}101`;
const book = households(250);
let bucket: TestBucket;
let tables: Tables;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, new Date('2019-03-01T02:00:00Z'));
  const places = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), places, clerk));
});
afterAll(() => bucket.close());

/** What a change of divisions does to the codes: new ones open, old ones name their successors, and end when it is done. */
async function replace(codes: readonly string[], successors: (code: string) => readonly string[]) {
  const known = await getDivisions(tables.area, codes);
  const opened = new Set(codes.flatMap(successors));
  const occasion = { actor: 'o', at: '2019-03-01T01:00:00.000Z', heldOn: '2019-02-01' };
  const steps = [
    ...[...opened].map((code) => ({ before: null, after: newDivision(code, code, '2019-02-01') })),
    ...[...known.values()].map((before) => {
      const next = { successors: [...successors(before.code)], version: before.version + 1 };
      return { before, after: { ...before, ...next, validTo: '2019-01-31' } };
    }),
  ];
  const reason = { ...occasion, reason: 'x', source: 'dc_1' };
  expect(await saveDivisions(tables.area, steps, reason)).toEqual([]);
}

/** Families of one village nobody has imported yet. */
function from(code: string): Person[][] {
  const village = villages.find((one) => one.code === code);
  const isThere = ([head]: readonly Person[]) =>
    head?.town === village?.town && head?.village === village?.name;
  const there = book.filter(isThere).slice(0, 2);
  for (const family of there) book.splice(book.indexOf(family), 1);
  return there;
}

async function villagesOf(families: readonly Person[][]): Promise<ReadonlySet<string>> {
  const numbers = families.map(([head]) => String(head?.number));
  const ids = [...(await findNumbers(county.store, COUNTY, numbers)).values()];
  const files = await Promise.all(ids.map((id) => loadFile(county.store, id)));
  return new Set(files.map((file) => (file ? villageOf(file.household) : '')));
}

test('a plan approved after a town got a new code enters its new households under the new one', async () => {
  const [old, newer] = [`${town}201`, `${COUNTY}111201`];
  const families = from(old);
  const planned = await county.plan(ledgerBook(families.flat()), about, clerk);
  await replace([old], () => [newer]);
  const applied = await county.applyBy(office, planned);
  expect(applied.applied?.entries).toMatchObject({ new: families.length, conflicting: 0 });
  expect(await householdsIn(tables.household, old)).toEqual([]);
  expect(await villagesOf(families)).toEqual(new Set([newer]));
});

test('a village that was split before the plan is approved leaves its new households to people', async () => {
  const old = `${town}202`;
  const families = from(old);
  const planned = await county.plan(ledgerBook(families.flat()), about, clerk);
  await replace([old], () => [`${town}302`, `${town}303`]);
  const applied = await county.applyBy(office, planned);
  expect(applied.applied?.entries).toMatchObject({ new: 0, conflicting: families.length });
  expect(await villagesOf(families)).toEqual(new Set());
});

test('a file read before a change of divisions is matched with what took the place of its villages', async () => {
  const [renamed, split] = [`${town}203`, `${town}204`];
  const families = [from(renamed), from(split)].flat();
  const id = await county.upload(ledgerBook(families.flat()), about, clerk);
  await county.read(id);
  await replace([renamed], () => [`${town}403`]);
  // A village that was renamed twice is where the second name is.
  await replace([`${town}403`], () => [`${town}503`]);
  await replace([split], () => [`${town}304`, `${town}305`]);
  await county.drain();
  const planned = await county.load(id);
  expect(planned.counts?.entries).toMatchObject({ new: 2, conflicting: 2 });
  const [entry] = await county.entries(planned, 'conflicting');
  expect(entry?.faults).toMatchObject([{ code: 'area-closed', values: { area: split } }]);
  await county.applyBy(office, planned);
  expect(await villagesOf(families)).toEqual(new Set([`${town}503`]));
});

test('facts of a village that was replaced after the plan are not put where nobody looks', async () => {
  const [old, open] = [`${COUNTY}103201`, `${COUNTY}103202`];
  const names = villages.filter(({ code }) => code === old || code === open);
  const rows = names.map((one) => [one.town, one.name, 1200].join(','));
  const csv = Buffer.from(['乡镇,贫困村,总人口', ...rows].join('\n'), 'utf8');
  const file = { kind: 'villages', fileName: '村.csv', area: COUNTY } as const;
  const planned = await county.plan(csv, file, clerk);
  expect(planned.counts?.entries).toMatchObject({ new: 2 });
  await replace([old], () => [`${COUNTY}103901`]);
  const applied = await county.applyBy(office, planned);
  expect(applied.applied?.entries).toMatchObject({ new: 1, conflicting: 1 });
  expect([...(await getProfiles(tables.household, [old, open])).keys()]).toEqual([open]);
  const id = await county.upload(csv, file, clerk);
  await county.read(id);
  await replace([open], () => [`${COUNTY}103902`]);
  await county.drain();
  const conflicts = await county.entries(await county.load(id), 'conflicting');
  expect(conflicts).toMatchObject([{ key: open, faults: [{ code: 'area-closed' }] }]);
});
