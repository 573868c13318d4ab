import type { LedgerRow } from './ledger-cell.ts';
import { type Meaning, readInGroup } from './ledger-group.ts';
import synonyms from './ledger-heading.json' with { type: 'json' };
import { type LedgerNote, readNote } from './ledger-note.ts';
import { type ColumnLabel, comparable, type GivenCell, textOf } from './ledger-text.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** What a ledger lists. */
export type LedgerKind = keyof typeof synonyms;
/** Our names for its columns. */
export type LedgerField<K extends LedgerKind> = keyof (typeof synonyms)[K]['fields'] & string;

/** A column of a ledger that was recognised. */
export interface LedgerColumn extends ColumnLabel {
  /** From 0. */
  readonly column: number;
  readonly unit: string | null;
}

/** Where the columns of a sheet are. */
export interface LedgerHeading<K extends LedgerKind> {
  readonly kind: K;
  readonly sheet: string;
  /** Row of the heading, or its lower row where it has two; data begins below. */
  readonly row: number;
  readonly columns: ReadonlyMap<LedgerField<K>, LedgerColumn>;
  /** Headings nobody reads, in order: shown to the clerk, so that nothing is lost unseen. */
  readonly unread: readonly string[];
  readonly note: LedgerNote;
}

/** The heading lies within so many rows of the top of its sheet. */
export const HEADING_ROWS = 30;
/** Characters of a heading that a refusal quotes. */
const LABEL = 60;

interface Entry {
  readonly zh: string;
  readonly en: string;
  readonly also?: readonly string[];
  readonly required?: boolean;
}

const MARKS = /[*★☆●:：'"“”]/g;
const BRACKETS = /[([{【〔][^)\]}】〕]*[)\]}】〕]/g;
const UNIT = /[([【〔]([^()[\]【】〔〕]*)[)\]】〕][^()]*$/;
const NUMBERING = /^(?:[a-z]?\d+[a-z]?[.、]?|[a-z][.、]|[一二三四五六七八九十]+、)/;

/** A heading read ever more loosely: as it is, without brackets, without numbering and 是否. */
const readings: readonly Reading[] = [
  (heading) => comparable(heading).replace(MARKS, ''),
  (heading) => comparable(heading).replace(MARKS, '').replace(BRACKETS, ''),
  (heading) =>
    comparable(heading)
      .replace(MARKS, '')
      .replace(BRACKETS, '')
      .replace(NUMBERING, '')
      .replace(/是否|有无|的|[-_/·]/g, ''),
];

function entriesOf(kind: LedgerKind): readonly [string, Entry][] {
  return Object.entries<Entry>(synonyms[kind].fields);
}

/** Whether a kind of ledger has a column of that name. */
export function isField<K extends LedgerKind>(kind: K, field: string): field is LedgerField<K> {
  return Object.hasOwn(synonyms[kind].fields, field);
}

type Reading = (heading: string) => string;

/** What headings mean under one reading. A heading that is known and read by nobody means ''. */
interface ReadingIndex {
  readonly reading: Reading;
  readonly fields: ReadonlyMap<string, string>;
}

function indexOf(kind: LedgerKind, reading: Reading): ReadingIndex {
  const fields = new Map<string, string>();
  for (const heading of synonyms[kind].ignored) fields.set(reading(heading), '');
  for (const [field, { zh, en, also = [] }] of entriesOf(kind)) {
    for (const heading of [zh, en, field, ...also]) fields.set(reading(heading), field);
  }
  fields.delete('');
  return { reading, fields };
}

const indexes = {
  registry: readings.map((reading) => indexOf('registry', reading)),
  villages: readings.map((reading) => indexOf('villages', reading)),
  divisions: readings.map((reading) => indexOf('divisions', reading)),
  receipts: readings.map((reading) => indexOf('receipts', reading)),
  helpers: readings.map((reading) => indexOf('helpers', reading)),
} as const;

function meaningOf(kind: LedgerKind, heading: string): Meaning | null {
  for (const [strength, { reading, fields }] of indexes[kind].entries()) {
    const field = fields.get(reading(heading));
    if (field !== undefined) return { field, strength };
  }
  return null;
}

/** A column that was recognised while the heading is still being looked for. */
interface Candidate extends LedgerColumn, Meaning {}

/** A heading below the title of its group: 帮扶责任人 over 姓名 is the helper's name, not the person's. */
function readColumn(
  kind: LedgerKind,
  own: string,
  around: { readonly group: string; readonly before: string },
): Meaning | null {
  if (own === '') return meaningOf(kind, around.group);
  const together = around.group === '' ? null : meaningOf(kind, around.group + own);
  return together ?? readInGroup(own, meaningOf(kind, own), around);
}

function headingText(cell: GivenCell): string {
  return textOf(cell).replace(/\s+/g, '');
}

/** Nothing, or a title that is merged over several columns: no heading of a column. */
function isTitle(heading: string, upper: LedgerRow['cells']): boolean {
  return heading === '' || upper.filter((cell) => headingText(cell) === heading).length > 1;
}

interface Attempt {
  readonly row: LedgerRow;
  readonly candidates: readonly Candidate[];
  readonly unread: readonly string[];
  readonly fields: ReadonlySet<string>;
}

/** Each column's own heading and the title above it; a heading merged over several columns stands for the first. */
function headingsOf(
  row: LedgerRow,
  upper: LedgerRow['cells'],
): readonly { readonly column: number; readonly own: string; readonly group: string }[] {
  const width = Math.max(row.cells.length, upper.length);
  const all = Array.from({ length: width }, (_, column) => ({
    column,
    own: headingText(row.cells[column]),
    group: headingText(upper[column]),
  }));
  return all.filter(({ own, group }, at) => {
    const left = all[at - 1];
    return own === '' || own !== left?.own || group !== left.group;
  });
}

function attempt(kind: LedgerKind, row: LedgerRow, above: LedgerRow | undefined): Attempt {
  const candidates: Candidate[] = [];
  const unread: string[] = [];
  let before = '';
  const upper = above?.row === row.row - 1 ? above.cells : [];
  for (const { column, own, group } of headingsOf(row, upper)) {
    const heading = own === '' ? group : own;
    const meaning = readColumn(kind, own, { group, before });
    before = meaning?.field ?? '';
    if (meaning === null && !isTitle(heading, upper)) unread.push(heading);
    if (meaning === null || meaning.field === '') continue;
    const unit = UNIT.exec(heading.normalize('NFKC'))?.[1] ?? null;
    candidates.push({ ...meaning, column, heading, unit });
  }
  return { row, candidates, unread, fields: new Set(candidates.map(({ field }) => field)) };
}

/**
 * The row that is most of a heading. Of two neighbours alike the lower one, which has the group titles above it; of two
 * apart the upper one, since headings are printed again on every page.
 */
function bestAttempt(kind: LedgerKind, rows: readonly LedgerRow[]): Attempt | null {
  let best: Attempt | null = null;
  let most = 0;
  for (const [at, row] of rows.entries()) {
    const next = attempt(kind, row, rows[at - 1]);
    const isLower = best !== null && row.row === best.row.row + 1;
    if (next.fields.size > most || (isLower && next.fields.size === most)) {
      best = next;
      most = next.fields.size;
    }
  }
  return best;
}

/** Takes for each field the column that names it most strictly; the others are left unread. Refusals: column-twice. */
function settle(candidates: readonly Candidate[]): Decided<Map<string, Candidate>> {
  const columns = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const known = columns.get(candidate.field);
    if (!known || candidate.strength < known.strength) columns.set(candidate.field, candidate);
  }
  const twice = candidates.find((one) => {
    const chosen = columns.get(one.field);
    return chosen !== one && chosen?.strength === one.strength;
  });
  return twice ? refuse('column-twice', { column: twice.heading }) : { ok: columns };
}

function missing(kind: LedgerKind, found: ReadonlySet<string>): string {
  return entriesOf(kind)
    .filter(([field, { required }]) => required && !found.has(field))
    .map(([, { zh, en }]) => `${zh} (${en})`)
    .join('、');
}

/** The refusal of a file without any heading of this kind; names what would make one. */
export function noHeading(kind: LedgerKind): Refusal {
  return refuse('heading-missing', { columns: missing(kind, new Set()) });
}

/**
 * Finds the heading of a sheet among its first rows: below titles and notes, in one row or in two with group titles.
 * Columns are recognised by name, whatever their order.
 * Refusals: heading-missing, column-missing, column-twice.
 * @param rows the first rows of one sheet, at least as far as the heading
 */
export function findHeading<K extends LedgerKind>(
  kind: K,
  rows: readonly LedgerRow[],
): Decided<LedgerHeading<K>> {
  const best = bestAttempt(kind, rows.slice(0, HEADING_ROWS));
  if (!best) return noHeading(kind);
  const lacks = missing(kind, best.fields);
  if (lacks !== '') return refuse('column-missing', { columns: lacks });
  const settled = settle(best.candidates);
  if ('refused' in settled) return settled;
  const isOurs = (entry: [string, Candidate]): entry is [LedgerField<K>, Candidate] =>
    isField(kind, entry[0]);
  const { row, sheet } = best.row;
  const left = best.candidates.filter((one) => settled.ok.get(one.field) !== one);
  return {
    ok: {
      kind,
      sheet,
      row,
      columns: new Map([...settled.ok].filter(isOurs)),
      unread: [...new Set([...best.unread, ...left.map(({ heading }) => heading)])],
      note: readNote(rows.filter((one) => one.row < row)),
    },
  };
}

/** Whether a refusal only says that a sheet is none of ours, so that another sheet may still be. */
export function isForeign(refusal: Refusal): boolean {
  return refusal.refused === 'heading-missing' || refusal.refused === 'column-missing';
}

/** The text in the column without which a row is no record of its kind. */
export function keyText<K extends LedgerKind>(heading: LedgerHeading<K>, row: LedgerRow): string {
  const { key } = synonyms[heading.kind];
  const columns = [...heading.columns].filter(([field]) => field === key);
  return columns.map(([, { column }]) => comparable(textOf(row.cells[column]))).join('');
}

/** Columns without which there is no record of this kind. */
export function requiredColumns<K extends LedgerKind>(
  heading: LedgerHeading<K>,
): readonly number[] {
  const required = new Set(
    entriesOf(heading.kind).flatMap(([field, entry]) => (entry.required ? [field] : [])),
  );
  const columns = [...heading.columns].filter(([field]) => required.has(field));
  return columns.map(([, { column }]) => column);
}

/** The cell of a field; null where it is empty or the sheet has no such column. */
export function cellOf<K extends LedgerKind>(
  heading: LedgerHeading<K>,
  row: LedgerRow,
  field: LedgerField<K>,
): LedgerRow['cells'][number] {
  const column = heading.columns.get(field);
  return column ? (row.cells[column.column] ?? null) : null;
}

/** Some headings say in brackets how to fill the column in; a refusal of every row would repeat it. */
function short(name: string): string {
  const signs = [...name];
  return signs.length > LABEL ? `${signs.slice(0, LABEL).join('')}…` : name;
}

/** How a field is called in refusals: as the clerk's sheet calls it, with the sheet's unit where the heading has none. */
export function labelOf<K extends LedgerKind>(
  heading: LedgerHeading<K>,
  field: LedgerField<K>,
): ColumnLabel {
  const { heading: name = field, unit = null } = heading.columns.get(field) ?? {};
  return { heading: short(name), unit: unit ?? heading.note.unit };
}
