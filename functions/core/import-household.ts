import type { Day } from './day.ts';
import { liesWithin } from './division.ts';
import type { PlaceNamed } from './division-name.ts';
import type { HouseholdFacts, Income, PersonFacts } from './fact.ts';
import type { WantedContact, WantedHousehold, WantedMember } from './household-wanted.ts';
import { readIdentity } from './identity-number.ts';
import type { ImportFault } from './import-reason.ts';
import { type Decided, isRefused, type Refusal } from './refusal.ts';

/** Parts of a household's income as a row states them, fen. */
export type IncomeParts = Partial<
  Pick<Income, 'wagesFen' | 'businessFen' | 'propertyFen' | 'transferFen' | 'businessCostFen'>
>;

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
  /** Other rows (as `5、9`) in which the person of a row stands too. */
  readonly twice: (row: RegistryRow) => string | undefined;
  /** What the sheet calls a field. */
  readonly called: (field: string) => string;
}

/** A household as its rows state it; `wanted` is missing when anything is at fault. */
export interface GroupedHousehold {
  readonly label: string;
  readonly place: string;
  readonly faults: readonly ImportFault[];
  readonly wanted?: WantedHousehold;
}

/** All rows of one household in the order of the file. */
export type Rows = readonly [RegistryRow, ...RegistryRow[]];
type About = Pick<ImportFault, 'code' | 'field' | 'values'>;

function at(row: RegistryRow, about: About): ImportFault {
  return { sheet: row.sheet, row: row.row, ...about };
}

/** One value of the household from all rows that state it: on the head's row only, on every row, or repeated by a merged cell. */
class Gathered {
  readonly #values = new Map<string, unknown>();
  readonly faults: ImportFault[] = [];
  readonly #called: (field: string) => string;

  constructor(called: (field: string) => string) {
    this.#called = called;
  }

  add(row: RegistryRow, stated: object): void {
    for (const [field, value] of Object.entries(stated)) {
      if (!this.#values.has(field)) this.#values.set(field, value);
      else if (!same(this.#values.get(field), value)) {
        const column = field.replace(/Fen$/, '');
        const values = { field: this.#called(column) };
        this.faults.push(at(row, { code: 'household-values-differ', field: column, values }));
      }
    }
  }
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** All rows of one object merged, the first row that states a field deciding. */
function merged<T extends object>(rows: Rows, of: (row: RegistryRow) => T): Partial<T> {
  const all: Partial<T> = {};
  for (const row of rows.toReversed()) Object.assign(all, of(row));
  return all;
}

function valueFaults(rows: Rows, reading: LedgerReading): readonly ImportFault[] {
  const gathered = new Gathered(reading.called);
  for (const row of rows) {
    const size = row.size === undefined ? {} : { size: row.size };
    gathered.add(row, { ...size, ...row.household, ...row.income, ...row.contact });
  }
  return gathered.faults;
}

/** Whether all rows from the one to the other stand together: a household may be scattered, but not with a head in each part. */
function standTogether(rows: Rows, from: RegistryRow, to: RegistryRow): boolean {
  const between = rows.slice(rows.indexOf(from), rows.indexOf(to) + 1);
  return from.sheet === to.sheet && to.row - from.row === between.length - 1;
}

const isHead = (row: RegistryRow) => row.person.relation === 'head';

function headFaults(rows: Rows): readonly ImportFault[] {
  const [first, second] = rows.filter(isHead);
  if (!first) {
    const fault = at(rows[0], { code: 'head-missing', field: 'relation' });
    return unlessFaulty(rows[0], fault) ? [fault] : [];
  }
  if (!second) return [];
  if (standTogether(rows, first, second)) {
    return [at(second, { code: 'head-twice', field: 'relation' })];
  }
  const values = { number: first.number };
  return [at(second, { code: 'household-twice', field: 'householdNumber', values })];
}

/** More than one change may touch (household, members and their identity locks in one transaction). */
export const MAX_PERSONS = 30;

function sizeFaults(rows: Rows): readonly ImportFault[] {
  if (rows.length > MAX_PERSONS) {
    const values = { limit: MAX_PERSONS };
    return [at(rows[0], { code: 'household-too-large', field: 'size', values })];
  }
  const wrong = rows.flatMap((row) => {
    const { size = rows.length } = row;
    const values = { size, rows: rows.length };
    const fault = at(row, { code: 'household-size-mismatch', field: 'size', values });
    return size === rows.length ? [] : [fault];
  });
  return wrong.slice(0, 1);
}

function yearFaults(rows: Rows): readonly ImportFault[] {
  const { status, identifiedYear, exitYear } = merged(rows, (row) => row.household);
  const about = { field: 'exitYear' };
  if (exitYear !== undefined && identifiedYear !== undefined && exitYear < identifiedYear) {
    const values = { exit: exitYear, identified: identifiedYear };
    return [at(rows[0], { ...about, code: 'exit-before-identification', values })];
  }
  if (status === 'exited' && exitYear === undefined) {
    return [at(rows[0], { ...about, code: 'exit-year-missing' })];
  }
  const early = status === 'new' || status === 'unexited' || status === 'pre-exit';
  if (early && exitYear !== undefined) {
    return [at(rows[0], { ...about, code: 'exit-year-unexpected' })];
  }
  return [];
}

function causeFaults(rows: Rows): readonly ImportFault[] {
  const { mainCause, otherCauses = [] } = merged(rows, (row) => row.household);
  const wrong =
    otherCauses.length > 2 ||
    new Set(otherCauses).size < otherCauses.length ||
    (mainCause !== undefined && otherCauses.includes(mainCause));
  return wrong ? [at(rows[0], { code: 'cause-too-many', field: 'otherCauses' })] : [];
}

/** The village all rows name, as far as they name one. */
function placeOf(rows: Rows, reading: LedgerReading): { ok: string } | ImportFault {
  const field = 'village';
  let found: string | undefined;
  for (const row of rows) {
    if (!row.place.village) continue;
    const decided = reading.findVillage(row.place);
    if (isRefused(decided)) return at(row, { field, ...reasonIn(decided) });
    if (found !== undefined && decided.ok !== found) {
      const values = { number: row.number };
      return at(row, { field, code: 'household-twice', values });
    }
    found = decided.ok;
    if (!liesWithin(found, reading.area)) return at(row, { field, code: 'village-outside' });
  }
  return found === undefined ? missing(rows[0], field, reading) : { ok: found };
}

function reasonIn(refusal: Refusal): About {
  const { refused: code, values = {} } = refusal;
  return { code, values: { ...values } };
}

function missing(row: RegistryRow, field: string, reading: LedgerReading): ImportFault {
  return at(row, { code: 'value-missing', field, values: { field: reading.called(field) } });
}

/** A cell that could not be read is not called missing as well. */
function unlessFaulty(row: RegistryRow, fault: ImportFault): ImportFault | null {
  return row.faults.some((one) => one.field === fault.field) ? null : fault;
}

/** The person of a row, or what is wrong with it; null where the reading of its cells has said so. */
function memberOf(
  row: RegistryRow,
  reading: LedgerReading,
): { readonly ok: WantedMember } | ImportFault | null {
  const { number = null, name, identity, sex, relation, facts } = row.person;
  const field = 'identityNumber';
  if (!name) return unlessFaulty(row, missing(row, 'name', reading));
  if (!relation) return unlessFaulty(row, missing(row, 'relation', reading));
  if (!identity) return unlessFaulty(row, at(row, { code: 'identity-missing', field }));
  const rows = reading.twice(row);
  if (rows !== undefined) return at(row, { code: 'person-twice', field, values: { rows } });
  const read = readIdentity(identity, reading.today);
  if (isRefused(read)) return at(row, { code: read.refused, field });
  const { card, birth } = read.ok;
  if (sex !== undefined && sex !== read.ok.sex)
    return at(row, { code: 'identity-sex', field: 'sex' });
  const disability = card ? { disabilityKind: card.kind, disabilityGrade: card.grade } : {};
  const known = { identity: read.ok.number, sex: read.ok.sex, birth };
  return { ok: { number, name, relation, ...known, facts: { ...disability, ...facts } } };
}

/** A ledger that states any part of the income leaves the parts blank that are nil. */
function incomeOf(rows: Rows, reading: LedgerReading): { readonly income?: Income } {
  const parts = merged(rows, (row) => row.income);
  if (Object.keys(parts).length === 0) return {};
  const nil = { wagesFen: 0, businessFen: 0, propertyFen: 0, transferFen: 0, businessCostFen: 0 };
  return { income: { ...reading.incomePeriod, ...nil, ...parts } };
}

/**
 * Makes one household of its rows, wherever in the file they stand.
 * Faults by row: value-missing, household-values-differ, household-twice, head-missing, head-twice, household-size-mismatch,
 * household-too-large, exit-before-identification, exit-year-missing, exit-year-unexpected, cause-too-many, village-unknown,
 * village-ambiguous, village-outside, person-twice, those of the identity number, and what a cell could not be read for.
 */
export function groupHousehold(rows: Rows, reading: LedgerReading): GroupedHousehold {
  const place = placeOf(rows, reading);
  const members = [...rows.filter(isHead), ...rows.filter((row) => !isHead(row))].map((row) =>
    memberOf(row, reading),
  );
  const sound = members.flatMap((member) => (member !== null && 'ok' in member ? [member.ok] : []));
  const [head] = rows.filter(isHead);
  const label = (head ?? rows[0]).person.name ?? '';
  const faults = [
    ...rows.flatMap((row) => row.faults),
    ...('ok' in place ? [] : [place]),
    ...headFaults(rows),
    ...sizeFaults(rows),
    ...valueFaults(rows, reading),
    ...yearFaults(rows),
    ...causeFaults(rows),
    ...members.flatMap((member) => (member === null || 'ok' in member ? [] : [member])),
  ];
  if (!('ok' in place)) return { label, place: '', faults };
  if (faults.length > 0) return { label, place: place.ok, faults };
  const wanted: WantedHousehold = {
    number: rows[0].number,
    village: place.ok,
    facts: { ...merged(rows, (row) => row.household), ...incomeOf(rows, reading) },
    contact: merged(rows, (row) => row.contact),
    members: sound,
  };
  return { label, place: place.ok, faults, wanted };
}
