import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, expect, it } from 'vitest';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import type { WantedMember } from '../../functions/core/household-wanted.ts';
import { endMember } from '../../functions/core/member.ts';
import {
  findNumbers,
  findPersons,
  householdsIn,
  loadFile,
  type Store,
} from '../../functions/household/table.ts';
import { dynamo } from '../../functions/lib/dynamo.ts';
import { handler } from '../../functions/restore/handler.ts';
import { granted, identityOf, TODAY, VILLAGE, wantedMember } from '../support/build.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, settle, storeOf, write } from '../support/store.ts';
import { listRosters } from '../support/stored-roster.ts';
import { contents, lose, putAll } from './county.ts';

const hasTime = { getRemainingTimeInMillis: () => 900_000 };
let tables: Tables;
let store: Store;
beforeAll(async () => {
  process.env.STAGE = 'test';
  tables = await freshTables();
  store = storeOf(tables);
});

/** The table as it is now, under the name recovery would give it. */
async function recover(word: 'household' | 'identity'): Promise<string> {
  const name = `bangfu-test-restored-${word}-${crypto.randomUUID().slice(0, 8)}`;
  const keys = word === 'identity' ? ['pk'] : ['pk', 'sk'];
  await dynamo().send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: keys.map((key) => ({
        AttributeName: key,
        KeyType: key === 'pk' ? 'HASH' : 'RANGE',
      })),
    }),
  );
  await putAll(name, [...(await contents(tables[word])).values()]);
  return name;
}

let born = 0;
function members(count: number): readonly WantedMember[] {
  return Array.from({ length: count }, (_, place) => {
    born += 1;
    const birth = `19${50 + (born % 40)}-03-1${born % 10}`;
    const identity = identityOf(birth, born);
    return wantedMember({
      relation: place === 0 ? 'head' : 'son',
      birth,
      identity,
      name: `样${born}`,
    });
  });
}

it('a county that lost both tables reads as before, and what was decided since the backup holds', async () => {
  const people = { lost: members(3), changed: members(3), closed: members(2), later: members(1) };
  const lost = await settle(store, { number: '3501221001', members: people.lost });
  const changed = await settle(store, { number: '3501221002', members: people.changed });
  const closed = await settle(store, { number: '3501221003', members: people.closed });
  const [fromHouseholds, fromIdentity] = [await recover('household'), await recover('identity')];

  const leaver = changed.household.members[2]?.id ?? '';
  const end = { person: leaver, heldTo: '2017-05-01', endReason: 'moved' };
  const left = granted(endMember(changed, end, doing()));
  granted(await write(store, changed, left));
  const order = { heldFrom: TODAY, reason: 'error' };
  granted(await write(store, closed, granted(strikeOff(closed, order, doing()))));
  const later = await settle(store, { number: '3501221004', members: people.later });
  const before = await contents(tables.household);
  const ids = [lost, changed, closed, later].map(({ household }) => household.id);
  const files = await Promise.all(ids.map((id) => loadFile(store, id)));

  // The accident: a whole file with its roster, the locks of everyone, and an event of the household that changed since.
  const gone = [...before.values()].filter(({ pk, sk }) =>
    [`H#${lost.household.id}`, `1#${lost.household.id}`].some((key) => key === pk || key === sk),
  );
  await lose(tables.household, [...gone, { pk: `H#${changed.household.id}`, sk: '3#999999998' }]);
  await lose(tables.identity, [...(await contents(fromIdentity)).values()]);

  const households = { from: fromHouseholds, to: 'household', mode: 'missing' };
  expect(await handler(households, hasTime)).toMatchObject({
    state: 'done',
    counts: { put: gone.length + 1, failed: 0, orphan: 0 },
  });
  const locks = { from: fromIdentity, to: 'identity', mode: 'missing' };
  expect(await handler(locks, hasTime)).toMatchObject({ state: 'done', counts: { orphan: 0 } });

  expect(await contents(tables.household)).toEqual(before);
  expect(await Promise.all(ids.map((id) => loadFile(store, id)))).toEqual(files);
  expect(await householdsIn(tables.household, VILLAGE)).toHaveLength(4);
  expect(await listRosters(tables.household, VILLAGE)).toHaveLength(4);

  const all = [...people.lost, ...people.changed, ...people.closed, ...people.later];
  const found = await findPersons(
    store,
    all.map(({ identity }) => identity ?? ''),
  );
  const held = all.map(({ identity }) => found.get(identity ?? '')?.live);
  expect(held).toEqual([true, true, true, true, true, false, false, false, true]);
  expect(found.get(people.changed[2]?.identity ?? '')?.person).toBe(leaver);
  const numbers = await findNumbers(store, '350122', ['3501221001', '3501221003']);
  expect(numbers.get('3501221001')).toBe(lost.household.id);
});

it('a number that was put right since the backup stays free for its owner', async () => {
  const [wanted] = members(1);
  const [owner] = members(1);
  const [wrong, birth] = [owner?.identity ?? '', wanted?.birth ?? ''];
  const file = await settle(store, {
    number: '3501221011',
    members: [wantedMember({ ...wanted, identity: wrong })],
  });
  const from = await recover('identity');
  const identity = { number: wanted?.identity ?? '', birth, sex: 'male', card: null } as const;
  const person = file.household.members[0]?.id ?? '';
  const patch = { person, identity, facts: {}, cleared: [] };
  const held = { heldFrom: TODAY, heldTo: null, reason: '录错' };
  const right = { ...held, facts: {}, cleared: [], contact: {}, members: [patch] };
  granted(await write(store, file, granted(changeHousehold(file, right, doing()))));
  const order = { from, to: 'identity', mode: 'missing' };
  expect(await handler(order, hasTime)).toMatchObject({ state: 'done', counts: { put: 0 } });
  const theirs = await settle(store, { number: '3501221012', members: owner ? [owner] : [] });
  const found = await findPersons(store, [wrong]);
  expect(found.get(wrong)).toMatchObject({
    household: theirs.household.id,
    person: theirs.household.members[0]?.id,
    live: true,
  });
});
