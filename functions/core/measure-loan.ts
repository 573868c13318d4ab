import { addMonths, ageOn, type Day } from './day.ts';
import {
  type Details,
  isVoidMeasure,
  type LoanDetails,
  type MeasureDigest,
  outstandingOf,
  overlap,
} from './measure.ts';
import type { LoanRule } from './measure-rule.ts';
import { type Decided, inField, type Refusal, refuse } from './refusal.ts';

/** What a loan is judged by beside itself. */
export interface LoanGround {
  readonly rule: LoanRule | null;
  readonly birth: Day;
  /** All measures of the household. */
  readonly others: readonly MeasureDigest[];
  readonly today: Day;
  /** Day on which it was over, of one that was before it was entered. */
  readonly endedOn?: Day | undefined;
}

/** What the loans of a household that run beside one still come to, fen: those granted later as well, where this one is entered late. */
function owed({ others, endedOn }: LoanGround, { grantedOn, dueOn }: LoanDetails): number {
  const own = { startedOn: grantedOn, endedOn: endedOn ?? dueOn };
  const beside = others.filter((one) => !isVoidMeasure(one) && overlap(one, own));
  return beside.reduce((sum, { loan }) => sum + (loan?.outstandingFen ?? 0), 0);
}

/**
 * Why a loan may not be granted so. Refusals: loan-no-rule, date-future, date-order, loan-age, loan-too-long, loan-no-top-up, loan-too-large.
 */
export function refuseLoan(loan: LoanDetails, ground: LoanGround): Refusal | undefined {
  const { rule, birth, today } = ground;
  const { grantedOn, dueOn, topUp, principalFen } = loan;
  if (!rule) return refuse('loan-no-rule');
  if (grantedOn > today) return refuse('date-future', { field: 'grantedOn' });
  if (dueOn <= grantedOn) return refuse('date-order', { field: 'dueOn' });
  const age = ageOn(birth, grantedOn);
  if (age < rule.fromAge || age > rule.toAge)
    return refuse('loan-age', { age, least: rule.fromAge, most: rule.toAge });
  if (dueOn > addMonths(grantedOn, rule.mostMonths))
    return refuse('loan-too-long', { months: rule.mostMonths });
  const most = topUp ? rule.topUpMostFen : rule.mostFen;
  if (most === null) return refuse('loan-no-top-up');
  const left = most - owed(ground, loan);
  return principalFen > left
    ? refuse('loan-too-large', { most: most / 100, left: Math.max(0, left) / 100 })
    : undefined;
}

/** The loan after a repayment. Refusals: date-future, date-order, loan-overpaid. */
export function repay(
  loan: LoanDetails,
  paid: { readonly on: Day; readonly fen: number },
  today: Day,
): Decided<LoanDetails> {
  if (paid.on > today) return refuse('date-future', { field: 'paidOn' });
  if (paid.on < loan.grantedOn) return refuse('date-order', { field: 'paidOn' });
  const left = outstandingOf(loan);
  if (paid.fen > left) return refuse('loan-overpaid', { left: left / 100 });
  return { ok: { ...loan, repayments: [...loan.repayments, { on: paid.on, fen: paid.fen }] } };
}

/**
 * The loan under another day by which it is due. Refusals: loan-no-rule, date-future, date-order, loan-renewed-often, loan-too-long,
 * loan-repaid.
 */
export function renew(
  loan: LoanDetails,
  renewal: { readonly on: Day; readonly dueOn: Day },
  { rule, today }: Pick<LoanGround, 'rule' | 'today'>,
): Decided<LoanDetails> {
  const { on, dueOn } = renewal;
  if (!rule) return refuse('loan-no-rule');
  if (on > today) return refuse('date-future', { field: 'renewedOn' });
  if (on < loan.grantedOn) return refuse('date-order', { field: 'renewedOn' });
  if (dueOn <= loan.dueOn) return refuse('date-order', { field: 'dueOn' });
  if (outstandingOf(loan) === 0) return refuse('loan-repaid');
  if (loan.renewals.length >= rule.renewals)
    return refuse('loan-renewed-often', { most: rule.renewals });
  if (dueOn > addMonths(on, rule.mostMonths))
    return refuse('loan-too-long', { months: rule.mostMonths });
  const renewals = [...loan.renewals, { on, from: loan.dueOn, dueOn }];
  return { ok: { ...loan, dueOn, renewals } };
}

/** A loan ends when it is repaid, written off or was none; nothing else can be written off. Refusals: measure-no-loan, loan-outstanding. */
export function refuseResult(details: Details | null, result: string): Refusal | undefined {
  if (details?.type !== 'loan')
    return result === 'written-off' ? inField(refuse('measure-no-loan'), 'result') : undefined;
  const left = outstandingOf(details);
  const isFree = left === 0 || result === 'written-off' || result === 'error';
  return isFree ? undefined : refuse('loan-outstanding', { left: left / 100 });
}
