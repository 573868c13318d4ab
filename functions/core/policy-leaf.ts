import { FIRST_NAMED, type Filled } from './policy-column.ts';
import { indexAt, intAt, realAt, WORD } from './policy-word.ts';

/** Answers of many subjects: a subject's bit is set in `yes`, in `no`, or, where nobody knows, in neither. */
export interface Answers {
  readonly yes: Int32Array;
  readonly no: Int32Array;
  /** First word, and words, of one question among those of many. */
  readonly from: number;
  readonly words: number;
}

/** A test of one column. What is asked the other way round (`is-not`, `at-least` …) is the same test with its answers swapped. */
export type Test =
  | { readonly kind: 'index'; readonly answers: Uint16Array }
  | { readonly kind: 'mask'; readonly mask: number }
  | { readonly kind: 'below' | 'above' | 'equal'; readonly value: number };

export const YES = 1;
export const NO = 2;

/** Answers by place of the code: unknown stays unknown, what is not among the wanted is a no. */
export function indexTest(wanted: readonly number[], size: number): Test {
  const answers = new Uint16Array(FIRST_NAMED + size).fill(NO);
  answers[0] = 0;
  for (const place of wanted) answers[place] = YES;
  return { kind: 'index', answers };
}

function byIndex({ index }: Filled, table: Uint16Array, { yes, no, from, words }: Answers): void {
  for (let word = 0; word < words; word += 1) {
    const first = word * WORD;
    const end = Math.min(first + WORD, index.length);
    let y = 0;
    let n = 0;
    for (let at = first; at < end; at += 1) {
      const answer = indexAt(table, indexAt(index, at));
      y |= (answer & 1) << at;
      n |= (answer >> 1) << at;
    }
    yes[from + word] = y;
    no[from + word] = n;
  }
}

function byMask({ mask }: Filled, wanted: number, { yes, no, from, words }: Answers): void {
  for (let word = 0; word < words; word += 1) {
    const first = word * WORD;
    const end = Math.min(first + WORD, mask.length);
    let y = 0;
    let n = 0;
    for (let at = first; at < end; at += 1) {
      const have = intAt(mask, at);
      const hit = (have & wanted) === 0 ? 0 : 1;
      y |= hit << at;
      n |= ((have >>> 30) & (hit ^ 1)) << at;
    }
    yes[from + word] = y;
    no[from + word] = n;
  }
}

function below({ least, most }: Filled, value: number, { yes, no, from, words }: Answers): void {
  for (let word = 0; word < words; word += 1) {
    const first = word * WORD;
    const end = Math.min(first + WORD, least.length);
    let y = 0;
    let n = 0;
    for (let at = first; at < end; at += 1) {
      y |= (realAt(most, at) < value ? 1 : 0) << at;
      n |= (realAt(least, at) >= value ? 1 : 0) << at;
    }
    yes[from + word] = y;
    no[from + word] = n;
  }
}

function above({ least, most }: Filled, value: number, { yes, no, from, words }: Answers): void {
  for (let word = 0; word < words; word += 1) {
    const first = word * WORD;
    const end = Math.min(first + WORD, least.length);
    let y = 0;
    let n = 0;
    for (let at = first; at < end; at += 1) {
      y |= (realAt(least, at) > value ? 1 : 0) << at;
      n |= (realAt(most, at) <= value ? 1 : 0) << at;
    }
    yes[from + word] = y;
    no[from + word] = n;
  }
}

function equal({ least, most }: Filled, value: number, { yes, no, from, words }: Answers): void {
  for (let word = 0; word < words; word += 1) {
    const first = word * WORD;
    const end = Math.min(first + WORD, least.length);
    let y = 0;
    let n = 0;
    for (let at = first; at < end; at += 1) {
      const low = realAt(least, at);
      const high = realAt(most, at);
      y |= (low === value && high === value ? 1 : 0) << at;
      n |= (value < low || value > high ? 1 : 0) << at;
    }
    yes[from + word] = y;
    no[from + word] = n;
  }
}

const comparisons = { below, above, equal };

/** Puts the answers of a test to all subjects of a column where they belong. */
export function runTest(test: Test, column: Filled, answers: Answers): void {
  if (test.kind === 'index') byIndex(column, test.answers, answers);
  else if (test.kind === 'mask') byMask(column, test.mask, answers);
  else comparisons[test.kind](column, test.value, answers);
}
