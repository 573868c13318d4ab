import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import type { SheetSource } from './exit-item.ts';
import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import { sheetOf } from './fact-history.ts';
import { type Household, villageOf } from './household.ts';
import { allSheets, allSheetsOf, type HouseholdOn, householdOn } from './household-as-of.ts';
import type { HouseholdEvent } from './household-event.ts';
import type { MemberOn } from './roster-of.ts';

/** A household on the day of its sheet, and where each of its facts comes from. */
export interface ExitGround extends Pick<HouseholdOn, 'facts' | 'members'> {
  readonly on: Day;
  readonly village: AreaCode;
  /** Null before the household was entered in the register. */
  readonly status: string | null;
  /** What is known of where a fact of the household comes from; nothing where nobody ever entered it. */
  sources(...fields: readonly (keyof HouseholdFacts & string)[]): SheetSource[];
  /** The same of a fact of a member. */
  sourcesOf(who: MemberOn, ...fields: readonly (keyof PersonFacts & string)[]): SheetSource[];
}

function sourceOf<Facts extends object>(
  { heldFrom, enteredAt }: FactSheet<Facts>,
  field: string,
  events: readonly HouseholdEvent[],
): SheetSource {
  const event = events.find(({ at }) => at === enteredAt);
  return { field, heldFrom, enteredAt, by: event ? (event.source ?? event.actor) : null };
}

/** The ground of a household that was not on the register that day is empty: everything is unknown. */
export function groundOf(
  household: Household,
  events: readonly HouseholdEvent[],
  on: Day,
): ExitGround {
  const then = householdOn(household, events, on);
  const sheets = allSheets(household, events);
  return {
    on,
    status: then ? (then.facts.status ?? 'new') : null,
    village: then?.village ?? villageOf(household),
    facts: then?.facts ?? {},
    members: then?.members ?? [],
    sources: (...fields) =>
      fields.flatMap((field) => {
        const sheet = sheetOf(sheets, field, on);
        return sheet ? [sourceOf(sheet, field, events)] : [];
      }),
    sourcesOf: ({ member }, ...fields) => {
      const own = allSheetsOf(member, events);
      return fields.flatMap((field) => {
        const sheet = sheetOf(own, field, on);
        return sheet ? [{ ...sourceOf(sheet, field, events), person: member.id }] : [];
      });
    },
  };
}
