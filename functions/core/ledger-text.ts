import { type LedgerCell, UNCALCULATED } from './ledger-cell.ts';
import { restore } from './ledger-formula.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** The column a value stands in, for the words of a refusal: its heading as the clerk wrote it. */
export interface ColumnLabel {
  readonly heading: string;
  /** What the heading gives in brackets, e.g. 万元. */
  readonly unit?: string | null;
}

/** A cell, empty or not. */
export type GivenCell = LedgerCell | null | undefined;

const INVISIBLE = /[\u00AD\u200B-\u200F\u2060\uFEFF]/g;
/** What clerks write where nobody knows. */
const UNKNOWN = /^(?:不详|未知|不明|不清楚|待核实?|待定)$/;
/** What clerks write where there is nothing to write. */
const BLANK = /^(?:[-－—–―_/\\.…*]*|无|暂无|空|n\/?a|null|#n\/a)$/i;
/** What a spreadsheet shows where a formula failed; #N/A, with which look-ups say that there is nothing, is blank. */
const ERRORS = new Set(
  [...'#REF! #DIV/0! #VALUE! #NAME? #NUM! #NULL! #SPILL! #CALC!'.split(' '), UNCALCULATED].map(
    comparable,
  ),
);
/** Digits a spreadsheet keeps of a number; whatever came after them is gone. */
const KEPT_DIGITS = 15;

/** Text for comparing only: one width, no blanks, no invisible marks, small letters. */
export function comparable(text: string): string {
  return text.replace(INVISIBLE, '').normalize('NFKC').replace(/\s/g, '').toLowerCase();
}

/** Whether the text says that nobody knows: 不详, 未知. */
export function isUnknown(text: string): boolean {
  return UNKNOWN.test(comparable(text));
}

/** Whether the text says that there is nothing: empty, a dash, a slash, 无; or that nobody knows. */
export function isBlank(text: string): boolean {
  return BLANK.test(comparable(text)) || isUnknown(text);
}

/** Whether a formula of this cell has no value to read: it failed, or was never calculated. Unknown is not nothing. */
export function isFailed(cell: GivenCell): boolean {
  return typeof cell === 'string' && ERRORS.has(comparable(cell));
}

/** The refusal of a cell whose formula has no value. */
export function failed(cell: GivenCell, column: ColumnLabel): Refusal {
  return refuse('cell-failed', { field: column.heading, text: quotable(cell) });
}

/** A number as the spreadsheet shows it: 15 digits, so 0.1 + 0.2 is 0.3. */
export function numberText(value: number): string {
  const kept = Number(value.toPrecision(KEPT_DIGITS));
  const text = String(kept);
  // What a sum of decimals leaves behind (5.55e-17) is nought to the eye; written out it can be read as a number.
  return text.includes('e-') ? kept.toFixed(20) : text;
}

/**
 * The text of any cell. Marks that only keep a spreadsheet from calculating are taken away: the apostrophe in front,
 * and the `="…"` with which exports keep long numbers as text; nothing is ever calculated.
 */
export function textOf(cell: GivenCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return numberText(cell);
  if (typeof cell === 'boolean') return cell ? '是' : '否';
  if (typeof cell === 'object') return cell.day;
  return restore(/^\s*="([^"]*)"\s*$/.exec(cell)?.[1] ?? cell);
}

/** A text short enough and free of long numbers, so that a refusal may quote it. */
export function quotable(cell: GivenCell): string {
  const text = textOf(cell)
    .normalize('NFKC')
    .replace(/\d{9,}/g, '…')
    .trim();
  const signs = [...text];
  return signs.length > 20 ? `${signs.slice(0, 20).join('')}…` : text;
}

/** Full-width digits and letters, blanks and invisible marks; Chinese punctuation stays as it is. */
function tidy(text: string): string {
  const plain = text
    .replace(INVISIBLE, '')
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (sign) => sign.normalize('NFKC'))
    .replace(/\s+/g, ' ')
    .trim();
  // Names of two characters are often set apart to the width of three: 林　一.
  const bare = plain.replaceAll(' ', '');
  return /^\p{Script=Han}{2,3}$/u.test(bare) ? bare : plain;
}

/**
 * A text, tidied; null where there is none. Refusals: cell-failed, value-too-long.
 * @param max characters
 */
export function readText(cell: GivenCell, column: ColumnLabel, max = 200): Decided<string | null> {
  if (isFailed(cell)) return failed(cell, column);
  const text = tidy(textOf(cell));
  if (isBlank(text)) return { ok: null };
  if ([...text].length > max) return refuse('value-too-long', { field: column.heading, max });
  return { ok: text };
}

/**
 * A number that is a name: identity, household, account, phone, division code. One width, no blanks.
 * Refusals: cell-failed, digits-lost (the spreadsheet had made a number of it), value-too-long.
 */
export function readIdentifier(
  cell: GivenCell,
  column: ColumnLabel,
  max = 60,
): Decided<string | null> {
  if (isFailed(cell)) return failed(cell, column);
  const text = textOf(cell).replace(INVISIBLE, '').normalize('NFKC').replace(/\s/g, '');
  if (isBlank(text)) return { ok: null };
  const isLost =
    (typeof cell === 'number' && Math.abs(cell) >= 10 ** KEPT_DIGITS) ||
    /^\d(?:\.\d+)?e\+?\d+$/i.test(text);
  if (isLost) return refuse('digits-lost', { field: column.heading });
  if (text.length > max) return refuse('value-too-long', { field: column.heading, max });
  return { ok: text.replace(/^(\d+)\.0+$/, '$1') };
}

/** Several texts in one cell, joined by 、，,；;/| or blanks; doubled ones once. */
export function readList(cell: GivenCell): readonly string[] {
  const pieces = textOf(cell)
    .replace(INVISIBLE, '')
    .split(/[、，,；;/／|｜\s]+/);
  return [...new Set(pieces.map(tidy).filter((piece) => !isBlank(piece)))];
}
