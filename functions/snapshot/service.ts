import { type Day, dayOf } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { Division } from '../core/division-register.ts';
import { type Decided, refuse } from '../core/refusal.ts';
import {
  chunksOf,
  dayOfYear,
  refuseCounty,
  refuseYear,
  type Snapshot,
  type SnapshotChunk,
} from '../core/snapshot.ts';

export interface BeginPorts {
  /** The county and everything inside, closed divisions too. */
  under(county: AreaCode): Promise<readonly Division[]>;
  snapshot(county: AreaCode, year: number): Promise<Snapshot | undefined>;
  /** Makes the snapshot exist with its chunks; false when there is one already. */
  create(snapshot: Snapshot, chunks: readonly SnapshotChunk[]): Promise<boolean>;
  newJob(): string;
}

/** Who wants a year of a county frozen, and when. */
export interface Asked {
  readonly county: AreaCode;
  readonly year: number;
  readonly actor: string;
  readonly role: Snapshot['role'];
  readonly reason: string | null;
  readonly at: string;
  readonly today: Day;
}

/**
 * Begins to freeze a county's year. There is one snapshot of a county and year, whoever asked for it: what was known then cannot be asked
 * for a second time.
 * Refusals: snapshot-year-not-over, snapshot-exists, area-unknown, area-closed, division-change-running, busy.
 */
export async function begin(ports: BeginPorts, asked: Asked): Promise<Decided<Snapshot>> {
  const { county, year, actor, role, reason, at, today } = asked;
  const early = refuseYear(year, today);
  if (early) return early;
  const standing = await ports.snapshot(county, year);
  if (standing) return exists(standing);
  const divisions = await ports.under(county);
  const unfit = refuseCounty(county, divisions);
  if (unfit) return unfit;
  const chunks = chunksOf(divisions);
  const snapshot: Snapshot = {
    ...{
      county,
      year,
      day: dayOfYear(year),
      state: 'running',
      job: ports.newJob(),
      chunks: chunks.length,
    },
    ...{ actor, role, reason, knownAt: at, frozenAt: null, hash: null, version: 1 },
  };
  if (await ports.create(snapshot, chunks)) return { ok: snapshot };
  const faster = await ports.snapshot(county, year);
  return faster ? exists(faster) : refuse('busy');
}

function exists({ year, knownAt }: Snapshot) {
  return refuse('snapshot-exists', { year, day: dayOf(new Date(knownAt)) });
}
