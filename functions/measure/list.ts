import type { Day } from '../core/day.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { cursorOf, type Position, positionOf, type Question } from '../core/list-cursor.ts';
import type { MeasureDigest } from '../core/measure.ts';
import type { Helped } from '../core/measure-sum.ts';
import { measureRow } from '../core/measure-view.ts';
import { type Decided, isRefused, type Refusal, refuse } from '../core/refusal.ts';
import { rostersIn, walkRosters } from '../household/walk.ts';
import { inLanes } from '../lib/lanes.ts';
import { getDigests } from './table.ts';

/** Tables that lists of measures are read from. */
export interface ListTables {
  readonly care: string;
  readonly household: string;
  readonly summary: string;
}

/** Households looked at for one page at most: a filter that few pass answers with fewer rows and says where to go on. */
const MOST_READ = 2000;

/** Counts and lists are of a county or a part of it; boards count batches and modes of any area. */
export function refuseAbove(area: AreaCode): Refusal | undefined {
  const level = levelOf(area);
  return level === 'province' || level === 'city' ? refuse('area-too-wide') : undefined;
}

/** Households of an area with their measures, in the order of village and id. */
async function* helpedIn(
  tables: ListTables,
  asked: Parameters<typeof walkRosters>[1],
): AsyncGenerator<readonly Helped[]> {
  for await (const { rosters } of walkRosters(tables, asked)) {
    const digests = await getDigests(
      tables.care,
      rosters.map(({ id }) => id),
    );
    yield rosters.map((roster) => ({ roster, measures: digests.get(roster.id) ?? [] }));
  }
}

/** Digests of one read, and reads under way at once. */
const AT_ONCE = 100;
const LANES = 8;

/** Every household of an area that has measures. Most villages are small, so digests are read for many of them together. */
export async function allHelped(tables: ListTables, area: AreaCode): Promise<readonly Helped[]> {
  const rosters = await rostersIn(tables, area);
  const starts = Array.from(
    { length: Math.ceil(rosters.length / AT_ONCE) },
    (_, at) => at * AT_ONCE,
  );
  const found = await inLanes(starts, LANES, async (start) => {
    const some = rosters.slice(start, start + AT_ONCE);
    const digests = await getDigests(
      tables.care,
      some.map(({ id }) => id),
    );
    return some.map((roster) => ({ roster, measures: digests.get(roster.id) ?? [] }));
  });
  return found.flat().filter(({ measures }) => measures.length > 0);
}

export interface PageAsked {
  readonly question: Question;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly today: Day;
  /** What of a household stands in the list. */
  readonly of: (helped: Helped) => readonly MeasureDigest[];
}

export interface MeasurePage {
  readonly area: AreaCode;
  readonly asOf: Day;
  readonly read: number;
  readonly items: readonly ReturnType<typeof measureRow>[];
  readonly cursor?: string;
}

/** A page of measures. A household is shown whole, so a page may have some rows more than asked for. Refusals: cursor-invalid. */
export async function pageOf(tables: ListTables, asked: PageAsked): Promise<Decided<MeasurePage>> {
  const { question, limit, today } = asked;
  const { area } = question;
  const after = asked.cursor === undefined ? undefined : positionOf(question, asked.cursor);
  if (after && isRefused(after)) return after;
  const items: MeasurePage['items'][number][] = [];
  let read = 0;
  let seen: Position | undefined;
  for await (const part of helpedIn(tables, { area, after: after?.ok })) {
    for (const helped of part) {
      if (seen && (items.length >= limit || read >= MOST_READ))
        return { ok: { area, asOf: today, read, items, cursor: cursorOf(question, seen) } };
      items.push(...asked.of(helped).map((one) => measureRow(helped.roster, one, today)));
      read += 1;
      seen = { village: helped.roster.village, household: helped.roster.id };
    }
  }
  return { ok: { area, asOf: today, read, items } };
}
