import type { Code } from './code-list.ts';
import {
  type ColumnLabel,
  comparable,
  failed,
  type GivenCell,
  isBlank,
  isFailed,
  isUnknown,
  quotable,
  textOf,
} from './ledger-text.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

const YES = new Set(
  '是 有 y yes 1 √ ✓ ✔ ☑ 对 t true 已 已参加 参加 已参保 参保 已签约 签约 已签 安全 达标 已达标 通 已通 已解决 解决 已硬化'.split(
    ' ',
  ),
);
const NO = new Set(
  '否 无 n no 0 × ✗ ✘ x 不是 没有 f false 未 未参加 未参保 未签约 未签 不安全 未达标 不达标 不通 未通 未解决 未硬化'.split(
    ' ',
  ),
);
const NOTHING = /^[-—–―_/\\.…*]*$/;

/** Options a refusal names before it says 等. */
const MAX_OPTIONS = 24;

/** Names what could have been written: whoever reads it has the sheet before them, not the code lists. */
function unknown(text: GivenCell, column: ColumnLabel, options: readonly string[]): Refusal {
  if (isFailed(text)) return failed(text, column);
  const named = options.slice(0, MAX_OPTIONS).join('、');
  return refuse('value-unknown', {
    field: column.heading,
    text: quotable(text),
    options: options.length > MAX_OPTIONS ? `${named} 等` : named,
  });
}

function labelsOf({ codes }: CodedColumn): readonly string[] {
  return codes.map(({ zh }) => zh);
}

/** Yes or no in the many ways of writing it; null where the cell says nothing, which is not no. Refusals: value-unknown, cell-failed. */
export function readYesNo(cell: GivenCell, column: ColumnLabel): Decided<boolean | null> {
  const text = comparable(textOf(cell));
  if (NOTHING.test(text) || isUnknown(text)) return { ok: null };
  if (YES.has(text)) return { ok: true };
  if (NO.has(text)) return { ok: false };
  return unknown(cell, column, ['是', '否']);
}

type Index = ReadonlyMap<string, string>;
const indexes = new WeakMap<readonly Code[], Index>();

/** Every way of writing each code; built once per list. */
function indexOf(codes: readonly Code[]): Index {
  const known = indexes.get(codes);
  if (known) return known;
  const index = new Map<string, string>();
  for (const { code, zh, en, also = [] } of codes) {
    for (const label of [zh, code, en, ...also]) {
      // The first to claim a label keeps it.
      if (!index.has(comparable(label))) index.set(comparable(label), code);
    }
  }
  indexes.set(codes, index);
  return index;
}

/** Forms number their options: 1.因病, 02、因残, A）生产发展. */
const NUMBERED = /^(?:[a-z]|\d{1,2})[.、)]\s*/;

/** What is added in brackets, 已脱贫（2016年）, unless it may turn the meaning: 一般户（非贫困户）. */
const ADDED = /\([^()非不未无否]*\)$/;

function find(text: string, codes: readonly Code[]): string | undefined {
  const index = indexOf(codes);
  const key = comparable(text);
  const bare = key.replace(NUMBERED, '');
  return index.get(key) ?? index.get(bare) ?? index.get(bare.replace(ADDED, ''));
}

/** How a column is turned into codes. */
export interface CodedColumn extends ColumnLabel {
  readonly codes: readonly Code[];
}

/** The code of a label, by any of its ways of writing; null where the cell says nothing. Refusals: value-unknown, cell-failed. */
export function readCode(cell: GivenCell, column: CodedColumn): Decided<string | null> {
  const text = textOf(cell);
  const code = find(text, column.codes);
  if (code !== undefined) return { ok: code };
  return isBlank(text) ? { ok: null } : unknown(cell, column, labelsOf(column));
}

/** The codes of one piece, or null; labels such as 大专/高职 hold a slash themselves, so only unknown pieces are cut there. */
function findAll(piece: string, codes: readonly Code[]): readonly string[] | null {
  const whole = find(piece, codes);
  if (whole !== undefined) return [whole];
  const found = piece.split(/[/／\s+＋和及]+/).map((part) => find(part, codes));
  const known = found.filter((code) => code !== undefined);
  return known.length === found.length ? known : null;
}

/** Codes of several labels in one cell, joined by 、，,；;/| or blanks, each once; none where the cell says nothing. Refusals: value-unknown, cell-failed. */
export function readCodes(cell: GivenCell, column: CodedColumn): Decided<readonly string[]> {
  const codes = new Set<string>();
  for (const piece of textOf(cell).split(/[、，,；;|｜\n]+/)) {
    if (isBlank(piece)) continue;
    const found = findAll(piece.trim(), column.codes);
    if (found === null) return unknown(piece, column, labelsOf(column));
    for (const code of found) codes.add(code);
  }
  return { ok: [...codes] };
}

/** Levels of divisions as files name them. */
export const levelCodes: readonly Code[] = [
  { code: 'province', zh: '省', en: 'province', also: ['省级', '自治区', '直辖市', '1'] },
  { code: 'city', zh: '市', en: 'city', also: ['地市', '设区市', '市级', '地级', '地级市', '2'] },
  { code: 'county', zh: '县', en: 'county', also: ['区县', '县级', '县(市、区)', '县区', '3'] },
  {
    code: 'town',
    zh: '乡镇',
    en: 'town',
    also: ['乡', '镇', '街道', '乡级', '乡镇级', '乡(镇)', '4'],
  },
  {
    code: 'village',
    zh: '村',
    en: 'village',
    also: ['行政村', '社区', '村级', '村居', '村(居)', '村(社区)', '5'],
  },
];
