import * as z from 'zod';
import { countOf, type Home, within } from './exit-judge.ts';

/** What a year is read from: boards, targets and events, as far as they say who has left. */

const units = z.looseObject({ registered: z.number(), exited: z.number(), unexited: z.number() });
const Count = z.looseObject({ households: z.number(), persons: z.number() });
const both = z.record(z.string(), Count);
export const Part = z.looseObject({
  area: z.looseObject({ code: z.string() }),
  households: units,
  persons: units,
  byExitYear: both,
  /** Boards of past days and of frozen years do not tell what households waited for. */
  byCase: both.default({}),
});
export type Part = z.infer<typeof Part>;
export const Amounts = z.object({
  households: z.number(),
  persons: z.number(),
  villages: z.number(),
});
export const Board = Part.extend({
  asOf: z.string(),
  basis: z.string(),
  villages: z.looseObject({ exited: z.number(), passing: z.number() }),
  income: z.looseObject({ netFen: z.number() }),
  children: z.array(Part),
});
export const Proposal = Amounts.extend({ parts: z.array(Amounts.extend({ code: z.string() })) });
const Standing = z.looseObject({
  target: Amounts,
  exited: z.looseObject(Amounts.shape),
  remaining: Amounts,
});
export const Target = Standing.extend({
  leaving: Count,
  planned: z.looseObject(Amounts.shape),
  parts: z.array(Standing.extend({ code: z.string() })),
});
export const Events = z.object({
  events: z.array(
    z.looseObject({
      version: z.number(),
      kind: z.string(),
      heldOn: z.string(),
      at: z.string(),
      actor: z.string(),
      case: z
        .looseObject({ id: z.string(), step: z.string().nullable(), outcome: z.string() })
        .optional(),
    }),
  ),
});

export const Notices = z.object({
  notices: z.array(
    z.looseObject({
      rows: z.array(z.array(z.string())),
      lastDay: z.string().nullable(),
      text: z.string(),
    }),
  ),
});

/** Homes of one place: all there are, and of them those that left before, those that left now, and those on their way. */
export interface Place {
  readonly code: string;
  readonly all: readonly Home[];
  readonly before: readonly Home[];
  readonly now: readonly Home[];
  readonly onTheWay: readonly Home[];
}

export function placeOf(code: string, whole: Omit<Place, 'code'>): Place {
  return {
    code,
    all: within(whole.all, code),
    before: within(whole.before, code),
    now: within(whole.now, code),
    onTheWay: within(whole.onTheWay, code),
  };
}

/** What the board of a place must say of who has left. */
export function wantedOf({ code, all, before, now, onTheWay }: Place) {
  const [registered, earlier, left] = [countOf(all), countOf(before), countOf(now)];
  const line = (unit: 'households' | 'persons') => {
    const exited = earlier[unit] + left[unit];
    return { registered: registered[unit], exited, unexited: registered[unit] - exited };
  };
  return {
    code,
    households: line('households'),
    persons: line('persons'),
    exitYears: { 2016: earlier, 2017: left },
    leaving: countOf(onTheWay),
  };
}

/** What it does say. Places with nobody are left out of breakdowns. */
export function shownOf({ area, households, persons, byExitYear, byCase }: Part) {
  const line = ({ registered, exited, unexited }: z.infer<typeof units>) => ({
    ...{ registered, exited, unexited },
  });
  const count = (figure: z.infer<typeof Count> | undefined) => ({
    households: figure?.households ?? 0,
    persons: figure?.persons ?? 0,
  });
  return {
    code: area.code,
    households: line(households),
    persons: line(persons),
    exitYears: { 2016: count(byExitYear['2016']), 2017: count(byExitYear['2017']) },
    leaving: count(byCase['household-exit']),
  };
}
