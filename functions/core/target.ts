import * as z from 'zod';
import type { Day } from './day.ts';
import { type AreaCode, levelOf, parentOf } from './division.ts';
import { type Division, isOpen } from './division-register.ts';
import { type Decided, type Fault, type Refusal, refuse } from './refusal.ts';

/** What a target is set in: households and persons to exit, villages to leave the list of poor villages. */
export const units = ['households', 'persons', 'villages'] as const;

const amount = z.int().min(0).max(10_000_000);
export const Amounts = z.object({ households: amount, persons: amount, villages: amount });
export type Amounts = z.infer<typeof Amounts>;

export const none: Amounts = { households: 0, persons: 0, villages: 0 };

/** Each unit of two amounts, put together. */
export function combine(a: Amounts, b: Amounts, by: (a: number, b: number) => number): Amounts {
  return {
    households: by(a.households, b.households),
    persons: by(a.persons, b.persons),
    villages: by(a.villages, b.villages),
  };
}

export function addUp(all: readonly Amounts[]): Amounts {
  return all.reduce((sum, one) => combine(sum, one, (a, b) => a + b), none);
}

function isSame(a: Amounts, b: Amounts): boolean {
  return units.every((unit) => a[unit] === b[unit]);
}

const Doing = z.object({ actor: z.string(), at: z.string(), reason: z.string() });

/**
 * What an area is to reach in a year, as stored. The version counts changes of its amounts and of what its parts are given, so that two
 * people who set and split at once do not pass each other unseen.
 */
export const Target = Amounts.extend({
  code: z.string(),
  year: z.int(),
  version: z.int().positive(),
  ...Doing.shape,
  document: z.string().nullable(),
  /** Who last split it to its parts; null while nobody has. */
  split: Doing.nullable(),
  /** The division that took this one's place and has its target now; the amounts here are noughts since. */
  movedTo: z.string().nullable(),
});
export type Target = z.infer<typeof Target>;

/** One act on targets, with all it changed; append-only. */
export const TargetEvent = z.object({
  /** `moved`: the division got another code, or became part of another. */
  kind: z.enum(['set', 'split', 'moved']),
  year: z.int(),
  ...Doing.shape,
  document: z.string().nullable(),
  changes: z.array(
    z.object({
      code: z.string(),
      version: z.int().positive(),
      before: Amounts.nullable(),
      after: Amounts,
    }),
  ),
});
export type TargetEvent = z.infer<typeof TargetEvent>;

/** One step of a target; null before: there was none. */
export interface TargetStep {
  readonly before: Target | null;
  readonly after: Target;
}

/** What is to be written, all or none. */
export interface TargetDecision {
  /** The area's own target as it is afterwards. */
  readonly target: Target;
  readonly steps: readonly TargetStep[];
  /** An area that must still be without a target. */
  readonly without: AreaCode | undefined;
  readonly event: TargetEvent;
}

/** Who asks for what, based on which version (0: there is none yet). */
export interface TargetOrder {
  readonly version: number;
  readonly actor: string;
  readonly at: string;
  readonly today: Day;
  readonly reason: string;
  readonly document: string | null;
}

/** An area in a year, with its target as it stands. */
export interface TargetPlace {
  readonly code: AreaCode;
  readonly year: number;
  readonly own: Target | undefined;
}

/** Parts that one split may change: with the area's own target and the event they stay below the 100 actions of a transaction. */
export const MOST_PARTS = 90;

function refusalOf({ own, year }: TargetPlace, order: TargetOrder): Refusal | undefined {
  const version = own?.version ?? 0;
  if (order.version !== version) return refuse('version-stale', { version });
  if (Number(order.today.slice(0, 4)) > year) return refuse('target-year-over', { year });
  return undefined;
}

/** What is wrong, with the values its words name. */
type Told = Fault & Pick<Required<Fault>, 'values'>;

/** A village is one village: it leaves the list or it does not. */
function misfitOf(code: AreaCode, { villages }: Amounts): Told | undefined {
  if (levelOf(code) !== 'village' || villages <= 1) return undefined;
  return { code: 'number-out-of-range', values: { field: 'villages', min: 0, max: 1 } };
}

function isDoing(a: Pick<Target, 'actor' | 'reason'> | null | undefined, order: TargetOrder) {
  return a?.actor === order.actor && a.reason === order.reason;
}

/** Whether a target stands exactly as this order left it: the reply was lost and it is asked for again. */
function isSet(own: Target, amounts: Amounts, order: TargetOrder): boolean {
  return (
    own.version === order.version + 1 &&
    isDoing(own, order) &&
    own.document === order.document &&
    isSame(own, amounts)
  );
}

function doingOf({ actor, at, reason }: TargetOrder) {
  return { actor, at, reason };
}

function stepOf(before: Target | undefined, after: Omit<Target, 'version'>): TargetStep {
  return { before: before ?? null, after: { ...after, version: (before?.version ?? 0) + 1 } };
}

/** The event of an act with the steps it tells of. */
export function eventOf(
  steps: readonly TargetStep[],
  event: Omit<TargetEvent, 'changes'>,
): TargetEvent {
  const changes = steps.map(({ before, after }) => ({
    code: after.code,
    version: after.version,
    before: before && Amounts.parse(before),
    after: Amounts.parse(after),
  }));
  return { ...event, changes };
}

/**
 * Sets what an area is to reach in a year. `ok` is the target itself where the same order was carried out already.
 * The target above gets a new version too, since what its parts are given changes with it; whether they still add up is shown, not refused.
 * Refusals: version-stale, target-year-over, number-out-of-range (a village of more than one village).
 * @param place with the target of the area directly above, undefined where there is none
 */
export function setTarget(
  place: TargetPlace & { readonly above: Target | undefined },
  amounts: Amounts,
  order: TargetOrder,
): Decided<TargetDecision | Target> {
  const { code, year, own, above } = place;
  if (own && isSet(own, amounts, order)) return { ok: own };
  const refused = refusalOf(place, order);
  if (refused) return refused;
  const misfit = misfitOf(code, amounts);
  if (misfit) return refuse(misfit.code, misfit.values);
  const doing = { ...doingOf(order), document: order.document };
  const step = stepOf(own, {
    ...{ code, year, ...amounts, ...doing },
    split: own?.split ?? null,
    movedTo: null,
  });
  return {
    ok: {
      target: step.after,
      steps: above ? [step, stepOf(above, above)] : [step],
      without: above ? undefined : parentOf(code),
      event: eventOf([step], { kind: 'set', year, ...doing }),
    },
  };
}

/** What one part of an area is to reach. */
export const PartTarget = Amounts.extend({ code: z.string() });
export type PartTarget = z.infer<typeof PartTarget>;

/** What is known of the parts of an area: the divisions directly inside, and the targets set for them. */
export interface Parts {
  readonly divisions: readonly Division[];
  readonly targets: readonly Target[];
}

/** What is wrong with the parts named, one by one. */
function partFaults(wanted: readonly PartTarget[], divisions: readonly Division[]) {
  const open = new Set(divisions.filter(isOpen).map(({ code }) => code));
  const seen = new Set<AreaCode>();
  return wanted.flatMap((part): readonly Told[] => {
    const { code } = part;
    const isSecond = seen.has(code);
    seen.add(code);
    if (isSecond) return [{ field: 'parts', code: 'target-part-twice', values: { area: code } }];
    if (!open.has(code))
      return [{ field: 'parts', code: 'target-part-unknown', values: { area: code } }];
    const misfit = misfitOf(code, part);
    return misfit ? [{ field: 'parts', ...misfit }] : [];
  });
}

/** Units in which the parts do not add up to the whole, with the difference. */
function differences(own: Amounts, parts: readonly Amounts[]): readonly Told[] {
  const sum = addUp(parts);
  return units
    .filter((unit) => sum[unit] !== own[unit])
    .map((unit) => {
      const more = sum[unit] - own[unit];
      const difference = more > 0 ? `+${more}` : `${more}`;
      const values = { field: unit, target: own[unit], sum: sum[unit], difference };
      return { field: unit, code: 'target-parts-differ', values };
    });
}

/** The first fault speaks for all, which are listed with it. */
function refusedFor(faults: readonly Told[]): Refusal | undefined {
  const [first] = faults;
  return first && { refused: first.code, values: first.values, faults };
}

/** Parts that change: those given other amounts than they have, and those given none any more, whatever became of them. */
function partSteps(
  { year, targets }: { readonly year: number; readonly targets: readonly Target[] },
  wanted: readonly PartTarget[],
  order: TargetOrder,
): readonly TargetStep[] {
  const known = new Map(targets.map((target) => [target.code, target]));
  const named = new Set(wanted.map(({ code }) => code));
  const dropped = targets.filter(({ code }) => !named.has(code));
  const doing = { ...doingOf(order), document: order.document };
  return [...wanted, ...dropped.map(({ code }) => ({ ...none, code }))].flatMap((part) => {
    const before = known.get(part.code);
    if (before && isSame(before, part)) return [];
    const { split = null, movedTo = null } = before ?? {};
    return [stepOf(before, { ...part, year, ...doing, split, movedTo })];
  });
}

/**
 * Splits an area's target to its direct parts in one go; parts not named get nothing. `ok` is the target itself where the same order was
 * carried out already.
 * Refusals: version-stale, target-missing (nothing to split), target-year-over, target-part-twice, target-part-unknown (no open division
 * directly inside), number-out-of-range, target-parts-differ (every unit must add up exactly), target-parts-many.
 */
export function splitTarget(
  place: TargetPlace & Parts,
  wanted: readonly PartTarget[],
  order: TargetOrder,
): Decided<TargetDecision | Target> {
  const { own, year, divisions, targets } = place;
  const steps = partSteps({ year, targets }, wanted, order);
  const isDone = own?.version === order.version + 1 && isDoing(own.split, order);
  if (isDone && steps.length === 0) return { ok: own };
  const stale = refusalOf(place, order);
  if (stale) return stale;
  if (!own) return refuse('target-missing', { year });
  const unfit = refusedFor(partFaults(wanted, divisions)) ?? refusedFor(differences(own, wanted));
  if (unfit) return unfit;
  const count = steps.length;
  if (count > MOST_PARTS) return refuse('target-parts-many', { count, most: MOST_PARTS });
  const whole = stepOf(own, { ...own, split: doingOf(order) });
  const { document } = order;
  return {
    ok: {
      target: whole.after,
      steps: [whole, ...steps],
      without: undefined,
      event: eventOf(steps, { kind: 'split', year, ...doingOf(order), document }),
    },
  };
}
