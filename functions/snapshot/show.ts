import type { AreaCode } from '../core/division.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { countyOf, type Snapshot, type SnapshotChunk } from '../core/snapshot.ts';
import { type SnapshotView, snapshotView } from '../core/snapshot-view.ts';
import { findFrozen, isAboveCounties, type PlacePorts } from './place.ts';
import { sumOfParts } from './row.ts';

export interface ShowPorts extends PlacePorts {
  /** All snapshots of a county. */
  snapshots(county: AreaCode): Promise<readonly Snapshot[]>;
  chunks(job: string): Promise<readonly SnapshotChunk[]>;
  /** Counties of a city or province, closed ones too. */
  counties(area: AreaCode): Promise<readonly AreaCode[]>;
}

/** A snapshot for people; those that are frozen are done, so their chunks are not looked at. */
async function viewOf(ports: ShowPorts, snapshot: Snapshot): Promise<SnapshotView> {
  const chunks = snapshot.state === 'frozen' ? [] : await ports.chunks(snapshot.job);
  return snapshotView(snapshot, chunks.filter(({ isDone }) => isDone).length);
}

/** Snapshots of an area's county under every code it had, or of the counties of a city or province; by county and year. */
export async function listOf(ports: ShowPorts, area: AreaCode) {
  const counties = isAboveCounties(area)
    ? await ports.counties(area)
    : (await ports.records(area)).counties;
  const found: Snapshot[] = [];
  for (const county of [...new Set(counties)].sort())
    found.push(...(await ports.snapshots(county)));
  return { area, snapshots: await Promise.all(found.map((one) => viewOf(ports, one))) };
}

/**
 * The snapshot of a year with what was counted in an area of it; how far it is while it is being frozen.
 * Refusals: snapshot-none.
 */
export async function showSnapshot(
  ports: ShowPorts,
  { area, year }: { readonly area: AreaCode; readonly year: number },
) {
  const board = `/areas/${area}/board?snapshot=${year}`;
  const place = await findFrozen(ports, year, area);
  if ('refused' in place) {
    if (place.refused !== 'snapshot-running') return place;
    return { area, snapshots: await runningOf(ports, area, year), registered: null, board };
  }
  const rows = await Promise.all(place.areas.map((one) => ports.row(year, one)));
  const known = rows.filter((row) => row !== undefined);
  if (known.length === 0) return refuse('snapshot-none', { year }) satisfies Refusal;
  const [households, persons] = sumOfParts(known).registered;
  const snapshots = await Promise.all(place.snapshots.map((one) => viewOf(ports, one)));
  return { area, snapshots, registered: { households, persons }, board };
}

async function runningOf(ports: ShowPorts, area: AreaCode, year: number) {
  const { counties } = await ports.records(area);
  const codes = [...new Set([countyOf(area), ...counties])];
  const found = await Promise.all(codes.map((county) => ports.snapshot(county, year)));
  return Promise.all(found.flatMap((one) => (one ? [viewOf(ports, one)] : [])));
}
