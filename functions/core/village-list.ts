import * as z from 'zod';
import { atTime, basisShape } from './as-of.ts';
import { years } from './dimension.ts';
import { levelOf } from './division.ts';
import { type Figures, householdsIn, registeredIn, sumIn, villagesIn } from './figure.ts';
import {
  answers,
  criterionPlace,
  type VillageYear,
  villageCounts,
  villagePlace,
  villageYearPlace,
  villageYears,
} from './figure-layout.ts';
import { WhenQuery } from './household-path.ts';
import type { Scope } from './list-link.ts';
import { villageCriteria } from './rule-village.ts';

const criteria = villageCriteria.flatMap((criterion) =>
  answers.map((answer) => `${criterion}:${answer}`),
);
const yes = z.enum(['yes', 'true']).transform(() => 'yes' as const);

/** Conditions of a list of villages, all of which must hold; those of criteria and of the planned year are about poor villages. */
export const VillageQuery = z.object({
  area: z.string().refine((code) => levelOf(code) !== undefined),
  withHouseholds: yes.optional(),
  withProfile: yes.optional(),
  poor: yes.optional(),
  passing: yes.optional(),
  exited: yes.optional(),
  criterion: z.enum(criteria).optional(),
  planYear: z.enum(years).optional(),
  exitYear: z.enum(years).optional(),
  ...WhenQuery.shape,
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type VillageQuery = z.infer<typeof VillageQuery>;

function placeOfCriterion(text: string): readonly number[] {
  return villageCriteria.flatMap((criterion) =>
    answers
      .filter((answer) => text === `${criterion}:${answer}`)
      .map((answer) => criterionPlace(criterion, answer)),
  );
}

function placeOfYear(kind: VillageYear, year: string | undefined): readonly number[] {
  return year === undefined ? [] : [villageYearPlace(kind, year)];
}

/** Counters that must all be above zero for a village to be in the list, and for an area to have such villages in it. */
export function placesOf(query: Partial<VillageQuery>): readonly number[] {
  return [
    ...villageCounts.filter((count) => query[count] === 'yes').map(villagePlace),
    ...placeOfCriterion(query.criterion ?? ''),
    ...villageYears.flatMap((kind) => placeOfYear(kind, query[kind])),
  ];
}

/** Whether all those counters are above zero: exact for a village, necessary for an area around it. */
export function hasAll(figures: Figures, places: readonly number[]): boolean {
  return places.every((place) => figures.at(place) !== 0);
}

/** The answer of each criterion of a poor village, from its own figures. */
function criteriaOf(figures: Figures) {
  const found = villagesIn(figures).criteria.flatMap(([criterion, amounts]) => {
    const answer = answers.find((_, at) => amounts[at] !== 0);
    return answer ? [[criterion, answer] as const] : [];
  });
  return Object.fromEntries(found);
}

export const VillageRow = z.object({
  code: z.string(),
  name: z.string().optional(),
  board: z.string(),
  households: z.int(),
  persons: z.int(),
  unexitedPersons: z.int(),
  /** Registered population; null where unknown. */
  population: z.int().nullable(),
  poor: z.boolean().nullable(),
  passing: z.boolean().nullable(),
  /** Whether a poor village has left the list; null where it is not known as poor. */
  exited: z.boolean().nullable(),
  criteria: z.partialRecord(z.enum(villageCriteria), z.enum(answers)),
});

/** A village as a list shows it, from its figures. */
export function villageRow(scope: Scope, name: string | undefined, figures: Figures) {
  const { withProfile, poor, passing, exited } = villagesIn(figures);
  const unexited = householdsIn(figures, { id: 'exited', values: ['yes', 'no'] }, 'no');
  const population = sumIn(figures, 'population');
  return {
    code: scope.area,
    ...(name !== undefined && { name }),
    board: atTime(`/areas/${scope.area}/board`, scope),
    ...registeredIn(figures),
    unexitedPersons: unexited.persons,
    population: population === 0 ? null : population,
    poor: withProfile === 0 ? null : poor === 1,
    passing: poor === 0 ? null : passing === 1,
    exited: poor === 0 ? null : exited === 1,
    criteria: criteriaOf(figures),
  };
}

export const VillageList = z.object({
  area: z.string(),
  ...basisShape,
  items: z.array(VillageRow),
  cursor: z.string().optional(),
});
