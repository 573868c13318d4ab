import * as z from 'zod';
import type { Finding } from './coverage.ts';
import { type Day, isDay } from './day.ts';
import { type AreaCode, levelOf } from './division.ts';
import { type Entitlement, entitlementsOf, type Had } from './entitlement.ts';
import { isContested } from './entitlement-exclusion.ts';
import { type ItemInForce, itemsInForce, type Policies, type PolicyItem, Slug } from './policy.ts';
import { linesIn } from './policy-condition.ts';
import type { PolicyGround } from './policy-ground.ts';
import type { LineValues } from './policy-interpret.ts';
import { lineValues } from './policy-line.ts';
import { amended, ItemChanges, latestOf } from './policy-version.ts';
import { type Decided, isRefused, refuse } from './refusal.ts';

const day = z.string().refine(isDay);

/** A change to be tried out over an area: of the item, of a line, or of both. */
export const TrialBody = z.strictObject({
  area: z.string().refine((code) => levelOf(code) !== undefined),
  /** The day whose facts and policies are looked at; today unless told. */
  date: day.optional(),
  changes: ItemChanges.extend({ validFrom: day.optional() }).default({}),
  ends: z.boolean().default(false),
  line: z.strictObject({ id: Slug, fen: z.int().nonnegative().max(100_000_000_000) }).optional(),
  limit: z.int().min(1).max(200).default(50),
  cursor: z.string().max(100).optional(),
});
export type TrialBody = z.infer<typeof TrialBody>;

/** What is held against what: the items that may come out otherwise, and the lines, as they are and as they would be. */
export interface Trial {
  readonly before: { readonly items: readonly ItemInForce[]; readonly lines: LineValues };
  readonly after: { readonly items: readonly ItemInForce[]; readonly lines: LineValues };
}

function namesLine({ condition, receivedWhen }: PolicyItem, line: string): boolean {
  return [condition, receivedWhen].some((one) => one !== null && linesIn(one).includes(line));
}

/** The items touched, with all that exclude each other with them, and so on: who loses one may get another. */
function touched(items: readonly PolicyItem[], first: ReadonlySet<string>): ReadonlySet<string> {
  const beside = items
    .filter(({ id, exclusions }) => first.has(id) || exclusions.some((other) => first.has(other)))
    .flatMap(({ id, exclusions }) => (first.has(id) ? [id, ...exclusions] : [id]));
  const found = new Set([...first, ...beside]);
  return found.size === first.size ? found : touched(items, found);
}

/** The item that a trial is about: in force on the day, else the latest that was published. */
function subjectOf(
  known: Policies,
  id: string,
  asked: { readonly day: Day; readonly area: AreaCode },
) {
  const named = known.items.filter((item) => item.id === id);
  const [narrowest] = named.toSorted((one, other) => other.area.length - one.area.length);
  const [current] = itemsInForce(named, asked.day, asked.area);
  return current ?? (narrowest && latestOf(named, narrowest));
}

/** The item as it would be on the day; one that has ended comes back only where something of it is changed. */
function triedItem(
  item: ItemInForce,
  next: ItemInForce,
  { day: on, body: { changes, ends } }: { readonly day: Day; readonly body: TrialBody },
): readonly ItemInForce[] {
  const isUnchanged = Object.keys(changes).length === 0;
  if (ends || !isHeld(next, on) || (item.ended && isUnchanged)) return [];
  const run = changes.validFrom === undefined ? {} : { since: changes.validFrom };
  return [{ ...next, ...run, ended: false }];
}

function isHeld({ validFrom, validTo }: PolicyItem, on: Day): boolean {
  return validFrom <= on && (validTo === null || on <= validTo);
}

/**
 * What a change would be held against. Refused: not-found, trial-empty, policy-line-unknown, policy-invalid.
 */
export function trialOf(
  known: Policies,
  asked: { readonly id: string; readonly day: Day; readonly body: TrialBody },
): Decided<Trial> {
  const { id, day: on, body } = asked;
  const { area, changes, ends, line } = body;
  const item = subjectOf(known, id, { day: on, area });
  if (!item) return refuse('not-found');
  if (Object.keys(changes).length === 0 && !ends && !line) return refuse('trial-empty');
  const { validFrom = item.validFrom, ...others } = changes;
  const next = amended(item, known, { changes: others, validFrom });
  if (isRefused(next)) return next;
  const lines = lineValues(known.lines, on, area);
  if (line && lines[line.id] === undefined) return refuse('policy-line-unknown', { line: line.id });
  const inForce = itemsInForce(known.items, on, area);
  const kept = inForce.filter((one) => one.id !== id);
  const tried = [...kept, ...triedItem(item, next.ok, asked)];
  const first = new Set([
    id,
    ...(line ? inForce.filter((one) => namesLine(one, line.id)).map((one) => one.id) : []),
  ]);
  const looked = touched([...inForce, ...tried], first);
  const some = (items: readonly ItemInForce[]) => items.filter((one) => looked.has(one.id));
  const afterLines = line ? { ...lines, [line.id]: line.fen } : lines;
  return {
    ok: {
      before: { items: some(inForce), lines },
      after: { items: some(tried), lines: afterLines },
    },
  };
}

export const changeKinds = ['gained', 'lost', 'raised', 'lowered', 'settled', 'unsettled'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What one item would mean otherwise for one who has it or might. */
export interface TrialChange {
  readonly item: string;
  readonly person: string | null;
  readonly kind: ChangeKind;
  /** Fen of the year; 0 where it is not had, or comes to no amount. */
  readonly beforeFen: number;
  readonly afterFen: number;
}

/** How a household comes out: every item entitled to or left open, before and after. */
export interface TrialOutcome {
  readonly before: Standing;
  readonly after: Standing;
  readonly changes: readonly TrialChange[];
}

/** Items entitled to and left open, and fen of the year, of one household. */
export interface Standing {
  readonly entitled: readonly Entitlement[];
  readonly unknown: readonly Entitlement[];
  readonly fen: number;
}

function standingOf(all: readonly Entitlement[]): Standing {
  const entitled = all.filter(({ result }) => result === 'received' || result === 'missed');
  return {
    entitled,
    unknown: all.filter(({ result }) => result === 'unknown'),
    fen: entitled.reduce((sum, { yearFen }) => sum + (yearFen ?? 0), 0),
  };
}

type State = 'yes' | 'no' | 'unknown';

function stateOf(one: Entitlement | undefined): State {
  if (!one || one.result === 'not-eligible') return 'no';
  return one.result === 'unknown' ? 'unknown' : 'yes';
}

const kindOf: Readonly<Record<State, Readonly<Record<State, ChangeKind | undefined>>>> = {
  yes: { yes: undefined, no: 'lost', unknown: 'unsettled' },
  no: { yes: 'gained', no: undefined, unknown: undefined },
  unknown: { yes: 'settled', no: undefined, unknown: undefined },
};

/** Fen of the year of what is had. */
function fenOf(one: Entitlement | undefined): number {
  return one && stateOf(one) === 'yes' ? (one.yearFen ?? 0) : 0;
}

/** What became of one item of one subject; where it is not looked at on a side, it is not had there. */
function changeOf(
  { item, person }: Entitlement,
  then: Entitlement | undefined,
  now: Entitlement | undefined,
): readonly TrialChange[] {
  const [was, is] = [stateOf(then), stateOf(now)];
  const [beforeFen, afterFen] = [fenOf(then), fenOf(now)];
  const moved = afterFen > beforeFen ? 'raised' : 'lowered';
  const kind = kindOf[was][is] ?? (beforeFen === afterFen ? undefined : moved);
  return kind ? [{ item, person, kind, beforeFen, afterFen }] : [];
}

function keyOf({ item, person }: Entitlement): string {
  return `${item} ${person ?? ''}`;
}

/** What a household is judged by in a trial. */
export interface TrialGround {
  readonly ground: PolicyGround;
  readonly receipts: readonly Had[];
  readonly day: Day;
  readonly place: AreaCode;
}

/**
 * Whether what coverage found tells of whom receipts need not be read: it looked at every item of the trial as it is, for periods that the
 * change leaves alone.
 */
export function isCovered({ before, after }: Trial): boolean {
  const periods = new Map(before.items.map(({ id, benefit }) => [id, benefit.period]));
  return after.items.every(({ id, benefit }) => periods.get(id) === benefit.period);
}

/** Whether receipts of these items may be on record, by what coverage found of a household; of what is unknown it does not say. */
export function mayHaveReceived(trial: Trial, findings: readonly Finding[]): boolean {
  const ids = new Set(trial.before.items.map(({ id }) => id));
  return findings.some(
    ({ item, outcome, receivedFen }) => ids.has(item) && (outcome !== 'missed' || receivedFen > 0),
  );
}

/** Whether one side of a trial may come out otherwise by what was received: a grant had once in an earlier year, a choice between two items. */
function asksReceipts(
  { items, lines }: Trial['before'],
  given: Omit<TrialGround, 'receipts'>,
): boolean {
  const judged = entitlementsOf({ ...given, items, lines, receipts: [] });
  const open = judged.filter(({ eligible }) => eligible !== 'no');
  const known = items.flatMap((item) => {
    const own = open.filter((one) => one.item === item.id);
    return own.map(({ person, eligible }) => ({ item, person, eligible }));
  });
  return known.some(({ item }) => item.benefit.period === 'once') || isContested(known);
}

/** Whether it hangs on receipts how a change would come out for a household; reading those of everybody is most of the work of a trial. */
export function hangsOnReceipts(trial: Trial, given: Omit<TrialGround, 'receipts'>): boolean {
  return asksReceipts(trial.before, given) || asksReceipts(trial.after, given);
}

/** How a change would come out for one household. Writes nothing, asks nothing. */
export function tryOn(trial: Trial, given: TrialGround): TrialOutcome {
  const before = entitlementsOf({ ...given, ...trial.before });
  const after = entitlementsOf({ ...given, ...trial.after });
  const then = new Map(before.map((one) => [keyOf(one), one]));
  const now = new Map(after.map((one) => [keyOf(one), one]));
  return {
    before: standingOf(before),
    after: standingOf(after),
    changes: [...new Map([...then, ...now])].flatMap(([key, one]) =>
      changeOf(one, then.get(key), now.get(key)),
    ),
  };
}
