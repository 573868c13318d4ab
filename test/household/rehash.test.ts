import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { registerHousehold } from '../../functions/core/household-register.ts';
import { addMember, endMember } from '../../functions/core/member.ts';
import { relock } from '../../functions/household/relock.ts';
import { commit, findPersons, type Store } from '../../functions/household/table.ts';
import { dynamo, putItem } from '../../functions/lib/dynamo.ts';
import { NOTICE_MS } from '../../functions/lib/keys-lookup.ts';
import { granted, identityOf, TODAY, wantedHousehold, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, keyFile, settle, storeOf, write } from '../support/store.ts';

const villages = ['350122101201', '350122101202', '350122102201'];
const birth = '1955-05-05';
let tables: Tables;
let store: Store;
let rehash: typeof import('../../functions/household/rehash.ts').handler;
let files: HouseholdFile[];
let left: string;

const plenty = { getRemainingTimeInMillis: () => 600_000 };
const clock = (ms: number) => Object.assign(process.env, { CLOCK_OFFSET_MS: String(ms) });
afterAll(() => clock(0));

async function division(code: string, parent: string) {
  const base = { name: code, validFrom: null, validTo: null, successors: [], change: null };
  await putItem(tables.area, { pk: `A#${parent}`, sk: code, v: 1, code, ...base, version: 1 });
}

async function locks(): Promise<ReadonlySet<string>> {
  const { Items = [] } = await dynamo().send(new ScanCommand({ TableName: tables.identity }));
  const keys = Items.map((item) => String(unmarshall(item).pk));
  return new Set(keys.filter((pk) => pk.startsWith('P#')));
}

const number = (order: number) => identityOf(birth, order);

beforeAll(async () => {
  tables = await freshTables();
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile, ROOT: '350122' });
  store = storeOf(tables);
  await division('350122', '3501');
  for (const town of ['350122101', '350122102']) await division(town, '350122');
  for (const village of villages) await division(village, village.slice(0, 9));
  files = [];
  for (const [place, village] of villages.entries()) {
    const members = ['head', 'spouse', 'son'].map((relation, turn) =>
      wantedMember({ relation, birth, identity: number(1 + place * 3 + turn) }),
    );
    files.push(await settle(store, { number: `N${place}`, village, members }));
  }
  const [first] = files;
  if (!first) throw new Error('no household');
  left = first.household.members[2]?.id ?? '';
  const end = { person: left, heldTo: '2017-05-01', endReason: 'moved-out' };
  const ended = granted(endMember(first, end, doing()));
  granted(await write(store, first, ended));
  files[0] = ended.next;
  rehash = (await import('../../functions/household/rehash.ts')).handler;
});

async function swapNumbers(): Promise<void> {
  const file = files[2];
  const [head, spouse] = file?.household.members ?? [];
  if (!file || !head || !spouse) throw new Error('no couple');
  const identity = (order: number) =>
    ({ number: number(order), birth, sex: 'male', card: null }) as const;
  const patch = (person: string, order: number) => ({
    person,
    identity: identity(order),
    facts: {},
    cleared: [],
  });
  const members = [patch(head.id, 8), patch(spouse.id, 7)];
  const held = { heldFrom: TODAY, heldTo: null, reason: '录反' };
  const right = { ...held, facts: {}, cleared: [], contact: {}, members };
  granted(await write(store, file, granted(changeHousehold(file, right, doing()))));
  const found = await findPersons(store, [number(7), number(8)]);
  expect([found.get(number(7))?.person, found.get(number(8))?.person]).toEqual([
    spouse.id,
    head.id,
  ]);
}

it('a lookup key is renewed without anybody being lost or registered twice, and may stop anywhere', async () => {
  const before = await locks();
  const numbers = Array.from({ length: 9 }, (_, place) => number(place + 1));
  const known = await findPersons(store, numbers);
  expect(known.size).toBe(9);
  expect(await rehash({}, plenty)).toEqual({ state: 'settled', moved: 0 });
  expect(await rehash({ rotate: true }, plenty)).toEqual({ state: 'announced', moved: 0 });
  expect(await rehash({}, plenty)).toEqual({ state: 'waiting', moved: 0 });
  clock(NOTICE_MS + 60_000);
  // While both keys are in use, nobody can be registered a second time under the new one.
  const target = files[2] ?? (await settle(store));
  const twin = wantedMember({ relation: 'other', birth, identity: number(1) });
  const joining = { ...twin, heldFrom: TODAY, joinReason: 'moved-in' };
  expect(await write(store, target, granted(addMember(target, joining, doing())))).toMatchObject({
    refused: 'person-elsewhere',
  });
  expect((await findPersons(store, numbers)).size).toBe(9);
  // The first run has time for one village only.
  let looks = 0;
  const short = { getRemainingTimeInMillis: () => (looks++ === 0 ? 600_000 : 0) };
  expect(await rehash({}, short)).toEqual({ state: 'under-way', moved: 3 });
  expect(await rehash({}, plenty)).toEqual({ state: 'done', moved: 9 });
  const after = await locks();
  expect(after.size).toBe(before.size);
  expect([...after].filter((pk) => before.has(pk))).toEqual([]);
  const found = await findPersons(store, numbers);
  expect(
    [...found].map(([identity, { person, live }]) => [identity, person, live]).toSorted(),
  ).toEqual([...known].map(([identity, { person, live }]) => [identity, person, live]).toSorted());
  expect(found.get(number(3))).toMatchObject({ person: left, live: false });
  expect(await rehash({}, plenty)).toMatchObject({ state: 'settled' });
});

it('a person who moved on during the rotation keeps the new place, and the old lock goes', async () => {
  await rehash({ rotate: true }, plenty);
  clock(3 * NOTICE_MS);
  const [first, second] = files;
  if (!first || !second) throw new Error('no households');
  const wanted = wantedMember({ id: left, relation: 'other', birth, identity: number(3) });
  const joining = { ...wanted, heldFrom: TODAY, joinReason: 'moved-in' };
  const joined = granted(addMember(second, joining, doing()));
  granted(await write(store, second, joined));
  // Two of another household, whose locks still stand under the old key, get each other's number.
  await swapNumbers();
  await relock(store, first.household.id);
  expect((await findPersons(store, [number(3)])).get(number(3))).toMatchObject({
    household: second.household.id,
    live: true,
  });
  const closed = granted(strikeOff(joined.next, { heldFrom: TODAY, reason: 'error' }, doing()));
  granted(await write(store, joined.next, closed));
  expect(await rehash({}, plenty)).toMatchObject({ state: 'done' });
  expect((await findPersons(store, [number(3)])).get(number(3))).toMatchObject({ live: false });
  expect(await relock(store, 'hh_x')).toBe(0);
});

it('while both keys are in use a household of thirty is taken, and who brings more is told a number that is true', async () => {
  await rehash({ rotate: true }, plenty);
  clock(6 * NOTICE_MS);
  let born = 100;
  const register = (size: number) => {
    const members = Array.from({ length: size }, (_, place) => {
      born += 1;
      return wantedMember({
        relation: place === 0 ? 'head' : 'other',
        birth,
        identity: number(born),
      });
    });
    const wanted = wantedHousehold({ number: `M${born}`, members });
    const change = granted(registerHousehold(wanted, '2016-01-01', doing()));
    return commit(store, { before: undefined, ...change });
  };
  expect(await register(30)).toEqual({ ok: 'written' });
  const refusal = await register(40);
  if (!('refused' in refusal)) throw new Error('forty were taken');
  expect(refusal.refused).toBe('household-too-large');
  const limit = Number(refusal.values?.limit);
  expect(await register(limit + 1)).toEqual(refusal);
  expect(await register(limit)).toEqual({ ok: 'written' });
  expect(await rehash({}, plenty)).toMatchObject({ state: 'done' });
});

it('a key that has served its time is renewed by itself', async () => {
  clock(400 * 86_400_000);
  expect(await rehash({}, plenty)).toEqual({ state: 'announced', moved: 0 });
});
