import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import { levelOf } from './division.ts';
import { id } from './household-path.ts';
import {
  isOverdue,
  isVoidMeasure,
  Measure,
  MeasureDigest,
  MeasureEvent,
  runsOn,
} from './measure.ts';
import type { Roster } from './roster.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const area = z.string().refine((code) => levelOf(code) !== undefined);
const answer = z.enum(['yes', 'no', 'unknown']);
const count = z.int().nonnegative();

const states = ['running', 'ended', 'void'] as const;
type State = (typeof states)[number];

function stateOf(measure: Pick<Measure, 'startedOn' | 'endedOn' | 'result'>, today: Day): State {
  if (isVoidMeasure(measure)) return 'void';
  return runsOn(measure, today) ? 'running' : 'ended';
}

/** A measure as the household's file shows it. */
export const MeasureView = Measure.extend({
  href: z.string(),
  state: z.enum(states),
  overdue: z.boolean(),
});
export type MeasureView = z.infer<typeof MeasureView>;

export const MeasureFile = MeasureView.extend({ events: z.array(MeasureEvent) });

export const MeasuresOfHousehold = z.object({
  household: z.string(),
  /** Batches by which it is helped, and who says so: people and ledgers (`stated`), measures under way (`measure`). */
  batches: z.record(z.string(), z.array(z.enum(['stated', 'measure']))),
  /** Latest first. */
  measures: z.array(MeasureView),
});

/** What a write of a measure answers. */
export const MeasureTaken = z.object({
  id: z.string(),
  household: z.string(),
  version: z.int(),
  state: z.enum(states),
});
export type MeasureTaken = z.infer<typeof MeasureTaken>;

function linkOf(household: string, measure: string): string {
  return `/households/${household}/measures/${measure}`;
}

export function measureView(
  measure: Measure,
  digest: Pick<MeasureDigest, 'loan'>,
  today: Day,
): MeasureView {
  return {
    ...measure,
    href: linkOf(measure.household, measure.id),
    state: stateOf(measure, today),
    overdue: runsOn(measure, today) && isOverdue(digest, today),
  };
}

export function measureTaken(measure: Measure, today: Day): MeasureTaken {
  const { id: own, household, version } = measure;
  return { id: own, household, version, state: stateOf(measure, today) };
}

const paging = {
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
};

export const MeasureQuery = z.object({
  area,
  batch: z.enum(codesOf('measure')).optional(),
  kind: z.enum(codesOf('measureKind')).optional(),
  mode: z.enum(codesOf('mode')).optional(),
  state: z.enum(['running', 'ended']).optional(),
  insured: answer.optional().describe('of public-welfare posts'),
  certificate: answer.optional().describe('of trainings'),
  ...paging,
});

export const LoanQuery = z.object({
  area,
  dueBy: day.optional(),
  overdue: z.literal('yes').optional(),
  ...paging,
});

export const SumQuery = z.object({
  /** Days from today within which a loan counts as due. */
  within: z.coerce.number().int().min(1).max(366).default(30),
});

export const ModeQuery = z.object({ area });

export const MeasureRow = MeasureDigest.extend({
  href: z.string(),
  state: z.enum(states),
  overdue: z.boolean(),
  household: z.object({
    id,
    number: z.string(),
    href: z.string(),
    village: z.string(),
    headName: z.string(),
    status: z.string(),
  }),
});

/** A measure as lists show it, with its household. */
export function measureRow(
  roster: Roster,
  digest: MeasureDigest,
  today: Day,
): z.infer<typeof MeasureRow> {
  const { number, village, headName, status } = roster;
  return {
    ...digest,
    href: linkOf(roster.id, digest.id),
    state: stateOf(digest, today),
    overdue: isOverdue(digest, today),
    household: {
      ...{ id: roster.id, number, href: `/households/${roster.id}`, village, headName, status },
    },
  };
}

export const MeasureList = z.object({
  area: z.string(),
  asOf: day,
  /** Households looked at for this page. */
  read: count,
  items: z.array(MeasureRow),
  cursor: z.string().optional(),
});

const link = z.string();
const Counted = z.object({
  running: count,
  ended: count,
  households: count.describe('with a measure under way'),
  persons: count.describe('who have one under way themselves'),
  lists: z.object({ running: link, ended: link }),
});
const Answered = z.object({ measures: count, list: link });
const Answers = z.object({ yes: Answered, no: Answered, unknown: Answered });
const Loans = z.object({ loans: count, outstandingFen: count, list: link });

export const MeasureSum = z.object({
  area: z.string(),
  asOf: day,
  all: Counted,
  byBatch: z.record(z.string(), Counted),
  byKind: z.record(z.string(), Counted),
  byMode: z.record(z.string(), Counted),
  income: z
    .record(z.string(), z.object({ fen: z.int(), byBasis: z.record(z.string(), z.int()) }))
    .describe('fen by year, measures under way and ended'),
  posts: z.object({
    running: count,
    wageFenPerMonth: count,
    insured: Answers,
    list: link,
  }),
  trainings: z.object({
    trainings: count,
    persons: count,
    dayCount: count,
    certificate: Answers,
    list: link,
  }),
  loans: z.object({ unpaid: Loans, due: Loans.extend({ by: day }), overdue: Loans }),
});

export const ModeListView = z.object({
  area: z.string(),
  version: z.int().nonnegative(),
  modes: z.array(
    z.object({
      code: z.enum(codesOf('mode')),
      zh: z.string(),
      en: z.string(),
      closed: z.boolean(),
    }),
  ),
});

const scoped = {
  validFrom: day,
  validTo: day.nullable(),
  scope: z.string().nullable(),
  source: z.string(),
};
const Fitting = z.object({ batches: z.array(z.string()), kinds: z.array(z.string()) });
const Matches = z.record(z.string(), z.object({ able: Fitting, unable: Fitting }));

/** The rules of measures in force in an area on a day, with their sources. */
export const MeasureRulesView = z.object({
  area: z.string(),
  day,
  kinds: z
    .object({
      ...scoped,
      kinds: z.record(
        z.string(),
        z.object({ batches: z.array(z.string()), of: z.enum(['person', 'household', 'either']) }),
      ),
    })
    .nullable(),
  post: z.object({ ...scoped, fromAge: z.int() }).nullable(),
  loan: z
    .object({
      ...scoped,
      mostFen: z.int(),
      mostMonths: z.int(),
      fromAge: z.int(),
      toAge: z.int(),
      topUpMostFen: z.int().nullable(),
      renewals: z.int(),
    })
    .nullable(),
  match: z
    .object({
      ...scoped,
      illustrative: z.boolean(),
      able: z.object({ fromAge: z.int(), labour: z.array(z.string()) }),
      causes: Matches,
      risks: Matches,
    })
    .nullable(),
});
export const RulesQuery = z.object({ area, day: day.optional() });
