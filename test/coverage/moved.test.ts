import { beforeAll, expect, it } from 'vitest';
import { countIn } from '../../functions/core/coverage.ts';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { splitHousehold } from '../../functions/core/household-split.ts';
import { getCoverage } from '../../functions/coverage/table.ts';
import { commitTogether } from '../../functions/household/commit.ts';
import { findReceipt, saveReceipts } from '../../functions/receipt/table.ts';
import { home } from '../snapshot/ground.ts';
import { granted } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { doing, storeOf } from '../support/store.ts';
import { Desk, itIs, published, received } from './ground.ts';
import { policyItem } from './item.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const FROM = '350122101201';
const TO = '350122102201';
let tables: Tables;
let entitle: Worker;
let former: HouseholdFile;
let present: HouseholdFile;
let child: string;

/** The child of two sets up a household in another town. */
beforeAll(async () => {
  itIs('2017-10-23');
  tables = await freshTables();
  ({ entitle } = await coverageWorkers());
  await published(tables, [
    policyItem({ id: 'young' }),
    policyItem({
      id: 'home-grant',
      subject: 'household',
      condition: { fact: 'household.size', op: 'above', value: 0 },
    }),
  ]);
  const before = await home(tables, FROM);
  child = before.household.members[1]?.id ?? '';
  await got('rc_before', { person: child });
  await got('rc_home', { item: 'home-grant' }, before);
  const order = {
    ...{ persons: { [child]: 'head' }, number: '3501220991', village: TO },
    ...{ heldFrom: '2017-06-01', reason: 'own-household', note: null, facts: {}, succession: {} },
  };
  const { stays, parts } = granted(splitHousehold(before, order, doing()));
  const writes = [
    { before, ...stays },
    { before: undefined, ...parts },
  ] as const;
  granted(await commitTogether(storeOf(tables), writes, []));
  [former, present] = [stays.next, parts.next];
  async function got(id: string, given: object, file = before) {
    const common = { household: file.household.id, item: 'young', on: '2017-03-01' };
    await received(tables, { ...common, id, amountFen: 70_000, ...given });
  }
});

async function counted(village: string, item: string, of: 'received' | 'missed') {
  const row = await getCoverage(tables.policy, village);
  const found = row?.coverage.items.find((one) => one.item === item);
  return found && countIn(found, of).wide;
}

/** What the stream tells of a receipt: where it lies. */
async function tell(id: string): Promise<void> {
  const sk = `young#${child}#2017-03-01#${id}`;
  const body = JSON.stringify({ pk: `R#${former.household.id}`, sk });
  expect(await entitle({ Records: [{ messageId: '1', body }] })).toEqual({ batchItemFailures: [] });
}

it('what a person received before moving is not missed in the household that was moved to', async () => {
  for (const village of [FROM, TO]) await new Desk(tables).bringUp(village);
  expect(await counted(TO, 'young', 'received')).toBe(1);
  expect(await counted(TO, 'young', 'missed')).toBe(0);
  expect(await counted(FROM, 'young', 'received')).toBe(0);
});

it('and its own list says the same, for who may read it', async () => {
  const { handler } = await import('../../functions/entitlement/handler.ts');
  const read = (areas: string, { household: { id } }: HouseholdFile) =>
    callOf(handler, {
      by: { sub: 'town', role: 'office', areas },
      route: 'GET /households/{id}/entitlements',
      params: { id },
    });
  expect((await read('350122102', present)).body).toMatchObject({
    total: { receivedFen: 70_000 },
    items: [{ item: 'home-grant' }, { item: 'young', result: 'received', receivedFen: 70_000 }],
  });
  expect(await read('350122102', former)).toMatchObject({ status: 404 });
});

it('what the household received stays with it', async () => {
  expect(await counted(FROM, 'home-grant', 'received')).toBe(1);
  expect(await counted(TO, 'home-grant', 'received')).toBe(0);
});

it('a receipt of the former household that is withdrawn, or told late, is seen where its person lives now', async () => {
  const of = { household: former.household.id, id: 'rc_before' };
  const before = await findReceipt(tables.policy, of);
  if (!before) throw new Error('no receipt');
  const withdrawn = { at: '2017-10-23T04:00:00.000Z', actor: 'office', reason: '发错' };
  const after = { ...before, version: 2, withdrawn };
  await saveReceipts(tables.policy, [{ before, after, reason: '发错' }]);
  await tell('rc_before');
  expect(await counted(TO, 'young', 'missed')).toBe(1);

  const { id: household } = former.household;
  const late = { id: 'rc_late', household, item: 'young', person: child, on: '2017-03-01' };
  await received(tables, late);
  await tell('rc_late');
  expect(await counted(TO, 'young', 'received')).toBe(1);
  expect(present.household.members.map(({ id }) => id)).toEqual([child]);
});
