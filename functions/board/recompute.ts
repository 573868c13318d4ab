import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { equalFigures, type Tally } from '../core/figure.ts';
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
 * Makes the summary of an area true: reads its version, then what it is made of, then puts it on condition that the version is unchanged,
 * otherwise starts again.
 *
 * The row is put, with its version raised, also where the figures turn out equal. Otherwise this could happen: two changes that undo each
 * other; the first consumer reads the row and the changed village and is delayed; the second sees the village as it was before, finds the
 * figures equal and leaves the row; the first now puts figures that have been undone, and nobody comes again. With every pass raising the
 * version, passes are in order, each sees at least what those before it saw, and the pass of the last message sees the last change.
 * The dispatcher passes on rows whose figures differ and no others, so an echo still ends by itself.
 *
 * A pass that loses twice is covered and goes no further, so that many passes over one village cost at most two counts each. Who put the
 * first time may have looked before the change of our message. Who put the second time started from a row that was put after we had begun,
 * so it looked at the village later than our message, and no later pass knows less.
 * @returns whether this pass put figures that differ from those before
 */
export async function recompute(store: SummaryStore, area: AreaCode, today: Day): Promise<boolean> {
  for (let turn = 1; turn <= 2; turn += 1) {
    const row = await store.row(area);
    const tally = await store.count(area, today);
    if (await store.put(row, area, { tally, day: today }))
      return row?.figures === undefined || !equalFigures(row.figures, tally.figures);
  }
  return false;
}
