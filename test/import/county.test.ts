import { afterAll, beforeAll, expect, test } from 'vitest';
import { householdPort } from '../../functions/area/household-port.ts';
import { DivisionChange } from '../../functions/core/division-change.ts';
import type { ChangeJob } from '../../functions/core/division-job.ts';
import { villageOf } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { findNumbers, loadFile } from '../../functions/household/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { COUNTY, divisionsCsv, households, ledgerBook, type Person } from '../support/ledger.ts';
import { doing, settle, write } from '../support/store.ts';

/** The code the county gets, as when it becomes a district. */
const NEW = '350198';
const now = new Date('2019-03-01T02:00:00Z');
const clerk = { sub: 'clerk', role: 'office', areas: [COUNTY, NEW] } as const;
const office = { sub: 'office', role: 'office', areas: [COUNTY, NEW] } as const;
const job: ChangeJob = {
  id: 'dc_1',
  change: DivisionChange.parse({
    kind: 'rename',
    code: COUNTY,
    name: '样区',
    newCode: NEW,
    effective: '2019-02-01',
    reason: '撤县设区',
  }),
  state: 'moving',
  actor: 'office',
  role: 'office',
  at: now.toISOString(),
  doneAt: null,
  chunks: 1,
  version: 1,
};

const families = households(40);
const [first = [], second = []] = families;
const numberOf = ([head]: readonly Person[]) => String(head?.number);
let bucket: TestBucket;
let tables: Tables;
let county: Importer;

const plan = (area: string, given: readonly Person[][] = families) =>
  county.plan(ledgerBook(given.flat()), { kind: 'registry', fileName: '台账.xlsx', area }, clerk);

async function importDivisions(code: string): Promise<void> {
  const text = divisionsCsv().toString('utf8').replaceAll(COUNTY, code);
  const about = { kind: 'divisions', fileName: 'places.csv', area: code } as const;
  await county.applyBy(office, await county.plan(Buffer.from(text, 'utf8'), about, clerk));
}

/** What a change of divisions does to each household, whichever comes first. */
async function moveAll(): Promise<void> {
  const port = householdPort(county.store, () => now);
  const numbers = families.map(numberOf);
  for (const id of (await findNumbers(county.store, COUNTY, numbers)).values()) {
    const file = await loadFile(county.store, id);
    if (!file) throw new Error('no household');
    const from = villageOf(file.household);
    await port.place(id, { from, to: from.replace(COUNTY, NEW), hamlets: {} }, job);
  }
}

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, now);
  for (const code of [COUNTY, NEW]) await importDivisions(code);
  await county.applyBy(office, await plan(COUNTY));
  const ids = await findNumbers(county.store, COUNTY, families.map(numberOf));
  // One number is taken in the county to which they come, and one household has been struck off.
  const identity = identityOf('1940-01-01', 900);
  const members = [wantedMember({ birth: '1940-01-01', identity })];
  const village = `${NEW}101201`;
  await settle(county.store, { village, number: numberOf(first), members });
  const gone = await loadFile(county.store, ids.get(numberOf(second)) ?? '');
  if (!gone) throw new Error('no household');
  const order = { heldFrom: '2019-01-01', reason: 'error' };
  granted(
    await write(
      county.store,
      gone,
      granted(strikeOff(gone, order, doing({ today: '2019-03-01' }))),
    ),
  );
  await moveAll();
});
afterAll(() => bucket.close());

test('after a county got a new code the next ledger finds every household under its number', async () => {
  const live = families.filter((family) => family !== second);
  const { counts } = await plan(NEW, live);
  expect(counts?.entries).toMatchObject({ unchanged: live.length, new: 0, conflicting: 0 });
  expect(counts?.entries).toMatchObject({ changed: 0, refused: 0 });
});

test('a household struck off before the county got its new code is not registered again by a ledger', async () => {
  const planned = await plan(NEW, [second]);
  const [entry] = await county.entries(planned);
  expect(entry).toMatchObject({ outcome: 'conflicting', faults: [{ code: 'household-closed' }] });
});

test('numbers go along to the new county, are free in the old one, and a taken one stays behind', async () => {
  const others = families.slice(2).map(numberOf);
  const [there, here] = await Promise.all([
    findNumbers(county.store, NEW, others),
    findNumbers(county.store, COUNTY, others),
  ]);
  expect(there.size).toBe(others.length);
  expect(there).toEqual(here);
  const [third = ''] = others;
  const identity = identityOf('1941-01-01', 901);
  const members = [wantedMember({ birth: '1941-01-01', identity })];
  const again = await settle(county.store, { village: `${COUNTY}101201`, number: third, members });
  expect((await findNumbers(county.store, COUNTY, [third])).get(third)).toBe(again.household.id);
  const kept = (await findNumbers(county.store, COUNTY, [numberOf(first)])).get(numberOf(first));
  const file = await loadFile(county.store, kept ?? '');
  expect(file?.household).toMatchObject({ county: COUNTY, number: numberOf(first) });
  expect(file && villageOf(file.household).startsWith(NEW)).toBe(true);
});
