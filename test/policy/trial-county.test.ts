import { BatchWriteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { recompute, summaryStore } from '../../functions/board/recompute.ts';
import type { Finding } from '../../functions/core/coverage.ts';
import { encodeRoster } from '../../functions/core/roster-codec.ts';
import { readRoster } from '../../functions/core/roster-item.ts';
import { householdItem } from '../../functions/coverage/item.ts';
import { inForce } from '../../functions/coverage/rules.ts';
import { rostersIn } from '../../functions/household/walk.ts';
import { dynamo, type Item } from '../../functions/lib/dynamo.ts';
import { policiesNow } from '../../functions/policy/table.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { identityOf, TODAY, wantedMember } from '../support/build.ts';
import { callOf } from '../support/call.ts';
import { testClient } from '../support/database.ts';
import {
  county,
  documentOf,
  office,
  openPolicyDesk,
  type PolicyDesk,
  publish,
} from '../support/policy-desk.ts';
import { benefit } from '../support/policy-item.ts';
import { receipt } from '../support/receipt.ts';
import { settle, storeOf } from '../support/store.ts';

const FAMILIES = 520;
const villages = ['350122101201', '350122101202', '350122102201'];
let receiver: string;
let desk: PolicyDesk;
let trial: Parameters<typeof callOf>[0];
const asked: string[] = [];

/** The rows of one household, for another number of the same make in another village. */
function copyOf(items: readonly Item[], id: string, order: number): readonly Item[] {
  const to = villages[order % villages.length] ?? '';
  const other = `${id.slice(0, -6)}${String(order).padStart(6, '0')}`;
  return items.map((item) => {
    const text = (value: unknown) =>
      typeof value === 'string'
        ? value.replaceAll(id, other).replaceAll(villages[0] ?? '', to)
        : value;
    const moved = Object.fromEntries(
      Object.entries(item).map(([key, value]) => [key, text(value)]),
    );
    if (String(item.pk).startsWith('V#')) {
      const roster = readRoster(item);
      return { ...moved, b: encodeRoster({ ...roster, id: other, village: to }) };
    }
    if (item.sk !== '0') return moved;
    const [sheet] = item.facts as { values: object }[];
    return {
      ...moved,
      id: other,
      facts: [{ ...sheet, values: { ...sheet?.values, village: to } }],
    };
  });
}

async function putAll(table: string, items: readonly Item[]): Promise<void> {
  const client = await testClient();
  for (let at = 0; at < items.length; at += 25) {
    const puts = items.slice(at, at + 25).map((item) => ({ PutRequest: { Item: marshall(item) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  }
}

/** What coverage found: everybody misses the grant but one, who received it. */
async function found(receiver: string): Promise<readonly Item[]> {
  const rosters = await rostersIn(desk.tables, county);
  const { mark } = inForce(await policiesNow(desk.tables.policy, county), county, TODAY);
  const kept = { rules: mark, persons: [], facts: '[]', answers: '' };
  const at = '2017-10-23T00:00:00.000Z';
  return rosters.map(({ id: household, village }) => {
    const outcome: Finding['outcome'] = household === receiver ? 'received' : 'missed';
    const finding = { item: 'once', person: -1, outcome, dueFen: 1, receivedFen: 0 };
    const day = { day: TODAY, at, nextOn: '2018-01-01' };
    return householdItem(village, { household, version: 1, ...day, kept, findings: [finding] });
  });
}

beforeAll(async () => {
  desk = await openPolicyDesk();
  const member = (order: number, relation: string) =>
    wantedMember({
      identity: identityOf('1970-01-01', order),
      relation,
      facts: { school: 'none' },
    });
  const family = await settle(storeOf(desk.tables), {
    village: villages[0] ?? '',
    facts: { type: 'low-income' },
    members: [member(1, 'head')],
  });
  receiver = family.household.id;
  const client = await testClient();
  const all = await client.send(new ScanCommand({ TableName: desk.tables.household }));
  const items = (all.Items ?? [])
    .map((item) => unmarshall(item))
    .filter(({ sk }) => !String(sk).startsWith('3#'));
  const copies = Array.from({ length: FAMILIES - 1 }, (_, order) =>
    copyOf(items, family.household.id, order),
  ).flat();
  await putAll(desk.tables.household, copies);
  for (const area of [...villages, '350122101', '350122102', county])
    await recompute(summaryStore(desk.tables), area, '2017-10-23');
  const low = { fact: 'household.type', op: 'is', value: 'low-income' } as const;
  const monthly = benefit({ period: 'month', amountFen: 10_000 });
  const done = await publish(
    desk,
    documentOf('doc', [
      { id: 'monthly', subject: 'household', condition: low, benefit: monthly },
      { id: 'once', subject: 'household', condition: low, benefit: benefit({ period: 'once' }) },
    ]),
  );
  expect(done.status).toBe(201);
  ({ handler: trial } = await import('../../functions/policy/trial.ts'));
  dynamo().middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        asked.push(commandName);
        return next(args);
      },
    { step: 'initialize', name: 'count' },
  );
}, 60_000);

async function tryOut(id: string) {
  asked.length = 0;
  const body = { area: county, ends: true, limit: 1 };
  return callOf(trial, { route: 'POST /policies/{id}/trial', by: office, params: { id }, body });
}

describe('a trial over a county', () => {
  it('reads files some twenty at a time, and receipts only where they decide', async () => {
    const { body } = await tryOut('monthly');
    expect(body).toMatchObject({ looked: FAMILIES, lost: { households: FAMILIES } });
    expect(asked.length).toBeLessThan(FAMILIES / 5);
    const once = await tryOut('once');
    expect(once.body.lost).toMatchObject({ households: FAMILIES, fen: FAMILIES * 200_000 });
    expect(asked.length).toBeGreaterThan(FAMILIES);
  });

  it('asks coverage first who received anything, where receipts of many may decide', async () => {
    const after = receipt({
      ...{ id: 'rc_once', household: receiver, item: 'once', on: '2016-05-01', period: 'once' },
      person: null,
    });
    await saveReceipts(desk.tables.policy, [{ before: null, after, reason: 'seed' }]);
    const exact = await tryOut('once');
    await putAll(desk.tables.policy, await found(receiver));
    const { body } = await tryOut('once');
    // What was had in an earlier year is due no more: its loss costs nothing.
    expect(body.lost).toMatchObject({ households: FAMILIES, fen: (FAMILIES - 1) * 200_000 });
    expect(exact.body.receiptsUnread).toBe(0);
    expect(body).toEqual({ ...exact.body, receiptsUnread: FAMILIES - 1 });
    expect(asked.length).toBeLessThan(FAMILIES / 5);
  });
});
