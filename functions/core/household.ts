import type { FactSheet, HouseholdFacts, PersonFacts } from './fact.ts';
import type { OpenCase } from './procedure-kind.ts';
import type { OpenFrom } from './undated.ts';

/** A person as member of a household. Identity numbers live sealed beside it, never here. */
export interface Member {
  /** `per_…`, never changes. */
  readonly id: string;
  /** Number in the county's ledger (人编号), null where there is none. */
  readonly number: string | null;
  readonly name: string;
  readonly sex: string;
  readonly birth: string;
  /** Identity number as it may be shown, e.g. `350199************`; null where unknown. */
  readonly identityMasked: string | null;
  readonly heldFrom: string;
  /** Why the person joined (code list `joinReason`), null when on the register from the start. */
  readonly joinReason: string | null;
  /** Whether the person was on the register before she was entered here, as a member of another household, or may have been: nobody kept it then. */
  readonly isKnown?: true;
  /** First day the person was no longer a member, null while it lasts. */
  readonly heldTo: string | null;
  readonly endReason: string | null;
  /** Current facts; each field stands in one sheet only. */
  readonly facts: readonly FactSheet<PersonFacts>[];
  /** For name, number and identity. */
  readonly openFrom: OpenFrom;
}

/** The aggregate: one version for the household, its members and its facts. */
export interface Household {
  /** `hh_…`, never changes, whatever the household's place. */
  readonly id: string;
  /** 户编号, unique within its county. */
  readonly number: string;
  /** County under which the number stands: that of its village, or the one it came from where the number was taken there. */
  readonly county: string;
  readonly version: number;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly facts: readonly FactSheet<HouseholdFacts>[];
  /** Live members, head first. */
  readonly members: readonly Member[];
  /** Members whose membership has ended; kept for `asOf`. */
  readonly past: readonly Member[];
  readonly phoneMasked: string | null;
  readonly bankName: string | null;
  readonly bankAccountMasked: string | null;
  /** For phone, bank and account. */
  readonly openFrom: OpenFrom;
  /** Subjects of tokens of the helpers paired with it now. */
  readonly helperSubs: readonly string[];
  /** Whether a helper of a kind that covers a household (帮扶责任人) is paired with it now. */
  readonly paired: boolean;
  /** The procedure it is in; one at a time, null where none is under way. */
  readonly openCase: OpenCase | null;
}

/** Values that are stored sealed and shown masked; in the clear only while a decision is taken. */
export interface Secrets {
  /** 11 digits, null where unknown. */
  readonly phone: string | null;
  /** 8-30 digits, null where unknown. */
  readonly bankAccount: string | null;
  /** Identity number (18) by person id, members who left included; absent where unknown. */
  readonly identities: Readonly<Record<string, string>>;
}

/** A household with its sealed values opened: what decisions take and give. */
export interface HouseholdFile {
  readonly household: Household;
  readonly secrets: Secrets;
}

/** Current value of each fact; a field that is absent is unknown. */
export function current<Facts>(sheets: readonly FactSheet<Facts>[]): Partial<Facts> {
  const values: Partial<Facts> = {};
  for (const sheet of sheets) Object.assign(values, sheet.values);
  return values;
}

/** Day from which the present value of a fact is held; empty where it is unknown. */
export function since(
  { facts }: Pick<Household, 'facts'>,
  field: keyof HouseholdFacts & string,
): string {
  return facts.find((sheet) => sheet.values[field] !== undefined)?.heldFrom ?? '';
}

/** The household's present village. */
export function villageOf(household: Household): string {
  return current(household.facts).village ?? '';
}

/** The household's present status; a household always has one. */
export function statusOfHousehold(household: Household): string {
  return current(household.facts).status ?? 'new';
}

/** Whether the household has been struck off and is kept only to be read. */
export function isClosed(household: Household): boolean {
  return statusOfHousehold(household) === 'struck-off';
}

/** The member who heads the household now. */
export function headOf(household: Household): Member | undefined {
  return household.members.find((member) => relationOf(member) === 'head');
}

/** The relation a member has now; a member always has one. */
export function relationOf(member: Member): string {
  return current(member.facts).relation ?? 'other';
}
