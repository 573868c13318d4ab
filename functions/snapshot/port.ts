import { areaResolver, childrenOf, divisionsUnder, getDivision, recordsOf } from '../area/table.ts';
import { getRows } from '../board/table.ts';
import type { AreaCode } from '../core/division.ts';
import { type Division, isOpen } from '../core/division-register.ts';
import { isNothing } from '../core/figure.ts';
import { rosterKnown } from '../core/roster-on.ts';
import type { Snapshot, SnapshotChunk, SnapshotMessage } from '../core/snapshot.ts';
import { profileKnown } from '../core/village-on.ts';
import { asOfPorts, villageOn } from '../household/as-of.ts';
import { now, today } from '../lib/clock.ts';
import { faultFields, log } from '../lib/log.ts';
import type { AreaResolver } from '../lib/scope.ts';
import { getProfile } from '../village/table.ts';
import type { CheckPorts } from './check.ts';
import { loadVillage, storeVillage } from './object.ts';
import { isAboveCounties, type PlacePorts } from './place.ts';
import type { BeginPorts } from './service.ts';
import {
  createSnapshot,
  freeze,
  getChunk,
  getChunks,
  getFrozenRow,
  getFrozenRows,
  getSnapshot,
  putFrozenRow,
  saveChunk,
} from './table.ts';
import type { WorkPorts } from './work.ts';

/** The counties of a city or province that pass; all, closed ones too, unless told. */
export async function countiesIn(
  table: string,
  area: AreaCode,
  passes: (division: Division) => boolean = () => true,
): Promise<readonly AreaCode[]> {
  if (!isAboveCounties(area)) return [area];
  const inside = (await childrenOf(table, area)).filter(passes);
  const counties = await Promise.all(inside.map(({ code }) => countiesIn(table, code, passes)));
  return counties.flat();
}

/** What beginning a snapshot needs. */
export function beginPorts(tables: { readonly area: string; readonly job: string }): BeginPorts {
  return {
    under: (county) => divisionsUnder(tables.area, county),
    snapshot: (county, year) => getSnapshot(tables.job, county, year),
    create: (snapshot: Snapshot, chunks: readonly SnapshotChunk[]) =>
      createSnapshot(tables.job, { snapshot, chunks }),
    newJob: () => `ys_${crypto.randomUUID()}`,
  };
}

export interface WorkTables {
  readonly household: string;
  readonly area: string;
  readonly summary: string;
  readonly job: string;
}

/** Freezing on the tables and the bucket of a deployment. */
export function workPorts(
  tables: WorkTables,
  bucket: string,
  send: (messages: readonly SnapshotMessage[]) => Promise<void>,
): WorkPorts {
  const { area, summary, job } = tables;
  return {
    ...beginPorts(tables),
    chunks: (id) => getChunks(job, id),
    chunk: (id, index) => getChunk(job, id, index),
    saveChunk: (id, chunk) => saveChunk(job, id, chunk),
    inside: async (above) =>
      (await getRows(summary, above, true))
        .filter(({ figures }) => figures === undefined || !isNothing(figures))
        .map((row) => row.area),
    villages: () => {
      // How divisions stand is remembered for a minute; nothing is frozen by what another message remembers.
      const register = { ...asOfPorts(tables, true), roster: rosterKnown };
      return async (code, day) => {
        const division = await getDivision(area, code);
        // Its households have another village by now; who put them there was not to begin while we are at it.
        if (!division || !isOpen(division)) throw new Error('a village closed under the snapshot');
        const [{ rosters }, profile] = await Promise.all([
          villageOn(register, code, day),
          getProfile(tables.household, code),
        ]);
        return { rosters, profile: profile && profileKnown(profile, day) };
      };
    },
    object: (year, village) => loadVillage(bucket, year, village),
    storeObject: (input) => storeVillage(bucket, input),
    row: (year, code) => getFrozenRow(summary, year, code),
    rows: (year, code) => getFrozenRows(summary, year, code),
    putRow: (year, row) => putFrozenRow(summary, year, row),
    freeze: (snapshot, end) => freeze({ job, summary }, snapshot, end),
    nameOf: async (code) => (await getDivision(area, code))?.name ?? code,
    send,
    now,
    today,
  };
}

/** Finding areas in snapshots on the tables of a deployment. */
export function placePorts(
  tables: Omit<WorkTables, 'household'>,
  resolve: AreaResolver = areaResolver(tables.area),
): PlacePorts {
  const { area, summary, job } = tables;
  return {
    snapshot: (county, year) => getSnapshot(job, county, year),
    row: (year, code) => getFrozenRow(summary, year, code),
    rows: (year, code) => getFrozenRows(summary, year, code),
    cities: async (province) => (await childrenOf(area, province)).map(({ code }) => code),
    records: (code) => recordsOf(area, code, resolve),
  };
}

export function checkPorts(
  tables: Omit<WorkTables, 'household'>,
  bucket: string,
  resolve?: AreaResolver,
): CheckPorts {
  return {
    ...placePorts(tables, resolve),
    object: async (year, village) => {
      try {
        return await loadVillage(bucket, year, village);
      } catch (fault) {
        // What the store has kept is no object of ours any more; a store that cannot be reached is a fault all the same.
        if (!(fault instanceof SyntaxError || isShapeFault(fault))) throw fault;
        log.warn('snapshot.unreadable', { year, village, ...faultFields(fault) });
        return 'unreadable';
      }
    },
  };
}

function isShapeFault(fault: unknown): boolean {
  return fault instanceof RangeError || (fault instanceof Error && fault.name === 'ZodError');
}
