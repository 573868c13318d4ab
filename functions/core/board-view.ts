import * as z from 'zod';
import { basisShape } from './as-of.ts';
import { householdDimensions } from './dimension-household.ts';
import { personDimensions } from './dimension-person.ts';
import { levelOf } from './division.ts';
import { villageCriteria } from './rule-village.ts';
import { PartStanding, Progress } from './target-view.ts';

const count = z.int().nonnegative();
const percent = z.number().nullable();
const links = z.record(z.string(), z.string());
const Place = z.object({
  code: z.string(),
  name: z.string().optional(),
  ancestors: z.array(z.object({ code: z.string(), name: z.string() })).optional(),
});

const HouseholdFigure = z.object({
  households: count,
  persons: count,
  shares: z.object({ households: percent, persons: percent }).optional(),
  lists: z.object({ households: z.string(), persons: z.string() }).optional(),
});
const PersonFigure = z.object({
  persons: count,
  shares: z.object({ persons: percent }).optional(),
  lists: z.object({ persons: z.string() }).optional(),
});
const Headline = z.object({
  registered: count,
  exited: count,
  unexited: count,
  shares: z.object({ exited: percent, unexited: percent }).optional(),
  lists: links.optional(),
});
const VillageFigure = z.object({
  villages: count,
  lists: z.object({ villages: z.string() }).optional(),
});
const answers = z.object({ met: VillageFigure, 'not-met': VillageFigure, unknown: VillageFigure });

/** `cause` -> `byCause`. */
export function heading(id: string): string {
  return `by${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

/** Of a snapshot, what was not counted then is missing. */
function breakdown<Shape extends z.ZodType>(
  dimensions: readonly { readonly id: string; readonly param: string }[],
  figure: Shape,
) {
  const plain = dimensions.filter(({ param }) => param !== 'guarantee');
  return Object.fromEntries(
    plain.map(({ id }) => [heading(id), z.record(z.string(), figure).optional()] as const),
  );
}

const fen = z.int();
const Figures = z.object({
  households: Headline,
  persons: Headline,
  ...breakdown(householdDimensions, HouseholdFigure),
  ...breakdown(personDimensions, PersonFigure),
  guarantees: z.object({
    households: z.record(z.string(), z.record(z.string(), HouseholdFigure)),
    persons: z.record(z.string(), z.record(z.string(), PersonFigure)),
  }),
  villages: z.object({
    withHouseholds: count,
    withProfile: count,
    poor: count,
    passing: count,
    exited: count,
    lists: links.optional(),
    criteria: z.record(z.enum(villageCriteria), answers).optional(),
    incidence: z
      .object({ population: count, unexited: count, percent })
      .describe('sums over the villages whose population is known'),
  }),
  income: z.object({
    households: count,
    persons: count,
    lists: links.optional().describe('whose income is known: the sums are over these'),
    wagesFen: fen,
    businessFen: fen,
    propertyFen: fen,
    transferFen: fen,
    businessCostFen: fen,
    netFen: fen,
    netPerPersonFen: fen.nullable(),
  }),
  workMonths: count.describe('months worked, all persons together: a sum, which has no list'),
});

/** A board as answered: figures of an area with the lists behind them, and those of its parts. */
export const BoardView = z.object({
  area: Place,
  ...basisShape,
  ...Figures.shape,
  shares: z.object({ exitedHouseholds: percent, exitedPersons: percent }),
  targets: Progress.optional().describe('for the year of the day on which the board was asked for'),
  children: z.array(
    z.object({
      area: Place,
      board: z.string(),
      ...Figures.shape,
      targets: PartStanding.optional(),
    }),
  ),
});

export const AreaParams = z.object({
  code: z.string().refine((code) => levelOf(code) !== undefined),
});
