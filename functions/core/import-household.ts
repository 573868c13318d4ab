import type { Day } from './day.ts';
import { liesWithin } from './division.ts';
import type { PlaceNamed } from './division-name.ts';
import type { HouseholdFacts, Income, PersonFacts } from './fact.ts';
import type { WantedContact, WantedHousehold, WantedMember } from './household-wanted.ts';
import { readIdentity } from './identity-number.ts';
import type { ImportFault } from './import-reason.ts';
import { type Decided, isRefused } from './refusal.ts';

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
    readonly birth?: Day;
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

type Rows = readonly RegistryRow[];
type About = Pick<ImportFault, 'code' | 'field' | 'values'>;

function at(row: RegistryRow | undefined, about: About): ImportFault {
  return row ? { sheet: row.sheet, row: row.row, ...about } : about;
}

/** One value of the household from all rows that state it: on the head's row only, on every row, or repeated by a merged cell. */
class Gathered {
  readonly values = new Map<string, unknown>();
  readonly faults: ImportFault[] = [];
  readonly #called: (field: string) => string;

  constructor(called: (field: string) => string) {
    this.#called = called;
  }

  add(row: RegistryRow, stated: object): void {
    for (const [field, value] of Object.entries(stated)) {
      if (!this.values.has(field)) this.values.set(field, value);
      else if (!same(this.values.get(field), value)) {
        const values = { field: this.#called(field) };
        this.faults.push(at(row, { code: 'household-values-differ', field, values }));
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

/** Blocks of rows that stand together; a household may be scattered, but one number for two families shows as two blocks with a head each. */
function blocksOf(rows: Rows): readonly Rows[] {
  const blocks: RegistryRow[][] = [];
  for (const row of rows) {
    const block = blocks.at(-1);
    const last = block?.at(-1);
    if (block && last && last.sheet === row.sheet && row.row === last.row + 1) block.push(row);
    else blocks.push([row]);
  }
  return blocks;
}

const isHead = (row: RegistryRow) => row.person.relation === 'head';

function headFaults(rows: Rows): readonly ImportFault[] {
  const [first, second] = rows.filter(isHead);
  if (!first) return [at(rows[0], { code: 'head-missing', field: 'relation' })];
  if (!second) return [];
  const families = blocksOf(rows).filter((block) => block.some(isHead));
  const number = rows[0]?.number ?? '';
  if (families.length > 1) {
    return [at(second, { code: 'household-twice', field: 'number', values: { number } })];
  }
  return [at(second, { code: 'head-twice', field: 'relation' })];
}

/** More than one change may touch (household, members and their identity locks in one transaction). */
export const MAX_PERSONS = 30;

function sizeFaults(rows: Rows): readonly ImportFault[] {
  if (rows.length > MAX_PERSONS) {
    const values = { limit: MAX_PERSONS };
    return [at(rows[0], { code: 'household-too-large', field: 'size', values })];
  }
  const stated = rows.find((row) => row.size !== undefined);
  if (stated?.size === undefined || stated.size === rows.length) return [];
  const values = { size: stated.size, rows: rows.length };
  return [at(stated, { code: 'household-size-mismatch', field: 'size', values })];
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

function incomeFaults(rows: Rows, reading: LedgerReading): readonly ImportFault[] {
  return rows.flatMap((row) =>
    Object.entries(row.income)
      .filter(([, fen]) => fen < 0)
      .map(([field]) =>
        at(row, { code: 'income-negative', field, values: { field: reading.called(field) } }),
      ),
  );
}

/** The village all rows name, as far as they name one. */
function placeOf(rows: Rows, reading: LedgerReading): Decided<string> & { row?: RegistryRow } {
  let found: string | undefined;
  for (const row of rows) {
    const { code, village } = row.place;
    if (!code && !village) continue;
    const decided = reading.findVillage(row.place);
    if (isRefused(decided)) return { ...decided, row };
    if (found !== undefined && decided.ok !== found) {
      return { refused: 'household-twice', values: { number: row.number }, row };
    }
    found = decided.ok;
    if (!liesWithin(found, reading.area)) return { refused: 'village-outside', row };
  }
  if (found !== undefined) return { ok: found };
  const values = { field: reading.called('village') };
  return { refused: 'value-missing', values };
}

function missing(row: RegistryRow, field: string, reading: LedgerReading): ImportFault {
  return at(row, { code: 'value-missing', field, values: { field: reading.called(field) } });
}

function personFault(row: RegistryRow, reading: LedgerReading): ImportFault | undefined {
  const { name, identity, sex, birth, relation } = row.person;
  if (!name) return missing(row, 'name', reading);
  if (!relation) return missing(row, 'relation', reading);
  const rows = reading.twice(row);
  if (rows !== undefined)
    return at(row, { code: 'person-twice', field: 'identity', values: { rows } });
  if (identity === undefined) {
    // A newborn has no number yet; then the sheet itself must say who it is.
    return sex && birth ? undefined : at(row, { code: 'identity-missing', field: 'identity' });
  }
  const read = readIdentity(identity, reading.today);
  if (isRefused(read)) return at(row, { code: read.refused, field: 'identity' });
  if (sex !== undefined && sex !== read.ok.sex) {
    return at(row, { code: 'identity-sex', field: 'sex' });
  }
  return undefined;
}

function memberOf(row: RegistryRow, today: Day): WantedMember {
  const { number, name = '', identity, sex = '', birth = '', relation = '', facts } = row.person;
  const common = { number: number ?? null, name, relation };
  const read = identity === undefined ? undefined : readIdentity(identity, today);
  if (!read || isRefused(read)) return { ...common, identity: null, sex, birth, facts };
  const { card } = read.ok;
  const disability = card ? { disabilityKind: card.kind, disabilityGrade: card.grade } : {};
  return {
    ...common,
    identity: read.ok.number,
    sex: read.ok.sex,
    birth: read.ok.birth,
    facts: { ...disability, ...facts },
  };
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
 * Faults by row: household-number-missing, value-missing, household-values-differ, household-twice, head-missing, head-twice,
 * household-size-mismatch, exit-before-identification, exit-year-missing, exit-year-unexpected, cause-too-many, income-negative,
 * village-unknown, village-ambiguous, village-outside, person-twice, those of the identity number, and what a cell could not be read for.
 */
export function groupHousehold(rows: Rows, reading: LedgerReading): GroupedHousehold {
  const place = placeOf(rows, reading);
  const label = (rows.find(isHead) ?? rows[0])?.person.name ?? '';
  const faults = [
    ...rows.flatMap((row) => row.faults),
    ...(rows[0]?.number === ''
      ? [at(rows[0], { code: 'household-number-missing', field: 'number' })]
      : []),
    ...(isRefused(place)
      ? [at(place.row ?? rows[0], { code: place.refused, field: 'village', ...values(place) })]
      : []),
    ...headFaults(rows),
    ...sizeFaults(rows),
    ...valueFaults(rows, reading),
    ...yearFaults(rows),
    ...causeFaults(rows),
    ...incomeFaults(rows, reading),
    ...rows.flatMap((row) => personFault(row, reading) ?? []),
  ];
  if (isRefused(place) || faults.length > 0) {
    return { label, place: isRefused(place) ? '' : place.ok, faults };
  }
  const heads = rows.filter(isHead);
  const others = rows.filter((row) => !isHead(row));
  const wanted: WantedHousehold = {
    number: rows[0]?.number ?? '',
    village: place.ok,
    facts: { ...merged(rows, (row) => row.household), ...incomeOf(rows, reading) },
    contact: merged(rows, (row) => row.contact),
    members: [...heads, ...others].map((row) => memberOf(row, reading.today)),
  };
  return { label, place: place.ok, faults, wanted };
}

function values(refused: { readonly values?: Readonly<Record<string, string | number>> }) {
  return refused.values ? { values: { ...refused.values } } : {};
}
