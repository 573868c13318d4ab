import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { codesOf } from '../../functions/core/code-list.ts';
import { refuseCondition } from '../../functions/core/policy-condition.ts';
import { groundOf, type PolicyGround, villageGround } from '../../functions/core/policy-ground.ts';
import {
  type Answer,
  type ConditionFacts,
  interpret,
} from '../../functions/core/policy-interpret.ts';
import { lineNames, lineValues } from '../../functions/core/policy-line.ts';
import { rosterOf } from '../../functions/core/roster-of.ts';
import { readSheet } from '../../functions/lib/sheet-read.ts';
import { supplement } from '../../scripts/supplement.ts';
import { rowsOf, SAMPLE_COUNTY, SAMPLE_DAY, sampleProfiles } from '../support/sample.ts';
import {
  enterSupplement,
  householdsOf,
  type SampleHouseholds,
  sampleHouseholds,
} from '../support/sample-household.ts';
import {
  type SampleItem,
  sampleItems,
  sampleLines,
  samplePolicies,
} from '../support/sample-policy.ts';

const lines = lineValues(
  sampleLines.map((line) => ({ ...line, area: SAMPLE_COUNTY })),
  SAMPLE_DAY,
  SAMPLE_COUNTY,
);
const ids = new Set(sampleItems.map(({ id }) => id));
let county: SampleHouseholds;
let grounds: readonly PolicyGround[];
let villages: readonly ConditionFacts[];

beforeAll(async () => {
  county = await sampleHouseholds();
  const profiles = await sampleProfiles();
  grounds = householdsOf(county.supplemented).map((household) => {
    const { village } = rosterOf(household);
    return groundOf({ household, village: profiles.get(village) }, SAMPLE_DAY);
  });
  villages = [...profiles].map(([village, profile]) => ({
    household: {},
    village: villageGround(village, profile, SAMPLE_DAY),
  }));
}, 60_000);

/** What an item comes to for each of its subjects: of a household, for everybody in it. */
function answersOf({ subject, condition }: SampleItem): readonly (readonly Answer[])[] {
  if (subject === 'village') return villages.map((facts) => [interpret(condition, facts, lines)]);
  if (subject === 'household')
    return grounds.map((ground) => [interpret(condition, ground, lines)]);
  return grounds.map((ground) =>
    ground.persons.map(({ values }) => interpret(condition, { ...ground, person: values }, lines)),
  );
}

describe("the sample county's policy list", () => {
  it('has ten documents with 120 items of five batches and three subjects', () => {
    expect(samplePolicies).toHaveLength(10);
    expect(sampleItems).toHaveLength(120);
    expect(ids.size).toBe(120);
    expect(new Set(sampleItems.map(({ batch }) => batch))).toEqual(new Set(codesOf('measure')));
    expect(new Set(sampleItems.map(({ subject }) => subject))).toEqual(
      new Set(['person', 'household', 'village']),
    );
  });

  it('is of fictitious documents, each marked as a sample', () => {
    expect(samplePolicies.filter(({ document }) => !document.number.includes('样'))).toEqual([]);
    expect(samplePolicies.filter(({ document }) => !document.illustrative)).toEqual([]);
  });

  it('asks no two items the same for the same, and calls none like another', () => {
    const asked = sampleItems.map(({ subject, condition, benefit }) =>
      JSON.stringify([subject, condition, benefit]),
    );
    expect(new Set(asked).size).toBe(120);
    expect(new Set(sampleItems.map(({ name }) => name.zh)).size).toBe(120);
    expect(new Set(sampleItems.map(({ name }) => name.en)).size).toBe(120);
  });

  it.each(sampleItems.map((item) => [item.id, item] as const))(
    '%s asks what the register can tell',
    (_, { condition, receivedWhen, subject }) => {
      const known = lineNames(sampleLines);
      expect(refuseCondition(condition, subject, known)).toBeUndefined();
      if (receivedWhen) expect(refuseCondition(receivedWhen, subject, known)).toBeUndefined();
    },
  );

  it('names the source of an amount, or marks the item as illustrative', () => {
    const unsourced = sampleItems.filter(
      ({ benefit: { amountFen, capFen }, note, illustrative }) =>
        (amountFen !== null || capFen !== null) && !illustrative && !note?.includes('来源：'),
    );
    expect(unsourced.map(({ id }) => id)).toEqual([]);
    expect(sampleItems.filter(({ illustrative }) => !illustrative).length).toBeGreaterThan(30);
  });

  it('gives nobody of a family a share of what the family has paid, so that it is not paid twice', () => {
    const twice = sampleItems.filter(
      ({ subject, benefit: { amountFact } }) =>
        subject === 'person' && amountFact?.startsWith('household.'),
    );
    expect(twice.map(({ id }) => id)).toEqual([]);
  });

  it('gives a household’s benefit to households, and caps nothing that stays below its cap', () => {
    const odd = sampleItems.filter(
      ({ subject, benefit: { unit, amountFen, amountFact, capFen } }) =>
        (subject === 'person' && unit === 'household') ||
        (amountFen !== null && amountFact === undefined && capFen !== null && amountFen < capFen),
    );
    expect(odd.map(({ id }) => id)).toEqual([]);
  });

  it('excludes items of its own document from both sides, and others that were published before it', () => {
    const wrong = samplePolicies.flatMap(({ items }, at) => {
      const before = samplePolicies.slice(0, at).flatMap((earlier) => earlier.items);
      const isKnown = (id: string, other: string) =>
        before.some((item) => item.id === other) ||
        items.some((item) => item.id === other && item.exclusions.includes(id));
      return items.flatMap(({ id, exclusions }) =>
        exclusions.filter((other) => other === id || !isKnown(id, other)),
      );
    });
    expect(wrong).toEqual([]);
    expect(sampleItems.filter(({ exclusions }) => exclusions.length > 0).length).toBeGreaterThan(
      20,
    );
  });

  it('knows every name under which the sample paid households', async () => {
    const paid = new Set(
      (await rowsOf('项目资金.xlsx', '到户补助')).map((row) => row.get('补助项目')),
    );
    const called = new Set(sampleItems.flatMap(({ aliases }) => aliases));
    expect(paid.size).toBe(14);
    expect([...paid].filter((name) => typeof name !== 'string' || !called.has(name))).toEqual([]);
  });

  it.each(sampleItems.map((item) => [item.id, item] as const))(
    '%s is somebody’s in the sample county, and another’s it is not',
    (_, item) => {
      const answers = answersOf(item);
      expect(answers.some((ofOne) => ofOne.includes('yes'))).toBe(true);
      expect(answers.some((ofOne) => ofOne.every((answer) => answer === 'no'))).toBe(true);
    },
  );
});

describe('the supplement of the sample', () => {
  it('speaks of every household, changes nothing that a board counts, and nothing when taken again', async () => {
    const before = householdsOf(county.base).map(rosterOf);
    const after = householdsOf(county.supplemented).map(rosterOf);
    expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version + 1));
    expect(after.map((roster) => ({ ...roster, version: 0 }))).toEqual(
      before.map((roster) => ({ ...roster, version: 0 })),
    );
    const again = enterSupplement(county.supplemented);
    expect((await again).map(({ household }) => household.version)).toEqual(
      county.supplemented.map(({ household }) => household.version),
    );
    const { totals } = JSON.parse(readFileSync('sample/expected.json', 'utf8'));
    expect(after).toHaveLength(totals.households);
  });
});

describe('the workbook of the supplement', () => {
  it('is what its script makes of the sample, cell by cell', async () => {
    const made = await supplement();
    const read: string[][] = [];
    for await (const { cells } of readSheet('sample/补充登记.xlsx', '补充登记.xlsx'))
      read.push(made.header.map((_, at) => String(cells[at] ?? '')));
    const [header, ...rows] = read;
    expect(header).toEqual(made.header);
    expect(rows).toEqual(made.rows.map((row) => row.map((cell) => String(cell ?? ''))));
  });

  it('gives a grade to the disabled only, and asks about school only who goes to one', () => {
    const persons = grounds.flatMap((ground) => ground.persons.map(({ values }) => values));
    const graded = persons.filter((person) => person['person.disabilityGrade'] !== undefined);
    expect(graded.length).toBeGreaterThan(150);
    const isDisabled = (health: unknown) => Array.isArray(health) && health.includes('disabled');
    expect(graded.filter((person) => !isDisabled(person['person.health']))).toEqual([]);
    const asked = persons.filter((person) => person['person.boarding'] !== undefined);
    expect(asked.length).toBeGreaterThan(300);
    expect(asked.filter((person) => person['person.schoolStage'] === 'none')).toEqual([]);
  });
});
