import type { Day } from './day.ts';
import type { PlaceNamed } from './division-name.ts';
import type { HouseholdFacts, Income, PersonFacts } from './fact.ts';
import type { WantedContact } from './household-wanted.ts';
import type { ImportFault } from './import-reason.ts';
import type { Decided } from './refusal.ts';

/** Parts of a household's income as a row states them, fen. */
export type IncomeParts = Partial<Omit<Income, 'from' | 'to' | 'transferParts'>>;

/** A row of a person-per-row ledger after its cells were read; what the row does not state is left out. */
export interface RegistryRow {
  readonly sheet: string;
  readonly row: number;
  /** 户编号, empty where the row has none. */
  readonly number: string;
  readonly place: PlaceNamed;
  /** 人数. */
  readonly size?: number;
  readonly household: Partial<Omit<HouseholdFacts, 'village' | 'income'>>;
  readonly income: IncomeParts;
  readonly contact: WantedContact;
  readonly person: {
    readonly number?: string;
    readonly name?: string;
    /** As it stands in the cell. */
    readonly identity?: string;
    /** As the ledger states it; a month alone is its first day. */
    readonly birth?: Day;
    readonly sex?: string;
    readonly relation?: string;
    readonly facts: Partial<Omit<PersonFacts, 'relation'>>;
  };
  /** What could not be read. */
  readonly faults: readonly ImportFault[];
}

/** What is known while a file is read. */
export interface LedgerReading {
  readonly today: Day;
  /** The uploader's area. */
  readonly area: string;
  /** Year the incomes belong to. */
  readonly incomePeriod: { readonly from: Day; readonly to: Day };
  readonly findVillage: (place: PlaceNamed) => Decided<string>;
  /** Other rows (as `5、9`, of many the first few) in which the person of a row stands too. */
  readonly twice: (row: RegistryRow) => string | undefined;
  /** What the sheet calls a field. */
  readonly called: (field: string) => string;
}

/** What is wrong, without its place. */
export type About = Pick<ImportFault, 'code' | 'field' | 'values'>;

/** What is wrong with a row. */
export function at(row: RegistryRow, about: About): ImportFault {
  return { sheet: row.sheet, row: row.row, ...about };
}

/** A cell that must not be empty. */
export function missing(row: RegistryRow, field: string, reading: LedgerReading): ImportFault {
  return at(row, { code: 'value-missing', field, values: { field: reading.called(field) } });
}

/** A cell that could not be read is not called missing as well. */
export function unlessFaulty(row: RegistryRow, fault: ImportFault): ImportFault | null {
  return row.faults.some((one) => one.field === fault.field) ? null : fault;
}
