import type { Day } from './day.ts';
import { yearOf, years } from './dimension.ts';
import { cases } from './dimension-household.ts';
import type { AreaCode } from './division.ts';
import { type Count, type Figures, householdsIn, nothing, villagesInYear } from './figure.ts';
import { householdsLink, personsLink, villagesLink } from './list-link.ts';
import { type Amounts, addUp, combine } from './target.ts';

const DAY_MS = 86_400_000;

function inYear(
  figures: Figures,
  kind: 'exitYear' | 'planYear',
  year: number,
): { households: number; persons: number; villages: number } {
  const value = yearOf(year);
  return {
    ...householdsIn(figures, { id: kind, values: years }, value),
    villages: villagesInYear(figures, kind, value),
  };
}

/** Households, persons and villages that have left poverty in a year, and are out of it still. */
export function exitedIn(figures: Figures, year: number): Amounts {
  return inYear(figures, 'exitYear', year);
}

/** Those that have not, and are planned for the year. */
export function plannedIn(figures: Figures, year: number): Amounts {
  return inYear(figures, 'planYear', year);
}

/** What leads to the households whose procedure of exit is under way. */
const leaving = { case: 'household-exit' } as const;

/** Those households, and their persons. */
function leavingIn(figures: Figures): Count {
  return householdsIn(figures, { id: 'case', values: cases }, leaving.case);
}

/** Days of a year that are over at the end of a day, and all its days; none of a year to come, all of one that is over. */
function daysOf(year: number, day: Day): { readonly gone: number; readonly all: number } {
  const first = Date.UTC(year, 0, 1);
  const all = (Date.UTC(year + 1, 0, 1) - first) / DAY_MS;
  const gone = (Date.parse(`${day}T00:00:00Z`) - first) / DAY_MS + 1;
  return { gone: Math.min(Math.max(gone, 0), all), all };
}

/** A part of a whole in percent, cut off after one decimal, so that a target short of one person never reads as reached; null without a target. */
function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 1000) / whole) / 10;
}

const less = (a: number, b: number) => Math.max(a - b, 0);

/** How the two forecasts come about; both say what figures say, nothing is typed in. */
export const formula = {
  onCourse: {
    zh: '本年已脱贫 + 正在办理退出程序的',
    en: 'exited this year + those with a procedure of exit under way',
  },
  pace: {
    zh: '本年已脱贫 ÷ 本年已过天数 × 全年天数（舍去小数）',
    en: 'exited this year / days of the year gone x days of the year, rounded down',
  },
};

/**
 * What a year may come to. `onCourse`: exited so far and, where the year is the day's own, the households whose procedure of exit is under
 * way. `pace`: exited so far / days gone x days of the year, rounded down; null before the year begins.
 */
function forecastOf(figures: Figures, year: number, day: Day) {
  const exited = exitedIn(figures, year);
  const { gone, all } = daysOf(year, day);
  const underWay = leavingIn(day.startsWith(String(year)) ? figures : nothing);
  const onCourse = {
    households: exited.households + underWay.households,
    persons: exited.persons + underWay.persons,
  };
  const paced = (done: number) => Math.floor((done * all) / gone);
  const pace = gone === 0 ? null : combine(exited, exited, paced);
  return { onCourse, pace, formula };
}

/** What a target comes to beside what was reached; nulls where there is no target. */
export function standingOf(target: Amounts | null, exited: Amounts) {
  return {
    target,
    exited,
    remaining: target && combine(target, exited, less),
    percent: target && {
      households: percentOf(exited.households, target.households),
      persons: percentOf(exited.persons, target.persons),
      villages: percentOf(exited.villages, target.villages),
    },
  };
}

/** An area in a year on a day, with what it and its parts are to reach (null: no target was set). */
export interface ProgressInput {
  readonly area: AreaCode;
  readonly figures: Figures;
  readonly year: number;
  readonly day: Day;
  readonly own: Amounts | null;
  readonly parts: readonly Amounts[];
}

/**
 * Progress of an area against its target of a year: what has exited, what remains, what the year may come to, and the lists behind.
 * `unsplit` is the area's target less those of its open parts; null while there is no target, or none of a part.
 */
export function progressOf({ area, figures, year, day, own, parts }: ProgressInput) {
  const listsOf = (kind: 'exitYear' | 'planYear') => {
    const query = { [kind]: yearOf(year) };
    return {
      households: householdsLink({ area }, query),
      persons: personsLink({ area }, query),
      villages: villagesLink({ area }, query),
    };
  };
  const standing = standingOf(own, exitedIn(figures, year));
  return {
    year,
    ...standing,
    exited: { ...standing.exited, lists: listsOf('exitYear') },
    /** Not yet exited, and planned for the year. */
    planned: { ...plannedIn(figures, year), lists: listsOf('planYear') },
    /** With a procedure of exit under way on the day of the figures. */
    leaving: {
      ...leavingIn(figures),
      lists: {
        households: householdsLink({ area }, leaving),
        persons: personsLink({ area }, leaving),
      },
    },
    forecast: forecastOf(figures, year, day),
    unsplit: own && parts.length > 0 ? combine(own, addUp(parts), (a, b) => a - b) : null,
  };
}

/** What a year comes to by the plans of the households and villages themselves: those planned for it, and those that exited in it already. */
export function proposedFor(figures: Figures, year: number): Amounts {
  return addUp([plannedIn(figures, year), exitedIn(figures, year)]);
}
