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
import { type WalkTables, walkRosters } from '../household/walk.ts';

/** What counting coverage needs of the outside. */
export interface CoveragePorts {
  readonly tables: WalkTables;
  records(persons: readonly string[]): Promise<ReadonlyMap<string, HealthRecord>>;
  rule(day: Day, place: AreaCode): HealthRule | null;
}

/** Persons whose records are read at once. */
const AT_ONCE = 400;

interface Waiting {
  readonly village: AreaCode;
  readonly member: MemberDigest;
}

async function* registered(tables: WalkTables, area: AreaCode): AsyncGenerator<Waiting> {
  for await (const { village, rosters } of walkRosters(tables, { area }))
    for (const roster of rosters.filter(isRegistered))
      for (const member of roster.members) yield { village, member };
}

/** The lists in which every person of an area stands. */
async function listed(
  ports: CoveragePorts,
  area: AreaCode,
  day: Day,
): Promise<readonly (readonly HealthList[])[]> {
  const all: (readonly HealthList[])[] = [];
  let waiting: Waiting[] = [];
  const take = async () => {
    const records = await ports.records(waiting.map(({ member }) => member.id));
    for (const { village, member } of waiting) {
      const showing = { day, rule: ports.rule(day, village) };
      all.push(listsOf(member.familyDoctor, records.get(member.id), showing));
    }
    waiting = [];
  };
  for await (const one of registered(ports.tables, area)) {
    waiting.push(one);
    if (waiting.length === AT_ONCE) await take();
  }
  await take();
  return all;
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
