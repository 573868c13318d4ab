import type { PlannedEntry, RawRow, StagedEntry } from './import-entry.ts';
import { type ImportFault, reasonOf } from './import-reason.ts';
import type { LedgerCell, LedgerRow } from './ledger-cell.ts';
import type { LedgerHeading, LedgerKind } from './ledger-heading.ts';
import { textOf } from './ledger-text.ts';

export type Cells = readonly (LedgerCell | null)[];
/** Heading rows of a file by sheet. */
export type Headings = Readonly<Record<string, Cells>>;

/**
 * The heading of a sheet as one row. Where a heading stands twice, below two group titles, its title goes in front, so that the file that
 * is given back can be read again.
 * @param rows the first rows of the sheet; without them the columns that were recognised
 */
export function headingCells<K extends LedgerKind>(
  heading: LedgerHeading<K>,
  rows: readonly LedgerRow[],
): (LedgerCell | null)[] {
  const own = rows.find((row) => row.row === heading.row)?.cells ?? [];
  const above = rows.find((row) => row.row === heading.row - 1)?.cells ?? [];
  const columns = [...heading.columns.values()];
  const width = Math.max(own.length, ...columns.map(({ column }) => column + 1));
  return Array.from({ length: width }, (_, column) => {
    const text = own[column] ?? columns.find((one) => one.column === column)?.heading ?? null;
    const group = above[column] ?? null;
    const isTwice = text !== null && own.indexOf(text) !== own.lastIndexOf(text);
    return isTwice && group !== null ? `${shown(group)}${shown(text)}` : text;
  });
}

/** A cell as it is written back: dates and ticks as people read them. */
function shown(cell: LedgerCell | null): string | number | null {
  return typeof cell === 'number' ? cell : textOf(cell) || null;
}

/** Headings of a sheet as column names; the second of two equal ones is told apart. */
function namesOf(cells: Cells): readonly string[] {
  const seen = new Map<string, number>();
  return cells.map((cell) => {
    const name = String(shown(cell) ?? '');
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} ${times}`;
  });
}

/** Columns of the file that is given back: those of all sheets, then why each row was not taken. */
export function refusalColumns(headings: Headings): readonly string[] {
  const names = new Set(Object.values(headings).flatMap(namesOf));
  return [...names, '未导入原因', 'Reason'];
}

function faultsOf(row: RawRow, entry: PlannedEntry): readonly ImportFault[] {
  const isFirst = entry.rows[0] === row.row;
  return entry.faults.filter((fault) =>
    fault.row === undefined ? isFirst : fault.row === row.row && fault.sheet === row.sheet,
  );
}

/** Why this row is not taken; a row without a fault of its own shares its household's. */
function reasonsOf(row: RawRow, entry: PlannedEntry): { zh: string; en: string } {
  const own = faultsOf(row, entry);
  const faulty = new Set(entry.faults.flatMap((fault) => fault.row ?? entry.rows.slice(0, 1)));
  const rows = [...faulty].sort((left, right) => left - right);
  const shared: ImportFault = { code: 'household-row-faulty', values: { rows: rows.join('、') } };
  const reasons = (own.length > 0 ? own : [shared]).map((one) => reasonOf(one));
  // The same fault may have been found in two ways; the clerk reads it once.
  return {
    zh: [...new Set(reasons.map((reason) => reason.zh))].join(' '),
    en: [...new Set(reasons.map((reason) => reason.en))].join(' '),
  };
}

/** Whether an entry's rows are given back. */
export function isGivenBack(entry: PlannedEntry): boolean {
  return entry.outcome === 'refused' || entry.outcome === 'conflicting';
}

/** The rows of an entry as they were, with the reasons, laid out under `refusalColumns`. */
export function refusalRows(
  staged: StagedEntry,
  entry: PlannedEntry,
  headings: Headings,
): readonly (string | number | null)[][] {
  const columns = refusalColumns(headings);
  return staged.rows.map((row) => {
    const names = namesOf(headings[row.sheet] ?? []);
    const cells = new Map(names.map((name, place) => [name, shown(row.cells[place] ?? null)]));
    const { zh, en } = reasonsOf(row, entry);
    return [...columns.slice(0, -2).map((name) => cells.get(name) ?? null), zh, en];
  });
}
