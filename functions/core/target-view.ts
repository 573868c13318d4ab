import * as z from 'zod';
import { FIRST_YEAR, LAST_YEAR } from './dimension.ts';
import { levelOf } from './division.ts';
import { freeText } from './free-text.ts';
import { Amounts, PartTarget, Target, TargetEvent } from './target.ts';

const Count = z.int().nonnegative();
const Counts = z.object({ households: Count, persons: Count, villages: Count });
const Shares = z.object({
  households: z.number().nullable(),
  persons: z.number().nullable(),
  villages: z.number().nullable(),
});
const Differences = z.object({ households: z.int(), persons: z.int(), villages: z.int() });
const Listed = Counts.extend({ lists: z.record(z.string(), z.string()) });
const Words = z.object({ zh: z.string(), en: z.string() });

/** A part's target beside what it has reached. */
export const PartStanding = z.object({
  target: Counts.nullable(),
  exited: Counts,
  remaining: Counts.nullable(),
});

/** Progress of an area against its target of a year. */
export const Progress = z.object({
  year: z.int(),
  target: Counts.nullable().describe('null where none was set'),
  exited: Listed,
  remaining: Counts.nullable(),
  percent: Shares.nullable().describe('cut off after one decimal'),
  planned: Listed.describe('planned for the year and not exited'),
  leaving: z
    .object({ households: Count, persons: Count, lists: z.record(z.string(), z.string()) })
    .describe('with a procedure of exit under way'),
  forecast: z.object({
    onCourse: z
      .object({ households: Count, persons: Count })
      .describe('exited, and those with a procedure of exit under way'),
    pace: Counts.nullable().describe('exited / days gone x days of the year, rounded down'),
    formula: z.object({ onCourse: Words, pace: Words }),
  }),
  unsplit: Differences.nullable().describe(
    'the target less those of the parts; null where nothing was split',
  ),
});

export const TargetPath = z.object({
  code: z.string().refine((code) => levelOf(code) !== undefined),
  year: z.coerce.number().int().min(FIRST_YEAR).max(LAST_YEAR),
});

const reason = freeText(200);
const document = freeText(80, 1).optional();

/** What an area is to reach, why, and by which document. */
export const TargetBody = z.strictObject({
  ...Amounts.shape,
  reason,
  document,
});

/** What the parts of an area are to reach; a county has towns by the dozen, a town villages by the hundred at most. */
export const SplitBody = z.strictObject({
  parts: z.array(z.strictObject(PartTarget.shape)).min(1).max(500),
  reason,
  document,
});

const Own = Target.omit({ code: true, year: true });

/** The answer to a change: the target as it is now. */
export const TargetChanged = Own.extend({ code: z.string(), year: z.int() });

const Place = { code: z.string(), name: z.string().optional() };

/** The target of an area in a year with progress, its parts, and what happened to it. */
export const TargetFile = z.object({
  area: z.object(Place),
  ...Progress.shape,
  set: Own.omit({ movedTo: true }).nullable().describe('who set it; null where none was set'),
  version: z.int().describe('0 where none was set: the first one is set by If-Match "0"'),
  proposal: z.string(),
  parts: z.array(
    z.object({ ...Place, ...PartStanding.shape, version: z.int(), targets: z.string() }),
  ),
  events: z.array(
    TargetEvent.omit({ changes: true }).extend({
      version: z.int(),
      before: Amounts.nullable(),
      after: Amounts,
    }),
  ),
});

/** What a year comes to by the plans of the households and villages, part by part: a split that a county may take as it is. */
export const TargetProposal = z.object({
  area: z.object(Place),
  year: z.int(),
  ...Counts.shape,
  exited: Counts.describe('of them, exited already'),
  unplanned: z
    .object({ households: Count, persons: Count })
    .describe('not exited, and no year of exit is planned'),
  parts: z.array(z.object({ ...Place, ...Counts.shape })),
});
