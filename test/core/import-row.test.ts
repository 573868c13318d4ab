import { describe, expect, test } from 'vitest';
import { planned, type StagedEntry } from '../../functions/core/import-entry.ts';
import { groupHousehold, MAX_PERSONS } from '../../functions/core/import-household.ts';
import { readDivisionRow, readVillageRow } from '../../functions/core/import-place.ts';
import {
  headingCells,
  isGivenBack,
  refusalColumns,
  refusalRows,
} from '../../functions/core/import-refusal.ts';
import type { LedgerReading, RegistryRow } from '../../functions/core/import-registry.ts';
import { householdNumberOf, readRegistryRow, whoseRow } from '../../functions/core/import-row.ts';
import { StagedHousehold } from '../../functions/core/import-wanted.ts';
import type { LedgerCell, LedgerRow } from '../../functions/core/ledger-cell.ts';
import { findHeading, type LedgerKind } from '../../functions/core/ledger-heading.ts';
import { refuse } from '../../functions/core/refusal.ts';
import { granted, identityOf, TODAY, VILLAGE } from '../support/build.ts';

type Cells = readonly (LedgerCell | null)[];
const line = (row: number, ...cells: Cells): LedgerRow => ({ sheet: '台账', row, cells });
const identity = identityOf('1962-07-15', 21);

function sheet<K extends LedgerKind>(kind: K, heading: readonly string[]) {
  return granted(findHeading(kind, [line(1, ...heading)]));
}

const people = sheet('registry', [
  '户编号',
  '行政村',
  '姓名',
  '证件号码',
  '与户主关系',
  '性别',
  '健康状况',
  '乡镇',
  '县',
  '人数',
]);

function aRow(given: Partial<RegistryRow> = {}): RegistryRow {
  const { person, ...others } = given;
  return {
    sheet: '台账',
    row: 5,
    number: '1',
    place: { village: '东湾村' },
    household: {},
    income: {},
    contact: {},
    faults: [],
    ...others,
    person: { name: '陈样', identity, relation: 'head', facts: {}, ...person },
  };
}

const reading: LedgerReading = {
  today: TODAY,
  area: '350122',
  incomePeriod: { from: '2015-10-01', to: '2016-09-30' },
  findVillage: ({ village }) => ({
    ok: village === '外村' ? '350199101201' : (village ?? '') === '西村' ? '350122101202' : VILLAGE,
  }),
  twice: () => undefined,
  called: (field) => `[${field}]`,
};
const spouse = identityOf('1965-02-03', 24);
const wife = (given: Partial<RegistryRow['person']> = {}) =>
  aRow({
    row: 6,
    person: { name: '林样', identity: spouse, relation: 'spouse', facts: {}, ...given },
  });
const codes = (...rows: [RegistryRow, ...RegistryRow[]]) =>
  groupHousehold(rows, reading).faults.map((fault) => fault.code);

describe('reading a row', () => {
  test('a cell that says nothing states nothing; what is joined in one cell comes apart', () => {
    const row = readRegistryRow(
      people,
      line(
        5,
        '1',
        '东湾村',
        '陈样',
        identity,
        '户主',
        null,
        '残疾、健康',
        '马鼻镇',
        '连江县',
        '3人',
      ),
    );
    expect(row).toMatchObject({
      number: '1',
      size: 3,
      place: { county: '连江县', town: '马鼻镇', village: '东湾村' },
    });
    expect(row.person).toMatchObject({
      relation: 'head',
      facts: { health: ['disabled', 'healthy'] },
    });
    expect(row.person).not.toHaveProperty('sex');
  });

  test('a cell that cannot be read is a fault with its row and column', () => {
    const row = readRegistryRow(
      people,
      line(5, null, '东湾村', '陈样', 1.23e17, '邻居甲', '?', '好得很'),
    );
    expect(row.number).toBe('');
    expect(row.faults.map(({ field, row: at }) => [field, at])).toEqual(
      expect.arrayContaining([
        ['relation', 5],
        ['sex', 5],
        ['health', 5],
        ['identityNumber', 5],
      ]),
    );
  });

  test('a row is known by its number, its head by the relation, a person by the first 18 characters', () => {
    const head = line(5, ' 1 ', '东湾村', '陈样', `${identity}41`, '户主');
    expect(householdNumberOf(people, head)).toBe('1');
    expect(whoseRow(people, head, TODAY)).toEqual({ isHead: true, identity });
    const broken = line(6, 1.23e17, '东湾村', '陈样', 1.23e17, '邻居甲');
    expect(householdNumberOf(people, broken)).toBe('');
    expect(whoseRow(people, broken, TODAY)).toEqual({ isHead: false, identity: '' });
    expect(whoseRow(people, line(7), TODAY).identity).toBe('');
    expect(householdNumberOf(people, line(7))).toBe('');
  });

  test.each(['待补01', '000000000000000000', `${identity.slice(0, 17)}?`, '12345'])(
    '%s in the place of a number is nobody, on however many rows it stands',
    (number) => {
      const row = line(5, '1', '东湾村', '陈样', number, '户主');
      expect(whoseRow(people, row, TODAY)).toEqual({ isHead: true, identity: '' });
    },
  );

  test('facts, contact and causes are read by the county code lists', () => {
    const heading = sheet('registry', [
      '户编号',
      '行政村',
      '姓名',
      '证件号码',
      '与户主关系',
      '其他致贫原因',
      '联系电话',
      '银行账号',
      '开户银行',
    ]);
    const person = ['1', '东湾村', '陈样', identity, '户主'];
    const full = readRegistryRow(
      heading,
      line(5, ...person, '因学', '10000000001', '0000 1111 2222', '农商行'),
    );
    expect(full.household).toEqual({ otherCauses: ['schooling'] });
    expect(full.contact).toEqual({
      phone: '10000000001',
      bankAccount: '000011112222',
      bankName: '农商行',
    });
    const bare = readRegistryRow(heading, line(6, ...person, '无', null, 1.23e17));
    expect(bare).toMatchObject({ household: {}, contact: {} });
    expect(bare.faults).toMatchObject([{ field: 'bankAccount', code: 'digits-lost' }]);
    const odd = readRegistryRow(heading, line(6, ...person, '懒', '123'));
    expect(odd.faults.map((fault) => fault.code)).toEqual(['value-unknown', 'phone-invalid']);
  });

  test('是否脱贫 is answered by yes and no too, 脱贫属性 is not', () => {
    const columns = ['户编号', '行政村', '姓名', '证件号码', '与户主关系'];
    const statusOf = (name: string, cell: LedgerCell) => {
      const heading = sheet('registry', [...columns, name]);
      const row = readRegistryRow(heading, line(5, '1', '东湾村', '陈样', identity, '户主', cell));
      return row.household.status ?? row.faults.map(({ code }) => code);
    };
    expect(['是', '√', '已脱贫'].map((cell) => statusOf('是否脱贫', cell))).toEqual(
      Array.from({ length: 3 }, () => 'exited'),
    );
    expect(['否', '未', 0].map((cell) => statusOf('脱贫与否', cell))).toEqual(
      Array.from({ length: 3 }, () => 'unexited'),
    );
    expect(statusOf('是否脱贫', '也许')).toEqual(['value-unknown']);
    expect(statusOf('脱贫属性', '是')).toEqual(['value-unknown']);
  });

  test('a village row tells its facts; what it does not say is left open', () => {
    const heading = sheet('villages', [
      '乡镇',
      '行政村',
      '村编码',
      '户籍人口',
      '通网络',
      '主导产业',
      '村财收入(万元)',
      '县',
    ]);
    const full = readVillageRow(
      heading,
      line(5, '马鼻镇', '东湾村', VILLAGE, 1200, '是', '茶叶、海带', 12.5, '连江县'),
    );
    expect(full.place).toEqual({
      county: '连江县',
      town: '马鼻镇',
      village: '东湾村',
      code: VILLAGE,
    });
    expect(full.facts).toMatchObject({
      poor: true,
      population: 1200,
      network: true,
      industries: ['茶叶', '海带'],
      collectiveIncomeFen: 12.5 * 10_000 * 100,
    });
    const bare = readVillageRow(heading, line(6, null, null, null, '许多', '也许'));
    expect(bare.place).toEqual({ village: '' });
    expect(bare.faults.map((fault) => fault.field)).toEqual(['population', 'network']);
  });

  test('a division row keeps what it says, empty where it says nothing', () => {
    const heading = sheet('divisions', ['code', 'name', 'level', 'parentCode']);
    expect(readDivisionRow(heading, line(5, VILLAGE, '东湾村', 'village', '350122101'), 3)).toEqual(
      {
        row: 3,
        code: VILLAGE,
        name: '东湾村',
        level: 'village',
        parent: '350122101',
      },
    );
    const empty = { row: 4, code: '', name: '', level: null, parent: null };
    expect(readDivisionRow(heading, line(6), 4)).toEqual(empty);
    expect(readDivisionRow(heading, line(7, 1.23e17, '长'.repeat(61)), 4)).toEqual(empty);
  });
});

describe('making a household of its rows', () => {
  test('values on the head row only, on every row or repeated make the same household', () => {
    const facts = { status: 'unexited', mainCause: 'illness' };
    const once = groupHousehold([aRow({ household: facts }), wife()], reading);
    const always = groupHousehold(
      [aRow({ household: facts }), { ...wife(), household: facts }],
      reading,
    );
    expect(once.wanted).toEqual(always.wanted);
    expect(StagedHousehold.safeParse(once.wanted).success).toBe(true);
    expect(once.wanted?.members.map((member) => member.relation)).toEqual(['head', 'spouse']);
  });

  test('the head comes first wherever the row stands', () => {
    const made = groupHousehold([wife(), aRow({ row: 7 })], reading);
    expect(made.wanted?.members.map((member) => member.relation)).toEqual(['head', 'spouse']);
    expect(made.label).toBe('陈样');
  });

  test('parts of the income that are left blank are nil, an income nobody states is unknown', () => {
    const made = groupHousehold([aRow({ income: { wagesFen: 5 } })], reading).wanted?.facts.income;
    expect(made).toMatchObject({ wagesFen: 5, businessFen: 0, from: '2015-10-01' });
    expect(groupHousehold([aRow()], reading).wanted?.facts).not.toHaveProperty('income');
  });

  test('a disability card in the number field tells kind and grade', () => {
    const card = groupHousehold(
      [aRow({ person: { name: '陈样', identity: `${identity}42`, relation: 'head', facts: {} } })],
      reading,
    );
    expect(card.wanted?.members[0]).toMatchObject({
      identity,
      facts: { disabilityKind: 4, disabilityGrade: 2 },
    });
  });

  test('rows that disagree are refused, income columns by their own name', () => {
    const made = groupHousehold(
      [aRow({ size: 2, income: { wagesFen: 1 } }), { ...wife(), income: { wagesFen: 2 } }],
      reading,
    );
    expect(made.faults).toMatchObject([
      { code: 'household-values-differ', field: 'wages', row: 6 },
    ]);
  });

  test('no head, two heads in one family, one number for two families', () => {
    expect(codes(wife())).toEqual(['head-missing']);
    expect(codes(aRow(), wife({ relation: 'head' }))).toEqual(['head-twice']);
    expect(codes(aRow(), { ...wife({ relation: 'head' }), row: 9 })).toEqual(['household-twice']);
    expect(codes(aRow(), { ...wife({ relation: 'head' }), sheet: '另表' })).toEqual([
      'household-twice',
    ]);
  });

  test('a cell that could not be read is not called missing as well', () => {
    const faults = [{ sheet: '台账', row: 5, field: 'relation', code: 'value-unknown' as const }];
    const { relation: _, ...person } = aRow().person;
    expect(codes({ ...aRow(), person, faults })).toEqual(['value-unknown']);
  });

  test('name, relation and number must be there', () => {
    const { name, identity: number, relation, ...rest } = aRow().person;
    expect([name, number, relation]).not.toContain(undefined);
    const without = (person: RegistryRow['person']) => codes({ ...aRow(), person });
    expect(without({ ...rest, identity, relation: 'head' })).toEqual(['value-missing']);
    expect(without({ ...rest, name: '陈样', identity })).toEqual(['head-missing', 'value-missing']);
    expect(without({ ...rest, name: '陈样', relation: 'head' })).toEqual(['identity-missing']);
    expect(
      groupHousehold([{ ...aRow(), person: { ...rest, identity, relation: 'head' } }], reading)
        .label,
    ).toBe('');
  });

  test('sizes, years and causes must fit', () => {
    expect(codes(aRow({ size: 2 }))).toEqual(['household-size-mismatch']);
    const many = Array.from({ length: MAX_PERSONS }, () => wife());
    expect(codes(aRow(), ...many)).toContain('household-too-large');
    const years = (household: RegistryRow['household']) => codes(aRow({ household }));
    expect(years({ status: 'exited', identifiedYear: 2016, exitYear: 2015 })).toEqual([
      'exit-before-identification',
    ]);
    expect(years({ status: 'exited' })).toEqual(['exit-year-missing']);
    for (const status of ['new', 'unexited', 'pre-exit']) {
      expect(years({ status, exitYear: 2016 })).toEqual(['exit-year-unexpected']);
    }
    expect(years({ status: 'returned', identifiedYear: 2014, exitYear: 2016 })).toEqual([]);
    expect(years({ otherCauses: ['a', 'b', 'c'] })).toEqual(['cause-too-many']);
    expect(years({ otherCauses: ['a', 'a'] })).toEqual(['cause-too-many']);
    expect(years({ mainCause: 'a', otherCauses: ['a'] })).toEqual(['cause-too-many']);
    expect(years({ mainCause: 'a', otherCauses: ['b'] })).toEqual([]);
  });

  test('the village must be known, one, and inside the area', () => {
    expect(codes(aRow({ place: {} }))).toEqual(['value-missing']);
    expect(codes(aRow({ place: { village: '外村' } }))).toEqual(['village-outside']);
    expect(codes(aRow(), { ...wife(), place: { village: '西村' } })).toEqual(['household-twice']);
    expect(codes(aRow(), { ...wife(), place: {} })).toEqual([]);
    const findVillage = () => refuse('village-unknown', { town: '', village: '无' });
    const lost = groupHousehold([aRow()], { ...reading, findVillage });
    expect(lost).toMatchObject({
      place: '',
      faults: [{ code: 'village-unknown', values: { village: '无' } }],
    });
    const closed = groupHousehold([aRow()], { ...reading, findVillage: () => refuse('not-found') });
    expect(closed.faults).toMatchObject([{ code: 'not-found', values: {} }]);
  });

  test('a person must be who the number says, once', () => {
    const person = (given: Partial<RegistryRow['person']>) =>
      codes({ ...aRow(), person: { ...aRow().person, ...given } });
    expect(person({ sex: 'female' })).toEqual(['identity-sex']);
    expect(person({ sex: 'male' })).toEqual([]);
    expect(person({ identity: '1' })).toEqual(['identity-length']);
    const twice = groupHousehold([aRow()], { ...reading, twice: () => '9' });
    expect(twice.faults).toMatchObject([{ code: 'person-twice', values: { rows: '9' } }]);
  });
});

describe('giving rows back', () => {
  const staged: StagedEntry = {
    key: '1',
    label: '',
    place: '',
    faults: [],
    rows: [
      { sheet: '台账', row: 5, cells: ['1', 7, true, { day: '2017-09-01' }, null] },
      { sheet: '台账', row: 6, cells: ['1', 8] },
      { sheet: '无头', row: 6, cells: ['1'] },
    ],
  };
  const headings = { 台账: ['户编号', '姓名', '姓名', null, '五'], 另表: ['户编号', '别的'] };

  test('the rows come as they were under all columns of the file, with reasons where they belong', () => {
    const faults = [
      { sheet: '台账', row: 5, code: 'head-missing' as const },
      { code: 'household-closed' as const },
    ];
    const rows = refusalRows(staged, planned(staged, { outcome: 'refused', faults }), headings);
    expect(refusalColumns(headings)).toEqual([
      '户编号',
      '姓名',
      '姓名 2',
      '',
      '五',
      '别的',
      '未导入原因',
      'Reason',
    ]);
    expect(rows[0]?.slice(0, 6)).toEqual(['1', 7, '是', '2017-09-01', null, null]);
    expect(rows[0]?.at(-1)).toMatch(/head.* struck off/);
    expect(rows[1]?.at(-1)).toContain('Row 5');
    expect(rows[2]?.slice(0, 6)).toEqual([null, null, null, null, null, null]);
  });

  test('what is refused or in conflict comes back, nothing else', () => {
    const back = (outcome: 'refused' | 'conflicting' | 'new') =>
      isGivenBack(planned(staged, { outcome }));
    expect([back('refused'), back('conflicting'), back('new')]).toEqual([true, true, false]);
  });

  test('a heading in two rows becomes one, group titles told where names stand twice', () => {
    const rows = [
      line(1, null, null, null, null, null, '帮扶人', '备'),
      line(2, '户编号', '行政村', '姓名', '证件号码', '与户主关系', '姓名', null, '未知'),
    ];
    const heading = granted(findHeading('registry', rows));
    expect(headingCells(heading, rows)).toEqual([
      '户编号',
      '行政村',
      '姓名',
      '证件号码',
      '与户主关系',
      '帮扶人姓名',
      null,
      '未知',
    ]);
    const fallback = headingCells(people, []);
    expect(fallback.slice(0, 3)).toEqual(['户编号', '行政村', '姓名']);
  });
});
