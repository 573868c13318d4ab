import { type AreaCode, type Level, levelOf, levels } from './division.ts';

/** A row of an area as a walk sees it: the figures of a summary are undefined while it waits for a recount. */
interface Step {
  readonly area: AreaCode;
  readonly figures: unknown;
}

/** What a walk needs: the rows inside an area, and an area's own. */
export interface WalkPorts<Row extends Step> {
  rows(area: AreaCode): Promise<readonly Row[]>;
  row(area: AreaCode): Promise<Row | undefined>;
}

export interface Walk<Row extends Step> {
  readonly area: AreaCode;
  /** Level at which to stop. */
  readonly to: Level;
  /** Areas whose figures do not pass are left out with everything in them. */
  readonly passes: (figures: NonNullable<Row['figures']>) => boolean;
  /** Places up to this code (included) have been seen. */
  readonly after?: AreaCode | undefined;
}

function isPast(code: AreaCode, after: AreaCode | undefined): boolean {
  return (
    after !== undefined &&
    (code.length === after.length ? code <= after : code < after.slice(0, code.length))
  );
}

function isCounted<Row extends Step>(
  row: Row,
): row is Row & { figures: NonNullable<Row['figures']> } {
  return row.figures !== undefined;
}

function passes<Row extends Step>(row: Row, walk: Walk<Row>): boolean {
  // A row that waits for its recount hides nothing that is below it.
  return !isPast(row.area, walk.after) && (!isCounted(row) || walk.passes(row.figures));
}

/**
 * Walks the tree of summaries (or of coverage) downwards in the order of codes, entering only areas whose figures pass: a few queries lead to the places a
 * figure counts, whatever the size of the province.
 */
export async function* walk<Row extends Step>(
  ports: WalkPorts<Row>,
  asked: Walk<Row>,
): AsyncGenerator<Row> {
  const level = levelOf(asked.area);
  if (level === undefined) return;
  if (levels.indexOf(level) >= levels.indexOf(asked.to)) {
    const own = await ports.row(asked.area);
    if (own && passes(own, asked)) yield own;
    return;
  }
  for (const row of await ports.rows(asked.area)) {
    if (!passes(row, asked)) continue;
    if (levelOf(row.area) === asked.to) yield row;
    else yield* walk(ports, { ...asked, area: row.area });
  }
}
