import { AccessLine, logPartition } from '../core/access-log.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { mergedPage } from '../lib/merged.ts';

export interface LinesAsked {
  /** Counties with which the lines lie. */
  readonly counties: readonly AreaCode[];
  /** Whether lines of an area are among those asked for. */
  readonly holds: (area: AreaCode) => Promise<boolean>;
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
  const partitions = asked.counties.map((county) => logPartition(county, asked.day));
  let { after } = asked;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await mergedPage(table, partitions, {
      limit: asked.limit - lines.length,
      ...(after !== undefined && { after }),
    });
    for (const item of page.items) {
      const line = AccessLine.parse(item);
      if (await asked.holds(line.area)) lines.push(line);
    }
    after = page.next;
    if (after === undefined) return { lines };
    if (lines.length >= asked.limit) break;
  }
  return after === undefined ? { lines } : { lines, next: after };
}
