import { atTime, bases, type FrozenBasis, type When } from './as-of.ts';
import { heading } from './board-view.ts';
import { addDays, type Day } from './day.ts';
import { type HouseholdDimension, type PersonDimension, unregistered } from './dimension.ts';
import { householdDimensions, todayOnly } from './dimension-household.ts';
import { personDimensions } from './dimension-person.ts';
import type { AreaCode } from './division.ts';
import {
  type Count,
  type Figures,
  householdCounts,
  householdsIn,
  personCounts,
  registeredIn,
  sumIn,
  type Tally,
  villageCountsIn,
  villagesIn,
} from './figure.ts';
import { answers } from './figure-layout.ts';
import { householdsLink, personsLink, villagesLink } from './list-link.ts';

/** A place on a board, with its name where the register of divisions knows it. */
export interface Place {
  readonly code: AreaCode;
  readonly name?: string;
  /** Places above it, highest first. */
  readonly ancestors?: readonly { readonly code: AreaCode; readonly name: string }[];
}

/** Whether links are given and zeros shown: for the area itself yes, for its parts no (their own boards have both). */
interface View extends When {
  readonly figures: Figures;
  readonly area: AreaCode;
  readonly full: boolean;
}

/** A part of a whole in percent, rounded to one decimal; null where there is no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 1000) / whole) / 10;
}

/** Dimensions with many values: those nobody has are left out. */
const WIDE = 24;

function showsZeros(view: View, dimension: { readonly values: readonly unknown[] }): boolean {
  return view.full && dimension.values.length <= WIDE;
}

function householdFigure(view: View, filters: Readonly<Record<string, string>>, count: Count) {
  if (!view.full) return count;
  // Applicants and struck-off households are counted but are no part of the registered: they have no share in them.
  const isPart = !unregistered.includes(filters.status ?? '') && filters.case !== 'identification';
  const all = isPart ? registeredIn(view.figures) : { households: 0, persons: 0 };
  return {
    ...count,
    shares: {
      households: shareOf(count.households, all.households),
      persons: shareOf(count.persons, all.persons),
    },
    lists: {
      households: householdsLink(view, filters),
      persons: personsLink(view, filters),
    },
  };
}

function personFigure(view: View, filters: Readonly<Record<string, string>>, persons: number) {
  if (!view.full) return { persons };
  return {
    persons,
    shares: { persons: shareOf(persons, registeredIn(view.figures).persons) },
    lists: { persons: personsLink(view, filters) },
  };
}

type Figure = ReturnType<typeof householdFigure> | ReturnType<typeof personFigure>;

type Entry = readonly [string, Figure];

function ofHouseholds(view: View, dimension: HouseholdDimension): readonly Entry[] {
  const counts = householdCounts(view.figures, dimension, showsZeros(view, dimension));
  return counts.map(([value, count]) => [
    value,
    householdFigure(view, { [dimension.param]: value }, count),
  ]);
}

function ofPersons(view: View, dimension: PersonDimension): readonly Entry[] {
  const counts = personCounts(view.figures, dimension, showsZeros(view, dimension));
  return counts.map(([value, persons]) => [
    value,
    personFigure(view, { [dimension.param]: value }, persons),
  ]);
}

/** `housing:met` -> figures by guarantee, then by answer. */
function byCode(figures: readonly Entry[]) {
  const grouped: Record<string, Record<string, Figure>> = {};
  for (const [value, figure] of figures) {
    const colon = value.indexOf(':');
    const code = value.slice(0, colon);
    const byAnswer = grouped[code] ?? {};
    byAnswer[value.slice(colon + 1)] = figure;
    grouped[code] = byAnswer;
  }
  return grouped;
}

interface Guarantees {
  households: ReturnType<typeof byCode>;
  persons: ReturnType<typeof byCode>;
}

function breakdowns(view: View) {
  const by: Record<string, Readonly<Record<string, Figure>>> = {};
  const guarantees: Guarantees = { households: {}, persons: {} };
  const isToday = view.asOf === undefined && view.snapshot === undefined;
  const told = householdDimensions.filter(({ id }) => isToday || !todayOnly.includes(id));
  for (const dimension of told) {
    const entries = ofHouseholds(view, dimension);
    if (dimension.param === 'guarantee') guarantees.households = byCode(entries);
    else by[heading(dimension.id)] = Object.fromEntries(entries);
  }
  for (const dimension of personDimensions) {
    const entries = ofPersons(view, dimension);
    if (dimension.param === 'guarantee') guarantees.persons = byCode(entries);
    else by[heading(dimension.id)] = Object.fromEntries(entries);
  }
  return { ...by, guarantees };
}

const exited = { id: 'exited', values: ['yes', 'no'] };

function headline(view: View, unit: 'households' | 'persons') {
  const counts = {
    registered: registeredIn(view.figures)[unit],
    exited: householdsIn(view.figures, exited, 'yes')[unit],
    unexited: householdsIn(view.figures, exited, 'no')[unit],
  };
  if (!view.full) return counts;
  const link = unit === 'households' ? householdsLink : personsLink;
  return {
    ...counts,
    shares: {
      exited: shareOf(counts.exited, counts.registered),
      unexited: shareOf(counts.unexited, counts.registered),
    },
    lists: {
      registered: link(view, {}),
      exited: link(view, { exited: 'yes' }),
      unexited: link(view, { exited: 'no' }),
    },
  };
}

/** Of the villages of an area, how each criterion of exit is answered, with the lists of them. */
function criteriaIn(view: View) {
  const byCriterion = villagesIn(view.figures).criteria.map(([criterion, amounts]) => [
    criterion,
    Object.fromEntries(
      answers.map((answer, at) => [
        answer,
        {
          villages: amounts[at],
          lists: { villages: villagesLink(view, { criterion: `${criterion}:${answer}` }) },
        },
      ]),
    ),
  ]);
  return Object.fromEntries(byCriterion);
}

function villages(view: View) {
  const { figures, full } = view;
  const population = sumIn(figures, 'population');
  const unexited = sumIn(figures, 'unexitedOfPopulation');
  return {
    ...villageCountsIn(figures),
    ...(full && {
      lists: {
        withHouseholds: villagesLink(view, { withHouseholds: 'yes' }),
        withProfile: villagesLink(view, { withProfile: 'yes' }),
        poor: villagesLink(view, { poor: 'yes' }),
        passing: villagesLink(view, { passing: 'yes' }),
        exited: villagesLink(view, { exited: 'yes' }),
      },
      criteria: criteriaIn(view),
    }),
    /** Persons not yet exited per hundred registered persons of the villages whose population is known. */
    incidence: {
      population,
      unexited,
      percent: population === 0 ? null : Math.round((unexited * 10_000) / population) / 100,
    },
  };
}

const known = { id: 'incomeKnown', values: ['yes', 'no'] };

/** Sums over the households whose income is known, fen; `lists` names them. */
function income(view: View) {
  const { figures, full } = view;
  const { households, persons } = householdsIn(figures, known, 'yes');
  const netFen = sumIn(figures, 'netFen');
  const query = { [known.id]: 'yes' };
  return {
    households,
    persons,
    ...(full && {
      lists: { households: householdsLink(view, query), persons: personsLink(view, query) },
    }),
    wagesFen: sumIn(figures, 'wagesFen'),
    businessFen: sumIn(figures, 'businessFen'),
    propertyFen: sumIn(figures, 'propertyFen'),
    transferFen: sumIn(figures, 'transferFen'),
    businessCostFen: sumIn(figures, 'businessCostFen'),
    netFen,
    /** Net income per head of the households whose income is known, fen. */
    netPerPersonFen: persons === 0 ? null : Math.round(netFen / persons),
  };
}

function figuresOf(view: View) {
  return {
    households: headline(view, 'households'),
    persons: headline(view, 'persons'),
    ...breakdowns(view),
    villages: villages(view),
    income: income(view),
    workMonths: sumIn(view.figures, 'workMonths'),
  };
}

export interface BoardInput {
  readonly area: Place;
  readonly tally: Tally;
  readonly today: Day;
  /** The board is of `today` as of a past day, by what is known now. */
  readonly past?: { readonly outOfReach: number };
  /** The board is of `today` in a snapshot, by what was known then. */
  readonly frozen?: FrozenBasis;
  readonly children: readonly { readonly area: Place; readonly figures: Figures }[];
}

function basisOf(isPast: boolean, isFrozen: boolean): (typeof bases)[number] {
  const [current, knownNow, snapshot] = bases;
  if (isFrozen) return snapshot;
  return isPast ? knownNow : current;
}

/**
 * A board: figures of an area and its parts, in persons, households and fen; shares in percent are computed here and never stored.
 * `asOf` is the day on which the figures hold: the past day asked for, otherwise today, or the last day before an age that has not been taken yet.
 * Every figure of the area names the list query that returns exactly its members; a part's figures do on its own board.
 */
export function boardOf({ area, tally, today, past, frozen, children }: BoardInput) {
  const { figures, until } = tally;
  const when: When = frozen ? { snapshot: frozen.snapshot.year } : { asOf: past && today };
  const { households, persons } = registeredIn(figures);
  const exitedCount = householdsIn(figures, exited, 'yes');
  return {
    area,
    asOf: today < until ? today : addDays(until, -1),
    basis: basisOf(past !== undefined, frozen !== undefined),
    ...past,
    ...frozen,
    ...figuresOf({ figures, area: area.code, full: true, ...when }),
    shares: {
      exitedHouseholds: shareOf(exitedCount.households, households),
      exitedPersons: shareOf(exitedCount.persons, persons),
    },
    children: children.map((child) => ({
      area: child.area,
      board: atTime(`/areas/${child.area.code}/board`, when),
      ...figuresOf({ figures: child.figures, area: child.area.code, full: false, ...when }),
    })),
  };
}
