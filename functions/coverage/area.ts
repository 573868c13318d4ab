import { addCoverages } from '../core/coverage.ts';
import type { Day } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import { inTurn } from '../lib/in-turn.ts';
import type { VillagePorts } from './village.ts';

/** Makes the coverage of an area above villages true, from that of its parts. */
export async function addUp(
  ports: Pick<VillagePorts, 'coverage' | 'coverages' | 'putCoverage' | 'now'>,
  area: AreaCode,
  day: Day,
): Promise<void> {
  await inTurn({
    read: () => ports.coverage(area),
    make: async () => addCoverages((await ports.coverages(area)).map(({ coverage }) => coverage)),
    put: (before, coverage) => {
      const after = { coverage, day, at: ports.now().toISOString() };
      return ports.putCoverage(area, { before, after });
    },
  });
}
