import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import headings from '../functions/core/ledger-heading.json' with { type: 'json' };
import { type OutRow, writeWorkbook } from '../functions/lib/sheet-write.ts';
import { readFamilies, readNewlyCertified, text } from './supplement/base.ts';
import { householdCells } from './supplement/household.ts';
import { personCells } from './supplement/person.ts';

const sample = join(import.meta.dirname, '../sample');
export const SUPPLEMENT = '补充登记.xlsx';
const asBefore = ['县', '乡镇', '行政村', '户编号', '人编号', '姓名', '证件号码', '与户主关系'];

interface Sheet {
  readonly header: readonly string[];
  readonly rows: readonly OutRow[];
}

/**
 * What clerks noted beside the base ledger of the sample, one row a person: fictitious, the same on every run, in keeping with what the
 * base ledger, the payments and the alliance's contracts say. Facts of a household stand on its head's row.
 */
export async function supplement(): Promise<Sheet> {
  const [families, certified] = await Promise.all([
    readFamilies(sample),
    readNewlyCertified(sample),
  ]);
  const all = families.flatMap((family) =>
    family.persons.map((person, at) => ({
      row: person.row,
      own: personCells(family, person, certified),
      shared: at === 0 ? householdCells(family) : {},
    })),
  );
  const [first] = all;
  if (!first) throw new Error('the base ledger is empty');
  const fields = [...Object.keys(first.shared), ...Object.keys(first.own)].filter(
    (field) => field !== 'identityNumber',
  );
  const called = new Map<string, string>(
    Object.entries(headings.registry.fields).map(([field, { zh }]) => [field, zh]),
  );
  return {
    header: [...asBefore, ...fields.map((field) => called.get(field) ?? field)],
    rows: all.map(({ row, own, shared }) => {
      const cells = { ...shared, ...own };
      const known = asBefore.map((name) => text(row, name));
      known[asBefore.indexOf('证件号码')] = String(own.identityNumber);
      return [...known, ...fields.map((field) => cells[field] ?? null)];
    }),
  };
}

if (import.meta.main) {
  const { header, rows } = await supplement();
  const layout = { sheet: '补充登记', header, textColumns: [3, 4, 6] };
  const out = createWriteStream(join(sample, SUPPLEMENT));
  await pipeline(Readable.fromWeb(writeWorkbook(rows, layout)), out);
  console.log(`${SUPPLEMENT}: ${rows.length} rows, ${header.length} columns`);
}
