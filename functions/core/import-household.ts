import { liesWithin } from './division.ts';
import type { Income } from './fact.ts';
import type { WantedHousehold } from './household-wanted.ts';
import { doubleFaults, memberOf } from './import-member.ts';
import type { ImportFault } from './import-reason.ts';
import {
  type About,
  at,
  type LedgerReading,
  missing,
  type RegistryRow,
  unlessFaulty,
} from './import-registry.ts';
import { personFields } from './import-row.ts';
import { isRefused, type Refusal } from './refusal.ts';

/** A household as its rows state it; `wanted` is missing when anything is at fault. */
export interface GroupedHousehold {
  readonly label: string;
  readonly place: string;
  readonly faults: readonly ImportFault[];
  readonly wanted?: WantedHousehold;
}

/** All rows of one household in the order of the file. */
export type Rows = readonly [RegistryRow, ...RegistryRow[]];

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

/** What could not be read; a value of the household that stands on every row, or in a merged cell, is told once. */
function cellFaults(rows: Rows): readonly ImportFault[] {
  const told = new Set<string>();
  return rows
    .flatMap((row) => row.faults)
    .filter(({ field = '', code, values }) => {
      const what = JSON.stringify([field, code, values]);
      const isAgain = told.has(what) && !personFields.has(field);
      told.add(what);
      return !isAgain;
    });
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
  const members = [...rows.filter(isHead), ...rows.filter((row) => !isHead(row))].map((row) => ({
    row,
    read: memberOf(row, reading),
  }));
  const sound = members.flatMap(({ row, read }) =>
    read !== null && 'ok' in read ? [{ row, member: read.ok }] : [],
  );
  const [head] = rows.filter(isHead);
  const label = (head ?? rows[0]).person.name ?? '';
  const faults = [
    ...cellFaults(rows),
    ...('ok' in place ? [] : [place]),
    ...headFaults(rows),
    ...sizeFaults(rows),
    ...valueFaults(rows, reading),
    ...yearFaults(rows),
    ...causeFaults(rows),
    ...members.flatMap(({ read }) => (read === null || 'ok' in read ? [] : [read])),
    ...doubleFaults(sound),
  ];
  if (!('ok' in place)) return { label, place: '', faults };
  if (faults.length > 0) return { label, place: place.ok, faults };
  const wanted: WantedHousehold = {
    number: rows[0].number,
    village: place.ok,
    facts: { ...merged(rows, (row) => row.household), ...incomeOf(rows, reading) },
    contact: merged(rows, (row) => row.contact),
    members: sound.map(({ member }) => member),
  };
  return { label, place: place.ok, faults, wanted };
}
