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
import type { SumPorts } from './area.ts';
import { type Content, countVillage, type Found, isOfOneKind, type Rows } from './count.ts';
import type { CoverageRow, HouseholdRow } from './item.ts';

/** What evaluating a village needs; tests stop, delay and kill between its steps. All reads are consistent. */
export interface VillagePorts extends Omit<SumPorts, 'coverages'> {
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
  /** Rules of a village's county today; read anew where what is remembered may be older than that instant. */
  rules(village: AreaCode, since?: string): Promise<CoverageRules>;
  /** The same, read since that instant of our own clock. */
  freshRules(village: AreaCode, since: Date): Promise<CoverageRules>;
}

export interface Asked {
  readonly village: AreaCode;
  /** Households something is known to have changed of. */
  readonly named?: ReadonlySet<string>;
  /** Everybody who was not evaluated since that instant is evaluated. */
  readonly since?: string;
  /** Households evaluated at most. */
  readonly most?: number;
  /** When who asks was told of what it asks for; now unless given. */
  readonly toldAt?: Date;
}

/** Households evaluated together: the engine takes them side by side, memory holds no more. */
const AT_ONCE = 64;
const LANES = 16;

/** A look at a village: its coverage was read first, then its rows, then what they are made of. */
interface Look extends Found {
  readonly asked: Asked;
  readonly counted: CoverageRow | undefined;
  /** Its facts as rows keep them. */
  readonly facts: string;
}

async function look(ports: VillagePorts, asked: Asked): Promise<Look> {
  const { village } = asked;
  const counted = await ports.coverage(village);
  const found = await lookAt(ports, village, counted);
  const facts = villageFacts(found.rules, village, found.content.profile);
  return { asked, counted, ...found, facts };
}

/** What stands in a village whose coverage was read before, and the rules it is to go by. */
async function lookAt(
  ports: VillagePorts,
  village: AreaCode,
  counted: CoverageRow | undefined,
): Promise<Found> {
  const rows = await ports.rows(village);
  const content = await ports.village(village);
  const rules = await rulesFor(ports, village, { rows, counted });
  const had = asksVillages(rules) ? await ports.received(village) : [];
  return { rows, content, had, rules };
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

/** What stands of a household after this pass; undefined where others were faster. */
type Settled = { readonly household: string; readonly row: HouseholdRow | undefined } | undefined;

/** Puts what was found of a household, or takes its row away, in turn with whoever else is at it. */
async function settle(
  ports: VillagePorts,
  { asked: { village }, content: { profile }, rules }: Look,
  first: {
    readonly household: string;
    readonly before: HouseholdRow | undefined;
    readonly made: Made;
  },
): Promise<Settled> {
  const { household } = first;
  const done = await inTurn<HouseholdRow, Made>(
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
  if (!done) return undefined;
  const { before, made } = done;
  return { household, row: made && { ...made, version: (before?.version ?? 0) + 1 } };
}

/** The rows as they stand when this pass is through; undefined where others have put some of them. */
function rowsAfter(before: Rows, settled: readonly Settled[]): Rows | undefined {
  const rows = new Map(before);
  for (const one of settled) {
    if (!one) return undefined;
    if (one.row) rows.set(one.household, one.row);
    else rows.delete(one.household);
  }
  return rows;
}

async function evaluateSome(
  ports: VillagePorts,
  seen: Look,
  households: readonly string[],
): Promise<readonly Settled[]> {
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
  return inLanes(made, LANES, (one) => settle(ports, seen, one));
}

/**
 * Counts a village, in turn with whoever else is at it: from what this pass has read and put, or, where others have put anything since it
 * looked, from what stands then.
 * @param rows undefined where others have put some of them
 * @returns whether all of it goes by the same rules; not where others were faster who remember older ones
 */
async function count(ports: VillagePorts, seen: Look, rows: Rows | undefined): Promise<boolean> {
  const { asked, counted, rules } = seen;
  const { village } = asked;
  const made = (found: Found) => ({
    row: {
      coverage: countVillage(village, found),
      day: found.rules.day,
      at: ports.now().toISOString(),
    },
    isOfOneKind: isOfOneKind(found),
  });
  const done = await inTurn(
    {
      read: () => ports.coverage(village),
      make: async (before) => made(await lookAt(ports, village, before)),
      put: (before, { row: after }) => ports.putCoverage(village, { before, after }),
    },
    rows && { before: counted, made: made({ ...seen, rows }) },
  );
  if (done) return done.made.isOfOneKind;
  return (await ports.coverage(village))?.coverage.rules === rules.mark;
}

/**
 * Whether nothing can be found in a village: by rules read since we were told no item is in force, and nothing was found before. A publication
 * that comes after has every village evaluated, so a county without a list pays for none.
 */
async function isWithoutItems(ports: VillagePorts, { village, toldAt }: Asked): Promise<boolean> {
  const remembered = await ports.rules(village);
  if (remembered.items.length > 0) return false;
  const { items } = await ports.freshRules(village, toldAt ?? ports.now());
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
  if (await isWithoutItems(ports, asked)) return { evaluated: 0, isWhole: true };
  const seen = await look(ports, asked);
  const here = new Set(seen.content.rosters.filter(isRegistered).map(({ id }) => id));
  const due = [...here].filter((household) => isDue(seen, household));
  const now = namedFirst(due, asked).slice(0, Math.max(0, asked.most ?? due.length));
  const settled: Settled[] = [];
  for (let at = 0; at < now.length; at += AT_ONCE)
    settled.push(...(await evaluateSome(ports, seen, now.slice(at, at + AT_ONCE))));
  if (now.length < due.length) return { evaluated: now.length, isWhole: false };
  const gone = [...seen.rows.values()].filter(({ household }) => !here.has(household));
  const left = await inLanes(gone, LANES, (before) =>
    settle(ports, seen, { household: before.household, before, made: undefined }),
  );
  const rows = rowsAfter(seen.rows, [...settled, ...left]);
  return { evaluated: now.length, isWhole: await count(ports, seen, rows) };
}

/** Whoever is named is evaluated first: of the others a later pass sees by their rows that they are due. */
function namedFirst(due: readonly string[], { named }: Asked): readonly string[] {
  const isLater = (household: string) => (named?.has(household) ? 0 : 1);
  return due.toSorted((one, other) => isLater(one) - isLater(other));
}
