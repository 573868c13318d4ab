import type { Day } from './day.ts';
import { refuseDays } from './fact-history.ts';
import { type HouseholdFile, isClosed, villageOf } from './household.ts';
import { refuseInCase } from './household-check.ts';
import { type Draft, draftOf, finish, putFacts, settle } from './household-draft.ts';
import {
  type DecisionContext,
  type FieldChange,
  type HouseholdChange,
  noteChange,
} from './household-event.ts';
import { type Decided, refuse } from './refusal.ts';

/** A draft with the status struck off from that day; nothing is deleted, the members stay as they were last. */
export function closeDraft(draft: Draft, heldFrom: Day, context: DecisionContext): Draft {
  const values = { status: 'struck-off' };
  return putFacts(draft, { heldFrom, heldTo: null, enteredAt: context.at, values });
}

/**
 * Strikes a household off with a reason: it stays readable, and its persons may be registered elsewhere. One that was entered by mistake
 * (`error`) was on the register on no day (`householdOn`).
 */
export function strikeOff(
  file: HouseholdFile,
  order: { readonly heldFrom: Day; readonly reason: string; readonly note?: string | null },
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { heldFrom, reason, note = null } = order;
  if (isClosed(file.household)) return refuse('household-closed');
  const refused =
    refuseInCase(file.household) ?? refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  const draft = closeDraft(draftOf(file), heldFrom, context);
  if (!isClosed(draft.household)) return refuse('date-order', { field: 'heldFrom' });
  const occasion = {
    kind: 'struck-off',
    heldOn: heldFrom,
    reason,
    more: noteChange(note),
  } as const;
  return settle(draft, occasion, context);
}

/**
 * Places a household in another village, because it moved or because the division was renamed, merged or split. Struck-off households
 * are re-homed too, so that they stay inside somebody's area.
 * @returns undefined when the household is there already
 */
export function moveHousehold(
  file: HouseholdFile,
  move: { readonly village: string; readonly heldFrom: Day; readonly reason: string },
  context: DecisionContext,
): Decided<HouseholdChange | undefined> {
  const { village, heldFrom, reason } = move;
  const refused = refuseDays({ heldFrom, heldTo: null }, context.today);
  if (refused) return refused;
  const entry = { heldFrom, heldTo: null, enteredAt: context.at, values: { village } };
  const draft = putFacts(draftOf(file), entry);
  if (villageOf(draft.household) !== village) return refuse('date-order', { field: 'heldFrom' });
  return finish(draft, { kind: 'moved', heldOn: heldFrom, reason }, context);
}

/** Who helps a household from now on: whose tokens may read it, and whether somebody answers for it. */
export interface Helpers {
  readonly subs: readonly string[];
  /** As it was unless told. */
  readonly paired?: boolean;
  readonly heldFrom: Day;
  readonly reason: string | null;
  /** Pairings that began or ended, which the rest need not show. */
  readonly more?: readonly FieldChange[];
}

/** Who is struck off gets no further helper; those it has may go. */
function gainsHelp({ household }: HouseholdFile, { subs, paired = household.paired }: Helpers) {
  const isNew = (sub: string) => !household.helperSubs.includes(sub);
  return (paired && !household.paired) || subs.some(isNew);
}

/**
 * Records which helpers' tokens may read the household from now on, and whether somebody answers for it.
 * @returns undefined when nothing is new
 * Refusals: household-closed (struck off, and somebody would come to it).
 */
export function assignHelpers(
  file: HouseholdFile,
  helpers: Helpers,
  context: DecisionContext,
): Decided<HouseholdChange | undefined> {
  if (isClosed(file.household) && gainsHelp(file, helpers)) return refuse('household-closed');
  const { subs, paired = file.household.paired, heldFrom, reason, more } = helpers;
  const draft = draftOf(file);
  const helperSubs = [...new Set(subs)].toSorted();
  const next = { ...draft, household: { ...draft.household, helperSubs, paired } };
  const occasion = { kind: 'helpers-changed', heldOn: heldFrom, reason } as const;
  return more ? settle(next, { ...occasion, more }, context) : finish(next, occasion, context);
}
