import { type Actor, mayReach } from '../core/access.ts';
import type { Day } from '../core/day.ts';
import { type AreaCode, ancestorAt } from '../core/division.ts';
import { settingOf } from '../core/figure.ts';
import type { Position, Question } from '../core/list-cursor.ts';
import { ALL, entryKey } from '../core/list-entry.ts';
import { type Filter, isIn, isOfPersons, membersIn, needsProfile } from '../core/list-filter.ts';
import type { MemberDigest, Roster, VillageProfile } from '../core/roster.ts';

/** Where an entry points. */
export interface Pointer {
  readonly village: AreaCode;
  readonly household: string;
}

export interface PagePorts {
  /** Entries of an area of one county under a key, after a place. */
  entries(query: {
    readonly area: AreaCode;
    readonly key: string;
    readonly after?: Pointer | undefined;
    readonly limit: number;
  }): Promise<{ readonly pointers: readonly Pointer[]; readonly isEnd: boolean }>;
  /** Rosters of pointers; those that have moved or gone since are missing. */
  rosters(pointers: readonly Pointer[]): Promise<ReadonlyMap<string, Roster>>;
  profiles(villages: readonly AreaCode[]): Promise<ReadonlyMap<AreaCode, VillageProfile>>;
  /** Counties of an area that have households, from the one of `from` on, in the order of their codes. */
  counties(area: AreaCode, from: AreaCode | undefined): AsyncIterable<AreaCode>;
  /** Whether a roster that was read may be shown, where that is not for the roster to say. */
  readonly reaches?: (roster: Roster) => boolean;
}

export interface PageInput {
  readonly question: Question;
  readonly actor: Actor;
  readonly day: Day;
  /** The filter to read by. */
  readonly key: Filter | undefined;
  readonly position: Position | undefined;
  readonly limit: number;
}

/** A household of the page and, in lists of persons, the members that belong there. */
export interface Hit {
  readonly roster: Roster;
  readonly members: readonly MemberDigest[];
}

export interface Page {
  readonly hits: readonly Hit[];
  /** Households read. */
  readonly read: number;
  readonly next: Position | undefined;
  /** Households or persons that belong there and are out of the reader's reach. */
  readonly away: number;
}

/** Households read for one page at most; with a rare combination of filters a page may be short or empty, its cursor goes on. */
const BUDGET = 600;
const MOST_AT_ONCE = 100;
/** How many rows a household probably gives a list of persons without conditions on them. */
const PERSONS_PER_HOUSEHOLD = 3;

function asksOfPersons({ kind, filters }: Question): boolean {
  return kind === 'households' || filters.some(isOfPersons);
}

/** Collects a page household by household. */
class Collector {
  readonly hits: Hit[] = [];
  /** Households or persons found. */
  count = 0;
  /** Households looked at, and read: the last ones read may be left for the next page. */
  taken = 0;
  read = 0;
  /** Households or persons that would have been found, had they been in reach. */
  away = 0;
  next: Position | undefined;
  readonly #input: PageInput;
  readonly #reaches: (roster: Roster) => boolean;

  constructor(input: PageInput, { reaches }: Pick<PagePorts, 'reaches'>) {
    this.#input = input;
    this.#reaches = reaches ?? ((roster) => mayReach(input.actor, roster));
  }

  get missing(): number {
    return this.#input.limit - this.count;
  }

  /** How many households to read next: as many as will probably fill the page. */
  get chunk(): number {
    const guess = asksOfPersons(this.#input.question) ? 1 : PERSONS_PER_HOUSEHOLD;
    const perHousehold = this.taken === 0 ? guess : Math.max(this.count / this.taken, 0.05);
    const wanted = Math.ceil(this.missing / perHousehold);
    return Math.max(1, Math.min(wanted, MOST_AT_ONCE, BUDGET - this.read));
  }

  get isFull(): boolean {
    return this.missing <= 0 || this.read >= BUDGET;
  }

  #isHit(roster: Roster, profile: VillageProfile | undefined): boolean {
    const { question, day } = this.#input;
    return isIn(roster, question.filters, settingOf(profile, day));
  }

  /** The members of a household that belong on the page and have not been on the one before. */
  #membersOf(roster: Roster, profile: VillageProfile | undefined): readonly MemberDigest[] {
    const { question, day, position } = this.#input;
    const members = membersIn(roster, question.filters, settingOf(profile, day));
    if (position?.member === undefined || position.household !== roster.id) return members;
    const all = roster.members.map(({ id }) => id);
    const shown = all.indexOf(position.member);
    return members.filter(({ id }) => all.indexOf(id) > shown);
  }

  /** Takes one household; the page ends in the middle of it where its members no longer fit. */
  take(pointer: Pointer, roster: Roster | undefined, profile: VillageProfile | undefined): void {
    this.taken += 1;
    this.next = { village: pointer.village, household: pointer.household };
    if (!roster || !this.#isHit(roster, profile)) return;
    const isOfHouseholds = this.#input.question.kind === 'households';
    const members = isOfHouseholds ? [] : this.#membersOf(roster, profile);
    if (!this.#reaches(roster)) {
      this.away += isOfHouseholds ? 1 : members.length;
      return;
    }
    if (isOfHouseholds) {
      this.#add({ roster, members }, 1);
      return;
    }
    const fitting = members.slice(0, this.missing);
    const last = fitting.at(-1);
    if (!last) return;
    if (fitting.length < members.length) this.next = { ...this.next, member: last.id };
    this.#add({ roster, members: fitting }, fitting.length);
  }

  #add(hit: Hit, count: number): void {
    this.hits.push(hit);
    this.count += count;
  }
}

async function takeAll(
  ports: PagePorts,
  collector: Collector,
  {
    pointers,
    filters,
  }: { readonly pointers: readonly Pointer[]; readonly filters: readonly Filter[] },
): Promise<void> {
  const [rosters, profiles] = await Promise.all([
    ports.rosters(pointers),
    needsProfile(filters)
      ? ports.profiles([...new Set(pointers.map(({ village }) => village))])
      : new Map<AreaCode, VillageProfile>(),
  ]);
  collector.read += pointers.length;
  for (const pointer of pointers) {
    // Whatever has been read is looked at, also when reading it used up the page's budget.
    if (collector.missing <= 0) return;
    collector.take(pointer, rosters.get(pointer.household), profiles.get(pointer.village));
  }
}

/** Reads one county (or a town or village of it) until the page is full or the county ends. */
async function takeCounty(
  ports: PagePorts,
  collector: Collector,
  { area, input }: { readonly area: AreaCode; readonly input: PageInput },
): Promise<'full' | 'end'> {
  const key = entryKey(input.key ?? ALL);
  let after = collector.next?.village.startsWith(area) ? collector.next : undefined;
  let isEnd = false;
  while (!isEnd) {
    const limit = collector.chunk;
    // One more than will be read tells whether anything is left.
    const page = await ports.entries({ area, key, after, limit: limit + 1 });
    const pointers = page.pointers.slice(0, limit);
    isEnd = page.isEnd && pointers.length === page.pointers.length;
    const before = collector.taken;
    await takeAll(ports, collector, { pointers, filters: input.question.filters });
    const isAll = collector.taken - before === pointers.length && !isCut(collector);
    if (collector.isFull) return isEnd && isAll ? 'end' : 'full';
    after = pointers.at(-1) ?? after;
  }
  return 'end';
}

function isCut({ next }: Collector): boolean {
  return next?.member !== undefined;
}

/** The household a page ended in the middle of stands first on the next one. */
async function takeRest(ports: PagePorts, collector: Collector, input: PageInput): Promise<void> {
  const { position, question } = input;
  if (!position) return;
  const pointer = { village: position.village, household: position.household };
  if (position.member === undefined) collector.next = pointer;
  else await takeAll(ports, collector, { pointers: [pointer], filters: question.filters });
}

/** Reads county after county; whether anything may be left. */
async function takeCounties(
  ports: PagePorts,
  collector: Collector,
  input: PageInput,
): Promise<boolean> {
  const { area } = input.question;
  const from = input.position && ancestorAt(input.position.village, 'county');
  for await (const county of ports.counties(area, from)) {
    if (collector.isFull) return true;
    const inside = county.length > area.length ? county : area;
    const end = await takeCounty(ports, collector, { area: inside, input });
    if (end === 'full') return true;
  }
  return false;
}

/**
 * One page of a list: entries of the index by one key, the rosters they point to (so that what is shown is current), and every filter
 * applied to those. Above counties, county after county.
 */
export async function pageOf(ports: PagePorts, input: PageInput): Promise<Page> {
  const collector = new Collector(input, ports);
  await takeRest(ports, collector, input);
  const isMore = collector.isFull || (await takeCounties(ports, collector, input));
  return {
    hits: collector.hits,
    read: collector.read,
    away: collector.away,
    next: isMore ? collector.next : undefined,
  };
}
