import type { Helper, HelperKind } from './helper.ts';
import { helperKinds } from './helper.ts';
import { isCurrent, nameOfSubject, type Pairing } from './pairing.ts';
import type { HelperSummary, Totals } from './pairing-view.ts';

function sum(pairings: readonly Pairing[], of: (pairing: Pairing) => number): number {
  return pairings.reduce((total, pairing) => total + of(pairing), 0);
}

function subjects(pairings: readonly Pairing[], type: 'household' | 'village'): number {
  const own = pairings.filter(({ subject }) => subject.type === type);
  return new Set(own.map(({ subject }) => nameOfSubject(subject))).size;
}

/** What pairings come to: promised by those under way, which take over what ended ones promised, and delivered by all. */
export function totalsOf(pairings: readonly Pairing[]): Totals {
  const current = pairings.filter(isCurrent);
  return {
    pairings: current.length,
    households: subjects(current, 'household'),
    villages: subjects(current, 'village'),
    promisedFen: sum(current, ({ promised }) => promised.moneyFen),
    promisedProjects: sum(current, ({ promised }) => promised.projects),
    deliveredFen: sum(pairings, ({ delivered }) => delivered.moneyFen),
    projects: sum(pairings, ({ delivered }) => delivered.projects),
    jobs: sum(pairings, ({ delivered }) => delivered.jobs),
  };
}

/** Helpers by whom money came, all corrections taken off. */
function contributing(pairings: readonly Pairing[]): number {
  const byHelper = Map.groupBy(pairings, ({ helper }) => helper);
  return [...byHelper.values()].filter((own) => sum(own, (one) => one.delivered.moneyFen) > 0)
    .length;
}

/** Helpers and pairings of an area by kind; kinds nobody is of are left out. */
export function summaryOf(
  helpers: readonly Helper[],
  pairings: readonly Pairing[],
): HelperSummary['kinds'] {
  const byKind: Partial<Record<HelperKind, NonNullable<HelperSummary['kinds'][HelperKind]>>> = {};
  for (const kind of helperKinds) {
    const own = pairings.filter((one) => one.kind === kind);
    const count = helpers.filter((one) => one.kind === kind).length;
    if (count + own.length === 0) continue;
    byKind[kind] = { helpers: count, contributing: contributing(own), ...totalsOf(own) };
  }
  return byKind;
}
