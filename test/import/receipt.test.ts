import { describe, expect, it } from 'vitest';
import { headOf } from '../../functions/core/household.ts';
import { strikeOff } from '../../functions/core/household-close.ts';
import { addMember, endMember } from '../../functions/core/member.ts';
import { findPersons } from '../../functions/household/table.ts';
import { announce, find } from '../../functions/import/service.ts';
import { receiptEvents, saveReceipts } from '../../functions/receipt/table.ts';
import { granted, identityOf, wantedMember } from '../support/build.ts';
import { importer, importId } from '../support/importer.ts';
import { workbook } from '../support/sheet.ts';
import { doing, write } from '../support/store.ts';
import {
  COUNTY,
  codes,
  county,
  education,
  elsewhere,
  identityIn,
  items,
  nextTown,
  of,
  office,
  plan,
  planBook,
  rowsOf,
  settled,
  tables,
  take,
} from './receipt-ground.ts';

describe('whose a payment is', () => {
  it('a person is found by identity number, by 户编号 and 人编号, and a household by 户编号', async () => {
    const file = await settled();
    const { number, members } = file.household;
    const [head, , son] = members;
    const outcomes = await take(
      { 身份证号: identityIn(file, 2).toLowerCase(), 补助项目: '寄宿生生活补助', 补助编号: 'A1' },
      {
        户编号: number,
        人编号: `${number}03`,
        受益人: son?.name ?? '',
        补助项目: '寄宿生生活补助',
        补助编号: 'A2',
      },
      { 户编号: number, 户主: head?.name ?? '', 补助编号: 'A3' },
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['new', 'new', 'new']);
    const told = (await of(file)).map((one) => [one.reference, one.person, one.department]);
    expect(told.toSorted()).toEqual([
      ['A1', son?.id, '县教育局'],
      ['A2', son?.id, '县教育局'],
      ['A3', null, '县民政局'],
    ]);
  });

  it('what matches nobody comes back in the same words as what lies in another county', async () => {
    const [mine, theirs] = [await settled(), await settled(elsewhere)];
    const { entries } = await plan(
      { 身份证号: identityOf('1977-01-01', 999) },
      { 身份证号: identityIn(theirs, 0) },
      { 户编号: 'R0' },
      { 户编号: theirs.household.number },
      { 户编号: mine.household.number, 户主: '别家人' },
      { 户编号: mine.household.number, 人编号: '09' },
      { 户编号: mine.household.number, 人编号: '01', 受益人: '别家人' },
      // Somebody else's number is not made up for by a household that fits.
      { 户编号: mine.household.number, 身份证号: identityIn(theirs, 0) },
      { 户编号: mine.household.number, 人编号: '01', 身份证号: identityIn(theirs, 0) },
    );
    expect(entries.map(({ outcome }) => outcome)).toEqual(entries.map(() => 'refused'));
    expect(new Set(entries.map(({ faults }) => JSON.stringify(faults)))).toEqual(
      new Set([JSON.stringify([{ code: 'receipt-nobody' }])]),
    );
  });

  it('a department of a town does not reach the households of the next', async () => {
    const far = await settled(nextTown);
    const town = { ...education, areas: ['350122101'] };
    const about = { kind: 'receipts', fileName: '补助.xlsx' } as const;
    const rows = rowsOf([{ 户编号: far.household.number }]);
    const found = await county.plan(workbook({ sheets: [{ rows }] }), about, town);
    expect((await county.entries(found)).map(codes)).toEqual([['receipt-nobody']]);
  });

  it('a newborn without a number is found by 人编号, whatever number the row gives', async () => {
    const file = await settled();
    const baby = wantedMember({
      name: '陈新生',
      birth: '2017-01-01',
      identity: null,
      number: `${file.household.number}05`,
      relation: 'son',
    });
    const born = granted(
      addMember(file, { ...baby, heldFrom: '2017-01-01', joinReason: 'birth' }, doing()),
    );
    granted(await write(county.store, file, born));
    const [row] = await take({
      户编号: file.household.number,
      人编号: '05',
      身份证号: identityOf('2017-01-01', 555),
      补助项目: '寄宿生生活补助',
      发放日期: '2017-09-10',
    });
    expect(row?.outcome).toBe('new');
    expect((await of(file))[0]?.person).toBe(
      born.next.household.members.find(({ name }) => name === '陈新生')?.id,
    );
  });

  it('identity number and household number of two households are in conflict', async () => {
    const [one, other] = [await settled(), await settled()];
    const { entries } = await plan({
      身份证号: identityIn(one, 0),
      户编号: other.household.number,
    });
    expect(entries[0]).toMatchObject({ outcome: 'conflicting' });
    expect(codes(entries[0])).toEqual(['receipt-household-differs']);
    // A number that lies elsewhere says no more than one that is nobody's.
    const again = await plan({ 身份证号: identityIn(one, 0), 户编号: 'R0' });
    expect(codes(again.entries[0])).toEqual(['receipt-household-differs']);
  });

  it('what was paid while somebody lived in another household belongs to that one', async () => {
    const [before, after] = [await settled(), await settled()];
    const son = before.household.members[2];
    const identity = identityIn(before, 2);
    if (!son) throw new Error('no son');
    const left = granted(
      endMember(before, { person: son.id, endReason: 'marriage', heldTo: '2017-06-01' }, doing()),
    );
    granted(await write(county.store, before, left));
    const wanted = {
      ...wantedMember({
        name: son.name,
        birth: son.birth,
        sex: son.sex,
        identity,
        relation: 'son-in-law',
      }),
      id: son.id,
    };
    const joined = granted(
      addMember(after, { ...wanted, heldFrom: '2017-06-01', joinReason: 'marriage' }, doing()),
    );
    granted(await write(county.store, after, joined));
    const paid = { 补助项目: '寄宿生生活补助' };
    const entries = await take(
      {
        ...paid,
        补助编号: 'M1',
        身份证号: identity,
        户编号: before.household.number,
        发放日期: '2017-03-01',
      },
      {
        ...paid,
        补助编号: 'M2',
        户编号: before.household.number,
        人编号: '03',
        发放日期: '2017-03-02',
      },
      {
        ...paid,
        补助编号: 'M3',
        户编号: before.household.number,
        人编号: '03',
        发放日期: '2017-09-01',
      },
      { ...paid, 补助编号: 'M4', 身份证号: identity, 发放日期: '2017-09-02' },
    );
    expect(
      entries.map(({ outcome, remarks }) => [outcome, ...remarks.map(({ code }) => code)]),
    ).toEqual([['new', 'receipt-former-home'], ['new', 'receipt-former-home'], ['new'], ['new']]);
    expect((await of(before)).map(({ reference }) => reference)).toEqual(['M1', 'M2']);
    expect((await of(after)).map(({ reference, person }) => [reference, person])).toEqual([
      ['M3', son.id],
      ['M4', son.id],
    ]);
  });

  it('a household that is struck off and a person who died keep what they got; the office is told', async () => {
    const [gone, mourning] = [await settled(), await settled()];
    granted(
      await write(
        county.store,
        gone,
        granted(strikeOff(gone, { heldFrom: '2017-06-01', reason: 'gone' }, doing())),
      ),
    );
    const mother = mourning.household.members[3];
    if (!mother) throw new Error('no mother');
    const died = granted(
      endMember(mourning, { person: mother.id, endReason: 'death', heldTo: '2017-02-01' }, doing()),
    );
    granted(await write(county.store, mourning, died));
    const entries = await take(
      { 户编号: gone.household.number, 户主: headOf(gone.household)?.name ?? '' },
      { 身份证号: identityIn(mourning, 3), 发放日期: '2017-05-01', 受益人: '黄别名' },
    );
    expect(entries.map(({ outcome, remarks }) => [outcome, remarks])).toEqual([
      ['new', [{ code: 'receipt-household-closed' }]],
      [
        'new',
        [
          { code: 'receipt-person-died', values: { day: '2017-02-01' } },
          { code: 'receipt-name-differs' },
        ],
      ],
    ]);
    expect([(await of(gone)).length, (await of(mourning)).length]).toEqual([1, 1]);
  });
});

describe('a payment that is told again', () => {
  it('is unchanged, or changed with what it was, or in conflict where it is somebody else’s', async () => {
    const [one, other] = [await settled(), await settled()];
    const said = { 户编号: one.household.number, 补助编号: 'T1' };
    expect((await take(said))[0]?.outcome).toBe('new');
    expect((await take(said))[0]?.outcome).toBe('unchanged');
    const [changed] = await take({ ...said, '金额(元)': '1,000.00元' });
    expect(changed).toMatchObject({
      outcome: 'changed',
      changes: [{ field: 'amountFen', before: 50_000, after: 100_000 }],
    });
    const [receipt] = await of(one);
    expect(receipt).toMatchObject({ version: 2, amountFen: 100_000, actor: 'county-office' });
    expect(await receiptEvents(tables.policy, one.household.id)).toMatchObject([
      { reason: '导入', before: { amountFen: 50_000 }, after: { amountFen: 100_000 } },
    ]);
    const { entries } = await plan({ ...said, 户编号: other.household.number });
    expect([entries[0]?.outcome, codes(entries[0])]).toEqual([
      'conflicting',
      ['receipt-reference-taken'],
    ]);
  });

  it('without a reference is known by what it says; what was withdrawn does not come back', async () => {
    const file = await settled();
    const said = { 户编号: file.household.number };
    await take(said);
    expect((await take(said))[0]?.outcome).toBe('unchanged');
    // Another amount, or another day, may be a correction: who approves it is told what is known.
    const { entries: more } = await plan({ ...said, '金额(元)': 600 });
    const known = { day: '2017-01-20', yuan: 500, department: '县民政局' };
    expect(more).toMatchObject([
      { outcome: 'new', remarks: [{ code: 'receipt-again', values: known }] },
    ]);
    expect((await take({ ...said, 发放日期: '2017-01-21' }))[0]?.outcome).toBe('new');
    const [before] = await of(file);
    if (!before) throw new Error('no receipt');
    const withdrawn = { at: '2017-10-23T02:00:00.000Z', actor: 'office', reason: '发错' };
    await saveReceipts(tables.policy, [
      { before, after: { ...before, version: 2, withdrawn }, reason: '发错' },
    ]);
    const { entries } = await plan(said);
    expect([entries[0]?.outcome, codes(entries[0])]).toEqual([
      'conflicting',
      ['receipt-withdrawn'],
    ]);
  });

  it('twice in one file is taken once; one reference on different rows is not taken at all', async () => {
    const file = await settled();
    const { number } = file.household;
    const rows = [
      { 户编号: number, 补助编号: 'D1' },
      { 户编号: number, 补助编号: 'D1' },
      { 户编号: number, 补助编号: 'D2' },
      { 户编号: number, 补助编号: 'D2', '金额(元)': 600 },
      { 户编号: number, '金额(元)': 700 },
      { 户编号: number, '金额(元)': 700 },
      { 户编号: number, 人编号: '03', 补助项目: '寄宿生生活补助' },
      { 身份证号: identityIn(file, 2), 补助项目: '寄宿生生活补助' },
    ];
    const entries = await take(...rows);
    expect(entries.map((entry) => [entry.outcome, ...(codes(entry) ?? [])])).toEqual([
      ['new'],
      ['refused', 'receipt-twice'],
      ['refused', 'receipt-reference-twice'],
      ['refused', 'receipt-reference-twice'],
      ['new'],
      ['refused', 'receipt-twice'],
      ['new'],
      ['refused', 'receipt-twice'],
    ]);
    expect(entries[1]?.faults[0]?.values).toEqual({ rows: '2' });
    expect(entries[3]?.faults[0]?.values).toEqual({ rows: '4' });
    expect(await of(file)).toHaveLength(3);
  });

  it('is taken once also where its rows lie in different chunks', async () => {
    const apart = importer(tables, undefined, { items: async () => items, entriesAChunk: 1 });
    const file = await settled();
    const rows = rowsOf([
      { 户编号: file.household.number, 人编号: '03', 补助项目: '寄宿生生活补助' },
      { 身份证号: identityIn(file, 2), 补助项目: '寄宿生生活补助' },
    ]);
    const about = { kind: 'receipts', fileName: '补助.xlsx', area: COUNTY } as const;
    const planned = await apart.plan(workbook({ sheets: [{ rows }] }), about, education);
    expect(planned.counts?.entries.new).toBe(2);
    const applied = await apart.applyBy(office, planned);
    expect(applied.applied?.entries).toMatchObject({ new: 1, conflicting: 1 });
    expect(await of(file)).toHaveLength(1);
  });

  it('is a conflict where somebody changed it after the plan was seen', async () => {
    const file = await settled();
    const said = { 户编号: file.household.number, 补助编号: 'S1' };
    await take(said);
    const { found } = await plan({ ...said, '金额(元)': 600 });
    await take({ ...said, '金额(元)': 700 });
    expect((await county.applyBy(office, found)).applied?.entries).toMatchObject({
      changed: 0,
      conflicting: 1,
    });
    expect((await of(file))[0]?.amountFen).toBe(70_000);
  });
});

describe('the workbook of a department', () => {
  it('is read sheet by sheet; sheets of something else are named', async () => {
    const file = await settled();
    const { number } = file.household;
    const found = await planBook([
      { name: '说明', rows: [['填表说明'], ['每笔一行']] },
      {
        name: '一月',
        // A number shown by a formula, and one household merged over two rows.
        data: `<row r="1"><c r="A1" t="inlineStr"><is><t>户编号</t></is></c><c r="B1" t="inlineStr"><is><t>补助项目</t></is></c><c r="C1" t="inlineStr"><is><t>金额</t></is></c><c r="D1" t="inlineStr"><is><t>发放日期</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>${number}</t></is></c><c r="B2" t="inlineStr"><is><t>春节慰问金</t></is></c><c r="C2"><f>100*5</f><v>500</v></c><c r="D2" t="inlineStr"><is><t>2017年1月20日</t></is></c></row><row r="3"><c r="B3" t="inlineStr"><is><t>春节慰问金</t></is></c><c r="C3"><f>A9</f></c><c r="D3" t="inlineStr"><is><t>2017-01-21</t></is></c></row>`,
        merges: ['A2:A3'],
      },
      {
        name: '二月',
        rows: rowsOf([{ 户编号: number, '金额(元)': '２００', 发放日期: '2017/2/1' }]),
      },
    ]);
    expect(found.unread?.sheets).toEqual(['说明']);
    const entries = await county.entries(found);
    expect(entries.map((entry) => [entry.sheet, entry.outcome, ...(codes(entry) ?? [])])).toEqual([
      ['一月', 'new'],
      ['一月', 'refused', 'cell-failed'],
      ['二月', 'new'],
    ]);
    await county.applyBy(office, found);
    expect((await of(file)).map(({ amountFen, on }) => [amountFen, on])).toEqual([
      [50_000, '2017-01-20'],
      [20_000, '2017-02-01'],
    ]);
  });

  it('tells everything that is wrong with a row at once', async () => {
    const { entries } = await plan({ 户编号: 'R0', 补助项目: '没有的项目' });
    expect(codes(entries[0])).toEqual(['receipt-item-unknown', 'receipt-nobody']);
  });
});

describe('a department', () => {
  const about = { fileName: '补助.xlsx', size: 10 } as const;

  it('announces what it paid, for its area, and no other kind', async () => {
    const asked = (kind: 'receipts' | 'registry', area?: string) =>
      announce(county.ports, education, { ...about, id: importId(), kind, area });
    expect(await asked('registry')).toEqual({ refused: 'role-not-allowed' });
    expect(await asked('receipts', '350121')).toEqual({ refused: 'not-found' });
    expect(granted(await asked('receipts')).area).toBe(COUNTY);
    const city = { ...education, areas: ['3501'] };
    const id = importId();
    expect(await announce(county.ports, city, { ...about, id, kind: 'receipts' })).toEqual({
      refused: 'receipt-area',
    });
  });

  it('reads its own imports and those of nobody else', async () => {
    const id = importId();
    granted(await announce(county.ports, education, { ...about, id, kind: 'receipts' }));
    const health = { ...education, sub: 'health' };
    expect(await find(county.ports, education, id)).toMatchObject({ ok: { id } });
    expect(await find(county.ports, office, id)).toMatchObject({ ok: { id } });
    expect(await find(county.ports, health, id)).toEqual({ refused: 'not-found' });
    const other = importId();
    granted(await announce(county.ports, office, { ...about, id: other, kind: 'registry' }));
    expect(await find(county.ports, education, other)).toEqual({ refused: 'not-found' });
  });
});

it('nobody is registered by a payment', async () => {
  const identity = identityOf('1978-01-01', 777);
  await take({ 身份证号: identity });
  expect(await findPersons(county.store, [identity])).toEqual(new Map());
});
