import { type AreaCode, ancestorAt, levelOf } from '../core/division.ts';
import type { Recount, RecountChunk } from '../core/drift.ts';
import { recountView } from '../core/drift-view.ts';
import { isNothing } from '../core/figure.ts';
import { type WalkPorts, walk } from '../core/figure-walk.ts';
import type { Row } from './row.ts';

export interface LatestPorts extends WalkPorts<Row> {
  /** The recount of the county that began last and looked at the area, or at a part of it. */
  latest(county: AreaCode, area: AreaCode): Promise<Recount | undefined>;
  chunks(id: string): Promise<readonly RecountChunk[]>;
}

async function countiesOf(ports: LatestPorts, area: AreaCode): Promise<readonly AreaCode[]> {
  const county = ancestorAt(area, 'county');
  if (levelOf(county) === 'county') return [county];
  const counties: AreaCode[] = [];
  const passes = (figures: NonNullable<Row['figures']>) => !isNothing(figures);
  for await (const row of walk(ports, { area, to: 'county', passes })) counties.push(row.area);
  return counties;
}

/** Counties asked for at once. */
const LANES = 8;

/** The latest recount of each county of an area; of a town or village, what that of its county found there. */
export async function latestOf(ports: LatestPorts, area: AreaCode) {
  const waiting = [...(await countiesOf(ports, area))];
  const recounts: ReturnType<typeof recountView>[] = [];
  const lane = async (): Promise<void> => {
    for (let county = waiting.shift(); county; county = waiting.shift()) {
      const recount = await ports.latest(county, area);
      if (recount) recounts.push(recountView(recount, await ports.chunks(recount.id), area));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return {
    area,
    drift: recounts.reduce((sum, one) => sum + one.driftedAreas + one.driftedLists, 0),
    recounts: recounts.toSorted((a, b) => (a.county < b.county ? -1 : 1)),
  };
}
