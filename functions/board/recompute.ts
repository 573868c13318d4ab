import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { equalFigures, type Tally } from '../core/figure.ts';
import { inTurn } from '../lib/in-turn.ts';
import type { Row } from './row.ts';
import { type CountTables, countArea, getRow, putRow } from './table.ts';

/** What recomputing needs; tests stop, delay and kill between its steps. */
export interface SummaryStore {
  row(area: AreaCode): Promise<Row | undefined>;
  count(area: AreaCode, day: Day): Promise<Tally>;
  put(
    before: Row | undefined,
    area: AreaCode,
    found: { readonly tally: Tally; readonly day: Day },
  ): Promise<boolean>;
}

export function summaryStore(tables: CountTables): SummaryStore {
  return {
    row: (area) => getRow(tables.summary, area),
    count: (area, day) => countArea(tables, area, day),
    put: (before, area, { tally, day }) => putRow(tables.summary, before, { area, day, ...tally }),
  };
}

/**
 * Makes the summary of an area true, in turn with whoever else is at it.
 * @returns whether this pass put figures that differ from those before
 */
export async function recompute(store: SummaryStore, area: AreaCode, today: Day): Promise<boolean> {
  const done = await inTurn({
    read: () => store.row(area),
    make: () => store.count(area, today),
    put: (row, tally) => store.put(row, area, { tally, day: today }),
  });
  if (!done) return false;
  const { before, made } = done;
  return before?.figures === undefined || !equalFigures(before.figures, made.figures);
}
