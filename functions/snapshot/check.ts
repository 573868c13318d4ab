import { type AreaCode, levelOf } from '../core/division.ts';
import { saysTheSame } from '../core/figure-name.ts';
import type { Refusal } from '../core/refusal.ts';
import type { FrozenVillage } from '../core/snapshot-object.ts';
import {
  type FaultKind,
  NAMED_FAULTS,
  type SnapshotCheck,
  type SnapshotFault,
} from '../core/snapshot-view.ts';
import type { FrozenRow } from './item.ts';
import { findFrozen, type PlacePorts } from './place.ts';
import { countFrozen, hashOfParts, sumOfParts } from './row.ts';

export interface CheckPorts extends PlacePorts {
  /** The object of a village and year; undefined where there is none, `unreadable` where nobody can read it. */
  object(year: number, village: AreaCode): Promise<FrozenVillage | 'unreadable' | undefined>;
}

/** Objects read at once. */
const LANES = 8;

/** What a check has found so far. */
interface Found {
  readonly faults: SnapshotFault[];
  /** Households by where they were found. */
  readonly seen: Map<string, AreaCode>;
  villages: number;
  households: number;
  persons: number;
}

function faultOf(
  row: FrozenRow,
  object: FrozenVillage | 'unreadable' | undefined,
): FaultKind | undefined {
  if (object === undefined) return 'object-missing';
  if (object === 'unreadable' || !object.isWhole || object.hash !== row.hash)
    return 'object-changed';
  return saysTheSame(row.figures, countFrozen(object)) ? undefined : 'figures-differ';
}

/** A household whose place was corrected while it was frozen may stand in two villages. */
function refindings(found: Found, { rosters, about }: FrozenVillage): void {
  const again = rosters.filter(({ id }) => found.seen.has(id));
  const areas = again.flatMap(({ id }) => [about.village, found.seen.get(id) ?? about.village]);
  for (const area of new Set(areas)) found.faults.push({ area, fault: 'household-twice' });
  for (const { id } of rosters) found.seen.set(id, about.village);
}

async function checkVillages(
  ports: CheckPorts,
  found: Found,
  asked: { readonly year: number; readonly rows: readonly FrozenRow[] },
): Promise<void> {
  const waiting = [...asked.rows];
  const lane = async (): Promise<void> => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const object = await ports.object(asked.year, row.area);
      const fault = faultOf(row, object);
      if (fault) found.faults.push({ area: row.area, fault });
      found.villages += 1;
      if (!object || object === 'unreadable') continue;
      refindings(found, object);
      const [households, persons] = countFrozen(object).registered;
      found.households += households;
      found.persons += persons;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

/** An area that is made of others, and everything inside it. */
async function checkArea(
  ports: CheckPorts,
  found: Found,
  asked: { readonly year: number; readonly row: FrozenRow },
): Promise<void> {
  const { year, row } = asked;
  const parts = await ports.rows(year, row.area);
  const there = new Set(parts.map(({ area }) => area));
  for (const area of row.parts)
    if (!there.has(area)) found.faults.push({ area, fault: 'row-missing' });
  if (hashOfParts(parts) !== row.hash) found.faults.push({ area: row.area, fault: 'parts-differ' });
  else if (!saysTheSame(row.figures, sumOfParts(parts)))
    found.faults.push({ area: row.area, fault: 'figures-differ' });
  const villages = parts.filter(({ area }) => levelOf(area) === 'village');
  await checkVillages(ports, found, { year, rows: villages });
  for (const part of parts)
    if (levelOf(part.area) !== 'village') await checkArea(ports, found, { year, row: part });
}

/**
 * Counts an area of a snapshot again from its objects and compares with what was frozen; the digests must lead from each object to the
 * snapshot. Refusals: snapshot-none, snapshot-running.
 */
export async function check(
  ports: CheckPorts,
  asked: { readonly area: AreaCode; readonly year: number },
): Promise<SnapshotCheck | Refusal> {
  const { area, year } = asked;
  const place = await findFrozen(ports, year, area);
  if ('refused' in place) return place;
  const found: Found = { faults: [], seen: new Map(), villages: 0, households: 0, persons: 0 };
  for (const one of place.areas) {
    const row = await ports.row(year, one);
    if (!row) found.faults.push({ area: one, fault: 'row-missing' });
    else if (levelOf(one) === 'village') await checkVillages(ports, found, { year, rows: [row] });
    else await checkArea(ports, found, { year, row });
    const ending = place.snapshots.find(({ county }) => county === one);
    if (ending && row && row.hash !== ending.hash)
      found.faults.push({ area: one, fault: 'parts-differ' });
  }
  const { faults, villages, households, persons } = found;
  return {
    ...{ area, year, villages, households, persons },
    drift: new Set(faults.map((one) => one.area)).size,
    hashes: place.snapshots.map(({ county, hash }) => ({ county, hash })),
    faults: faults.toSorted((a, b) => (a.area < b.area ? -1 : 1)).slice(0, NAMED_FAULTS),
  };
}
