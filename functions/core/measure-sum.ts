import { addDays, type Day } from './day.ts';
import { isRegistered } from './dimension.ts';
import type { AreaCode } from './division.ts';
import { isOverdue, isVoidMeasure, type MeasureDigest, runsOn } from './measure.ts';
import type { Roster } from './roster.ts';

/** A household with its measures in short. */
export interface Helped {
  readonly roster: Roster;
  readonly measures: readonly MeasureDigest[];
}

/** What a list of measures may be asked for besides its area; all must hold. */
export interface MeasureFilter {
  readonly batch?: string | undefined;
  readonly kind?: string | undefined;
  readonly mode?: string | undefined;
  readonly state?: 'running' | 'ended' | undefined;
  readonly insured?: 'yes' | 'no' | 'unknown' | undefined;
  readonly certificate?: 'yes' | 'no' | 'unknown' | undefined;
}

type Answer = 'yes' | 'no' | 'unknown';

function answerOf(fact: boolean | null): Answer {
  if (fact === null) return 'unknown';
  return fact ? 'yes' : 'no';
}

/** Whether a measure stands in a list; what was entered by mistake stands in none. */
export function isListed(one: MeasureDigest, asked: MeasureFilter, today: Day): boolean {
  if (isVoidMeasure(one)) return false;
  const state = runsOn(one, today) ? 'running' : 'ended';
  return (
    (asked.batch ?? one.batch) === one.batch &&
    (asked.kind ?? one.kind) === one.kind &&
    (asked.mode ?? one.mode) === one.mode &&
    (asked.state ?? state) === state &&
    (asked.insured === undefined ||
      (one.post !== null && answerOf(one.post.insured) === asked.insured)) &&
    (asked.certificate === undefined ||
      (one.training !== null && answerOf(one.training.certificate) === asked.certificate))
  );
}

/** The measures of a household that stand in a list; those of who is not on the register do in none. */
export function listedIn(
  { roster, measures }: Helped,
  asked: MeasureFilter,
  today: Day,
): readonly MeasureDigest[] {
  return isRegistered(roster) ? measures.filter((one) => isListed(one, asked, today)) : [];
}

/** Which loans are asked for: those due by a day, or those that are overdue. */
export interface LoanFilter {
  readonly dueBy?: Day | undefined;
  readonly overdue?: 'yes' | undefined;
}

type Loan = MeasureDigest & { readonly loan: NonNullable<MeasureDigest['loan']> };

function isLoan(one: MeasureDigest): one is Loan {
  return one.loan !== null;
}

/** Loans of a household that are not repaid, those of who left the register too: a debt does not end with it. */
export function loansIn(
  { measures }: Pick<Helped, 'measures'>,
  { dueBy, overdue }: LoanFilter,
  today: Day,
): readonly Loan[] {
  return measures
    .filter(isLoan)
    .filter(
      (one) =>
        runsOn(one, today) &&
        one.loan.outstandingFen > 0 &&
        (dueBy === undefined || one.loan.dueOn <= dueBy) &&
        (overdue === undefined || isOverdue(one, today)),
    );
}

/** Measures under way and ended, and the households with one under way; with the lists of the former. */
function countOf(all: readonly Helped[], asked: MeasureFilter, { area, today }: Asked) {
  const of = (state: 'running' | 'ended') =>
    all.map((one) => listedIn(one, { ...asked, state }, today)).filter((some) => some.length > 0);
  const [running, ended] = [of('running'), of('ended')];
  return {
    running: running.flat().length,
    ended: ended.flat().length,
    households: running.length,
    persons: new Set(running.flat().flatMap(({ person }) => person ?? [])).size,
    lists: {
      running: measuresLink(area, { ...asked, state: 'running' }),
      ended: measuresLink(area, { ...asked, state: 'ended' }),
    },
  };
}

interface Asked {
  readonly area: AreaCode;
  readonly today: Day;
}

/** The address of a list of measures. */
export function measuresLink(area: AreaCode, asked: MeasureFilter): string {
  const filters = Object.entries(asked).filter(([, value]) => value !== undefined);
  return `/measures?${new URLSearchParams([['area', area], ...filters.map(([name, value]): [string, string] => [name, String(value)])])}`;
}

function loansLink(area: AreaCode, asked: LoanFilter): string {
  const filters = Object.entries(asked).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return `/measures/loans?${new URLSearchParams([['area', area], ...filters])}`;
}

/** What somebody has of `codes`, by code: those nobody has are left out. */
function by(
  field: 'batch' | 'kind' | 'mode',
  all: readonly Helped[],
  asked: Asked,
): Readonly<Record<string, ReturnType<typeof countOf>>> {
  const listed = all.flatMap((one) => listedIn(one, {}, asked.today));
  const codes = [...new Set(listed.flatMap((one) => one[field] ?? []))].toSorted();
  return Object.fromEntries(codes.map((code) => [code, countOf(all, { [field]: code }, asked)]));
}

/** What measures brought, fen, by year and by how it is known. */
function incomeOf(measures: readonly MeasureDigest[]) {
  const years: Record<string, { fen: number; byBasis: Record<string, number> }> = {};
  for (const { year, fen, basis } of measures.flatMap(({ income }) => income)) {
    const sum = years[year] ?? { fen: 0, byBasis: {} };
    sum.fen += fen;
    sum.byBasis[basis] = (sum.byBasis[basis] ?? 0) + fen;
    years[year] = sum;
  }
  return years;
}

/** How many of the facts are yes, no or unknown, with the list of each. */
function answers(
  facts: readonly (boolean | null)[],
  list: (answer: Answer) => string,
): Readonly<Record<Answer, { readonly measures: number; readonly list: string }>> {
  const count = (answer: Answer) => ({
    measures: facts.filter((fact) => answerOf(fact) === answer).length,
    list: list(answer),
  });
  return { yes: count('yes'), no: count('no'), unknown: count('unknown') };
}

function postsOf(all: readonly Helped[], { area, today }: Asked) {
  const filter = { kind: 'public-post', state: 'running' } as const;
  const running = all.flatMap((one) => listedIn(one, { state: 'running' }, today));
  const posts = running.flatMap(({ post }) => post ?? []);
  return {
    running: posts.length,
    /** Wages together, fen per month. */
    wageFenPerMonth: posts.reduce((sum, { wageFen }) => sum + wageFen, 0),
    insured: answers(
      posts.map(({ insured }) => insured),
      (insured) => measuresLink(area, { ...filter, insured }),
    ),
    list: measuresLink(area, filter),
  };
}

function trainingsOf(all: readonly Helped[], { area, today }: Asked) {
  const filter = { kind: 'training' } as const;
  const listed = all.flatMap((one) => listedIn(one, {}, today));
  const trained = listed.filter(({ training }) => training !== null);
  const trainings = listed.flatMap(({ training }) => training ?? []);
  return {
    trainings: trainings.length,
    persons: new Set(trained.map(({ person }) => person)).size,
    dayCount: trainings.reduce((sum, { dayCount }) => sum + dayCount, 0),
    certificate: answers(
      trainings.map(({ certificate }) => certificate),
      (certificate) => measuresLink(area, { ...filter, certificate }),
    ),
    list: measuresLink(area, filter),
  };
}

function loansOf(all: readonly Helped[], { area, today }: Asked, within: number) {
  const dueBy = addDays(today, within);
  const of = (asked: LoanFilter) => {
    const loans = all.flatMap((one) => loansIn(one, asked, today));
    return {
      loans: loans.length,
      outstandingFen: loans.reduce((sum, { loan }) => sum + loan.outstandingFen, 0),
      list: loansLink(area, asked),
    };
  };
  return { unpaid: of({}), due: { by: dueBy, ...of({ dueBy }) }, overdue: of({ overdue: 'yes' }) };
}

/**
 * The measures of an area, counted: by batch, kind and mode, with what they brought in fen, posts, trainings and loans; every figure names
 * its list.
 * @param within days from today within which a loan counts as due
 */
export function sumMeasures(all: readonly Helped[], asked: Asked, within: number) {
  const listed = all.flatMap((one) => listedIn(one, {}, asked.today));
  return {
    area: asked.area,
    asOf: asked.today,
    all: countOf(all, {}, asked),
    byBatch: by('batch', all, asked),
    byKind: by('kind', all, asked),
    byMode: by('mode', all, asked),
    income: incomeOf(listed),
    posts: postsOf(all, asked),
    trainings: trainingsOf(all, asked),
    loans: loansOf(all, asked, within),
  };
}
