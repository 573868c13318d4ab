import { beforeAll, describe, expect, it } from 'vitest';
import { profileMover } from '../../functions/area/port.ts';
import { NamesView } from '../../functions/core/coverage-view.ts';
import type { VillageMove } from '../../functions/core/division-plan.ts';
import { getCoverage } from '../../functions/coverage/table.ts';
import { messageOf } from '../../functions/dispatch/message.ts';
import { queryAll } from '../../functions/lib/dynamo.ts';
import { saveReceipts } from '../../functions/receipt/table.ts';
import { poor } from '../snapshot/ground.ts';
import { callOf } from '../support/call.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { villageReceipt } from '../support/receipt.ts';
import { Desk, itIs, published } from './ground.ts';
import { policyItem } from './item.ts';
import { coverageWorkers, type Worker } from './worker.ts';

const road = '350122101201';
const rich = '350122101202';
const [renamed, half, rest] = ['350122101301', '350122101302', '350122101303'];
let tables: Tables;
let entitle: Worker;
let look: Parameters<typeof callOf>[0];

beforeAll(async () => {
  itIs('2017-10-23');
  tables = await freshTables();
  ({ entitle } = await coverageWorkers());
  ({ handler: look } = await import('../../functions/coverage/handler.ts'));
  const project = { kind: 'project', amountFen: null, unit: 'village', capFen: null } as const;
  await published(tables, [
    policyItem({
      ...{ id: 'road', subject: 'village', benefit: { ...project, period: 'once' } },
      condition: { fact: 'village.poor', op: 'is', value: true },
    }),
    policyItem({
      ...{ id: 'fair', subject: 'village', benefit: { ...project, period: 'year' } },
      condition: { fact: 'village.poor', op: 'is', value: false },
    }),
  ]);
  for (const village of [road, rich]) {
    await poor(tables, village);
    await new Desk(tables).bringUp(village);
  }
});

/** Works off what the stream tells of everything under a village's code. */
async function tellOf(village: string): Promise<void> {
  for await (const { pk, sk } of queryAll(tables.policy, { pk: `R#${village}` })) {
    const Keys = { pk: { S: String(pk) }, sk: { S: String(sk) } };
    const body = JSON.stringify(
      messageOf({ dynamodb: { Keys, SequenceNumber: '1' }, eventSourceARN: '' }),
    );
    const batch = { Records: [{ messageId: '1', body }] };
    expect(await entitle(batch)).toEqual({ batchItemFailures: [] });
  }
}

async function tell(given: Parameters<typeof villageReceipt>[0]) {
  const after = villageReceipt(given);
  await saveReceipts(tables.policy, [{ before: null, after, reason: '导入' }]);
  await tellOf(after.village);
  return after;
}

/** Villages by what was found of them. */
async function names(item: string, area: string) {
  const found: Record<string, readonly string[]> = {};
  for (const result of ['received', 'missed', 'received-not-eligible'] as const) {
    const { body } = await callOf(look, {
      route: 'GET /policies/{id}/coverage/households',
      by: { sub: 'county', role: 'office', areas: '350122' },
      params: { id: item },
      query: { area, result },
    });
    const { items } = NamesView.parse(body);
    if (items.length > 0) found[result] = items.map(({ village }) => village);
  }
  return found;
}

async function figures(village: string, item: string) {
  const row = await getCoverage(tables.policy, village);
  const all = row?.coverage.items.find((one) => one.item === item)?.figures ?? [];
  const [entitled, , received, , missed] = all;
  return { entitled, received, missed, unduly: all[8], receivedFen: all[13] };
}

describe('coverage of items of villages', () => {
  it('counts what a village received, in the list behind each figure too', async () => {
    expect(await figures(road, 'road')).toMatchObject({ entitled: 1, received: 0, missed: 1 });
    const told = await tell({ id: 'rc_1', village: road, item: 'road', period: 'once' });
    expect(await figures(road, 'road')).toMatchObject({
      received: 1,
      missed: 0,
      receivedFen: 50_000,
    });
    expect(await names('road', road)).toEqual({ received: [road] });
    const withdrawn = { at: '2017-10-23T04:00:00.000Z', actor: 'office', reason: '未建' };
    const after = { ...told, version: 2, withdrawn };
    await saveReceipts(tables.policy, [{ before: told, after, reason: '未建' }]);
    await tellOf(road);
    expect(await names('road', road)).toEqual({ missed: [road] });
    const again = { ...after, version: 3, withdrawn: null };
    await saveReceipts(tables.policy, [{ before: after, after: again, reason: '已建' }]);
    await tellOf(road);
  });

  it('counts what a village received that is not entitled to it', async () => {
    await tell({ id: 'rc_2', village: rich, item: 'fair', on: '2017-02-01' });
    expect(await figures(rich, 'fair')).toMatchObject({
      entitled: 0,
      unduly: 1,
      receivedFen: 50_000,
    });
    expect(await names('fair', rich)).toEqual({ 'received-not-eligible': [rich] });
  });

  it('holds until the period of a receipt is over', async () => {
    expect((await getCoverage(tables.policy, rich))?.coverage.until).toBe('2018-01-01');
  });
});

describe('when a village gets another code', () => {
  const occasion = {
    ...{ actor: 'office', at: '2017-10-23T04:00:00.000Z', heldOn: '2017-10-01' },
    ...{ reason: '更名', source: 'dc_1' },
  };
  async function moved(move: VillageMove): Promise<void> {
    await profileMover(tables)(move, occasion);
    for (const village of [move.from, move.to, ...Object.values(move.hamlets)])
      await tellOf(village);
  }

  it('what it received goes along, and what is told late under the old one', async () => {
    await moved({ from: road, to: renamed, hamlets: {} });
    expect(await names('road', renamed)).toEqual({ received: [renamed] });
    expect(await figures(road, 'road')).toMatchObject({ received: 0, missed: 0 });
    await tell({ id: 'rc_3', village: road, item: 'road', period: 'once', amountFen: 1 });
    expect(await figures(renamed, 'road')).toMatchObject({ received: 1, receivedFen: 50_001 });
  });

  it('of a village that is divided every part has what the whole received, and the money stays with none', async () => {
    await moved({ from: renamed, to: half, hamlets: { 下厝: rest } });
    for (const village of [half, rest])
      expect(await figures(village, 'road')).toMatchObject({
        received: 1,
        missed: 0,
        receivedFen: 0,
      });
  });
});
