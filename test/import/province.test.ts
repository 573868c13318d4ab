import { afterAll, beforeAll, expect, test } from 'vitest';
import { imports } from '../../functions/import/spec.ts';
import { getStaged } from '../../functions/import/vault.ts';
import { readAlone } from '../support/import-functions.ts';
import { type ImportGround, importGround, MEMORY } from '../support/import-ground.ts';

/** Villages in the file: more than any province has in `npm run soak`, as many as most have not otherwise. */
const VILLAGES = process.env.SOAK ? 120_000 : 50_000;
const PROVINCE = '35';
const clerk = { sub: 'province-office', role: 'office', areas: [PROVINCE] } as const;
let ground: ImportGround;

beforeAll(async () => {
  ground = await importGround();
});
afterAll(() => ground.close());

const digits = (value: number, width: number) => String(value).padStart(width, '0');

/** Codes of a province with so many villages: towns of at most 50, counties of at most 100 towns, cities of at most 20 counties. */
function codes(villages: number): string[] {
  const all = Array.from({ length: villages }, (_, at) => {
    const town = Math.floor(at / 50);
    const county = Math.floor(town / 100);
    const places = [1 + Math.floor(county / 20), 1 + (county % 20)].map((one) => digits(one, 2));
    return `${PROVINCE}${places.join('')}${digits(100 + (town % 100), 3)}${digits(200 + (at % 50), 3)}`;
  });
  const above = [9, 6, 4, 2].flatMap((length) => all.map((code) => code.slice(0, length)));
  // As exports come: places below before places above.
  return [...all, ...new Set(above)];
}

function fileOf(places: readonly string[]): Buffer {
  const rows = places.map((code) => `${code},第${code}村民委员会,,"统计用区划代码,城乡分类 111"`);
  return Buffer.from(['区划代码,名称,上级代码,说明', ...rows].join('\n'), 'utf8');
}

test('the divisions of a whole province are read within the memory and the time of the reader, places above first', async ({
  annotate,
}) => {
  const places = codes(VILLAGES);
  const file = { kind: 'divisions', fileName: 'places.csv', area: PROVINCE } as const;
  const id = await ground.importer.upload(fileOf(places), file, clerk);
  const taken = await readAlone(id, await ground.environment(''));
  await annotate(`${places.length} rows: ${taken.seconds.toFixed(1)} s, ${taken.megabytes} MB`);
  expect(taken.megabytes).toBeLessThan(MEMORY);
  const limit = imports.functions.find((one) => one.id === 'import-read')?.timeoutSeconds ?? 0;
  expect(taken.seconds).toBeLessThan(limit);
  const found = await ground.importer.load(id);
  expect(found).toMatchObject({ state: 'matching' });
  expect(found.chunks).toBe(Math.ceil(places.length / 200));
  const staged = await Promise.all([0, 1].map((at) => getStaged(ground.importer.vault, found, at)));
  const lengths = staged.flatMap(({ entries }) => entries.map(({ key }) => key.length));
  expect(lengths).toEqual(lengths.toSorted((one, two) => one - two));
  expect(staged.flatMap(({ entries }) => entries.flatMap(({ faults }) => faults))).toEqual([]);
}, 300_000);

test('a row that is wrong is named as it stands in the file, whatever order the places are taken in', async () => {
  const places = codes(120);
  const [last = ''] = places;
  const wrong = [last, `${last}9`, '350100999201', '36'];
  const found = await ground.importer.plan(
    fileOf([...places.slice(0, 60), ...wrong, ...places.slice(60)]),
    { kind: 'divisions', fileName: 'places.csv', area: PROVINCE },
    clerk,
  );
  const refused = await ground.importer.entries(found, 'refused');
  const told = refused.map(({ rows, faults }) => [rows, faults.map(({ code }) => code)]);
  expect(told).toEqual([
    [[65], ['village-outside']],
    [[64], ['division-parent-unknown']],
    [[63], ['division-code-invalid']],
  ]);
  expect(refused.every(({ rows, faults }) => faults[0]?.row === rows[0])).toBe(true);
  expect(found.counts?.entries.new).toBe(places.length + 1);
});
