import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import type { Figures } from './figure.ts';
import type { Amounts, Target } from './target.ts';
import { exitedIn, progressOf, standingOf } from './target-progress.ts';

/** The targets around an area in a year: its own, and those of the divisions directly inside. */
export interface TargetsOf {
  readonly own: Target | undefined;
  readonly parts: readonly Target[];
}

/** What targets are told from: a year, the day it is seen from, and the figures of an area and of its parts. */
export interface TargetBoard {
  readonly area: AreaCode;
  readonly figures: Figures;
  readonly year: number;
  readonly day: Day;
  /** Parts that are open, or in which households are still counted. */
  readonly children: readonly { readonly code: AreaCode; readonly figures: Figures }[];
}

function amountsOf(target: Target | undefined): Amounts | null {
  if (!target || target.movedTo !== null) return null;
  const { households, persons, villages } = target;
  return { households, persons, villages };
}

/** The year of a day. */
export function yearOfDay(day: Day): number {
  return Number(day.slice(0, 4));
}

/**
 * Targets as boards show them: the area's own with progress, and by part what it is to reach, has reached and has left. Needs a day and
 * figures only, so that a board of a past day is told the same way.
 */
export function targetsOn({ area, figures, year, day, children }: TargetBoard, found: TargetsOf) {
  const byCode = new Map(found.parts.map((target) => [target.code, target]));
  const parts = children.map(({ code, ...child }) => {
    const target = amountsOf(byCode.get(code));
    const { percent: _, ...standing } = standingOf(target, exitedIn(child.figures, year));
    return { code, ...standing };
  });
  const given = parts.flatMap(({ target }) => target ?? []);
  const own = amountsOf(found.own);
  return {
    whole: progressOf({ area, figures, year, day, own, parts: given }),
    parts: new Map(parts.map(({ code, ...standing }) => [code, standing])),
  };
}
