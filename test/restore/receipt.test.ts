import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { dynamo } from '../../functions/lib/dynamo.ts';
import {
  allReceiptsOf,
  findReceipt,
  receiptEvents,
  saveReceipts,
} from '../../functions/receipt/table.ts';
import { noteMove, villageReceipts } from '../../functions/receipt/village-table.ts';
import { handler } from '../../functions/restore/handler.ts';
import { freshTables } from '../support/database.ts';
import { receipt, villageReceipt } from '../support/receipt.ts';
import { contents, lose, putAll } from './county.ts';

it('receipts that were lost are put back; one that was withdrawn since the backup stays withdrawn', async () => {
  process.env.STAGE = 'test';
  const { policy } = await freshTables();
  const lost = receipt({ id: 'rc_lost' });
  const kept = receipt({ id: 'rc_kept', on: '2017-02-01' });
  await saveReceipts(
    policy,
    [lost, kept].map((after) => ({ before: null, after, reason: '导入' })),
  );
  const ofVillage = villageReceipt({ id: 'rc_lost_of_village' });
  await saveReceipts(policy, [{ before: null, after: ofVillage, reason: '导入' }]);
  const move = { from: ofVillage.village, to: '350122101301', hamlets: {} };
  await noteMove(policy, move, '2017-07-01');
  const amended = { ...lost, version: 2, amountFen: 1 };
  await saveReceipts(policy, [{ before: lost, after: amended, reason: '更正' }]);
  const from = 'bangfu-test-restored-policy';
  const keys = ['pk', 'sk'];
  await dynamo().send(
    new CreateTableCommand({
      TableName: from,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  await putAll(from, [...(await contents(policy)).values()]);

  const withdrawn = { at: '2017-10-24T01:00:00.000Z', actor: 'office', reason: '发错' };
  await saveReceipts(policy, [
    { before: kept, after: { ...kept, version: 2, withdrawn }, reason: '发错' },
  ]);
  const rows = [...(await contents(policy)).values()].filter((row) =>
    /rc_lost|0#(?:from|to)#/.test(JSON.stringify(row)),
  );
  expect(rows).toHaveLength(7);
  await lose(policy, rows);
  expect(await findReceipt(policy, { household: lost.household, id: 'rc_lost' })).toBeUndefined();

  const order = { from, to: 'policy', mode: 'missing', segments: 1 };
  const report = await handler(order, { getRemainingTimeInMillis: () => 900_000 });
  expect(report).toMatchObject({ state: 'done', counts: { put: 7 } });
  expect(await findReceipt(policy, { household: lost.household, id: 'rc_lost' })).toEqual(amended);
  expect(
    (await receiptEvents(policy, lost.household)).map(({ reason }) => reason).toSorted(),
  ).toEqual(['发错', '更正'].toSorted());
  expect(await villageReceipts(policy, move.to)).toEqual([{ receipt: ofVillage, isPart: false }]);
  const all = await allReceiptsOf(policy, lost.household);
  expect(all.map(({ id, withdrawn: why }) => [id, why?.reason])).toEqual([
    ['rc_lost', undefined],
    ['rc_kept', '发错'],
  ]);
});
