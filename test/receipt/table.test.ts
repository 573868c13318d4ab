import { beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../functions/core/receipt.ts';
import {
  allReceiptsOf,
  findReceipt,
  receiptEvents,
  receiptsById,
  receiptsFor,
  receiptsOf,
  saveReceipts,
} from '../../functions/receipt/table.ts';
import { freshTables } from '../support/database.ts';
import { receipt } from '../support/receipt.ts';

let table: string;
beforeAll(async () => {
  table = (await freshTables()).policy;
});

const told = (after: Receipt) => ({ before: null, after, reason: '导入' });

describe('receipts of a household', () => {
  it('are found again by household, by item and day, and by id', async () => {
    const [later, first, pupil] = [
      receipt({ id: 'rc_a1', household: 'hh_a', on: '2017-03-01' }),
      receipt({ id: 'rc_a2', household: 'hh_a', on: '2016-03-01' }),
      receipt({ id: 'rc_a3', household: 'hh_a', item: 'boarding', person: 'per_1' }),
    ];
    expect(await saveReceipts(table, [later, first, pupil].map(told))).toEqual([]);
    expect(await receiptsOf(table, 'hh_a')).toEqual([pupil, first, later]);
    expect(await findReceipt(table, { household: 'hh_a', id: 'rc_a3' })).toEqual(pupil);
    expect(await findReceipt(table, { household: 'hh_b', id: 'rc_a3' })).toBeUndefined();
    expect(await findReceipt(table, { household: 'hh_a', id: 'rc_none' })).toBeUndefined();
    expect(await receiptsById(table, ['rc_a1', 'rc_none', 'rc_a1'])).toEqual(
      new Map([['rc_a1', later]]),
    );
    const many = await receiptsFor(table, ['hh_a', 'hh_nobody']);
    expect([many.get('hh_a')?.length, many.get('hh_nobody')]).toEqual([3, []]);
  });

  it('are written once, however often they are told; the others of the same write stand', async () => {
    const one = receipt({ id: 'rc_c1', household: 'hh_c' });
    const other = receipt({ id: 'rc_c2', household: 'hh_c', on: '2017-02-01' });
    expect(await saveReceipts(table, [told(one)])).toEqual([]);
    expect(await saveReceipts(table, [told(one), told(other)])).toEqual(['rc_c1']);
    expect(await receiptsOf(table, 'hh_c')).toEqual([one, other]);
  });

  it('are one receipt under one id, even where another household is named', async () => {
    expect(await saveReceipts(table, [told(receipt({ id: 'rc_d1', household: 'hh_d' }))])).toEqual(
      [],
    );
    const elsewhere = receipt({ id: 'rc_d1', household: 'hh_e' });
    expect(await saveReceipts(table, [told(elsewhere)])).toEqual(['rc_d1']);
    expect(await receiptsOf(table, 'hh_e')).toEqual([]);
  });

  it('stay to be read when withdrawn, with what they were, and count no more', async () => {
    const before = receipt({ id: 'rc_f1', household: 'hh_f' });
    await saveReceipts(table, [told(before)]);
    const withdrawn = { at: '2017-10-24T02:00:00.000Z', actor: 'office', reason: '发错' };
    const after = { ...before, version: 2, at: withdrawn.at, actor: 'office', withdrawn };
    expect(await saveReceipts(table, [{ before, after, reason: '发错' }])).toEqual([]);
    expect(await receiptsOf(table, 'hh_f')).toEqual([]);
    expect(await allReceiptsOf(table, 'hh_f')).toEqual([after]);
    expect(await receiptEvents(table, 'hh_f')).toMatchObject([
      { receipt: 'rc_f1', version: 2, actor: 'office', reason: '发错', before, after },
    ]);
    // Whoever decided on what stood there before comes too late.
    const late = { ...before, version: 2, amountFen: 1 };
    expect(await saveReceipts(table, [{ before, after: late, reason: '更正' }])).toEqual(['rc_f1']);
    expect(await allReceiptsOf(table, 'hh_f')).toEqual([after]);
  });

  it('more than one transaction takes are written all', async () => {
    const many = Array.from({ length: 95 }, (_, place) =>
      receipt({ id: `rc_m${place}`, household: `hh_m${place % 2}` }),
    );
    expect(await saveReceipts(table, many.map(told))).toEqual([]);
    const found = await receiptsFor(table, ['hh_m0', 'hh_m1']);
    expect([...found.values()].flat()).toHaveLength(95);
  });
});
