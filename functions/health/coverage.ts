import { awaitsRecount } from '../board/row.ts';
import { recounting } from '../board/service.ts';
import { getRow, getRows } from '../board/table.ts';
import type { Day } from '../core/day.ts';
import { isRegistered } from '../core/dimension.ts';
import { personDimensions } from '../core/dimension-person.ts';
import { type AreaCode, levelOf } from '../core/division.ts';
import { type Figures, isNothing, personsIn, registeredIn } from '../core/figure.ts';
import { walk } from '../core/figure-walk.ts';
import type { HealthRecord } from '../core/health.ts';
import type { HealthRule } from '../core/health-rule.ts';
import {
  boardLinks,
  type HealthList,
  healthCounts,
  healthLinks,
  listsOf,
} from '../core/health-view.ts';
import type { Refusal } from '../core/refusal.ts';
import type { MemberDigest } from '../core/roster.ts';
import { rostersIn, type WalkTables } from '../household/walk.ts';
import { inLanes } from '../lib/lanes.ts';

/** What counting coverage needs of the outside. */
export interface CoveragePorts {
  readonly tables: WalkTables;
  records(persons: readonly string[]): Promise<ReadonlyMap<string, HealthRecord>>;
  rule(day: Day, place: AreaCode): HealthRule | null;
  /** Persons of a county that are counted one by one at most. */
  readonly most: number;
}

/** As many as can be read while somebody waits, in half of 29 seconds. */
export const MOST_COUNTED = 100_000;

/** Persons whose records are read together, and reads under way at once. */
const AT_ONCE = 400;
const LANES = 8;

interface Counted {
  readonly village: AreaCode;
  readonly member: MemberDigest;
}

async function registered(tables: WalkTables, area: AreaCode): Promise<readonly Counted[]> {
  const rosters = await rostersIn(tables, area);
  return rosters
    .filter(isRegistered)
    .flatMap(({ village, members }) => members.map((member) => ({ village, member })));
}

/** The lists in which every person of an area stands. Most villages are small, so records are read for many of them together. */
async function listed(
  ports: CoveragePorts,
  area: AreaCode,
  day: Day,
): Promise<readonly (readonly HealthList[])[]> {
  const all = await registered(ports.tables, area);
  const rules = new Map<AreaCode, HealthRule | null>();
  for (const { village } of all)
    if (!rules.has(village)) rules.set(village, ports.rule(day, village));
  const starts = Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, at) => at * AT_ONCE);
  const found = await inLanes(starts, LANES, async (start) => {
    const some = all.slice(start, start + AT_ONCE);
    const records = await ports.records(some.map(({ member }) => member.id));
    return some.map(({ village, member }) => {
      const showing = { day, rule: rules.get(village) ?? null };
      return listsOf(member.familyDoctor, records.get(member.id), showing);
    });
  });
  return found.flat();
}

/** A county, town or village, counted person by person. */
async function counted(ports: CoveragePorts, area: AreaCode, day: Day) {
  const counts = healthCounts(await listed(ports, area, day));
  const { persons, contract, ledger } = counts;
  return { persons, covered: contract + ledger, counts, lists: healthLinks(area), parts: [] };
}

function signedIn(figures: Figures): number {
  const dimension = personDimensions.find(({ id }) => id === 'coverage');
  return dimension ? personsIn(figures, dimension, 'signed-doctor:yes') : 0;
}

/**
 * An area of too many to be counted one by one: what its board says, and the parts in which anybody is registered.
 * Refusals: figures-being-recounted.
 */
async function summed({ tables }: CoveragePorts, area: AreaCode, to: 'county' | 'town') {
  const { summary } = tables;
  const own = await getRow(summary, area, false);
  if (own && awaitsRecount(own)) return recounting();
  const figures = own?.figures;
  const ports = {
    rows: (one: AreaCode) => getRows(summary, one),
    row: (one: AreaCode) => getRow(summary, one, false),
  };
  const parts: { area: AreaCode; href: string }[] = [];
  const asked = { area, to, passes: (one: Figures) => !isNothing(one) } as const;
  for await (const row of walk(ports, asked))
    parts.push({ area: row.area, href: `/areas/${row.area}/health` });
  return {
    ...{ persons: figures ? registeredIn(figures).persons : 0, counts: null, parts },
    ...{ covered: figures ? signedIn(figures) : 0, lists: boardLinks(area) },
  };
}

/** Whether a county's board says that there are more than can be counted while somebody waits. */
async function isTooLarge({ tables, most }: CoveragePorts, county: AreaCode): Promise<boolean> {
  const figures = (await getRow(tables.summary, county, false))?.figures;
  return figures !== undefined && registeredIn(figures).persons > most;
}

type Covered = Awaited<ReturnType<typeof counted>> | Awaited<ReturnType<typeof summed>>;

/**
 * How far the registered persons of an area are covered by contracts, files and follow-ups.
 * Refusals: figures-being-recounted.
 */
export async function coverageOf(
  ports: CoveragePorts,
  area: AreaCode,
  day: Day,
): Promise<Covered | Refusal> {
  const level = levelOf(area);
  if (level === 'province' || level === 'city') return summed(ports, area, 'county');
  if (level === 'county' && (await isTooLarge(ports, area))) return summed(ports, area, 'town');
  return counted(ports, area, day);
}
