import { AccessLine, logPartition } from '../core/access-log.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, liesWithin } from '../core/division.ts';
import { queryPage } from '../lib/dynamo.ts';

export interface LinesAsked {
  readonly area: AreaCode;
  readonly day: Day;
  readonly limit: number;
  readonly after?: string;
}

/** Pages looked through for the lines of a small area before an unfilled page with a cursor is handed over. */
const MOST_PAGES = 10;

/**
 * Lines of an area and day, oldest first. A county's lines lie together, so a town's are picked from them; those of a city or province
 * are the ones about several of its counties.
 */
export async function listLines(
  table: string,
  asked: LinesAsked,
): Promise<{ readonly lines: readonly AccessLine[]; readonly next?: string }> {
  const lines: AccessLine[] = [];
  let { after } = asked;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await queryPage(table, {
      pk: logPartition(asked.area, asked.day),
      limit: asked.limit - lines.length,
      ...(after !== undefined && { after }),
    });
    const read = page.items.map((item) => AccessLine.parse(item));
    lines.push(...read.filter((line) => liesWithin(line.area, asked.area)));
    after = page.next;
    if (after === undefined) return { lines };
    if (lines.length >= asked.limit) break;
  }
  return after === undefined ? { lines } : { lines, next: after };
}
