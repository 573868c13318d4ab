import { type AreaCode, liesWithin, parentOf } from '../core/division.ts';
import type { Figures } from '../core/figure.ts';
import { figuresOf } from '../core/figure-name.ts';
import type { FrozenRow } from './item.ts';
import { type FrozenPlace, type PlacePorts, partsOf } from './place.ts';

/** A frozen row as a walk down the tree of summaries sees it. */
export interface FrozenStep {
  readonly area: AreaCode;
  readonly figures: Figures;
  readonly row: FrozenRow;
}

function stepOf(row: FrozenRow): FrozenStep {
  return { area: row.area, figures: figuresOf(row.figures), row };
}

/** The area all areas of a place lie in: the one it is, or the lowest around several. */
export function scopeOf({ areas }: FrozenPlace): AreaCode {
  const [first = '', ...others] = areas;
  let scope = first;
  while (!others.every((one) => liesWithin(one, scope))) {
    const above = parentOf(scope);
    if (above === undefined) break;
    scope = above;
  }
  return scope;
}

/** Rows of the areas of a place themselves. */
export async function ownRows(
  ports: PlacePorts,
  year: number,
  { areas }: FrozenPlace,
): Promise<readonly FrozenRow[]> {
  const rows = await Promise.all(areas.map((area) => ports.row(year, area)));
  return rows.filter((row) => row !== undefined);
}

/** What a walk through a place's frozen figures needs; where the place was several areas, these are what its scope consists of. */
export function walkPorts(ports: PlacePorts, year: number, place: FrozenPlace) {
  const scope = scopeOf(place);
  const isOne = place.areas.length === 1;
  return {
    rows: async (area: AreaCode): Promise<readonly FrozenStep[]> => {
      const isScope = area === scope && !isOne;
      const rows = isScope ? await ownRows(ports, year, place) : await partsOf(ports, year, area);
      return rows.map(stepOf);
    },
    row: async (area: AreaCode): Promise<FrozenStep | undefined> => {
      const row = await ports.row(year, area);
      return row && stepOf(row);
    },
  };
}
