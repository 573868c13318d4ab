import { addCoverages } from '../core/coverage.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, ancestorsOf } from '../core/division.ts';
import { inTurn } from '../lib/in-turn.ts';
import { inLanes } from '../lib/lanes.ts';
import type { CoverageRow } from './item.ts';

/** What adding up needs; tests stop, delay and kill between its steps. All reads are consistent. */
export interface SumPorts {
  coverage(area: AreaCode): Promise<CoverageRow | undefined>;
  /** Coverage of the areas directly inside an area. */
  coverages(area: AreaCode): Promise<readonly CoverageRow[]>;
  /** Puts it on condition that the row is still the one that was read; false when it is not. */
  putCoverage(
    area: AreaCode,
    given: {
      readonly before: CoverageRow | undefined;
      readonly after: Omit<CoverageRow, 'area' | 'version'>;
    },
  ): Promise<boolean>;
  now(): Date;
}

/** Areas of one level under way at once. */
const LANES = 8;

/** Makes the coverage of an area above villages true, from that of its parts. */
async function addUpOne(ports: SumPorts, area: AreaCode, day: Day): Promise<void> {
  await inTurn({
    read: () => ports.coverage(area),
    make: async () => addCoverages((await ports.coverages(area)).map(({ coverage }) => coverage)),
    put: (before, coverage) => {
      const after = { coverage, day, at: ports.now().toISOString() };
      return ports.putCoverage(area, { before, after });
    },
  });
}

/** Areas and all above them, level by level, the smallest first. */
function levelsUp(areas: Iterable<AreaCode>): readonly (readonly AreaCode[])[] {
  const all = new Set([...areas].flatMap((area) => [area, ...ancestorsOf(area)]));
  const byLength = Map.groupBy(all, ({ length }) => length);
  return [...byLength.entries()].toSorted(([one], [other]) => other - one).map(([, same]) => same);
}

/**
 * Makes the coverage of areas above villages true, and of all above them up to the province: each once, and after its parts. One that fails
 * holds up no other.
 * @throws unknown the first fault, when all the others are done
 */
export async function addUp(ports: SumPorts, areas: Iterable<AreaCode>, day: Day): Promise<void> {
  const faults: unknown[] = [];
  for (const level of levelsUp(areas))
    await inLanes(level, LANES, async (area) => {
      try {
        await addUpOne(ports, area, day);
      } catch (fault) {
        faults.push(fault);
      }
    });
  if (faults.length > 0) throw faults[0];
}
