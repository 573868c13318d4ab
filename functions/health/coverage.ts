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
import type { MemberDigest } from '../core/roster.ts';
import { rostersIn, type WalkTables } from '../household/walk.ts';
import { inLanes } from '../lib/lanes.ts';

/** What counting coverage needs of the outside. */
export interface CoveragePorts {
  readonly tables: WalkTables;
  records(persons: readonly string[]): Promise<ReadonlyMap<string, HealthRecord>>;
  rule(day: Day, place: AreaCode): HealthRule | null;
}

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

/** A city or province: what its board says, and the counties in which anybody is registered. */
async function summed({ tables }: CoveragePorts, area: AreaCode) {
  const { summary } = tables;
  const figures = (await getRow(summary, area, false))?.figures;
  const ports = {
    rows: (one: AreaCode) => getRows(summary, one),
    row: (one: AreaCode) => getRow(summary, one, false),
  };
  const parts: { area: AreaCode; href: string }[] = [];
  const asked = { area, to: 'county', passes: (one: Figures) => !isNothing(one) } as const;
  for await (const row of walk(ports, asked))
    parts.push({ area: row.area, href: `/areas/${row.area}/health` });
  return {
    ...{ persons: figures ? registeredIn(figures).persons : 0, counts: null, parts },
    ...{ covered: figures ? signedIn(figures) : 0, lists: boardLinks(area) },
  };
}

/** How far the registered persons of an area are covered by contracts, files and follow-ups. */
export function coverageOf(ports: CoveragePorts, area: AreaCode, day: Day) {
  const level = levelOf(area);
  const isAbove = level === 'province' || level === 'city';
  return isAbove ? summed(ports, area) : counted(ports, area, day);
}
