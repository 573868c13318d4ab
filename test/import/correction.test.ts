import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayOf } from '../../functions/core/day.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { readIdentity } from '../../functions/core/identity-number.ts';
import { keyOf } from '../../functions/household/item.ts';
import { findNumbers, loadFile } from '../../functions/household/table.ts';
import { getItem, putItem } from '../../functions/lib/dynamo.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { granted, identityOf } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { approver, type Importer, importer, uploader } from '../support/importer.ts';
import { COUNTY, divisionsCsv, households, ledgerBook, type Person } from '../support/ledger.ts';
import { doing, write } from '../support/store.ts';

const now = new Date('2019-03-01T02:00:00Z');
const clerk = { ...uploader, areas: [COUNTY] };
const office = { ...approver, areas: [COUNTY] };
/** Two households of which more than the head is known. */
const [one = [], other = []] = households(60).filter((family) => family.length > 2);
let bucket: TestBucket;
let tables: Tables;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, now);
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), about, clerk));
});
afterAll(() => bucket.close());

const planOf = (family: readonly Person[], heldOn: string) =>
  county.plan(
    ledgerBook([...family]),
    { kind: 'registry', fileName: '台账.xlsx', area: COUNTY, heldOn },
    clerk,
  );

async function fileOf(family: readonly Person[]): Promise<HouseholdFile> {
  const [id = ''] = (await findNumbers(county.store, COUNTY, [String(family[0]?.number)])).values();
  const file = await loadFile(county.store, id);
  if (!file) throw new Error('no file');
  return file;
}

/** The other half of an identity number's owners: same birth and sex, another serial. */
function rightNumber(file: HouseholdFile, place: number): string {
  const { birth = '', id = '' } = file.household.members[place] ?? {};
  const serial = Number(file.secrets.identities[id]?.slice(14, 17));
  return identityOf(birth, serial + 200);
}

async function correct(family: readonly Person[], place: number): Promise<HouseholdFile> {
  const file = await fileOf(family);
  const today = dayOf(now);
  const identity = granted(readIdentity(rightNumber(file, place), today));
  const person = file.household.members[place]?.id ?? '';
  const patch = {
    heldFrom: today,
    heldTo: null,
    reason: '更正',
    facts: {},
    cleared: [],
    contact: { phone: '10087654321', bankAccount: '62280000009' },
    members: [{ person, name: '陈正名', identity, facts: {}, cleared: [] }],
  };
  const change = granted(changeHousehold(file, patch, doing({ today, at: now.toISOString() })));
  granted(await write(county.store, file, change));
  return fileOf(family);
}

test('a ledger that was taken before and comes again undoes no correction, and its row says what it would have said', async () => {
  await county.applyBy(office, await planOf(one, '2018-06-30'));
  for (const place of [0, 1]) await correct(one, place);
  const before = await fileOf(one);
  const again = await planOf(one, '2018-06-30');
  expect(again.counts?.entries).toMatchObject({ unchanged: 1, changed: 0, conflicting: 0 });
  const [entry] = await county.entries(again);
  const people = before.household.members.slice(0, 2);
  expect(entry).toMatchObject({ missing: [], faults: [] });
  expect(entry?.kept.toSorted()).toEqual(
    [
      'phone',
      'bankAccount',
      ...people.flatMap(({ id }) => [`${id}.name`, `${id}.identityNumber`]),
    ].toSorted(),
  );
  await county.applyBy(office, again);
  expect(await fileOf(one)).toEqual(before);
});

test('what was stored before the days were kept counts as put by hand at the latest change', async () => {
  await county.applyBy(office, await planOf(other, '2018-06-30'));
  const { household } = await fileOf(other);
  const keys = [
    keyOf.household(household.id),
    ...household.members.map(({ id }) => keyOf.member(household.id, id)),
  ];
  for (const key of keys) {
    const { openFrom: _, ...item } = (await getItem(tables.household, key)) ?? {};
    await putItem(tables.household, { ...item, v: 1 });
  }
  const renamed = other.map((row, place) => ({
    ...row,
    phone: '10033333333',
    name: `陈改${place}`,
  }));
  const old = await planOf(renamed, dayOf(now));
  expect(old.counts?.entries).toMatchObject({ unchanged: 1 });
  const [entry] = await county.entries(old);
  expect(entry?.kept.toSorted()).toEqual(
    ['phone', ...household.members.map(({ id }) => `${id}.name`)].toSorted(),
  );
  const later = importer(tables, new Date('2019-04-01T02:00:00Z'));
  const about = { kind: 'registry', fileName: '台账.xlsx', area: COUNTY } as const;
  const newer = await later.plan(ledgerBook(renamed), { ...about, heldOn: '2019-03-31' }, clerk);
  expect(newer.counts?.entries).toMatchObject({ changed: 1 });
  await later.applyBy(office, newer);
  const after = await fileOf(other);
  const names = new Set(after.household.members.map(({ name }) => name));
  expect(names).toEqual(new Set(renamed.map(({ name }) => name)));
  expect(after.household.openFrom).toMatchObject({ phone: '2019-03-31' });
});
