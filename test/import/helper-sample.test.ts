import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HelperSummary } from '../../functions/core/pairing-view.ts';
import { freshBucket, type TestBucket } from '../support/bucket.ts';
import { callOf } from '../support/call.ts';
import { freshTables } from '../support/database.ts';
import { type Importer, importer } from '../support/importer.ts';
import { rowsOf } from '../support/sample.ts';
import { keyFile } from '../support/store.ts';

const workbook = '帮扶力量.xlsx';
const registry = '贫困人口台账.xlsx';
const { forces, totals } = JSON.parse(readFileSync('sample/expected.json', 'utf8'));
const by = { sub: 'county', role: 'office', areas: '350122' } as const;
let bucket: TestBucket;
let county: Importer;
let kinds: HelperSummary['kinds'];

const file = (name: string) => readFileSync(`sample/${name}`);

async function takeIn(kind: 'divisions' | 'registry' | 'helpers', fileName: string) {
  const planned = await county.plan(file(fileName), { kind, fileName });
  expect(planned.fault).toBeUndefined();
  expect((await county.entries(planned, 'refused')).slice(0, 2)).toEqual([]);
  expect((await county.entries(planned, 'conflicting')).slice(0, 2)).toEqual([]);
  const applied = await county.apply(planned);
  expect(applied).toMatchObject({ state: 'applied', applied: planned.counts });
  return planned;
}

async function ask(route: string, more: object) {
  const { handler } = await import('../../functions/helper/reader.ts');
  const { status, body } = await callOf(handler, { route, by, ...more });
  expect(status).toBe(200);
  return body;
}

beforeAll(async () => {
  bucket = await freshBucket();
  county = importer(await freshTables());
  Object.assign(process.env, { STAGE: 'local', LOCAL_KEY_FILE: keyFile });
  await takeIn('divisions', 'divisions.csv');
  await takeIn('registry', registry);
  const planned = await takeIn('helpers', workbook);
  expect(planned.unread).toBeUndefined();
  ({ kinds } = await ask('GET /areas/{code}/helpers', { params: { code: '350122' } }));
}, 300_000);
afterAll(() => bucket.close());

const fenOf = (cell: unknown, places: number) => Math.round(Number(cell) * 10 ** places);

/** Sums of the workbook itself, read without the import. */
async function sumsOf(sheet: string, heading: string, places: number): Promise<number> {
  const rows = await rowsOf(workbook, sheet);
  return rows.reduce((sum, row) => sum + fenOf(row.get(heading), places), 0);
}

describe('the helpers of the sample county after their workbook was taken in', () => {
  test('are as many of each kind as the county counts', () => {
    expect(kinds).toMatchObject({
      leader: { helpers: forces.leaders },
      department: { helpers: forces.departments },
      'leading-enterprise': { helpers: forces.enterprises },
      'strong-village': { helpers: forces.strongVillages },
      association: { helpers: forces.chambers },
      'overseas-group': { helpers: forces.overseas },
    });
  });

  test('departments brought 3.5 million yuan, 37 projects, and helped 108 households', async () => {
    const { fen, projects, households, contributingUnits } = forces.countyUnits;
    expect(kinds.department).toMatchObject({
      deliveredFen: fen,
      projects,
      households,
      contributing: contributingUnits,
    });
    const spent = await sumsOf('县直单位帮扶项目', '投入资金(万元)', 6);
    const given = await sumsOf('县直单位帮扶户', '帮扶金额(元)', 2);
    expect([spent, given]).toEqual([
      forces.countyUnits.projectFen,
      forces.countyUnits.householdFen,
    ]);
    expect(spent + given).toBe(kinds.department?.deliveredFen);
    expect(await sumsOf('县直单位', '2016年投入资金(万元)', 6)).toBe(fen);
  });

  test.each([
    ['leading-enterprise', 'enterprises', '龙头企业'],
    ['strong-village', 'strongVillages', '经济强村'],
    ['association', 'chambers', '商会协会'],
    ['overseas-group', 'overseas', '侨团'],
  ] as const)(
    'what %s promised and brought is what the county counts',
    async (kind, name, sheet) => {
      const own = kinds[kind];
      expect(own).toMatchObject({
        promisedFen: forces.promised[name].fen,
        deliveredFen: forces.delivered[name].fen,
      });
      expect(await sumsOf(sheet, '承诺投入(万元)', 6)).toBe(own?.promisedFen);
      expect(await sumsOf(sheet, '到位投入(万元)', 6)).toBe(own?.deliveredFen);
    },
  );

  test('every strong village is paired with the poor village the county names, every enterprise too', async () => {
    for (const [pairs, kind, field] of [
      [forces.strongVillagePairs, 'strong-village', 'strong'],
      [forces.enterprisePairs, 'leading-enterprise', 'enterprise'],
    ]) {
      for (const pair of pairs) {
        const { items } = await ask('GET /villages/{code}/helpers', {
          params: { code: pair.poor },
        });
        const own = items.filter(
          ({ helper }: { helper: { kind: string } }) => helper.kind === kind,
        );
        const [found] = own;
        expect(own).toHaveLength(1);
        const { village, creditCode } = found.helper.details;
        expect(field === 'strong' ? village : creditCode).toBe(pair[field]);
      }
    }
  });

  test('every household has somebody who answers for it, and nobody has more than the county says', async () => {
    const rows = await rowsOf(workbook, '帮扶责任人');
    expect(kinds.responsible).toMatchObject({
      helpers: rows.length,
      households: totals.households,
      pairings: totals.households,
    });
    const { items } = await ask('GET /helpers', {
      query: { area: '350122', kind: 'responsible', limit: '100' },
    });
    const most = Math.max(...items.map((one: { households: number }) => one.households));
    expect(most).toBe(forces.maxHouseholdsPerHelper);
  });

  test('the same workbook again changes nothing', async () => {
    const planned = await county.plan(file(workbook), { kind: 'helpers', fileName: workbook });
    const { unchanged, ...others } = planned.counts?.entries ?? { unchanged: 0 };
    expect(unchanged).toBe(30 + 58 + 20 + 20 + 14 + 12 + 254);
    expect(others).toEqual({ new: 0, changed: 0, conflicting: 0, refused: 0 });
  }, 60_000);
});
