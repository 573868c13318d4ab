import { liesWithin } from '../core/division.ts';
import { findVillage, stemOf } from '../core/division-name.ts';
import { gatherHelper, type LedgerGround } from '../core/helper-ledger.ts';
import {
  type HelperRow,
  helperNameOf,
  readHelperRow,
  type SheetKind,
  sheetKindOf,
} from '../core/helper-row.ts';
import type { StagedEntry } from '../core/import-entry.ts';
import type { ImportFault } from '../core/import-reason.ts';
import type { LedgerRow } from '../core/ledger-cell.ts';
import { isField, type LedgerHeading, labelOf } from '../core/ledger-heading.ts';
import { type Decided, isRefused, refuse } from '../core/refusal.ts';
import { type Passed, raw, type Stager } from './stager.ts';

type Heading = (row: LedgerRow) => LedgerHeading<'helpers'>;

/** What rows of one helper have in common, however many helpers of that name there are. */
interface Met {
  /** Groups by phone; where none is given, the group of the first. */
  readonly groups: Map<string, number>;
}

/** The helpers' workbook: every sheet a kind, and what departments did in sheets of their own. A helper's rows are one entry. */
export class HelpersStager implements Stager<'helpers'> {
  readonly entriesAChunk = 25;
  readonly #met = new Map<string, Met>();
  /** Name under which each group is known, and which of several it is. */
  readonly #names: { readonly base: string; readonly order: number }[] = [];
  #year: number | undefined;

  meet(heading: LedgerHeading<'helpers'>, row: LedgerRow): number {
    const kind = sheetKindOf(row.sheet) ?? 'department';
    const { row: read } = readHelperRow(heading, row, kind);
    if (read.totalFen !== null && read.year !== null) this.#year ??= read.year;
    const base = baseOf(kind, read, helperNameOf(heading, row));
    const met = this.#met.get(base) ?? { groups: new Map() };
    this.#met.set(base, met);
    // Sheets of details name the department alone.
    const [first] = met.groups.values();
    const isDetail = kind === 'project' || kind === 'help';
    const phone = isDetail ? undefined : (read.phone ?? '');
    const known = phone === undefined ? first : met.groups.get(phone);
    if (known !== undefined) return known;
    const group = this.#names.length;
    met.groups.set(phone ?? '', group);
    this.#names.push({ base, order: met.groups.size });
    return group;
  }

  entries(
    rows: readonly LedgerRow[],
    { heading, passed }: { readonly heading: Heading; readonly passed: Passed },
  ): readonly StagedEntry[] {
    const read = rows.map((row) => this.#read(heading(row), row));
    const [first, ...others] = read.map(({ row }) => row);
    if (!first) return [];
    const spot = rows[0];
    const name = this.#nameOf(first, spot ? heading(spot) : undefined, spot);
    const ground: LedgerGround = {
      year: this.#year ?? Number(passed.incomePeriod.to.slice(0, 4)),
      isNamesake: (this.#met.get(name.base)?.groups.size ?? 0) > 1,
      village: (of) => villageOf(passed, of),
      called: (row, field) => {
        const at = rows.find((one) => one.sheet === row.sheet && one.row === row.row);
        return at && isField('helpers', field) ? labelOf(heading(at), field).heading : field;
      },
    };
    const gathered = gatherHelper([first, ...others], ground);
    const faults = [...read.flatMap((one) => one.faults), ...gathered.faults];
    const place = gathered.wanted?.pairings.find(({ village }) => village !== null)?.village ?? '';
    const entry = { key: name.key, label: first.name, place, rows: rows.map(raw), faults };
    return [faults.length === 0 ? { ...entry, wanted: gathered.wanted } : entry];
  }

  #nameOf(
    row: HelperRow,
    heading: LedgerHeading<'helpers'> | undefined,
    at: LedgerRow | undefined,
  ): { readonly base: string; readonly key: string } {
    const base = baseOf(row.kind, row, heading && at ? helperNameOf(heading, at) : row.name);
    const group = this.#met.get(base)?.groups.get(row.phone ?? '') ?? -1;
    const { order = 1 } = this.#names[group] ?? {};
    return { base, key: order > 1 ? `${base} ${order}` : base };
  }

  #read(
    heading: LedgerHeading<'helpers'>,
    row: LedgerRow,
  ): { readonly row: HelperRow; readonly faults: readonly ImportFault[] } {
    const kind = sheetKindOf(row.sheet);
    const read = readHelperRow(heading, row, kind ?? 'department');
    if (kind) return read;
    const { sheet, row: number } = row;
    const values = { sheet: sheet.slice(0, 40) };
    const fault = { sheet, row: number, code: 'helper-sheet-unknown', values } as const;
    return { row: read.row, faults: [fault, ...read.faults] };
  }
}

/** Kind, credit code or name, and where a person works: what tells helpers apart. */
function baseOf(kind: SheetKind, { details, organisation }: HelperRow, name: string): string {
  const own = kind === 'project' || kind === 'help' ? 'department' : kind;
  if (details.creditCode !== undefined) return `${own} ${details.creditCode}`;
  return organisation === null ? `${own} ${name}` : `${own} ${name} ${organisation}`;
}

/** The village of a code, of a name, or of both where they agree. */
function villageOf(
  { places, known, area }: Passed,
  { code, name }: { readonly code: string | null; readonly name: string | null },
): Decided<string> {
  const found = findVillage(places(), {
    ...(code !== null && { code }),
    ...(name !== null && { village: name }),
  });
  if (isRefused(found)) return found;
  if (!liesWithin(found.ok, area.slice(0, 6))) return refuse('village-outside');
  const called = known(code ?? '')?.name;
  const isOther = code !== null && name !== null && called !== undefined && !agrees(called, name);
  return isOther
    ? refuse('village-name-differs', { code: code ?? '', village: name ?? '' })
    : found;
}

/** Whether a name, which may be a whole address (马鼻镇文峰村), ends with that of the village. */
function agrees(called: string, name: string): boolean {
  return stemOf(name).endsWith(stemOf(called)) || name.includes(stemOf(called));
}
