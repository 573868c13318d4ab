import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { labelledLists } from '../../functions/core/code-label.ts';
import type { CodeListName } from '../../functions/core/code-list.ts';
import { type County, leaksOf, openCounty, root, SAMPLE_DAY, sample } from '../support/county.ts';
import { figuresOf, inParallel, membersOf } from '../support/figures.ts';

const expected = JSON.parse(readFileSync(join(root, 'sample/expected.json'), 'utf8'));
const units = z.object({ registered: z.number(), exited: z.number(), unexited: z.number() });
const both = z.record(
  z.string(),
  z.looseObject({ households: z.number().optional(), persons: z.number() }),
);
const Part = z.looseObject({
  area: z.looseObject({ code: z.string() }),
  households: units,
  persons: units,
});
const Board = Part.extend({
  asOf: z.string(),
  shares: z.object({ exitedPersons: z.number() }),
  byStatus: both,
  byType: both,
  byCause: both,
  byMeasure: both,
  byExitYear: both,
  byLabour: both,
  byAgeBand: both,
  bySchool: both,
  workMonths: z.number(),
  children: z.array(Part),
});

let county: County;
const board = async (code: string) => Board.parse(await county.ask(`/areas/${code}/board`));
const codeOf = (list: CodeListName, label: string) =>
  labelledLists[list].find((one) => one.zh === label || one.also?.includes(label))?.code ?? label;
const flat = (part: z.infer<typeof Part>) => ({
  code: part.area.code,
  households: part.households.registered,
  persons: part.persons.registered,
  exitedHouseholds: part.households.exited,
  exitedPersons: part.persons.exited,
  unexitedHouseholds: part.households.unexited,
  unexitedPersons: part.persons.unexited,
});
const pick = (row: Record<string, unknown>) => {
  const { town, village, poorVillage, ...figures } = row;
  return figures;
};

beforeAll(async () => {
  county = await openCounty(expected.county.code, SAMPLE_DAY);
  for (const ledger of sample) await county.take(ledger);
}, 240_000);
afterAll(() => county?.close());

describe('the sample county, taken in through the API', () => {
  it('shows the totals its office published', async () => {
    const shown = await board('350122');
    const { totals } = expected;
    expect(flat(shown)).toMatchObject({ households: totals.households, persons: totals.persons });
    expect([shown.households.exited, shown.persons.exited]).toEqual([
      totals.exitedHouseholds,
      totals.exitedPersons,
    ]);
    expect([shown.households.unexited, shown.persons.unexited]).toEqual([
      totals.unexitedHouseholds,
      totals.unexitedPersons,
    ]);
    expect(shown.shares.exitedPersons).toBe(Math.round(totals.exitShareOfPersons * 1000) / 10);
    expect(shown.asOf).toBe(SAMPLE_DAY);
  });

  it('agrees with the office on every town and every village', async () => {
    const shown = await board('350122');
    const towns = shown.children.map(flat).filter((row) => row.households > 0);
    expect(towns.toSorted((a, b) => a.code.localeCompare(b.code))).toEqual(
      expected.byTown.map(pick),
    );
    const villages = (await Promise.all(towns.map((town) => board(town.code)))).flatMap((town) =>
      town.children.map(flat),
    );
    expect(
      villages.filter((row) => row.households > 0).toSorted((a, b) => a.code.localeCompare(b.code)),
    ).toEqual(expected.byVillage.map(pick));
  });

  it.each([
    ['byStatus', 'status', expected.byStatus],
    ['byType', 'type', expected.byHouseholdType],
    ['byCause', 'cause', expected.byMainCause],
    ['byMeasure', 'measure', expected.byMeasure],
  ] as const)('agrees with the office on %s', async (heading, list, wanted) => {
    const shown = (await board('350122'))[heading];
    for (const [label, figure] of Object.entries<Record<string, number>>(wanted)) {
      const { households = 0, persons = 0 } = shown[codeOf(list, label)] ?? { persons: 0 };
      expect({ label, households, persons }).toEqual({ label, ...figure });
    }
  });

  it.each([
    ['byLabour', 'labour', expected.persons.byLabour],
    ['byAgeBand', 'ageBand', expected.persons.byAgeOnAsOf],
    ['bySchool', 'school', expected.persons.bySchool],
  ] as const)('agrees with the office on %s', async (heading, list, wanted) => {
    const shown = (await board('350122'))[heading];
    for (const [label, persons] of Object.entries(wanted))
      expect([label, shown[codeOf(list, label)]?.persons ?? 0]).toEqual([label, persons]);
  });

  it(
    'every figure of a board has exactly as many members in its list, at every level',
    async ({ annotate }) => {
      // All areas in the long run; here one town and one of its villages (test/list follows all of them without the HTTP between).
      const parts = async (code: string) =>
        (await board(code)).children.map((child) => child.area.code);
      const towns = process.env.SOAK ? await parts('350122') : [];
      const villages = (await Promise.all(towns.map(parts))).flat();
      const areas = process.env.SOAK
        ? ['350122', ...towns, ...villages]
        : ['350122105', '350122109201'];
      const wrong: unknown[] = [];
      let followed = 0;
      await inParallel(4, areas, async (code) => {
        for (const figure of figuresOf(await county.ask(`/areas/${code}/board`))) {
          const members = await membersOf(county, figure.list);
          followed += 1;
          if (members.length !== figure.value)
            wrong.push({ code, ...figure, counted: members.length });
        }
      });
      await annotate(`${followed} figures of ${areas.length} areas`);
      expect(wrong).toEqual([]);
      expect(followed).toBeGreaterThan(areas.length * 40);
    },
    process.env.SOAK ? 7_200_000 : 240_000,
  );

  it('a ledger taken in again changes nothing', async () => {
    const ledger = sample.find((one) => one.kind === 'registry');
    if (!ledger) throw new Error('no registry in the sample');
    const again = await county.take(ledger);
    expect(again.counts).toMatchObject({
      rows: expected.totals.persons,
      unchanged: expected.totals.persons,
    });
  }, 120_000);

  it('shows no identity number, phone or account in any log line', () => {
    const { lines, leaks } = leaksOf(county);
    expect(leaks).toEqual([]);
    expect(lines).toBeGreaterThan(100);
  });
});
