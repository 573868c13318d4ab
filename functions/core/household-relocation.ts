import type { Day } from './day.ts';
import { ancestorAt } from './division.ts';
import type { FactSheet, HouseholdFacts } from './fact.ts';
import { refuseDays, stated } from './fact-history.ts';
import { type HouseholdFile, villageOf } from './household.ts';
import { refuseInCase } from './household-check.ts';
import { draftOf, putFacts, settle } from './household-draft.ts';
import { type DecisionContext, type HouseholdChange, noteChange } from './household-event.ts';
import { refuseClosed } from './member.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** A whole household goes to live in another village. */
export interface Relocation {
  readonly village: string;
  /** Where in the new village, as far as it is known; that of the old one ends. */
  readonly hamlet?: string;
  readonly group?: string;
  readonly heldFrom: Day;
  /** Code list `moveReason`. */
  readonly reason: string;
  readonly note: string | null;
}

/** Why a household that is in a procedure cannot leave its county, whose procedure it is. */
export function refuseLeaving({ household }: HouseholdFile, village: string): Refusal | undefined {
  const [from, to] = [villageOf(household), village].map((code) => ancestorAt(code, 'county'));
  return from === to ? undefined : refuseInCase(household);
}

/**
 * Places a household in the village it went to; its file, number and history stay.
 * Refusals: household-closed, case-open (another county), village-same, date-future, date-order.
 */
export function relocate(
  file: HouseholdFile,
  move: Relocation,
  context: DecisionContext,
): Decided<HouseholdChange> {
  const { village, hamlet, group, heldFrom, reason, note } = move;
  const refused =
    refuseClosed(file) ??
    refuseDays({ heldFrom, heldTo: null }, context.today) ??
    refuseLeaving(file, village);
  if (refused) return refused;
  if (villageOf(file.household) === village) return refuse('village-same');
  const entry: FactSheet<HouseholdFacts> = {
    ...{ heldFrom, heldTo: null, enteredAt: context.at },
    values: stated({ village, hamlet, group }),
    cleared: [
      ...(hamlet === undefined ? ['hamlet' as const] : []),
      ...(group === undefined ? ['group' as const] : []),
    ],
  };
  const draft = putFacts(draftOf(file), entry);
  if (villageOf(draft.household) !== village) return refuse('date-order', { field: 'heldFrom' });
  return settle(
    draft,
    { kind: 'moved', heldOn: heldFrom, reason, more: noteChange(note) },
    context,
  );
}
