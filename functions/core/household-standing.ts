import type { Day } from './day.ts';
import { refuseDays } from './fact-history.ts';
import { type HouseholdFile, statusOfHousehold } from './household.ts';
import { strikeOff } from './household-close.ts';
import { draftOf, putFacts, settle } from './household-draft.ts';
import type { DecisionContext, HouseholdChange } from './household-event.ts';
import { mayFollow } from './household-status.ts';
import { refuseClosed } from './member.ts';
import { type Decided, refuse } from './refusal.ts';

/** The status a procedure has decided, and the day from which it is held. */
export interface StatusOrder {
  readonly status: string;
  /** Year of the exit; needed with `exited`. */
  readonly exitYear?: number;
  readonly heldFrom: Day;
  readonly reason: string;
}

/**
 * Gives a household the status that a procedure has decided; nothing else does for exited, returned and struck off. A household that fell
 * back has no exit year any more.
 * Refusals: household-closed, date-future, status-transition, exit-year-missing, exit-year-unexpected, exit-before-identification,
 * date-order (the present status is held from a later day).
 */
export function setStatus(
  file: HouseholdFile,
  order: StatusOrder,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { status, exitYear, heldFrom, reason } = order;
  if (status === 'struck-off') return strikeOff(file, { heldFrom, reason }, context);
  const refused = refuseClosed(file) ?? refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  const from = statusOfHousehold(file.household);
  if (from === status || !mayFollow(from, status))
    return refuse('status-transition', { from, to: status });
  const draft = putFacts(draftOf(file), {
    heldFrom,
    heldTo: null,
    enteredAt: context.at,
    values: { status, ...(exitYear !== undefined && { exitYear }) },
    ...(status === 'returned' && { cleared: ['exitYear'] }),
  });
  if (statusOfHousehold(draft.household) !== status)
    return refuse('date-order', { field: 'heldFrom' });
  return settle(draft, { kind: 'changed', heldOn: heldFrom, reason }, context);
}
