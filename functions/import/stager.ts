import type { Day } from '../core/day.ts';
import { liesWithin } from '../core/division.ts';
import { findVillage, type PlaceIndex } from '../core/division-name.ts';
import type { Division, DivisionOutcome, DivisionRow } from '../core/division-register.ts';
import { planDivisions } from '../core/division-register.ts';
import { normalizeIdentity } from '../core/identity-number.ts';
import type { StagedEntry } from '../core/import-entry.ts';
import { groupHousehold, MAX_PERSONS } from '../core/import-household.ts';
import { readDivisionRow, readVillageRow } from '../core/import-place.ts';
import type { ImportFault } from '../core/import-reason.ts';
import type { LedgerReading } from '../core/import-registry.ts';
import { householdNumberOf, readRegistryRow, whoseRow } from '../core/import-row.ts';
import { Grouping, Twice } from '../core/import-stage.ts';
import type { LedgerRow } from '../core/ledger-cell.ts';
import { isField, type LedgerHeading, type LedgerKind, labelOf } from '../core/ledger-heading.ts';
import { isRefused } from '../core/refusal.ts';

/** What is known once the whole file has passed by. */
export interface Passed extends Pick<LedgerReading, 'today' | 'area' | 'incomePeriod'> {
  /** Made when it is first asked for: a province's names take more memory than its codes. */
  places(): PlaceIndex;
  readonly known: (code: string) => Division | undefined;
}

/** Turns rows of one kind of ledger into entries, in two passes: rows pass by one at a time, then come back by group. */
export interface Stager<K extends LedgerKind> {
  readonly entriesAChunk: number;
  /** Group of a row on the first pass; groups are numbered as they first appear. */
  meet(heading: LedgerHeading<K>, row: LedgerRow): number;
  /** Entries of a group on the second pass, group after group in their order. */
  entries(
    rows: readonly LedgerRow[],
    about: { heading: Heading<K>; passed: Passed },
  ): readonly StagedEntry[];
}

/** The heading under which a row stands. */
type Heading<K extends LedgerKind> = (row: LedgerRow) => LedgerHeading<K>;

/** A row as it stood, for giving it back. */
export const raw = (row: LedgerRow) => ({ sheet: row.sheet, row: row.row, cells: [...row.cells] });

function faultAt(row: LedgerRow, fault: Omit<ImportFault, 'sheet' | 'row'>): ImportFault {
  return { sheet: row.sheet, row: row.row, ...fault };
}

/** Households from a person-per-row ledger. */
export class RegistryStager implements Stager<'registry'> {
  readonly entriesAChunk = 50;
  readonly #grouping = new Grouping();
  readonly #persons = new Twice();
  readonly #today: Day;
  #firstSheet: string | undefined;

  constructor(today: Day) {
    this.#today = today;
  }

  meet(heading: LedgerHeading<'registry'>, row: LedgerRow): number {
    const { isHead, identity } = whoseRow(heading, row, this.#today);
    if (identity !== '') this.#persons.meet(identity, this.#spot(row));
    return this.#grouping.place(householdNumberOf(heading, row), isHead);
  }

  entries(
    rows: readonly LedgerRow[],
    about: { heading: Heading<'registry'>; passed: Passed },
  ): readonly StagedEntry[] {
    const numbers = rows.map((row) => householdNumberOf(about.heading(row), row));
    const number = numbers.find((one) => one !== '') ?? '';
    const isOrphan = (_: LedgerRow, place: number) =>
      numbers[place] === '' && (number === '' || !this.#grouping.mayInherit);
    const orphans = rows.filter(isOrphan);
    const own = rows.filter((row, place) => !isOrphan(row, place));
    const alone = orphans.map((row) => this.#orphan(row, about.heading));
    const [first, ...others] = own;
    return first ? [this.#household(number, [first, ...others], about), ...alone] : alone;
  }

  /** A row as a clerk finds it; the sheet is named from the second on. */
  #spot({ sheet, row }: Pick<LedgerRow, 'sheet' | 'row'>): string {
    this.#firstSheet ??= sheet;
    return sheet === this.#firstSheet ? String(row) : `${sheet}!${row}`;
  }

  #orphan(row: LedgerRow, heading: Heading<'registry'>): StagedEntry {
    const { person, faults } = readRegistryRow(heading(row), row);
    const field = 'householdNumber';
    // A number that was there and cannot be read is not missing.
    const unread = faults.filter((fault) => fault.field === field);
    const missing = faultAt(row, { code: 'household-number-missing', field });
    const told = unread.length > 0 ? unread : [missing];
    return { key: '', label: person.name ?? '', place: '', rows: [raw(row)], faults: told };
  }

  #household(
    number: string,
    rows: readonly [LedgerRow, ...LedgerRow[]],
    about: { heading: Heading<'registry'>; passed: Passed },
  ): StagedEntry {
    const { heading, passed } = about;
    const [first, ...others] = rows;
    const read = (row: LedgerRow) => ({ ...readRegistryRow(heading(row), row), number });
    const grouped = groupHousehold([read(first), ...others.map(read)], {
      ...passed,
      findVillage: (place) => findVillage(passed.places(), place),
      twice: (row) =>
        this.#persons.others(
          normalizeIdentity(row.person.identity ?? '').slice(0, 18),
          this.#spot(row),
        ),
      called: (field) =>
        isField('registry', field) ? labelOf(heading(first), field).heading : field,
    });
    const tooLarge = this.#grouping.isTooLarge(number)
      ? [{ code: 'household-too-large' as const, field: 'size', values: { limit: MAX_PERSONS } }]
      : [];
    const { label, place, faults, wanted } = grouped;
    const entry = { key: number, label, place, rows: rows.map(raw) };
    return { ...entry, faults: [...faults, ...tooLarge], ...(wanted && { wanted }) };
  }
}

/** Poor villages, one a row. */
export class VillagesStager implements Stager<'villages'> {
  readonly entriesAChunk = 50;
  readonly #seen = new Set<string>();
  #next = 0;

  meet(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  entries(
    rows: readonly LedgerRow[],
    about: { heading: Heading<'villages'>; passed: Passed },
  ): readonly StagedEntry[] {
    return rows.map((row) => {
      const { place, label, facts, faults } = readVillageRow(about.heading(row), row);
      const found = findVillage(about.passed.places(), place);
      const code = isRefused(found) ? '' : found.ok;
      const fault = isRefused(found)
        ? { code: found.refused, ...(found.values && { values: { ...found.values } }) }
        : this.#misplaced(code, about.passed.area);
      const all = fault ? [...faults, faultAt(row, { ...fault, field: 'village' })] : [...faults];
      return { key: code, label, place: code, rows: [raw(row)], faults: all, wanted: facts };
    });
  }

  #misplaced(
    code: string,
    area: string,
  ): { code: 'village-outside' | 'village-twice' } | undefined {
    if (!liesWithin(code, area)) return { code: 'village-outside' };
    if (this.#seen.has(code)) return { code: 'village-twice' };
    this.#seen.add(code);
    return undefined;
  }
}

/** More rows than a file has; groups of codes of one length lie within so many. */
const ROWS_A_LENGTH = 1_000_000;
/** Longer codes are no codes. */
const LONGEST = 13;

type DivisionFault = Omit<ImportFault, 'sheet' | 'row'>;

/** Divisions, judged all together, since parents may stand in the same file: until then only codes and names are kept of it. */
export class DivisionsStager implements Stager<'divisions'> {
  readonly entriesAChunk = 200;
  readonly #counts = new Map<number, number>();
  #rows: DivisionRow[] = [];
  /** What is wrong with each row, in the order of groups; undefined until the file has passed by. */
  #faults: readonly (DivisionFault | undefined)[] | undefined;
  #next = 0;

  /** Every row is a group, and groups go by the length of the code: places above come before those inside. */
  meet(heading: LedgerHeading<'divisions'>, row: LedgerRow): number {
    const read = readDivisionRow(heading, row, this.#rows.length);
    this.#rows.push(read);
    const length = lengthOf(read);
    const count = this.#counts.get(length) ?? 0;
    this.#counts.set(length, count + 1);
    return length * ROWS_A_LENGTH + count;
  }

  entries(
    rows: readonly LedgerRow[],
    about: { heading: Heading<'divisions'>; passed: Passed },
  ): readonly StagedEntry[] {
    this.#faults ??= this.#judge(about.passed);
    return rows.map((row) => {
      const { code, name } = readDivisionRow(about.heading(row), row, this.#next);
      const fault = this.#faults?.[this.#next];
      this.#next += 1;
      const faults = fault ? [faultAt(row, fault)] : [];
      return { key: code, label: name, place: code, rows: [raw(row)], faults };
    });
  }

  #judge({ known, area }: Passed): readonly (DivisionFault | undefined)[] {
    const { outcomes } = planDivisions(this.#rows, known);
    const order = this.#rows.toSorted((left, right) => lengthOf(left) - lengthOf(right));
    this.#rows = [];
    return order.map(({ row, code }) => {
      const fault = divisionFault(outcomes[row]);
      return fault ?? (liesWithin(code, area) ? undefined : { code: 'village-outside' });
    });
  }
}

function lengthOf({ code }: DivisionRow): number {
  return Math.min(code.length, LONGEST);
}

function divisionFault(outcome: DivisionOutcome | undefined): DivisionFault | undefined {
  if (outcome?.outcome !== 'refused') return undefined;
  const { code, field, values } = outcome.fault;
  return { code, ...(field !== undefined && { field }), ...(values && { values: { ...values } }) };
}
