import { packFacts } from '../core/coverage-kept.ts';
import {
  type Case,
  type CoverageRules,
  type Evaluated,
  evaluateShard,
} from '../core/coverage-shard.ts';
import { asksVillages } from '../core/coverage-village.ts';
import type { Day } from '../core/day.ts';
import { isRegistered } from '../core/dimension.ts';
import type { AreaCode } from '../core/division.ts';
import type { Had } from '../core/entitlement.ts';
import { villageGround } from '../core/policy-ground.ts';
import type { VillageProfile } from '../core/roster.ts';
import { inTurn } from '../lib/in-turn.ts';
import { inLanes } from '../lib/lanes.ts';
import { type Content, type Counted, countVillageCoverage } from './count.ts';
import type { CoverageRow, HouseholdRow } from './item.ts';

type Rows = ReadonlyMap<string, HouseholdRow>;

/** What evaluating a village needs; tests stop, delay and kill between its steps. All reads are consistent. */
export interface VillagePorts {
  rows(village: AreaCode): Promise<Rows>;
  row(village: AreaCode, household: string): Promise<HouseholdRow | undefined>;
  village(village: AreaCode): Promise<Content>;
  /** What a village itself received, under whichever codes. */
  received(village: AreaCode): Promise<readonly Had[]>;
  /** What a household is evaluated from; undefined where it is not on the register of that village. */
  subject(
    household: string,
    at: {
      readonly village: AreaCode;
      readonly profile: VillageProfile | undefined;
      readonly day: Day;
    },
  ): Promise<Omit<Case, 'before'> | undefined>;
  put(
    village: AreaCode,
    row: {
      readonly before: HouseholdRow | undefined;
      readonly after: Omit<HouseholdRow, 'version'>;
    },
  ): Promise<boolean>;
  drop(village: AreaCode, row: HouseholdRow): Promise<boolean>;
  coverage(area: AreaCode): Promise<CoverageRow | undefined>;
  coverages(area: AreaCode): Promise<readonly CoverageRow[]>;
  putCoverage(
    area: AreaCode,
    given: {
      readonly before: CoverageRow | undefined;
      readonly after: Omit<CoverageRow, 'area' | 'version'>;
    },
  ): Promise<boolean>;
  /** Rules of a village's county today; read anew where what is remembered may be older than that instant. */
  rules(village: AreaCode, since?: string): Promise<CoverageRules>;
  now(): Date;
}

export interface Asked {
  readonly village: AreaCode;
  /** Households something is known to have changed of. */
  readonly named?: ReadonlySet<string>;
  /** Everybody who was not evaluated since that instant is evaluated. */
  readonly since?: string;
  /** Households evaluated at most. */
  readonly most?: number;
}

/** Households evaluated together: the engine takes them side by side, memory holds no more. */
const AT_ONCE = 64;
const LANES = 16;

/** A look at a village: its rows were read first, what they are made of after. */
interface Look {
  readonly asked: Asked;
  readonly rules: CoverageRules;
  readonly rows: Rows;
  readonly content: Content;
  /** Its facts as rows keep them. */
  readonly facts: string;
}

async function look(ports: VillagePorts, asked: Asked): Promise<Look> {
  const { village } = asked;
  const counted = await ports.coverage(village);
  const rows = await ports.rows(village);
  const content = await ports.village(village);
  const rules = await rulesFor(ports, village, { rows, counted });
  return { asked, rules, rows, content, facts: villageFacts(rules, village, content.profile) };
}

/** The rules of a village; those remembered are read anew where somebody may have evaluated by some that were published since. */
async function rulesFor(
  ports: VillagePorts,
  village: AreaCode,
  found: { readonly rows: Rows; readonly counted: CoverageRow | undefined },
): Promise<CoverageRules> {
  const remembered = await ports.rules(village);
  const { rows, counted } = found;
  const marks = [...rows.values()].map(({ kept, at }) => ({ rules: kept.rules, at }));
  if (counted) marks.push({ rules: counted.coverage.rules ?? '', at: counted.at });
  const others = marks.filter(({ rules }) => rules !== remembered.mark);
  const [newest] = others.map(({ at }) => at).toSorted((one, other) => (one < other ? 1 : -1));
  return newest === undefined ? remembered : ports.rules(village, newest);
}

function villageFacts(
  { asked, day }: CoverageRules,
  village: AreaCode,
  profile: VillageProfile | undefined,
): string {
  const ground = { household: {}, village: villageGround(village, profile, day), persons: [] };
  return packFacts(ground, { ...asked, household: [] }).slice('[[],'.length, -1);
}

function isDue({ asked, rules, rows, facts }: Look, household: string): boolean {
  const row = rows.get(household);
  if (!row || asked.named?.has(household)) return true;
  if (asked.since !== undefined && row.at < asked.since) return true;
  const isOfRules = row.kept.rules === rules.mark && row.nextOn > rules.day;
  return !isOfRules || villageFactsOf(row) !== facts;
}

/** The part of what was kept that is about the village. */
function villageFactsOf({ kept }: HouseholdRow): string {
  const rows: unknown = JSON.parse(kept.facts);
  return JSON.stringify(Array.isArray(rows) ? rows[1] : rows);
}

/** The row that says what was found. */
function rowOf(
  ports: VillagePorts,
  household: string,
  found: { readonly evaluated: Evaluated; readonly day: Day },
): Omit<HouseholdRow, 'version'> {
  const { kept, findings, nextOn } = found.evaluated;
  return { household, day: found.day, at: ports.now().toISOString(), nextOn, kept, findings };
}

type Made = Omit<HouseholdRow, 'version'> | undefined;

/** Puts what was found of a household, or takes its row away, in turn with whoever else is at it. */
async function settle(
  ports: VillagePorts,
  { asked: { village }, content: { profile }, rules }: Look,
  first: {
    readonly household: string;
    readonly before: HouseholdRow | undefined;
    readonly made: Made;
  },
): Promise<void> {
  const { household } = first;
  await inTurn<HouseholdRow, Made>(
    {
      read: () => ports.row(village, household),
      make: async (before) => {
        const subject = await ports.subject(household, { village, profile, day: rules.day });
        const [evaluated] = subject
          ? evaluateShard(rules, [{ ...subject, before: before?.kept }])
          : [];
        return evaluated && rowOf(ports, household, { evaluated, day: rules.day });
      },
      put: async (before, after) => {
        if (after) return ports.put(village, { before, after });
        return before ? ports.drop(village, before) : true;
      },
    },
    first,
  );
}

async function evaluateSome(
  ports: VillagePorts,
  seen: Look,
  households: readonly string[],
): Promise<void> {
  const {
    asked: { village },
    rules,
    rows,
    content: { profile },
  } = seen;
  const found = await inLanes(households, LANES, async (household) => {
    const subject = await ports.subject(household, { village, profile, day: rules.day });
    return { household, subject, before: rows.get(household) };
  });
  const here = found.flatMap(({ subject, before }) =>
    subject ? [{ ...subject, before: before?.kept }] : [],
  );
  const evaluated = evaluateShard(rules, here).values();
  const made = found.map(({ household, subject, before }) => {
    const next = subject && evaluated.next().value;
    return {
      household,
      before,
      made: next && rowOf(ports, household, { evaluated: next, day: rules.day }),
    };
  });
  await inLanes(made, LANES, (one) => settle(ports, seen, one));
}

function isOfOneKind({ mark }: CoverageRules, { rows, content }: Omit<Counted, 'had'>): boolean {
  const here = content.rosters.filter(isRegistered).flatMap(({ id }) => rows.get(id) ?? []);
  return here.every(({ kept }) => kept.rules === mark);
}

/**
 * Counts a village anew, in turn with whoever else is at it.
 * @returns whether all of it goes by the same rules; not where others were faster who remember older ones
 */
async function countAnew(ports: VillagePorts, village: AreaCode, mark: string): Promise<boolean> {
  const done = await inTurn({
    read: () => ports.coverage(village),
    make: async (counted) => {
      const rows = await ports.rows(village);
      const content = await ports.village(village);
      const rules = await rulesFor(ports, village, { rows, counted });
      const had = asksVillages(rules) ? await ports.received(village) : [];
      const coverage = countVillageCoverage(rules, village, { rows, content, had });
      const after = { coverage, day: rules.day, at: ports.now().toISOString() };
      return { after, isOfOneKind: isOfOneKind(rules, { rows, content }) };
    },
    put: (before, { after }) => ports.putCoverage(village, { before, after }),
  });
  if (done) return done.made.isOfOneKind;
  return (await ports.coverage(village))?.coverage.rules === mark;
}

/**
 * Whether nothing can be found in a village: by rules read this moment no item is in force, and nothing was found before. A publication
 * that comes after has every village evaluated, so a county without a list pays for none.
 */
async function isWithoutItems(ports: VillagePorts, village: AreaCode): Promise<boolean> {
  const remembered = await ports.rules(village);
  if (remembered.items.length > 0) return false;
  const { items } = await ports.rules(village, ports.now().toISOString());
  return items.length === 0 && (await ports.coverage(village)) === undefined;
}

/**
 * Brings a village up to date: evaluates the households that something has changed of, those the rules or the day have changed for, and
 * those nobody has evaluated yet, takes away the rows of those who have left, and counts the village. What is done is recognised by the
 * rows, so that it may be done twice, in any order, by several at once, and begun again after a crash.
 * @returns how many were evaluated, and whether all that were due are; where not, the village is to be brought up to date once more
 */
export async function bringUp(
  ports: VillagePorts,
  asked: Asked,
): Promise<{ readonly evaluated: number; readonly isWhole: boolean }> {
  if (await isWithoutItems(ports, asked.village)) return { evaluated: 0, isWhole: true };
  const seen = await look(ports, asked);
  const here = new Set(seen.content.rosters.filter(isRegistered).map(({ id }) => id));
  const due = [...here].filter((household) => isDue(seen, household));
  const now = due.slice(0, Math.max(0, asked.most ?? due.length));
  for (let at = 0; at < now.length; at += AT_ONCE)
    await evaluateSome(ports, seen, now.slice(at, at + AT_ONCE));
  if (now.length < due.length) return { evaluated: now.length, isWhole: false };
  const gone = [...seen.rows.values()].filter(({ household }) => !here.has(household));
  await inLanes(gone, LANES, ({ household }) =>
    settle(ports, seen, { household, before: seen.rows.get(household), made: undefined }),
  );
  const isWhole = await countAnew(ports, asked.village, seen.rules.mark);
  return { evaluated: now.length, isWhole };
}
