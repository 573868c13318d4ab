import type { Actor } from './access.ts';
import type { Day } from './day.ts';
import { type AreaCode, ancestorAt, levelOf, liesWithin } from './division.ts';
import { type HouseholdFile, statusOfHousehold, villageOf } from './household.ts';
import type { EventKind, FieldChange, HouseholdChange, HouseholdEvent } from './household-event.ts';
import documents from './household-right.json' with { type: 'json' };
import { isByProcedure, refuseUnproven } from './household-status.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Levels that keep files, the lowest first; cities and provinces read them. */
export const keepers = ['village', 'town', 'county'] as const;
export type Keeper = (typeof keepers)[number];

/** What a change does, as the rights name it: an act, or a field of the household or of a person. */
export interface Need {
  readonly of: 'acts' | 'household' | 'person';
  readonly name: string;
}

/** A decided change and the file it was decided on; undefined where the household is new. */
export interface Judged extends HouseholdChange {
  readonly before: HouseholdFile | undefined;
}
interface Correction extends HouseholdChange {
  readonly before: HouseholdFile;
}

/** The lowest level that may do it by the document in force that day for that place; the county where none says so. */
export function keeperOf({ of, name }: Need, village: AreaCode, day: Day): Keeper {
  const document = documents.findLast(
    ({ validFrom, validTo, scope }) =>
      validFrom <= day && day <= validTo && village.startsWith(scope),
  );
  const allows = (level: Keeper) => document?.[level][of].some((one) => one === name) ?? false;
  return keepers.find(allows) ?? 'county';
}

function act(name: string): readonly Need[] {
  return [{ of: 'acts', name }];
}

/** Persons who get their first identity number: birth and sex follow it, nothing that was known is put right. */
function numberedFirst({ changes }: HouseholdEvent): ReadonlySet<string | null> {
  const first = changes.filter(
    ({ field, before }) => field === 'identityNumber' && before === null,
  );
  return new Set(first.map(({ person }) => person));
}

/** What a changed field needs the right for; nothing where it follows from a first identity number. */
function changeNeeds(
  { field, person }: FieldChange,
  first: ReadonlySet<string | null>,
): readonly Need[] {
  // What is said beside a change is no part of it.
  if (field === 'note') return [];
  if (person === null) return [{ of: 'household', name: field }];
  if (!first.has(person)) return [{ of: 'person', name: field }];
  if (field === 'birth' || field === 'sex') return [];
  return [{ of: 'person', name: field === 'identityNumber' ? 'firstIdentityNumber' : field }];
}

/** Fields of which the change says something for days past. */
function pastNeeds({ putAway, putAwayOf }: HouseholdEvent): readonly Need[] {
  const fields = (sheet: { readonly values: object; readonly cleared?: readonly string[] }) => [
    ...Object.keys(sheet.values),
    ...(sheet.cleared ?? []),
  ];
  return [
    ...putAway.flatMap(fields).map((name): Need => ({ of: 'household', name })),
    ...putAwayOf
      .flatMap(({ sheets }) => sheets.flatMap(fields))
      .map((name): Need => ({ of: 'person', name })),
  ];
}

function correctionNeeds({ before, next, event }: Correction): readonly Need[] {
  const first = numberedFirst(event);
  const needs = [
    ...event.changes.flatMap((change) => changeNeeds(change, first)),
    ...pastNeeds(event),
  ];
  const others = needs.filter(({ name }) => name !== 'village');
  if (others.length === needs.length) return needs;
  const isMove = villageOf(before.household) !== villageOf(next.household);
  return [...others, ...act(isMove ? 'move' : 'place-of-the-past')];
}

/** Whether a household ends because its last member left it; one that is struck off keeps its members. */
function hasEmptied({ before, next }: Correction): boolean {
  return next.household.members.length < before.household.members.length;
}

/** Changes that are judged as a whole, whatever fields they touch. */
const acts: Partial<Record<EventKind, string>> = {
  'member-added': 'member-join',
  'member-ended': 'member-leave',
  'head-changed': 'head',
  split: 'split',
  'split-off': 'split',
  merged: 'merge',
  reinstated: 'reinstate',
};

/** Everything a change needs the right for. */
export function needsOf({ before, next, event }: Judged): readonly Need[] {
  const { kind, reason } = event;
  const whole = acts[kind];
  if (whole !== undefined) return act(whole);
  if (!before) return act('register');
  const correction = { before, next, event };
  if (kind === 'struck-off') {
    if (reason === 'merged') return act('merge');
    // Whoever was entered by mistake never was a member: the household never was one either.
    const hasEnded = hasEmptied(correction) && reason !== 'error';
    return act(hasEnded ? 'household-end' : 'strike-off');
  }
  return correctionNeeds(correction);
}

/** Where a household that is changed lives; where it will live when it is new. */
function homeOf({ before, next }: Judged): AreaCode {
  return villageOf((before ?? next).household);
}

/** What lies in several towns concerns the county, whatever it is. */
function spreadNeeds(decided: readonly Judged[]): readonly Need[] {
  const villages = decided.flatMap((one) => [homeOf(one), villageOf(one.next.household)]);
  const towns = new Set(villages.map((village) => ancestorAt(village, 'town')));
  return towns.size > 1 ? act('between-towns') : [];
}

/** Whoever joins households of different status puts persons from under one decision under another. */
function statusNeeds(decided: readonly Judged[]): readonly Need[] {
  const isMerger = decided.some(({ event }) => event.kind === 'merged');
  const before = decided.flatMap((one) =>
    one.before ? [statusOfHousehold(one.before.household)] : [],
  );
  return isMerger && new Set(before).size > 1 ? act('merge-statuses') : [];
}

/** The lowest level that may make a change, of one household or of several at once: that of the highest of its needs. */
export function keeperFor(decided: readonly Judged[], day: Day): Keeper {
  const together = [...spreadNeeds(decided), ...statusNeeds(decided)];
  const levels = decided.flatMap((one) =>
    [...needsOf(one), ...together].map((need) => keeperOf(need, homeOf(one), day)),
  );
  return keepers.findLast((level) => levels.includes(level)) ?? 'village';
}

/** The highest level at which an actor stands over a village; a right held elsewhere is none there. */
function standingOf(actor: Actor, village: AreaCode): number {
  const above = actor.areas.filter((area) => liesWithin(village, area)).map(levelOf);
  return keepers.findLastIndex((level) => above.includes(level));
}

/** Whether an actor stands at that level, or above it, over a village. */
export function standsAt(actor: Actor, village: AreaCode, level: Keeper): boolean {
  return standingOf(actor, village) >= keepers.indexOf(level);
}

/**
 * The refusal of a change above the actor's right over the villages of its households, which names the level that may make it.
 * Refusals: above-right.
 */
export function refuseAboveRight(
  actor: Actor,
  decided: readonly Judged[],
  day: Day,
): Refusal | undefined {
  const level = keeperFor(decided, day);
  const isRight = decided.every((one) => standsAt(actor, homeOf(one), level));
  return isRight ? undefined : refuse('above-right', { level });
}

/**
 * The refusal of a direct registration: a household enters by the identification procedure, one that was identified before this system is
 * entered by who may.
 * Refusals: register-above-right.
 */
export function refuseRegistering(actor: Actor, village: AreaCode, day: Day): Refusal | undefined {
  const level = keeperOf({ of: 'acts', name: 'register' }, village, day);
  return standsAt(actor, village, level) ? undefined : refuse('register-above-right', { level });
}

/** Statuses a change says were held on days past, without making them the present one. */
function pastStatuses({ at, putAway }: HouseholdEvent): readonly string[] {
  return putAway.flatMap(({ enteredAt, values: { status } }) =>
    enteredAt === at && status !== undefined ? [status] : [],
  );
}

/**
 * The refusal of what a procedure alone may do: a correction never makes a household exited, returned or struck off, nor says that it was,
 * nor takes such a status back for days past; and striking off without a procedure is for wrong entries.
 * Refusals: procedure-required, status-transition.
 */
export function refuseBypass({ before, next, event }: Correction): Refusal | undefined {
  const { kind, reason } = event;
  const from = statusOfHousehold(before.household);
  const to = statusOfHousehold(next.household);
  if (kind === 'struck-off') {
    const isFree = reason === 'error' || hasEmptied({ before, next, event });
    return isFree ? undefined : refuseUnproven(from, to);
  }
  if (kind !== 'changed' && kind !== 'moved') return undefined;
  const [past] = pastStatuses(event);
  if (past === undefined) return refuseUnproven(from, to);
  if (isByProcedure(past)) return refuseUnproven('', past);
  return isByProcedure(from) ? refuse('status-transition', { from, to: past }) : undefined;
}
