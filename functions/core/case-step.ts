import { type Case, dueOn, nextStep, noticeClock, type StepRecord, type Votes } from './case.ts';
import type { Day } from './day.ts';
import type { Level } from './division.ts';
import type { ExitSheet } from './exit-sheet.ts';
import type { DecisionContext } from './household-event.ts';
import type { ProcedureStep } from './procedure.ts';
import { type Decided, isRefused, type Refusal, refuse } from './refusal.ts';

/** Who acts, and at which levels of office the place of the case lies inside the actor's areas. */
export interface CaseContext extends DecisionContext {
  readonly levels: readonly Level[];
}

/** What is entered about one step. */
export interface StepOrder {
  /** Id of the step meant, so that nobody takes the step after the one looked at. */
  readonly step: string;
  readonly outcome: 'passed' | 'failed';
  readonly heldOn: Day;
  readonly note: string | null;
  readonly document: string | null;
  readonly votes: Votes | null;
  readonly confirmedBy: string | null;
}

/** Why nothing can be done with a case any more. */
export function refuseEnded(found: Case): Refusal | undefined {
  return found.state === 'open' ? undefined : refuse('case-ended', { state: found.state });
}

/** The day before which nothing further can have happened: that of the latest step, or of the proposal. */
function latestDay(found: Case): Day {
  return found.records.at(-1)?.heldOn ?? found.openedOn;
}

function refuseDay(found: Case, heldOn: Day, today: Day): Refusal | undefined {
  if (heldOn > today) return refuse('date-future', { field: 'heldOn' });
  const latest = latestDay(found);
  return heldOn < latest ? refuse('step-before-previous', { heldOn, previous: latest }) : undefined;
}

/** A notice is waited out to its end, and an objection is settled first. */
function refuseNotice(found: Case, step: ProcedureStep, heldOn: Day): Refusal | undefined {
  const clock = noticeClock(found);
  if (!clock) return undefined;
  const objected = refuseObjections(found, { act: step.act, heldOn, notice: clock.step });
  if (objected) return objected;
  const due = dueOn(found);
  return due !== null && heldOn < due
    ? refuse('notice-running', { days: clock.days, postedOn: clock.postedOn, due })
    : undefined;
}

/** Nothing goes on while an objection is open, and nothing is decided before the last of them is settled, on whatever day it is entered. */
function refuseObjections(
  { objections }: Case,
  { act, heldOn, notice }: { readonly act: string; readonly heldOn: Day; readonly notice: string },
): Refusal | undefined {
  for (const { raisedOn, resolvedOn } of objections) {
    if (resolvedOn === null) return refuse('objection-open', { step: notice });
    if (heldOn < resolvedOn && (act === 'decide' || raisedOn <= heldOn))
      return refuse('step-before-settlement', { heldOn, settled: resolvedOn });
  }
  return undefined;
}

/** Proposing counts as taking part: nobody decides on an own proposal. */
function hasAssessed(found: Case, actor: string): boolean {
  return (
    found.openedBy === actor ||
    found.records.some((record) => record.act === 'assess' && record.actor === actor)
  );
}

function refuseActor(found: Case, step: ProcedureStep, context: CaseContext): Refusal | undefined {
  if (!step.levels.some((level) => context.levels.includes(level)))
    return refuse('step-wrong-level', { step: step.zh, levels: step.levels.join('、') });
  return step.apart && hasAssessed(found, context.actor)
    ? refuse('step-same-person', { step: step.zh })
    : undefined;
}

function refuseVotes({ quorum, zh }: ProcedureStep, order: StepOrder): Refusal | undefined {
  const { votes, outcome } = order;
  if (quorum && !votes) return refuse('votes-missing', { step: zh });
  if (!votes) return undefined;
  const { of, present, agreed } = votes;
  if (present > of || agreed > present) return refuse('votes-impossible', { of, present, agreed });
  if (quorum && present * quorum.of < of * quorum.at)
    return refuse('votes-too-few', { present, of, share: `${quorum.at}/${quorum.of}` });
  return quorum && outcome === 'passed' && agreed * 2 <= present
    ? refuse('votes-not-agreed', { agreed, present })
    : undefined;
}

/** What the kind of step asks of an entry: a confirmation names who gave it, a no says why, and only some steps can be a no. */
function refuseContent(step: ProcedureStep, order: StepOrder): Refusal | undefined {
  const { outcome, note, confirmedBy } = order;
  if (outcome === 'failed') {
    if (!['assess', 'confirm', 'decide'].includes(step.act))
      return refuse('step-cannot-fail', { step: step.zh });
    return note === null ? refuse('reason-required') : undefined;
  }
  if (step.act === 'confirm' && confirmedBy === null)
    return refuse('value-missing', { field: 'confirmedBy' });
  return refuseVotes(step, order);
}

/**
 * The step that can be taken now, or why it cannot.
 * Refusals: case-ended, step-not-next, step-wrong-level, step-same-person, date-future, step-before-previous, notice-running,
 * objection-open, step-before-settlement, step-cannot-fail, reason-required, value-missing, votes-….
 */
function stepFor(found: Case, order: StepOrder, context: CaseContext): Decided<ProcedureStep> {
  const step = nextStep(found);
  if (!step) return refuse('case-ended', { state: found.state });
  if (order.step !== step.id) return refuse('step-not-next', { step: step.id, name: step.zh });
  const refused =
    refuseActor(found, step, context) ??
    refuseDay(found, order.heldOn, context.today) ??
    refuseNotice(found, step, order.heldOn) ??
    refuseContent(step, order);
  return refused ?? { ok: step };
}

/**
 * The case after a step: the next one waits, or it has ended because the step was a no or was the last.
 * @param sheet the proof to freeze where the step is a decision that grants; null for others
 * Refusals: those of its step (`stepFor`).
 */
export function takeStep(
  found: Case,
  order: StepOrder,
  about: { readonly context: CaseContext; readonly sheet: ExitSheet | null },
): Decided<Case> {
  const { context, sheet } = about;
  const taken = stepFor(found, order, context);
  if (isRefused(taken)) return taken;
  const { act } = taken.ok;
  const { step: id, outcome, heldOn, note, document, votes, confirmedBy } = order;
  const { at, actor, role } = context;
  const record: StepRecord = {
    ...{ step: id, act, outcome, heldOn, at, actor, role },
    ...{ note, document, votes, confirmedBy },
  };
  const isLast = found.next === found.steps.length - 1;
  const ended = outcome === 'failed' ? 'refused' : isLast ? 'done' : undefined;
  return {
    ok: {
      ...found,
      version: found.version + 1,
      next: found.next + 1,
      records: [...found.records, record],
      sheet: act === 'decide' && outcome === 'passed' ? sheet : found.sheet,
      ...(ended && { state: ended, endedOn: heldOn }),
    },
  };
}

/** The day of the decision that granted what was proposed; undefined before it. */
export function decidedOn(found: Case): Day | undefined {
  return found.records.find(({ act, outcome }) => act === 'decide' && outcome === 'passed')?.heldOn;
}

/** Whether the next step is the decision, which needs the proof of that day. */
export function needsProof(found: Case, order: Pick<StepOrder, 'outcome'>): boolean {
  const isExit = found.kind === 'household-exit' || found.kind === 'village-exit';
  return isExit && order.outcome === 'passed' && nextStep(found)?.act === 'decide';
}
