import * as z from 'zod';
import { type Case, clockOf } from './case.ts';
import { CasePath } from './case-input.ts';
import type { Day } from './day.ts';
import { isRegistered } from './dimension.ts';
import { type AreaCode, ancestorAt, levelOf } from './division.ts';
import { type Division, nameFromCode } from './division-register.ts';
import { unexitedPersons } from './figure.ts';
import {
  type NoticeInput,
  type NoticeLevel,
  NoticeView,
  noticeOf,
  noticeRow,
  type Posting,
  roundOf,
  type VillageNoticeRow,
} from './notice.ts';
import { type ProcedureKind, procedureKinds } from './procedure-kind.ts';
import { type Decided, refuse } from './refusal.ts';
import type { Roster, VillageProfile } from './roster.ts';

const step = z.string().regex(/^[a-z][a-z0-9-]{1,39}$/);

export const NoticePath = CasePath.extend({ step });

/** One sheet for all of a village or town whose case has that step posted and hanging. */
export const NoticeQuery = z.object({
  area: z.string().refine((code) => ['town', 'village'].includes(levelOf(code) ?? ''), {
    error: 'village-or-town',
  }),
  case: z.enum(procedureKinds),
  step,
});
export type NoticeQuery = z.infer<typeof NoticeQuery>;

export const NoticeSheets = z.object({
  area: z.string(),
  case: z.enum(procedureKinds),
  step: z.string(),
  notices: z
    .array(NoticeView)
    .describe('one for each place and period; where all were posted together there is one'),
});

/** A step of a case that hangs on a board, or hung. */
export interface Posted extends Omit<Posting, 'place' | 'signedBy'> {
  readonly step: string;
  /** Village of the case on the day it began. */
  readonly village: AreaCode;
}

/** Code of the place where a sheet of a level hangs. */
function boardOf(level: NoticeLevel, village: AreaCode): AreaCode {
  return level === 'village' ? village : ancestorAt(village, level);
}

/**
 * What a case has posted under the name of a step, with the days it hangs. The county posts what has no other place.
 * Refusals: not-found (no such step, or one that posts nothing), notice-not-posted.
 */
export function postedIn(found: Case, stepId: string): Decided<Posted> {
  const at = found.steps.findIndex(({ id }) => id === stepId);
  const own = found.steps[at];
  if (!own || (own.act !== 'notice' && own.act !== 'announce')) return refuse('not-found');
  const record = found.records.find((one) => one.step === stepId);
  if (!record) return refuse('notice-not-posted', { step: own.zh });
  const clock = clockOf(found, stepId);
  const level = own.place ?? 'county';
  const { village } = found;
  return {
    ok: {
      ...{ step: stepId, village, act: own.act, level, area: boardOf(level, village) },
      round: roundOf(
        found.steps.map(({ act }) => act),
        at,
      ),
      postedOn: record.heldOn,
      days: clock?.days ?? null,
      lastDay: clock?.lastDay ?? null,
      paused: clock?.paused ?? 0,
    },
  };
}

/** Whether a sheet hangs on a day: a notice to its last day, and on while an objection is open; an announcement until the case ends. */
export function hangsOn({ state }: Pick<Case, 'state'>, posted: Posted, day: Day): boolean {
  if (state !== 'open' || day < posted.postedOn) return false;
  return posted.lastDay === null || day <= posted.lastDay;
}

/** Names of places as the register knows them; a place it does not know goes by its code. */
export type PlaceNames = ReadonlyMap<AreaCode, Pick<Division, 'name'>>;

/** Codes whose names a sheet shows. */
export function placesOf({ village }: Pick<Posted, 'village'>): readonly AreaCode[] {
  return [village, ancestorAt(village, 'town'), ancestorAt(village, 'county')];
}

function namesFor(village: AreaCode, names: PlaceNames): Posting['place'] {
  const named = (code: AreaCode) => names.get(code)?.name ?? nameFromCode(code);
  const [town, county] = [ancestorAt(village, 'town'), ancestorAt(village, 'county')];
  return { county: named(county), town: named(town), village: named(village) };
}

/** What stands on a sheet, but for the names of places. */
export interface OnSheet<Row> {
  readonly posted: Posted;
  readonly row: Row;
}
export type HouseholdOnSheet = OnSheet<Parameters<typeof noticeRow>[0]>;
export type VillageOnSheet = OnSheet<Omit<VillageNoticeRow, 'village' | 'town'>>;

/** What a notice may say of a village, counted from the households that were registered there on a day. */
export function villageContent(
  rosters: readonly Roster[],
  profile: Pick<VillageProfile, 'population'> | undefined,
  day: Day,
): VillageOnSheet['row'] {
  const registered = rosters.filter(isRegistered);
  return {
    households: registered.length,
    persons: registered.reduce((sum, { members }) => sum + members.length, 0),
    unexited: unexitedPersons(rosters, day),
    population: profile?.population ?? null,
  };
}

/** Whoever hangs on the same board over the same days stands on the same sheet. */
function sheetOf({ area, postedOn, round, days, lastDay, paused }: Posted): string {
  return JSON.stringify([area, postedOn, round, days, lastDay, paused]);
}

/** The sheets of rows, each in the order given; by place and day of posting. */
function sheetsOf<Row>(
  rows: readonly OnSheet<Row>[],
): readonly (readonly [Posted, OnSheet<Row>[]])[] {
  const sheets = new Map<string, readonly [Posted, OnSheet<Row>[]]>();
  for (const one of rows) {
    const key = sheetOf(one.posted);
    const sheet = sheets.get(key) ?? [one.posted, []];
    sheet[1].push(one);
    sheets.set(key, sheet);
  }
  return [...sheets].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, sheet]) => sheet);
}

function postingOf(posted: Posted, names: PlaceNames): Posting {
  const { step: _, village, ...sheet } = posted;
  return { ...sheet, place: namesFor(village, names), signedBy: null };
}

function worded(inputs: readonly NoticeInput[]): Decided<readonly NoticeView[]> {
  const notices: NoticeView[] = [];
  for (const input of inputs) {
    const notice = noticeOf(input);
    if (!notice) return refuse('notice-no-words', { postedOn: input.postedOn });
    notices.push(notice);
  }
  return { ok: notices };
}

/** The sheets on which households stand. Refusals: notice-no-words (posted before there were words for it). */
export function householdNotices(
  kind: Exclude<ProcedureKind, 'village-exit'>,
  rows: readonly HouseholdOnSheet[],
  names: PlaceNames,
): Decided<readonly NoticeView[]> {
  const inputs = sheetsOf(rows).map(([posted, placed]) => ({
    ...{ ...postingOf(posted, names), kind },
    rows: placed.map(({ posted: { village }, row }) =>
      noticeRow(row, namesFor(village, names).village),
    ),
  }));
  return worded(inputs);
}

/** The sheets on which villages stand. Refusals: notice-no-words. */
export function villageNotices(
  rows: readonly VillageOnSheet[],
  names: PlaceNames,
): Decided<readonly NoticeView[]> {
  const inputs = sheetsOf(rows).map(([posted, placed]) => ({
    ...{ ...postingOf(posted, names), kind: 'village-exit' as const },
    rows: placed.map(({ posted: { village: home }, row }) => {
      const { town, village } = namesFor(home, names);
      return { ...row, town, village };
    }),
  }));
  return worded(inputs);
}
