import { type AreaCode, levelOf, levels } from '../core/division.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import { countyOf, type Snapshot } from '../core/snapshot.ts';
import type { FrozenRow } from './item.ts';
import { sumOfParts } from './row.ts';

/** What finding an area in a snapshot needs. */
export interface PlacePorts {
  snapshot(county: AreaCode, year: number): Promise<Snapshot | undefined>;
  row(year: number, area: AreaCode): Promise<FrozenRow | undefined>;
  /** Frozen figures directly inside an area. */
  rows(year: number, area: AreaCode): Promise<readonly FrozenRow[]>;
  /** Cities the register knows in a province. */
  cities(province: AreaCode): Promise<readonly AreaCode[]>;
  /** Codes under which records of an area's county lie, and whether one of another code belongs to the area today. */
  records(area: AreaCode): Promise<{
    readonly counties: readonly AreaCode[];
    readonly holds: (area: AreaCode) => Promise<boolean>;
  }>;
}

/** Where an area lies in the snapshots of a year. */
export interface FrozenPlace {
  /** Its codes of that day: its own, or those whose place it has taken. */
  readonly areas: readonly AreaCode[];
  /** The snapshots they lie in; none named above counties, whose rows speak for themselves. */
  readonly snapshots: readonly Snapshot[];
}

/** How deep an area lies: provinces at 0. */
export const depth = (area: AreaCode): number => {
  const level = levelOf(area);
  return level === undefined ? -1 : levels.indexOf(level);
};

/** Whether an area holds counties. */
export function isAboveCounties(area: AreaCode): boolean {
  return depth(area) < levels.indexOf('county');
}

/** Rows of an area's parts. Nothing is frozen of a province's cities: their counties are added up. */
export async function partsOf(
  ports: PlacePorts,
  year: number,
  area: AreaCode,
): Promise<readonly FrozenRow[]> {
  if (levelOf(area) !== 'province') return ports.rows(year, area);
  const cities = await ports.cities(area);
  const rows = await Promise.all(cities.map((city) => cityRow(ports, year, city)));
  return rows.flat();
}

async function cityRow(
  ports: PlacePorts,
  year: number,
  city: AreaCode,
): Promise<readonly FrozenRow[]> {
  const parts = await ports.rows(year, city);
  const [knownAt] = parts.map((part) => part.knownAt).sort();
  if (knownAt === undefined) return [];
  const figures = sumOfParts(parts);
  return [
    { area: city, name: '', knownAt, hash: '', parts: parts.map((one) => one.area), figures },
  ];
}

/** The areas of a frozen county that belong to an area today, the widest of them alone: a town may be made of single villages of others. */
async function within(
  ports: PlacePorts,
  { year, county }: Snapshot,
  holds: (area: AreaCode) => Promise<boolean>,
): Promise<readonly AreaCode[]> {
  const found: AreaCode[] = [];
  let layer: readonly AreaCode[] = [county];
  while (layer.length > 0) {
    const below: AreaCode[] = [];
    for (const one of layer) {
      if (await holds(one)) found.push(one);
      else if (depth(one) < levels.indexOf('village'))
        below.push(...(await ports.rows(year, one)).map((row) => row.area));
    }
    layer = below;
  }
  return found;
}

async function isIn(ports: PlacePorts, { year, county }: Snapshot, area: AreaCode) {
  return area === county || (await ports.row(year, area)) !== undefined;
}

/** The area under the codes it had: whose snapshots are frozen under those. */
async function findFormer(
  ports: PlacePorts,
  year: number,
  area: AreaCode,
): Promise<FrozenPlace | Refusal> {
  const { counties, holds } = await ports.records(area);
  const known = await Promise.all(counties.map((county) => ports.snapshot(county, year)));
  const snapshots = known.filter((one) => one !== undefined);
  if (snapshots.some(({ state }) => state === 'running'))
    return refuse('snapshot-running', { year });
  const found: { snapshot: Snapshot; areas: readonly AreaCode[] }[] = [];
  for (const snapshot of snapshots)
    found.push({ snapshot, areas: await within(ports, snapshot, holds) });
  const holding = found.filter(({ areas }) => areas.length > 0);
  if (holding.length === 0) return refuse('snapshot-none', { year });
  return {
    areas: holding.flatMap(({ areas }) => areas).sort(),
    snapshots: holding.map(({ snapshot }) => snapshot),
  };
}

/**
 * Where an area lies in the snapshots of a year: under the code it is asked by, as it was that day; otherwise under those whose place it has
 * taken since.
 * Refusals: snapshot-none, snapshot-running.
 */
export async function findFrozen(
  ports: PlacePorts,
  year: number,
  area: AreaCode,
): Promise<FrozenPlace | Refusal> {
  if (isAboveCounties(area)) return { areas: [area], snapshots: [] };
  const own = await ports.snapshot(countyOf(area), year);
  if (own?.state === 'running') return refuse('snapshot-running', { year });
  if (own && (await isIn(ports, own, area))) return { areas: [area], snapshots: [own] };
  return findFormer(ports, year, area);
}
