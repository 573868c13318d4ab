import { type CodeListName, codesOf } from './code-list.ts';
import type { Day } from './day.ts';
import type { MemberDigest, Roster } from './roster.ts';

/** What a roster does not say itself and a dimension may need. */
export interface Setting {
  readonly day: Day;
  /** Whether its village is on the list of poor villages; null where no profile is known. */
  readonly poorVillage: boolean | null;
}

/**
 * One way to tell households (or persons) apart. Boards count by it, list filters test by it, index entries are derived from it; so every
 * figure has a list with exactly its members.
 */
export interface Dimension<Subject> {
  /** Word of the dimension in figures and index keys. */
  readonly id: string;
  /** Query parameter of the lists. */
  readonly param: string;
  /** All values in the order in which figures store them; appended to, never reordered. */
  readonly values: readonly string[];
  /** Places kept for values in stored figures, so that appended values move nothing. */
  readonly room: number;
  /** The values a subject has in a setting: none, one, or several. */
  readonly of: (subject: Subject, setting: Setting) => readonly string[];
  /** Values that lists can start from; the others are common and are filtered out of the list of all. */
  readonly keyed: readonly string[];
}

export type HouseholdDimension = Dimension<Roster>;
export type PersonDimension = Dimension<MemberDigest>;

/** Stands first in every dimension whose fact may be missing. */
export const UNKNOWN = 'unknown';

/** Values of a code list, with `unknown` first. */
export function listed(name: CodeListName): readonly string[] {
  return [UNKNOWN, ...codesOf(name)];
}

/** The value of a fact that has one of the given values; a fact nobody recorded is counted as unknown. */
export function only(values: readonly string[], value: string | null): readonly string[] {
  return [value !== null && values.includes(value) ? value : UNKNOWN];
}

export const yesNo = [UNKNOWN, 'yes', 'no'] as const;

export function yes(fact: boolean | null): string {
  if (fact === null) return UNKNOWN;
  return fact ? 'yes' : 'no';
}

/** Years that figures tell apart; the programme began in 2013, later years have room for a generation. */
export const FIRST_YEAR = 2010;
export const LAST_YEAR = 2041;
export const years: readonly string[] = [
  UNKNOWN,
  'earlier',
  ...Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, at) => String(FIRST_YEAR + at)),
  'later',
];

export function yearOf(year: number | null): string {
  if (year === null) return UNKNOWN;
  if (year < FIRST_YEAR) return 'earlier';
  return year > LAST_YEAR ? 'later' : String(year);
}

/** Statuses of households that are kept but not on the register: those that applied and wait, and those that were struck off. */
export const unregistered: readonly string[] = ['applicant', 'struck-off'];

/** Only registered households count, save in the dimension of status itself. */
export function isRegistered(roster: Pick<Roster, 'status'>): boolean {
  return !unregistered.includes(roster.status);
}

/** Net income of a household over a period, fen. */
export function netFenOf(income: NonNullable<Roster['income']>): number {
  const earned = income.wagesFen + income.businessFen + income.propertyFen + income.transferFen;
  return earned - income.businessCostFen;
}
