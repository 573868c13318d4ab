import { describe, expect, it } from 'vitest';
import type { HouseholdFile } from '../../functions/core/household.ts';
import { changeHousehold } from '../../functions/core/household-change.ts';
import { splitHousehold } from '../../functions/core/household-split.ts';
import { readIdentity } from '../../functions/core/identity-number.ts';
import { commitTogether } from '../../functions/household/table.ts';
import { receiptsWith } from '../../functions/receipt/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { importer } from '../support/importer.ts';
import { workbook } from '../support/sheet.ts';
import { doing, settle, write } from '../support/store.ts';
import {
  COUNTY,
  codes,
  county,
  education,
  here,
  identityIn,
  items,
  of,
  office,
  plan,
  rowsOf,
  settled,
  tables,
  take,
} from './receipt-ground.ts';

describe('what happened to a household since', () => {
  const school = { 补助项目: '寄宿生生活补助' };
  const outcomesOf = (entries: Awaited<ReturnType<typeof take>>) =>
    entries.map((entry) => [entry.outcome, ...(codes(entry) ?? [])]);

  it('a payment is known again by a number that was put right since, as far as it was told before', async () => {
    const [file, other] = [await settled(), await settled()];
    const son = file.household.members[2];
    const old = identityIn(file, 2);
    const said = { ...school, 身份证号: old, 补助编号: 'N1', 受益人: son?.name ?? '' };
    expect(outcomesOf(await take(said))).toEqual([['new']]);
    const wrongs = [
      { of: file, place: 2, order: 901 },
      { of: other, place: 0, order: 903 },
    ];
    for (const { of: one, place, order } of wrongs) {
      const member = one.household.members[place];
      const identity = granted(readIdentity(identityOf(member?.birth ?? '', order), '2017-10-23'));
      const right = { person: member?.id ?? '', identity, facts: {}, cleared: [] };
      const all = { heldFrom: '2017-10-23', heldTo: null, reason: '录错', facts: {}, cleared: [] };
      const change = changeHousehold(one, { ...all, contact: {}, members: [right] }, doing());
      granted(await write(county.store, one, granted(change)));
    }
    const number = identityOf(son?.birth ?? '', 901);
    const another = { ...said, 身份证号: identityIn(other, 0) };
    const { entries } = await plan(said, { ...said, 补助编号: 'N2' }, { ...school, 身份证号: old });
    expect(outcomesOf(entries)).toEqual([
      ['unchanged'],
      ['refused', 'receipt-nobody'],
      ['refused', 'receipt-nobody'],
    ]);
    for (const row of [another, { ...said, 受益人: '别家人' }])
      expect(outcomesOf(await take(row))).toEqual([['refused', 'receipt-nobody']]);
    expect(outcomesOf(await take({ ...said, 身份证号: number }))).toEqual([['unchanged']]);
    expect(outcomesOf(await take({ ...said, '金额(元)': 450 }))).toEqual([['changed']]);
    expect(await of(file)).toMatchObject([{ person: son?.id, amountFen: 45_000, version: 2 }]);
    // Once its owner is registered the number is hers, and the reference somebody else's.
    const owner = wantedMember({ name: '样乙', birth: son?.birth ?? '', identity: old });
    await settle(county.store, { number: 'R1', village: here, members: [owner] });
    expect(outcomesOf(await take(said))).toEqual([['conflicting', 'receipt-reference-taken']]);
  });

  it('what was paid before a split is that of the whole household, what was paid after it of the new one', async () => {
    const file = await settled();
    const [, , son] = file.household.members;
    const identity = identityIn(file, 2);
    const before = [
      { ...school, 身份证号: identity, 补助编号: 'P1', 发放日期: '2017-03-01' },
      { 身份证号: identity, 补助编号: 'P2', 发放日期: '2017-03-01' },
    ];
    expect(outcomesOf(await take(...before))).toEqual([['new'], ['new']]);
    const order = { persons: { [son?.id ?? '']: 'head' }, number: 'R2', village: here };
    const how = { heldFrom: '2017-06-01', reason: 'own-household', note: null };
    const { stays, parts } = granted(
      splitHousehold(file, { ...order, ...how, facts: {}, succession: {} }, doing()),
    );
    const writes = [
      { before: file, ...stays },
      { before: undefined, ...parts },
    ] as const;
    granted(await commitTogether(county.store, writes));
    const entries = await take(
      ...before,
      { ...school, 身份证号: identity, 补助编号: 'P3', 发放日期: '2017-03-02' },
      { ...school, 身份证号: identity, 补助编号: 'P4', 发放日期: '2017-09-01' },
      { 身份证号: identity, 补助编号: 'P5', 发放日期: '2017-09-01' },
      { 户编号: file.household.number, 补助编号: 'P6', 发放日期: '2017-09-01' },
    );
    expect(outcomesOf(entries)).toEqual([
      ...[['unchanged'], ['unchanged']],
      ...[['new'], ['new'], ['new'], ['new']],
    ]);
    const references = async (one: HouseholdFile) =>
      (await of(one)).map(({ reference }) => reference).toSorted();
    expect(await references(stays.next)).toEqual(['P1', 'P2', 'P3', 'P6']);
    expect(await references(parts.next)).toEqual(['P4', 'P5']);
    const all = await receiptsWith(tables.policy, parts.next.household);
    // What was the household's stays with it, what was the son's goes along.
    expect(all.map(({ reference }) => reference).toSorted()).toEqual(['P1', 'P3', 'P4', 'P5']);
  });

  it('who has left poverty may be paid all the same; whether they may be is for the policy list to say', async () => {
    const file = await settled(here, { status: 'exited', exitYear: 2016 });
    const entries = await take({ 身份证号: identityIn(file, 0), 发放日期: '2017-09-01' });
    expect(entries.map(({ outcome, remarks }) => [outcome, remarks])).toEqual([['new', []]]);
    expect(await of(file)).toMatchObject([{ on: '2017-09-01' }]);
  });
});

it('of two files approved at once each payment is there once, and neither loses what is its own', async () => {
  const file = await settled();
  const shared = { 户编号: file.household.number, 补助编号: 'W0' };
  const rows = (own: string) => [
    shared,
    ...Array.from({ length: 40 }, (_, at) => ({ ...shared, 补助编号: `${own}${at}` })),
  ];
  const about = { kind: 'receipts', fileName: '补助.xlsx', area: COUNTY } as const;
  const health = { ...education, sub: 'health' };
  const sides = [
    { desk: county, by: education, own: 'WA' },
    { desk: importer(tables, undefined, { items: async () => items }), by: health, own: 'WB' },
  ];
  const planned = [];
  for (const { desk, by, own } of sides)
    planned.push({
      desk,
      found: await desk.plan(workbook({ sheets: [{ rows: rowsOf(rows(own)) }] }), about, by),
    });
  const applied = await Promise.all(planned.map(({ desk, found }) => desk.applyBy(office, found)));
  const references = (await of(file)).map(({ reference }) => reference);
  expect(references).toHaveLength(81);
  expect(new Set(references).size).toBe(81);
  const counts = applied.map((one) => one.applied?.entries);
  const sum = (outcome: 'new' | 'unchanged' | 'conflicting') =>
    counts.reduce((total, one) => total + (one?.[outcome] ?? 0), 0);
  expect([sum('new'), sum('unchanged') + sum('conflicting')]).toEqual([81, 1]);
  expect((await of(file)).every(({ version }) => version === 1)).toBe(true);
});
