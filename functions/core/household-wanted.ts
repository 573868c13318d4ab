import type { Day } from './day.ts';
import type { HouseholdFacts, PersonFacts } from './fact.ts';
import type { HouseholdFile } from './household.ts';
import type { DecisionContext, FieldChange, HouseholdEvent } from './household-event.ts';

/** A member as a ledger or a clerk states it. */
export interface WantedMember {
  /** 人编号, null where the ledger has none. */
  readonly number: string | null;
  readonly name: string;
  /** Normalised identity number (18, `readIdentity(…).ok.number`); null where unknown, e.g. a newborn. */
  readonly identity: string | null;
  readonly sex: string;
  readonly birth: Day;
  readonly relation: string;
  /** Facts the source states; a field it does not state is left out, never false. */
  readonly facts: Partial<Omit<PersonFacts, 'relation'>>;
  /** Known person id of someone registered before (a released lock names it); a new id otherwise. */
  readonly id?: string;
}

/** Contact as stated; a field that is left out is left alone, null clears it. */
export interface WantedContact {
  /** 11 digits (`readPhone`). */
  readonly phone?: string | null;
  readonly bankName?: string | null;
  /** 8-30 digits (`readBankAccount`). */
  readonly bankAccount?: string | null;
}

/** A household as a ledger or a clerk states it, parsed and normalised. */
export interface WantedHousehold {
  readonly number: string;
  /** Code of the village. */
  readonly village: string;
  readonly facts: Partial<Omit<HouseholdFacts, 'village'>>;
  readonly contact: WantedContact;
  readonly members: readonly WantedMember[];
}

/** Context of a ledger: the day it speaks of, from which its ordinary facts are held. */
export interface LedgerContext extends DecisionContext {
  readonly ledgerDay: Day;
}

/** What a ledger's household would do to the registry. */
export interface HouseholdPlan {
  readonly outcome: 'new' | 'changed' | 'unchanged';
  readonly next: HouseholdFile;
  /** Null when unchanged. */
  readonly event: HouseholdEvent | null;
  /** Fields that would change, masked; empty when new or unchanged. */
  readonly changes: readonly FieldChange[];
  /** Members of the registry that the ledger does not name: reported, never ended. */
  readonly missing: readonly string[];
  /** Fields the registry knows from a later day than the ledger's; kept as they are. */
  readonly kept: readonly string[];
}
