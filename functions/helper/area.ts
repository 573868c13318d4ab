import { countyVillages } from '../area/around.ts';
import { recordsOf } from '../area/table.ts';
import { type AreaCode, ancestorAt, ancestorsOf, levelOf, liesWithin } from '../core/division.ts';
import type { Helper } from '../core/helper.ts';
import { isCurrent, type Pairing } from '../core/pairing.ts';
import { type Decided, refuse } from '../core/refusal.ts';
import { inLanes } from '../lib/lanes.ts';
import type { AreaResolver } from '../lib/scope.ts';
import { type Directory, readDirectory } from '../pairing/store.ts';
import { countiesIn } from '../snapshot/port.ts';
import type { Placed } from './place.ts';

/** Helpers and pairings read for one answer at most; beyond them an area is looked at by its parts. */
const MOST_ROWS = 60_000;
/** Directories read at once. */
const LANES = 8;

export interface AreaTables {
  readonly pairing: string;
  readonly area: string;
}

/** The helpers and pairings of an area. */
export interface AreaHelp {
  /** Kept in the area, or paired in it. */
  readonly helpers: readonly Helper[];
  /** Kept above the area and not paired in it. */
  readonly above: readonly Helper[];
  readonly pairings: readonly Pairing[];
  /** What helpers are called, those who have ended included. */
  readonly names: ReadonlyMap<string, string>;
}

/** Directories in which helpers of an area may stand: those of its counties under all their codes, and those above. */
async function directories(
  tables: AreaTables,
  area: AreaCode,
  resolve: AreaResolver,
): Promise<readonly AreaCode[]> {
  const inside = await countiesIn(tables.area, area);
  const own = await inLanes(inside, LANES, async (county) => {
    return (await recordsOf(tables.area, county, resolve)).counties;
  });
  const county = ancestorAt(area, 'county');
  return [...new Set([...own.flat(), area.slice(0, 6), ...ancestorsOf(county), county])];
}

function isBelowCounty(area: AreaCode): boolean {
  const level = levelOf(area);
  return level === 'town' || level === 'village';
}

/** The pairings that stand in an area today. Above towns, households are taken to be in the county that keeps their helper. */
async function inArea(
  area: AreaCode,
  { pairings, kept }: { readonly pairings: readonly Pairing[]; readonly kept: ReadonlySet<string> },
  place: (pairings: readonly Pairing[]) => Promise<readonly Placed[]>,
): Promise<readonly Pairing[]> {
  const isSure = ({ helper }: Pairing) => !isBelowCounty(area) && kept.has(helper);
  const placed = await place(pairings.filter((one) => !isSure(one)));
  const within = placed.filter(({ villages }) => villages.some((code) => liesWithin(code, area)));
  return [...pairings.filter(isSure), ...within.map(({ pairing }) => pairing)];
}

async function keptIn(
  area: AreaCode,
  helpers: readonly Helper[],
  resolve: AreaResolver,
): Promise<ReadonlySet<string>> {
  const kept = new Set<string>();
  for (const helper of helpers) {
    const present = await resolve([helper.area]);
    if (present.some((code) => liesWithin(code, area))) kept.add(helper.id);
  }
  return kept;
}

/** Who helps in an area. Refusals: area-too-wide. */
export async function helpIn(
  tables: AreaTables,
  area: AreaCode,
  ports: {
    readonly resolve: AreaResolver;
    readonly place: (pairings: readonly Pairing[]) => Promise<readonly Placed[]>;
  },
): Promise<Decided<AreaHelp>> {
  const found = await readAll(tables, await directories(tables, area, ports.resolve));
  if (!found) return refuse('area-too-wide');
  const kept = await keptIn(area, found.helpers, ports.resolve);
  const pairings = await inArea(area, { pairings: found.pairings, kept }, ports.place);
  const paired = new Set(pairings.filter(isCurrent).map(({ helper }) => helper));
  const isOwn = ({ id }: Helper) => kept.has(id) || paired.has(id);
  const live = found.helpers.filter(({ endedOn }) => endedOn === null);
  const serves = ({ area: keeper }: Helper) => liesWithin(area, keeper);
  return {
    ok: {
      helpers: live.filter(isOwn),
      above: live.filter((one) => !isOwn(one) && serves(one)),
      pairings,
      names: new Map(found.helpers.map(({ id, name }) => [id, name])),
    },
  };
}

async function readAll(
  { pairing }: AreaTables,
  codes: readonly AreaCode[],
): Promise<Directory | undefined> {
  const read = await inLanes(codes, LANES, (code) => readDirectory(pairing, [code], MOST_ROWS));
  const parts = read.flatMap((one) => one ?? []);
  const helpers = parts.flatMap((one) => one.helpers);
  const pairings = parts.flatMap((one) => one.pairings);
  const isWide = parts.length < read.length || helpers.length + pairings.length > MOST_ROWS;
  return isWide ? undefined : { helpers, pairings };
}

/** The villages of an area that are in use. */
export async function villagesIn(table: string, area: AreaCode): Promise<readonly AreaCode[]> {
  const { present } = await countyVillages(table)(area);
  return present.filter((code) => liesWithin(code, area));
}
