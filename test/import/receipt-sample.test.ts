import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../functions/core/receipt.ts';
import { findNumbers, householdsIn } from '../../functions/household/table.ts';
import { receiptsFor } from '../../functions/receipt/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { freshTables, type Tables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { itemsOfSample, sampleItemsOn } from '../support/receipt-items.ts';

const expected = JSON.parse(readFileSync('sample/expected.json', 'utf8'));
const fileName = '项目资金.xlsx';
let bucket: TestBucket;
let tables: Tables;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  tables = await freshTables();
  county = importer(tables, undefined, { items: sampleItemsOn });
  for (const [kind, name] of [
    ['divisions', 'divisions.csv'],
    ['registry', '贫困人口台账.xlsx'],
  ] as const) {
    const planned = await county.plan(readFileSync(`sample/${name}`), { kind, fileName: name });
    await county.apply(planned);
  }
}, 180_000);
afterAll(() => bucket.close());

/** Every receipt of the county, by household. */
async function stored(): Promise<ReadonlyMap<string, readonly Receipt[]>> {
  const codes = readFileSync('sample/divisions.csv', 'utf8').match(/^\d{12}/gm) ?? [];
  const ids = await Promise.all(codes.map((code) => householdsIn(tables.household, code)));
  return receiptsFor(tables.policy, ids.flat());
}

test('the sheet of payments is found among the others, and all of it is matched and kept', async () => {
  const book = readFileSync(`sample/${fileName}`);
  const planned = await county.plan(book, { kind: 'receipts', fileName });
  expect(planned.fault).toBeUndefined();
  expect(planned.unread?.sheets).toEqual(['资金文件', '资金分配', '项目库', '支付明细']);
  expect(planned.unread?.columns).toEqual([]);
  expect((await county.entries(planned, 'refused')).slice(0, 3)).toEqual([]);
  const { count, fen, households, byItem } = expected.funds.subsidies;
  expect(planned.counts?.entries).toMatchObject({ new: count, refused: 0, conflicting: 0 });
  expect((await county.entries(planned)).flatMap(({ remarks }) => remarks)).toEqual([]);
  const applied = await county.apply(planned);
  expect(applied.applied).toEqual(planned.counts);

  const receipts = await stored();
  const all = [...receipts.values()].flat();
  expect(all).toHaveLength(count);
  expect(all.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0)).toBe(fen);
  expect([...receipts.values()].filter((own) => own.length > 0)).toHaveLength(households);
  const names = Object.keys(byItem);
  const called = new Map(
    itemsOfSample.map(({ id, name, aliases }) => [
      id,
      names.find((one) => one === name.zh || aliases.includes(one)) ?? '',
    ]),
  );
  const found = Object.fromEntries(
    [...Map.groupBy(all, ({ item }) => called.get(item) ?? '')].map(([item, own]) => [
      item,
      { count: own.length, fen: own.reduce((sum, { amountFen }) => sum + (amountFen ?? 0), 0) },
    ]),
  );
  expect(found).toMatchObject(
    Object.fromEntries(
      Object.entries<{ count: number; fen: number }>(byItem).map(([item, { count: n, fen: f }]) => [
        item,
        { count: n, fen: f },
      ]),
    ),
  );
  expect(Object.keys(found)).toHaveLength(Object.keys(byItem).length);
}, 300_000);

test('a payment names household, person, day, period, source and who approved it', async () => {
  const numbers = await findNumbers(county.store, '350122', ['35012200030']);
  const id = numbers.get('35012200030') ?? '';
  const own = (await receiptsFor(tables.policy, [id])).get(id) ?? [];
  expect(own.find(({ reference }) => reference === 'BZ02585')).toMatchObject({
    household: id,
    person: expect.stringMatching(/^per_/),
    item: 'edu-senior-grant',
    on: '2017-10-12',
    amountFen: 150_000,
    period: '2017-2',
    source: { sheet: '到户补助', row: 2588, allocation: 'FP0395', document: '闽样财扶〔2017〕7号' },
    actor: 'county-office',
    withdrawn: null,
  });
});
