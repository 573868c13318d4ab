import { years } from './dimension.ts';
import { householdDimensions } from './dimension-household.ts';
import { personDimensions } from './dimension-person.ts';
import { villageCriteria } from './rule-village.ts';

/** Changes when stored figures could no longer be read as they are; rows of another layout are computed anew. */
export const LAYOUT = 3;

/** Sums over registered households: months of work, income of the latest period by source (fen); population of villages of known size. */
export const sumNames = [
  'workMonths',
  'wagesFen',
  'businessFen',
  'propertyFen',
  'transferFen',
  'businessCostFen',
  'netFen',
  'population',
  'unexitedOfPopulation',
] as const;
export type SumName = (typeof sumNames)[number];

/**
 * Counts of villages: with registered households, with a profile, poor ones, poor ones that meet every criterion of exit, poor ones that
 * have exited.
 */
export const villageCounts = [
  'withHouseholds',
  'withProfile',
  'poor',
  'passing',
  'exited',
] as const;
export type VillageCount = (typeof villageCounts)[number];

export const answers = ['met', 'not-met', 'unknown'] as const;

/** Years of villages: the one in which a poor village that is still on the list is to leave it, the one in which a village left it. */
export const villageYears = ['planYear', 'exitYear'] as const;
export type VillageYear = (typeof villageYears)[number];

/** Places kept for years, as dimensions of households keep them. */
const YEAR_ROOM = 35;

/** Places kept for village criteria to come. */
const CRITERIA_ROOM = 8;

/** Registered households and persons stand first. */
const BASE = 2;

const householdStarts = new Map<string, number>();
const personStarts = new Map<string, number>();
let next = BASE;
for (const { id, room } of householdDimensions) {
  householdStarts.set(id, next);
  next += room * 2;
}
const firstPerson = next;
for (const { id, room } of personDimensions) {
  personStarts.set(id, next);
  next += room;
}
const villageStart = next;
const criteriaStart = villageStart + villageCounts.length;
const villageYearStart = criteriaStart + CRITERIA_ROOM * answers.length;

/** How many counters figures have; sums follow them. */
export const COUNTERS = villageYearStart + villageYears.length * YEAR_ROOM;

interface Place {
  readonly id: string;
  readonly values: readonly string[];
}

function startOf(starts: ReadonlyMap<string, number>, { id }: Pick<Place, 'id'>): number {
  const start = starts.get(id);
  if (start === undefined) throw new Error(`no figures for ${id}`);
  return start;
}

function rankOf({ id, values }: Place, value: string): number {
  const at = values.indexOf(value);
  if (at < 0) throw new Error(`no figure for ${id}=${value}`);
  return at;
}

/** Place of the households of the first value; two places further those of the next. */
export function firstHouseholdPlace(dimension: Pick<Place, 'id'>): number {
  return startOf(householdStarts, dimension);
}

/** Place of the persons of the first value; one place further those of the next. */
export function firstPersonPlace(dimension: Pick<Place, 'id'>): number {
  return startOf(personStarts, dimension);
}

/** Place of the households of a value; their persons stand in the next one. */
export function householdPlace(dimension: Place, value: string): number {
  return firstHouseholdPlace(dimension) + rankOf(dimension, value) * 2;
}

/** Place of the persons of a value. */
export function personPlace(dimension: Place, value: string): number {
  return firstPersonPlace(dimension) + rankOf(dimension, value);
}

/** Whether a place counts households; their persons stand in the place after it. */
export function isOfHouseholds(place: number): boolean {
  return place < firstPerson && place % 2 === 0;
}

export function villagePlace(count: VillageCount): number {
  return villageStart + villageCounts.indexOf(count);
}

export function criterionPlace(
  criterion: (typeof villageCriteria)[number],
  answer: (typeof answers)[number],
): number {
  const at = villageCriteria.indexOf(criterion);
  return criteriaStart + at * answers.length + answers.indexOf(answer);
}

/** Place of the villages of a year as `years` tells them apart. */
export function villageYearPlace(kind: VillageYear, year: string): number {
  return villageYearStart + villageYears.indexOf(kind) * YEAR_ROOM + years.indexOf(year);
}

export function sumPlace(sum: SumName): number {
  return COUNTERS + sumNames.indexOf(sum);
}
