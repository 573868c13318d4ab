import type { Day } from './day.ts';
import { isRegistered, netFenOf, type Setting } from './dimension.ts';
import { countsIn, householdDimensions } from './dimension-household.ts';
import { nextChange, personDimensions } from './dimension-person.ts';
import {
  answers,
  COUNTERS,
  criterionPlace,
  firstHouseholdPlace,
  firstPersonPlace,
  householdPlace,
  personPlace,
  type SumName,
  sumNames,
  sumPlace,
  type VillageYear,
  type villageCounts,
  villagePlace,
  villageYearPlace,
} from './figure-layout.ts';
import { nextUnmetAfter } from './measure-match.ts';
import type { Roster, VillageProfile } from './roster.ts';
import { nextRuleAfter, villageCriteria } from './rule-village.ts';
import { denominatorOf, villageExit } from './village-exit.ts';
import { villageYearsOf } from './village-year.ts';

/** All counters and sums of one area, in the order of the layout. */
export type Figures = readonly number[];

/** Figures, and the first day on which they are no longer true with nothing entered; `NEVER` where no such day is known. */
export interface Tally {
  readonly figures: Figures;
  readonly until: Day;
}

export const NEVER: Day = '9999-12-31';

const LENGTH = COUNTERS + sumNames.length;

function blank(): number[] {
  return new Array<number>(LENGTH).fill(0);
}

function at(figures: Figures, place: number): number {
  return figures[place] ?? 0;
}

function add(to: number[], place: number, amount: number): void {
  to[place] = at(to, place) + amount;
}

/** Figures of a place with nobody and nothing in it. */
export const nothing: Figures = blank();

function countHousehold(to: number[], roster: Roster, setting: Setting): void {
  const persons = roster.members.length;
  for (const dimension of householdDimensions) {
    if (!countsIn(roster, dimension)) continue;
    for (const value of dimension.of(roster, setting)) {
      const place = householdPlace(dimension, value);
      add(to, place, 1);
      add(to, place + 1, persons);
    }
  }
}

function countPersons(to: number[], roster: Roster, setting: Setting): void {
  for (const member of roster.members) {
    add(to, sumPlace('workMonths'), member.workMonths ?? 0);
    for (const dimension of personDimensions)
      for (const value of dimension.of(member, setting)) add(to, personPlace(dimension, value), 1);
  }
}

function sumIncome(to: number[], roster: Roster): void {
  const { income } = roster;
  if (!income) return;
  add(to, sumPlace('wagesFen'), income.wagesFen);
  add(to, sumPlace('businessFen'), income.businessFen);
  add(to, sumPlace('propertyFen'), income.propertyFen);
  add(to, sumPlace('transferFen'), income.transferFen);
  add(to, sumPlace('businessCostFen'), income.businessCostFen);
  add(to, sumPlace('netFen'), netFenOf(income));
}

function countProfile(to: number[], profile: VillageProfile, day: Day): void {
  const unexited = at(to, householdPlace(exited, 'no') + 1);
  add(to, villagePlace('withProfile'), 1);
  const population = denominatorOf(profile);
  if (population !== null) {
    add(to, sumPlace('population'), population);
    add(to, sumPlace('unexitedOfPopulation'), unexited);
  }
  for (const [kind, year] of villageYearsOf(profile)) add(to, villageYearPlace(kind, year), 1);
  if (!profile.poor) return;
  const criteria = villageExit(profile, unexited, day);
  add(to, villagePlace('poor'), 1);
  if (profile.exitedOn !== null) add(to, villagePlace('exited'), 1);
  for (const criterion of villageCriteria)
    add(to, criterionPlace(criterion, criteria[criterion]), 1);
  if (villageCriteria.every((criterion) => criteria[criterion] === 'met'))
    add(to, villagePlace('passing'), 1);
}

const exited = { id: 'exited', values: ['yes', 'no'] };

/** The first of some days, `NEVER` where there is none. */
export function earliest(days: readonly (Day | undefined)[]): Day {
  return days.reduce<Day>((first, day) => (day !== undefined && day < first ? day : first), NEVER);
}

/** The village as its dimensions see it on a day. */
export function settingOf(profile: VillageProfile | undefined, day: Day): Setting {
  return { day, poorVillage: profile?.poor ?? null };
}

/** The first day after `day` on which a household's figures or list entries change with nothing entered. */
export function nextChangeOf(roster: Roster, day: Day): Day {
  return earliest([
    ...roster.members.map((member) => nextChange(member.birth, day)),
    nextUnmetAfter(roster, day),
  ]);
}

/**
 * Figures of a village on a day, from the rosters of its households and its profile.
 * Only registered households count, save in the dimension of status; what nobody recorded counts as unknown.
 */
export function countVillage(
  rosters: readonly Roster[],
  profile: VillageProfile | undefined,
  day: Day,
): Tally {
  const to = blank();
  const setting = settingOf(profile, day);
  const registered = rosters.filter(isRegistered);
  for (const roster of rosters) countHousehold(to, roster, setting);
  for (const roster of registered) {
    add(to, 0, 1);
    add(to, 1, roster.members.length);
    countPersons(to, roster, setting);
    sumIncome(to, roster);
  }
  if (registered.length > 0) add(to, villagePlace('withHouseholds'), 1);
  if (profile) countProfile(to, profile, day);
  const changes = registered.map((roster) => nextChangeOf(roster, day));
  return {
    figures: to,
    until: earliest([...changes, profile?.poor ? nextRuleAfter(day, profile.village) : undefined]),
  };
}

/** Live members of registered households that have not exited, as boards count them: what incidence is made of. */
export function unexitedPersons(rosters: readonly Roster[], day: Day): number {
  const { figures } = countVillage(rosters, undefined, day);
  return householdsIn(figures, exited, 'no').persons;
}

/** Figures of a place from those of its parts; they hold as long as all of these do. */
export function addTallies(parts: readonly Tally[]): Tally {
  const to = blank();
  // By place: a board adds tens of thousands, and iterators would take longer than the database.
  for (const { figures } of parts)
    for (let place = 0; place < LENGTH; place += 1) add(to, place, at(figures, place));
  return { figures: to, until: earliest(parts.map((part) => part.until)) };
}

export function equalFigures(a: Figures, b: Figures): boolean {
  return a.every((amount, place) => amount === b[place]);
}

export function isNothing(figures: Figures): boolean {
  return figures.every((amount) => amount === 0);
}

interface Place {
  readonly id: string;
  readonly values: readonly string[];
}

export interface Count {
  readonly households: number;
  readonly persons: number;
}

/** Registered households and their live members. */
export function registeredIn(figures: Figures): Count {
  return { households: at(figures, 0), persons: at(figures, 1) };
}

/** Households of a value and their persons. */
export function householdsIn(figures: Figures, dimension: Place, value: string): Count {
  const place = householdPlace(dimension, value);
  return { households: at(figures, place), persons: at(figures, place + 1) };
}

export function personsIn(figures: Figures, dimension: Place, value: string): number {
  return at(figures, personPlace(dimension, value));
}

/** Values of a dimension in its order, with their households and persons; those nobody has only where `zeros` are asked for. */
export function householdCounts(figures: Figures, dimension: Place, zeros: boolean) {
  const counts: (readonly [string, Count])[] = [];
  let place = firstHouseholdPlace(dimension);
  for (const value of dimension.values) {
    const households = at(figures, place);
    if (zeros || households > 0)
      counts.push([value, { households, persons: at(figures, place + 1) }]);
    place += 2;
  }
  return counts;
}

/** The same for a dimension of persons. */
export function personCounts(figures: Figures, dimension: Place, zeros: boolean) {
  const counts: (readonly [string, number])[] = [];
  let place = firstPersonPlace(dimension);
  for (const value of dimension.values) {
    const persons = at(figures, place);
    if (zeros || persons > 0) counts.push([value, persons]);
    place += 1;
  }
  return counts;
}

export function sumIn(figures: Figures, sum: SumName): number {
  return at(figures, sumPlace(sum));
}

/** Counts of villages by name. */
export function villageCountsIn(figures: Figures) {
  const count = (name: (typeof villageCounts)[number]) => at(figures, villagePlace(name));
  return {
    withHouseholds: count('withHouseholds'),
    withProfile: count('withProfile'),
    poor: count('poor'),
    passing: count('passing'),
    exited: count('exited'),
  };
}

/** The same, and villages by answer to each criterion of exit. */
export function villagesIn(figures: Figures) {
  const criteria = villageCriteria.map(
    (criterion) =>
      [criterion, answers.map((answer) => at(figures, criterionPlace(criterion, answer)))] as const,
  );
  return { ...villageCountsIn(figures), criteria };
}

/** Villages that are to leave the list of poor villages in a year, or left it then; the year as `years` tells them apart. */
export function villagesInYear(figures: Figures, kind: VillageYear, year: string): number {
  return at(figures, villageYearPlace(kind, year));
}
