import type { Day } from '../core/day.ts';
import { dayOf } from '../core/day.ts';
import type { AreaCode } from '../core/division.ts';
import type { Roster } from '../core/roster.ts';
import { daysOver, visitDue } from '../core/visit-due.ts';
import type { VisitRule } from '../core/visit-rule.ts';
import type { Find } from '../list/seek.ts';

/** Who answers for a household, and since when. */
export interface Responsible {
  readonly names: readonly string[];
  readonly since: Day | null;
}

/** What finding overdue visits needs of the outside. */
export interface OverduePorts {
  /** Days of the latest visits; households that were never visited are missing. */
  lastVisits(households: readonly string[]): Promise<ReadonlyMap<string, Day | null>>;
  /** Instants at which households were entered in the register. */
  entered(households: readonly string[]): Promise<ReadonlyMap<string, string>>;
  responsible(household: string): Promise<Responsible>;
  rule(day: Day, village: AreaCode): VisitRule | null;
}

/** What is known of a household that may be overdue. */
interface Seen {
  readonly roster: Roster;
  readonly rule: VisitRule;
  readonly lastOn: Day | null;
  readonly registeredOn: Day;
}

/** Households and what their days count from, by two reads for all of them. */
async function seenOf(
  ports: OverduePorts,
  rosters: readonly Roster[],
  day: Day,
): Promise<readonly Seen[]> {
  const last = await ports.lastVisits(rosters.map(({ id }) => id));
  const never = rosters.filter(({ id }) => (last.get(id) ?? null) === null);
  const entered = await ports.entered(never.map(({ id }) => id));
  return rosters.flatMap((roster) => {
    const rule = ports.rule(day, roster.village);
    const at = entered.get(roster.id);
    const registeredOn = at === undefined ? day : dayOf(new Date(at));
    return rule ? [{ roster, rule, lastOn: last.get(roster.id) ?? null, registeredOn }] : [];
  });
}

function dueOf({ roster, rule, lastOn, registeredOn }: Seen, pairedOn: Day | null) {
  return visitDue(rule, { status: roster.status, lastOn, registeredOn, pairedOn });
}

/** Which households are wanted on a day. */
export interface Wanted {
  readonly day: Day;
  /** Those whose visit is overdue, or those of whom no visit is on record, whether or not one is due yet. */
  readonly which: 'overdue' | 'never';
}

/** The households whose visit is overdue, or that were never visited, each with who answers for it. */
export async function overdueIn(
  ports: OverduePorts,
  rosters: readonly Roster[],
  { day, which }: Wanted,
) {
  const isWanted = (one: Seen, due: ReturnType<typeof dueOf>) =>
    due !== undefined && (which === 'never' ? one.lastOn === null : due.dueOn < day);
  const seen = await seenOf(ports, rosters, day);
  // A pairing only ever puts the day off, so that whoever is in time without one need not be looked up.
  const late = seen.filter((one) => isWanted(one, dueOf(one, null)));
  const found = await Promise.all(
    late.map(async (one): Promise<Find<ReturnType<typeof rowOf>>[]> => {
      const responsible = await ports.responsible(one.roster.id);
      const due = dueOf(one, responsible.since);
      if (!due || !isWanted(one, due)) return [];
      const row = rowOf(one, { ...due, overdueDays: daysOver(due.dueOn, day) }, responsible);
      return [{ household: one.roster.id, row }];
    }),
  );
  return found.flat();
}

function rowOf<Due>({ roster, lastOn }: Seen, due: Due, { names }: Responsible) {
  const { id, number, headName, village, status } = roster;
  const household = { id, number, headName, village, href: `/households/${id}` };
  return { household, status, lastOn, ...due, responsible: names };
}
