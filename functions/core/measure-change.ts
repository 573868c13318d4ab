import type { Day } from './day.ts';
import { stated } from './fact-history.ts';
import type { DecisionContext } from './household-event.ts';
import type { Details, LoanDetails, Measure, MeasureEvent, Responsible } from './measure.ts';
import type { MeasureChanges, MeasureEnd, Renewal, Repayment } from './measure-input.ts';
import { refuseResult, renew, repay } from './measure-loan.ts';
import { byYear, eventOf, type MeasureDecision } from './measure-open.ts';
import { measureRulesOn } from './measure-rule.ts';
import { type Decided, inField, isRefused, type Refusal, refuse } from './refusal.ts';

/** A measure that is to be changed, in the version that was read, and who changes it. */
export interface Changing {
  readonly measure: Measure;
  readonly context: DecisionContext;
}

function decide(
  { measure: was, context }: Changing,
  next: Measure,
  about: { readonly kind: MeasureEvent['kind']; readonly heldOn: Day },
): MeasureDecision {
  const measure = { ...next, version: was.version + 1, changedAt: context.at };
  return { was, measure, event: eventOf(was, measure, { ...about, context }) };
}

/** What was entered by mistake stays as it is. */
function refuseVoid({ measure }: Changing): Refusal | undefined {
  return measure.result === 'error' ? refuse('measure-void') : undefined;
}

/**
 * Puts right or adds what is said of a measure, ended ones included.
 * Refusals: measure-void, date-order, measure-details.
 */
export function changeMeasure(
  changing: Changing,
  body: MeasureChanges,
  responsible: Responsible | null | undefined,
): Decided<MeasureDecision> {
  const { measure, context } = changing;
  const refused = refuseVoid(changing);
  if (refused) return refused;
  const { plannedEnd, income = [], training: _, post: __, ...others } = body;
  if (plannedEnd && plannedEnd <= measure.startedOn)
    return refuse('date-order', { field: 'plannedEnd' });
  const details = changedDetails(measure, body);
  if (isRefused(details)) return details;
  const next: Measure = {
    ...measure,
    ...stated({ ...others, plannedEnd, responsible }),
    income: byYear(measure.income, income),
    details: details.ok,
  };
  return { ok: decide(changing, next, { kind: 'changed', heldOn: context.today }) };
}

function changedDetails(
  { details }: Measure,
  { training, post }: MeasureChanges,
): Decided<Details | null> {
  const wanted = training ? 'training' : post ? 'post' : undefined;
  if (wanted === undefined) return { ok: details };
  if (details?.type === 'training' && training && !post)
    return { ok: { ...details, ...stated(training) } };
  if (details?.type === 'post' && post && !training) return { ok: { ...details, ...stated(post) } };
  return inField(refuse('measure-details'), wanted);
}

function loanOf({ details }: Measure): Decided<LoanDetails> {
  return details?.type === 'loan' ? { ok: details } : refuse('measure-no-loan');
}

/** Records a repayment; a loan repaid in full does not end by itself. Refusals: measure-void, measure-no-loan, those of `repay`. */
export function repayMeasure(changing: Changing, body: Repayment): Decided<MeasureDecision> {
  const { measure, context } = changing;
  const loan = loanOf(measure);
  const refused = refuseVoid(changing);
  if (refused) return refused;
  if (isRefused(loan)) return loan;
  const on = body.paidOn ?? context.today;
  const paid = repay(loan.ok, { on, fen: body.fen }, context.today);
  if (isRefused(paid)) return paid;
  return { ok: decide(changing, { ...measure, details: paid.ok }, { kind: 'repaid', heldOn: on }) };
}

/** Renews or extends a loan. Refusals: measure-ended, measure-no-loan, those of `renew`. */
export function renewMeasure(
  changing: Changing,
  body: Renewal,
  village: string,
): Decided<MeasureDecision> {
  const { measure, context } = changing;
  const loan = loanOf(measure);
  if (measure.endedOn !== null) return refuse('measure-ended');
  if (isRefused(loan)) return loan;
  const on = body.renewedOn ?? context.today;
  const { loan: rule } = measureRulesOn(on, village);
  const renewed = renew(loan.ok, { on, dueOn: body.dueOn }, { rule, today: context.today });
  if (isRefused(renewed)) return renewed;
  const next = { ...measure, details: renewed.ok };
  return { ok: decide(changing, next, { kind: 'renewed', heldOn: on }) };
}

/**
 * Ends a measure with its result; what was entered by mistake (`error`) ran on no day.
 * Refusals: measure-ended, date-future, date-order, loan-outstanding, measure-no-loan.
 */
export function endMeasure(changing: Changing, body: MeasureEnd): Decided<MeasureDecision> {
  const { measure, context } = changing;
  if (measure.endedOn !== null && body.result !== 'error') return refuse('measure-ended');
  const refused = refuseVoid(changing) ?? refuseResult(measure.details, body.result);
  if (refused) return refused;
  const { result, note = null, income = [] } = body;
  const known = measure.endedOn ?? measure.startedOn;
  const endedOn = result === 'error' ? known : (body.endedOn ?? context.today);
  if (endedOn > context.today) return refuse('date-future', { field: 'endedOn' });
  if (endedOn < measure.startedOn) return refuse('date-order', { field: 'endedOn' });
  const next = {
    ...{ ...measure, endedOn, result, endNote: note },
    income: byYear(measure.income, income),
  };
  return { ok: decide(changing, next, { kind: 'ended', heldOn: endedOn }) };
}
