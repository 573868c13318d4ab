import { afterAll, beforeAll, expect, test } from 'vitest';
import { findNumbers, loadFile } from '../../functions/household/table.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { identityOf } from '../support/build.ts';
import { freshTables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { COUNTY, divisionsCsv, villages } from '../support/ledger.ts';
import type { Value } from '../support/sheet.ts';
import { workbook } from '../support/sheet.ts';

const clerk = { sub: 'town-clerk', role: 'office', areas: [COUNTY] } as const;
const office = { sub: 'county-office', role: 'office', areas: [COUNTY] } as const;
const [place] = villages;
const NUMBER = '3501990001';
let bucket: TestBucket;
let county: Importer;

beforeAll(async () => {
  bucket = await freshBucket();
  county = importer(await freshTables(), new Date('2019-03-01T02:00:00Z'));
  const about = { kind: 'divisions', fileName: 'places.csv', area: COUNTY } as const;
  await county.applyBy(office, await county.plan(divisionsCsv(), about, clerk));
});
afterAll(() => bucket.close());

const heading = '户编号 乡镇 行政村 姓名 性别 出生日期 证件号码 与户主关系 脱贫属性'.split(' ');
const father = ['陈样一', '男', '1985年3月', identityOf('1985-03-04', 31), '户主', '未脱贫'];

function book(...rows: readonly (readonly Value[])[]): Buffer {
  const where = [NUMBER, place?.town ?? '', place?.name ?? ''];
  return workbook({ sheets: [{ rows: [heading, ...rows.map((row) => [...where, ...row])] }] });
}
const plan = (...rows: readonly (readonly Value[])[]) =>
  county.plan(
    book(...rows),
    { kind: 'registry', fileName: '台账.xlsx', area: COUNTY, heldOn: '2018-12-31' },
    clerk,
  );

async function members() {
  const id = (await findNumbers(county.store, COUNTY, [NUMBER])).get(NUMBER) ?? '';
  const file = await loadFile(county.store, id);
  return (file?.household.members ?? []).map(({ name, birth, identityMasked }) => ({
    name,
    birth,
    identityMasked,
  }));
}

test('a newborn is taken without an identity number, is found again, and gets the number that comes later', async () => {
  const baby = (number: Value, birth = '2018-11-20') => [
    '陈小样',
    '女',
    birth,
    number,
    '女儿',
    null,
  ];
  const refused = await plan(father, baby('未上户', ''));
  const [entry] = await county.entries(refused, 'refused');
  expect(entry?.faults).toMatchObject([{ code: 'identity-missing', row: 3 }]);

  const first = await county.applyBy(office, await plan(father, baby('未上户')));
  expect(first.applied?.rows).toMatchObject({ new: 2 });
  const known = { name: '陈小样', birth: '2018-11-20' };
  expect((await members())[1]).toEqual({ ...known, identityMasked: null });
  expect((await plan(father, baby(null))).counts?.rows).toMatchObject({ unchanged: 2 });

  const numbered = baby(identityOf('2018-11-20', 12));
  const second = await county.applyBy(office, await plan(father, numbered));
  expect(second.applied?.rows).toMatchObject({ changed: 2 });
  expect(await members()).toHaveLength(2);
  expect((await members())[1]).toEqual({
    ...known,
    identityMasked: expect.stringMatching(/^350199/),
  });
  expect((await plan(father, numbered)).counts?.rows).toMatchObject({ unchanged: 2 });
  expect((await plan(father, baby('新生儿'))).counts?.rows).toMatchObject({ unchanged: 2 });
});
