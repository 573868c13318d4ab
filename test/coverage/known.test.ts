import { beforeAll, expect, it } from 'vitest';
import { countIn } from '../../functions/core/coverage.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { getCoverage } from '../../functions/coverage/table.ts';
import { loadFile } from '../../functions/household/table.ts';
import { getItem, putItem } from '../../functions/lib/dynamo.ts';
import { granted, identityOf, VILLAGE } from '../support/build.ts';
import { type Caller, callOf } from '../support/call.ts';
import { seedPlaces } from '../support/case-desk.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { householdDesk } from '../support/household-desk.ts';
import { doing, keyFile, storeOf, write } from '../support/store.ts';
import { Desk, itIs, published, received } from './ground.ts';
import { policyItem } from './item.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const town: Caller = { sub: 'town', role: 'office', areas: VILLAGE.slice(0, 9) };
const desk = householdDesk(town);
const numbers = [identityOf('1960-01-02', 901), identityOf('2010-01-02', 902)];
const members = [
  { name: '样甲', relation: 'head', identityNumber: numbers[0] },
  { name: '样乙', relation: 'son', identityNumber: numbers[1] },
];
let tables: Tables;
let entitle: Worker;
let former: string;
let present: string;
let child: string;

/** A household is struck off; its child is entered anew, as head of a household of its own. */
beforeAll(async () => {
  tables = await freshTables();
  process.env.LOCAL_KEY_FILE = keyFile;
  itIs('2017-10-23');
  await seedPlaces(tables);
  ({ entitle } = await coverageWorkers());
  await published(tables, [policyItem({ id: 'young' })]);
  former = await desk.registered({ members });
  const before = await loadFile(storeOf(tables), former);
  child = before?.household.members[1]?.id ?? '';
  await received(tables, young({ id: 'rc_before', on: '2017-03-01', amountFen: 70_000 }));
  if (!before) throw new Error('no household');
  const off = granted(strikeOff(before, { reason: 'moved-out', heldFrom: '2017-06-01' }, doing()));
  granted(await write(storeOf(tables), before, off));
  present = await desk.registered({
    members: [{ name: '样乙', relation: 'head', identityNumber: numbers[1] }],
    heldFrom: '2017-07-01',
  });
});

const young = (given: object) => ({ household: former, person: child, item: 'young', ...given });

async function missed(): Promise<number | undefined> {
  const row = await getCoverage(tables.policy, VILLAGE);
  const found = row?.coverage.items.find((one) => one.item === 'young');
  return found && countIn(found, 'missed').wide;
}

/** The entitlements of the household she is entered with anew. */
async function shown() {
  process.env.AREA_TABLE = tables.area;
  const { handler } = await import('../../functions/entitlement/handler.ts');
  const { body } = await callOf(handler, {
    by: town,
    route: 'GET /households/{id}/entitlements',
    params: { id: present },
  });
  return body.items;
}

it('a person of a household that was struck off keeps what she received in the one she is entered with anew', async () => {
  const file = await loadFile(storeOf(tables), present);
  expect(file?.household.members.map(({ id }) => id)).toEqual([child]);
  await new Desk(tables).bringUp(VILLAGE);
  expect(await missed()).toBe(0);
  expect(await shown()).toMatchObject([{ item: 'young', result: 'received', receivedFen: 70_000 }]);
});

it('so she does where she was entered before anybody kept that she was known', async () => {
  const key = { pk: `H#${present}`, sk: `1#${child}` };
  const { isKnown, ...row } = (await getItem(tables.household, key)) ?? {};
  expect([row.v, isKnown]).toEqual([4, true]);
  await putItem(tables.household, { ...key, ...row, v: 3 });
  expect(await shown()).toMatchObject([{ item: 'young', result: 'received' }]);
  // Not so of one of whom it was kept, and who was not known.
  await putItem(tables.household, { ...key, ...row, v: 4 });
  expect(await shown()).toMatchObject([{ item: 'young', result: 'missed' }]);
  await putItem(tables.household, { ...key, ...row, v: 3 });
});

it('and the new household is told of what is entered late under the old one', async () => {
  const next = '2018-01-15';
  itIs(next);
  await new Desk(tables).bringUp(VILLAGE);
  expect(await missed()).toBe(1);
  await received(tables, young({ id: 'rc_late', on: '2018-01-10', period: '2018' }));
  const sk = `young#${child}#2018-01-10#rc_late`;
  const body = JSON.stringify({ pk: `R#${former}`, sk });
  expect(await entitle({ Records: [{ messageId: '1', body }] })).toEqual({ batchItemFailures: [] });
  expect(await missed()).toBe(0);
});
