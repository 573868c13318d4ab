import { type Case, openCaseOf } from './case.ts';
import { decidedOn } from './case-step.ts';
import type { Day } from './day.ts';
import type { FactSheet, HouseholdFacts } from './fact.ts';
import { type HouseholdFile, isClosed, since, statusOfHousehold } from './household.ts';
import { type Draft, draftOf, putFacts, settle } from './household-draft.ts';
import type { DecisionContext, EventKind, HouseholdChange } from './household-event.ts';
import { refuseStep } from './household-status.ts';
import type { ProcedureKind } from './procedure-kind.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** States from which each procedure may begin. */
const begins: Readonly<Record<ProcedureKind, readonly string[]>> = {
  identification: ['applicant'],
  'household-exit': ['new', 'unexited', 'pre-exit', 'returned'],
  return: ['exited'],
  'strike-off': ['new', 'unexited', 'pre-exit', 'exited', 'returned'],
  'village-exit': [],
};

/** Why a procedure cannot begin for a household. Refusals: household-closed, case-open, case-status. */
export function refuseBeginning(
  { household }: HouseholdFile,
  kind: ProcedureKind,
): Refusal | undefined {
  if (isClosed(household)) return refuse('household-closed');
  if (household.openCase) return refuse('case-open', { kind: household.openCase.kind });
  const status = statusOfHousehold(household);
  return begins[kind].includes(status) ? undefined : refuse('case-status', { state: status, kind });
}

/** What a step, or an end, of a case is called in the history of the household. */
export interface Happening {
  readonly kind: Extract<EventKind, 'case-opened' | 'case-step' | 'case-ended'>;
  readonly step: string | null;
  readonly outcome: string;
  readonly heldOn: Day;
  readonly reason: string | null;
}

interface Effect extends Partial<HouseholdFacts> {
  readonly status: string;
}

/** What a case that is done says of the household from the day of its decision on, in the year of that day. */
const effects: Readonly<Partial<Record<ProcedureKind, (year: number) => Effect>>> = {
  identification: (year) => ({ status: 'new', identifiedYear: year }),
  'household-exit': (year) => ({ status: 'exited', exitYear: year }),
  return: () => ({ status: 'returned' }),
  'strike-off': () => ({ status: 'struck-off' }),
};

/** The status a decision gave, held from the day of that decision: announcing and marking only tell of it. */
function enterEffect(draft: Draft, found: Case, context: DecisionContext): Decided<Draft> {
  const heldFrom = decidedOn(found);
  const { [found.kind]: effect } = effects;
  if (heldFrom === undefined || !effect) throw new Error('a case that decided nothing was marked');
  const values = effect(Number(heldFrom.slice(0, 4)));
  const step =
    found.kind === 'strike-off'
      ? undefined
      : refuseStep(statusOfHousehold(draft.household), values.status);
  if (step) return step;
  const cleared = found.kind === 'return' ? { cleared: ['exitYear' as const] } : {};
  return enterStatus(draft, { heldFrom, enteredAt: context.at, values, ...cleared });
}

/** Refused where a status of a later day was entered meanwhile: this one would only rewrite the past. */
function enterStatus(
  draft: Draft,
  entry: Omit<FactSheet<HouseholdFacts>, 'heldTo'> & { readonly values: Effect },
): Decided<Draft> {
  const entered = putFacts(draft, { ...entry, heldTo: null });
  return statusOfHousehold(entered.household) === entry.values.status
    ? { ok: entered }
    : refuse('date-order', { field: 'heldOn' });
}

/** Who applied and was not identified is not kept on any list; the file stays. */
function enterEnd(draft: Draft, found: Case, context: DecisionContext): Decided<Draft> {
  if (found.endedOn === null) return { ok: draft };
  if (found.state === 'done') return enterEffect(draft, found, context);
  if (statusOfHousehold(draft.household) !== 'applicant') return { ok: draft };
  const values = { status: 'struck-off' };
  return enterStatus(draft, { heldFrom: found.endedOn, enteredAt: context.at, values });
}

/** A family that applied, in its first version, with the case that may bring it onto the register; one event says both. */
export function beginApplication(
  draft: Draft,
  found: Case,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { id, kind, openedOn: heldOn, reason } = found;
  const household = { ...draft.household, openCase: openCaseOf(found) };
  const told = { id, kind, step: null, outcome: 'open' };
  const occasion = { kind: 'case-opened', heldOn, reason, case: told } as const;
  return settle({ ...draft, household }, occasion, context);
}

/**
 * The household with its case as it stands after a step: what it waits for, and, where the case is done, what was decided.
 * Refusals: household-closed, status-transition, date-order, those of every household.
 */
export function followCase(
  file: HouseholdFile,
  found: Case,
  about: { readonly happening: Happening; readonly context: DecisionContext },
): Decided<HouseholdChange> {
  const { happening, context } = about;
  if (isClosed(file.household)) return refuse('household-closed');
  const granted = decidedOn(found);
  // Marked, the decision would stand behind the status that came after its day.
  if (granted !== undefined && granted < since(file.household, 'status'))
    return refuse('date-order', { field: 'heldOn' });
  const draft = draftOf(file);
  const household = { ...draft.household, openCase: openCaseOf(found) };
  const ended = enterEnd({ ...draft, household }, found, context);
  if ('refused' in ended) return ended;
  const { kind, step, outcome, heldOn, reason } = happening;
  const told = { id: found.id, kind: found.kind, step, outcome };
  return settle(ended.ok, { kind, heldOn, reason, case: told }, context);
}
