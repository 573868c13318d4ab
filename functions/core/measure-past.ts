import type { Day } from './day.ts';
import { type Details, type LoanDetails, type Measure, overlap } from './measure.ts';
import type { NewMeasure } from './measure-input.ts';
import { refuseResult, repay } from './measure-loan.ts';
import { type Decided, inField, isRefused, refuse } from './refusal.ts';

/** Days on which a person had a public-welfare post, and where. */
export interface PostPeriod {
  readonly household: string;
  readonly measure: string;
  readonly startedOn: Day;
  readonly endedOn: Day | null;
}

/** The public-welfare post a person has, or had last, in whatever household, and those before it. */
export interface LastPost extends PostPeriod {
  readonly others: readonly PostPeriod[];
}

function periodsOf(known: LastPost | undefined): readonly PostPeriod[] {
  if (!known) return [];
  const { others, household, measure, startedOn, endedOn } = known;
  return [...others, { household, measure, startedOn, endedOn }];
}

/** Whether a person had a post on one of the days of another. */
export function hadPost(
  known: LastPost | undefined,
  days: Pick<PostPeriod, 'startedOn' | 'endedOn'>,
): boolean {
  return periodsOf(known).some((one) => overlap(one, days));
}

/** The posts of a person once one began, ended, or was entered late. */
export function postsWith(known: LastPost | undefined, one: PostPeriod): LastPost {
  const others = periodsOf(known).filter(({ measure }) => measure !== one.measure);
  const latest = others.reduce(
    (last, other) => (other.startedOn > last.startedOn ? other : last),
    one,
  );
  return { ...latest, others: [...others, one].filter((other) => other !== latest) };
}

type Ending = Pick<Measure, 'endedOn' | 'result' | 'endNote' | 'details'>;

/**
 * How a measure stands when it is entered: under way, or over already, a loan with what was repaid of it.
 * Refusals: date-future, date-order, measure-details, loan-overpaid, measure-no-loan, loan-outstanding.
 */
export function endingOf(
  { ended }: Pick<NewMeasure, 'ended'>,
  details: Details | null,
  { startedOn, today }: { readonly startedOn: Day; readonly today: Day },
): Decided<Ending> {
  if (!ended) return { ok: { endedOn: null, result: null, endNote: null, details } };
  const { endedOn, result, note = null, repayments = [] } = ended;
  if (endedOn > today) return refuse('date-future', { field: 'endedOn' });
  if (endedOn <= startedOn) return refuse('date-order', { field: 'endedOn' });
  const paid = repaid(details, repayments, endedOn);
  if (isRefused(paid)) return paid;
  const refused = refuseResult(paid.ok, result);
  return refused ?? { ok: { endedOn, result, endNote: note, details: paid.ok } };
}

function repaid(
  details: Details | null,
  repayments: LoanDetails['repayments'],
  until: Day,
): Decided<Details | null> {
  if (repayments.length === 0) return { ok: details };
  if (details?.type !== 'loan') return inField(refuse('measure-details'), 'ended.repayments');
  let loan = details;
  for (const paid of repayments.toSorted((a, b) => (a.on < b.on ? -1 : 1))) {
    // What came after the end would not have been owed any more.
    if (paid.on > until)
      return inField(refuse('date-order', { field: 'paidOn' }), 'ended.repayments');
    const next = repay(loan, paid, until);
    if (isRefused(next)) return inField(next, 'ended.repayments');
    loan = next.ok;
  }
  return { ok: loan };
}
