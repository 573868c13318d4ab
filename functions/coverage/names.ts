import { type Actor, mayReach } from '../core/access.ts';
import { type Coverage, type CoverageClass, countIn, type Finding } from '../core/coverage.ts';
import { itemIn, itemView, type NameRow } from '../core/coverage-view.ts';
import type { AreaCode } from '../core/division.ts';
import { type WalkPorts, walk } from '../core/figure-walk.ts';
import { cursorOf, type Position, positionOf, type Question } from '../core/list-cursor.ts';
import type { PolicyItem } from '../core/policy.ts';
import { isRefused } from '../core/refusal.ts';
import type { Roster } from '../core/roster.ts';
import type { CoverageRow, HouseholdRow } from './item.ts';
import { type CoveragePorts, find } from './service.ts';

export interface NamesPorts extends CoveragePorts {
  /** A page of what was found in a village, in the order of households. */
  page(
    village: AreaCode,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<{ readonly rows: readonly HouseholdRow[]; readonly isEnd: boolean }>;
  /** Rosters of households of a village; of those that have left it none. */
  rosters(village: AreaCode, households: readonly string[]): Promise<ReadonlyMap<string, Roster>>;
  /** What was found for a village itself. */
  ofVillage(village: AreaCode): Promise<readonly Finding[]>;
  /** Names of members by person id. */
  members(
    members: readonly { readonly household: string; readonly person: string }[],
  ): Promise<ReadonlyMap<string, { readonly name: string }>>;
}

export interface NamesAsked {
  readonly area: AreaCode;
  readonly id: string;
  readonly result: CoverageClass;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly actor: Actor;
}

/** Households read for one page at most; with a rare result a page may be short or empty, its cursor goes on. */
const BUDGET = 1000;
const AT_ONCE = 200;

function isOf(result: CoverageClass, outcome: CoverageClass): boolean {
  if (result === 'entitled') return outcome === 'received' || outcome === 'missed';
  return outcome === result;
}

interface Named {
  readonly result: CoverageClass;
  readonly persons: readonly string[];
  readonly dueFen: number | null;
  readonly receivedFen: number;
}

/** What a household's row says of an item, as far as it is of a result; undefined where it is of another. */
function namedIn(
  { findings, kept: { persons, rules } }: HouseholdRow,
  { item, mark, asked: { result } }: Search,
): Named | undefined {
  const own = findings.filter((one) => one.item === item.id);
  if (result === 'not-eligible') {
    if (rules !== mark) return undefined;
    const rest = persons.filter((_, at) => !own.some(({ person }) => person === at));
    const isPlain = item.subject === 'person' ? rest.length > 0 : own.length === 0;
    const who = item.subject === 'person' ? rest : [];
    return isPlain ? { result, persons: who, dueFen: null, receivedFen: 0 } : undefined;
  }
  const fitting = own.filter(({ outcome }) => isOf(result, outcome));
  if (fitting.length === 0) return undefined;
  const due = fitting.flatMap(({ dueFen }) => dueFen ?? []);
  return {
    result,
    persons: fitting.flatMap(({ person }) => persons[person] ?? []),
    dueFen: due.length > 0 ? due.reduce((sum, one) => sum + one, 0) : null,
    receivedFen: fitting.reduce((sum, { receivedFen }) => sum + receivedFen, 0),
  };
}

/** A page while it fills. */
interface Page {
  readonly items: NameRow[];
  readonly next: Position | undefined;
  readonly read: number;
}

interface Search {
  readonly asked: NamesAsked;
  readonly item: PolicyItem;
  /** Of the rules in force: of a row that goes by others nobody knows whether it was asked about the item. */
  readonly mark: string;
}

interface Hit {
  readonly household: string;
  readonly named: Named;
  readonly roster: Roster;
}

async function rowsOf(
  ports: NamesPorts,
  village: AreaCode,
  hits: readonly Hit[],
): Promise<readonly NameRow[]> {
  const names = await ports.members(
    hits.flatMap(({ household, named }) => named.persons.map((person) => ({ household, person }))),
  );
  return hits.map(({ named, roster: { id, number, headName } }) => ({
    village,
    household: { id, number, href: `/households/${id}`, headName },
    persons: named.persons.flatMap((person) => {
      const name = names.get(person)?.name;
      return name === undefined ? [] : [{ id: person, name }];
    }),
    result: named.result,
    dueFen: named.dueFen,
    receivedFen: named.receivedFen,
  }));
}

/** Households of a read that belong there, and may be seen where they stand now. */
async function hitsIn(
  ports: NamesPorts,
  search: Search,
  read: { readonly village: AreaCode; readonly rows: readonly HouseholdRow[] },
): Promise<readonly Hit[]> {
  const { village, rows } = read;
  const households = rows.map(({ household }) => household);
  const rosters = await ports.rosters(village, households);
  return rows.flatMap((row) => {
    const roster = rosters.get(row.household);
    const named = namedIn(row, search);
    if (!roster || !named || !mayReach(search.asked.actor, roster)) return [];
    return [{ household: row.household, named, roster }];
  });
}

interface Taken {
  readonly page: Page;
  /** Whether it ends here, with something left. */
  readonly isFull: boolean;
}

/** One read of a village; the page ends in the middle of it where what was found no longer fits. */
async function takeSome(
  ports: NamesPorts,
  search: Search,
  at: { readonly village: AreaCode; readonly after?: string | undefined; readonly page: Page },
): Promise<Taken & { readonly isEnd: boolean }> {
  const { village, after, page } = at;
  const { limit } = search.asked;
  const { rows, isEnd } = await ports.page(village, { after, limit: AT_ONCE });
  const hits = await hitsIn(ports, search, { village, rows });
  const fitting = hits.slice(0, limit - page.items.length);
  const isCut = fitting.length < hits.length;
  const last = isCut ? fitting.at(-1) : rows.at(-1);
  const items = [...page.items, ...(await rowsOf(ports, village, fitting))];
  const next = last ? { village, household: last.household } : page.next;
  const read = page.read + rows.length;
  const isFull = isCut || (!isEnd && (items.length >= limit || read >= BUDGET));
  return { page: { items, next, read }, isFull, isEnd };
}

/** Households of one village; whether the page ends in it. */
async function takeVillage(
  ports: NamesPorts,
  search: Search,
  at: { readonly village: AreaCode; readonly after?: string | undefined; readonly page: Page },
): Promise<Taken> {
  let taken = await takeSome(ports, search, at);
  while (!taken.isFull && !taken.isEnd) {
    const { page } = taken;
    const after = page.next?.household;
    taken = await takeSome(ports, search, { village: at.village, after, page });
  }
  return taken;
}

/** A village that an item for villages is about. */
async function takeItself(
  ports: NamesPorts,
  { asked, item }: Search,
  at: { readonly village: AreaCode; readonly page: Page },
): Promise<Page> {
  const { village, page } = at;
  const own = (await ports.ofVillage(village)).find((one) => one.item === item.id);
  const outcome = own?.outcome ?? 'not-eligible';
  const next = { village, household: '-' };
  if (!isOf(asked.result, outcome)) return { ...page, next, read: page.read + 1 };
  const { dueFen = null, receivedFen = 0 } = own ?? {};
  const row = { village, household: null, persons: [], result: asked.result, dueFen, receivedFen };
  return { items: [...page.items, row], next, read: page.read + 1 };
}

function walkPorts(ports: CoveragePorts): WalkPorts<{ area: AreaCode; figures: Coverage }> {
  const stepOf = ({ area, coverage }: CoverageRow) => ({ area, figures: coverage });
  return {
    rows: async (area) => (await ports.coverages(area)).map(stepOf),
    row: async (area) => {
      const found = await ports.coverage(area);
      return found && stepOf(found);
    },
  };
}

/** The villages in which anybody has that result, from where a page begins. */
async function* villagesOf(
  ports: CoveragePorts,
  { asked: { area, id, result } }: Search,
  position: Position | undefined,
): AsyncGenerator<{ readonly village: AreaCode; readonly after?: string }> {
  const isInside = position !== undefined && position.household !== '-';
  if (isInside) yield { village: position.village, after: position.household };
  const passes = (coverage: Coverage) => {
    const counted = itemIn(coverage, id);
    return counted !== undefined && countIn(counted, result).wide > 0;
  };
  const asked = { area, to: 'village', passes, after: position?.village } as const;
  for await (const { area: village } of walk(walkPorts(ports), asked)) yield { village };
}

async function fill(
  ports: NamesPorts,
  search: Search,
  position: Position | undefined,
): Promise<{ readonly page: Page; readonly isMore: boolean }> {
  const { asked, item } = search;
  let page: Page = { items: [], next: position, read: 0 };
  for await (const { village, after } of villagesOf(ports, search, position)) {
    if (page.items.length >= asked.limit || page.read >= BUDGET) return { page, isMore: true };
    if (item.subject === 'village') page = await takeItself(ports, search, { village, page });
    else {
      const taken = await takeVillage(ports, search, { village, after, page });
      page = taken.page;
      if (taken.isFull) return { page, isMore: true };
    }
  }
  return { page, isMore: false };
}

/**
 * A page of the names behind a figure: coverage leads to the villages that count somebody, the rows there say whom; shown is who stands there
 * now and may be seen. Refusals: not-found (no such item in force), cursor-invalid.
 */
export async function listNames(ports: NamesPorts, asked: NamesAsked) {
  const { area, id, result, cursor } = asked;
  const found = await find(ports, area, id);
  if ('refused' in found) return found;
  const filters = [
    { id: 'policy', value: id },
    { id: 'result', value: result },
  ];
  const question: Question = { kind: 'coverage', area, filters };
  const position = cursor === undefined ? undefined : positionOf(question, cursor);
  if (position && isRefused(position)) return position;
  const { page, isMore } = await fill(ports, { ...found, asked }, position?.ok);
  return {
    ...{ area, asOf: ports.today(), item: itemView(found.item), result, items: page.items },
    ...(isMore && page.next && { cursor: cursorOf(question, page.next) }),
  };
}
