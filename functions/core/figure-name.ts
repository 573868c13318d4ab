import * as z from 'zod';
import { years } from './dimension.ts';
import { householdDimensions } from './dimension-household.ts';
import { personDimensions } from './dimension-person.ts';
import {
  type Figures,
  householdCounts,
  nothing,
  personCounts,
  registeredIn,
  sumIn,
  villageCountsIn,
  villagesIn,
  villagesInYear,
} from './figure.ts';
import {
  answers,
  criterionPlace,
  householdPlace,
  personPlace,
  sumNames,
  sumPlace,
  villageCounts,
  villagePlace,
  villageYearPlace,
  villageYears,
} from './figure-layout.ts';
import { villageCriteria } from './rule-village.ts';

const amount = z.int();
const pair = z.tuple([amount, amount]);

/** Version of the shape of figures by name. */
export const NAMED_SHAPE = 1;

/**
 * Figures by the names of what they count, so that they are read the same whatever places later releases give them. Zeros are left out; a
 * dimension that is missing altogether was not counted then.
 */
export const NamedFigures = z.object({
  /** Households and persons. */
  registered: pair,
  households: z.record(z.string(), z.record(z.string(), pair)),
  persons: z.record(z.string(), z.record(z.string(), amount)),
  /** By count, and by kind of year and year (`planYear:2017`), where zeros are left out. */
  villages: z.record(z.string(), amount),
  /** Villages by answer: met, not met, unknown. */
  criteria: z.record(z.string(), z.tuple([amount, amount, amount])),
  sums: z.record(z.string(), amount),
});
export type NamedFigures = z.infer<typeof NamedFigures>;

function pairOf({ households, persons }: { households: number; persons: number }) {
  return [households, persons] satisfies [number, number];
}

const yearsOfVillages = villageYears.flatMap((kind) =>
  years.map((year) => ({ kind, year, name: `${kind}:${year}` })),
);

/** Villages by the year they are planned for or left in. */
function nameYears(figures: Figures): Readonly<Record<string, number>> {
  const found = yearsOfVillages.map(
    ({ kind, year, name }) => [name, villagesInYear(figures, kind, year)] as const,
  );
  return Object.fromEntries(found.filter(([, villages]) => villages > 0));
}

/** Figures by name, all dimensions of today among them. */
export function nameFigures(figures: Figures): NamedFigures {
  const households = householdDimensions.map((dimension) => {
    const counts = householdCounts(figures, dimension, false);
    return [
      dimension.id,
      Object.fromEntries(counts.map(([value, count]) => [value, pairOf(count)])),
    ];
  });
  const persons = personDimensions.map((dimension) => [
    dimension.id,
    Object.fromEntries(personCounts(figures, dimension, false)),
  ]);
  const criteria = villagesIn(figures).criteria.map(([criterion, [met = 0, not = 0, un = 0]]) => [
    criterion,
    [met, not, un],
  ]);
  return {
    registered: pairOf(registeredIn(figures)),
    households: Object.fromEntries(households),
    persons: Object.fromEntries(persons),
    villages: { ...villageCountsIn(figures), ...nameYears(figures) },
    criteria: Object.fromEntries(criteria),
    sums: Object.fromEntries(sumNames.map((sum) => [sum, sumIn(figures, sum)])),
  };
}

interface Place {
  readonly id: string;
  readonly values: readonly string[];
}

/** Values a dimension no longer knows are passed over; values are only ever appended, so there are none. */
function valuesOf<Amount>(
  dimension: Place,
  counts: Readonly<Record<string, Amount>> | undefined,
): readonly (readonly [string, Amount])[] {
  return Object.entries(counts ?? {}).filter(([value]) => dimension.values.includes(value));
}

function placeHouseholds(to: number[], named: NamedFigures): void {
  for (const dimension of householdDimensions)
    for (const [value, count] of valuesOf(dimension, named.households[dimension.id])) {
      const place = householdPlace(dimension, value);
      [to[place], to[place + 1]] = count;
    }
}

function placePersons(to: number[], named: NamedFigures): void {
  for (const dimension of personDimensions)
    for (const [value, persons] of valuesOf(dimension, named.persons[dimension.id]))
      to[personPlace(dimension, value)] = persons;
}

function placeVillages(to: number[], named: NamedFigures): void {
  for (const count of villageCounts) to[villagePlace(count)] = named.villages[count] ?? 0;
  for (const { kind, year, name } of yearsOfVillages)
    to[villageYearPlace(kind, year)] = named.villages[name] ?? 0;
  for (const criterion of villageCriteria)
    for (const [at, answer] of answers.entries())
      to[criterionPlace(criterion, answer)] = named.criteria[criterion]?.[at] ?? 0;
}

/** The figures of names, at the places of today; what was not counted then is zero there, so ask `isCounted` before showing it. */
export function figuresOf(named: NamedFigures): Figures {
  const to = [...nothing];
  [to[0], to[1]] = named.registered;
  placeHouseholds(to, named);
  placePersons(to, named);
  placeVillages(to, named);
  for (const sum of sumNames) to[sumPlace(sum)] = named.sums[sum] ?? 0;
  return to;
}

/** Whether a dimension was counted when the figures were named. */
export function isCounted(named: NamedFigures, dimension: string): boolean {
  return dimension in named.households || dimension in named.persons;
}

/** Texts of all amounts below the names of a part, for comparing. */
function textOf(part: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => part[name] ?? null));
}

/** Whether a later count says the same as far as the stored one goes: what was not counted then is not compared. */
export function saysTheSame(stored: NamedFigures, counted: NamedFigures): boolean {
  const parts = ['households', 'persons', 'villages', 'criteria', 'sums'] as const;
  return (
    stored.registered.join() === counted.registered.join() &&
    parts.every((part) => {
      const names = Object.keys(stored[part]);
      return sorted(textOf(stored[part], names)) === sorted(textOf(counted[part], names));
    })
  );
}

/** The same text whatever the order of its members: a database gives maps back in an order of its own. */
function sorted(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
