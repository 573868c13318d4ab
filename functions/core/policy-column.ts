import type { FactDefinition, FactType, FactValues } from './policy-fact.ts';
import { isBounds } from './policy-fact.ts';

/** How a fact stands in a column: codes by their place among those that some rule names. */
export interface Column {
  readonly fact: FactDefinition;
  readonly places: ReadonlyMap<string, number>;
}

/** One fact of many subjects, in the one form that its type asks for; the others are empty. */
export interface Filled {
  /** 0 unknown, 1 a code that no rule names, the named ones from 2; flags: 2 set, 3 not. */
  readonly index: Uint16Array;
  /** Bit of each code that is named, and KNOWN; 0 unknown. */
  readonly mask: Int32Array;
  /** Numbers and days: equal but for counts that lie between two; NaN unknown. */
  readonly least: Float64Array;
  readonly most: Float64Array;
}

export const UNNAMED = 1;
export const FIRST_NAMED = 2;
export const FLAG_SET = 2;
export const FLAG_UNSET = 3;
/** Above the bits of the codes: no list of which a subject has several may have more than 30. */
export const KNOWN = 1 << 30;

type Rows = readonly FactValues[];

const empty: Filled = {
  index: new Uint16Array(),
  mask: new Int32Array(),
  least: new Float64Array(),
  most: new Float64Array(),
};

/** A day as a number that grows with it: 2017-10-23 is 20171023. */
export function dayNumber(day: string): number {
  return Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8));
}

function fillFlags(rows: Rows, { fact: { id } }: Column): Filled {
  const index = new Uint16Array(rows.length);
  let at = 0;
  for (const row of rows) {
    const value = row[id];
    if (value === true) index[at] = FLAG_SET;
    else if (value === false) index[at] = FLAG_UNSET;
    at += 1;
  }
  return { ...empty, index };
}

function fillCode(rows: Rows, { fact: { id }, places }: Column): Filled {
  const index = new Uint16Array(rows.length);
  let at = 0;
  for (const row of rows) {
    const value = row[id];
    if (typeof value === 'string') index[at] = places.get(value) ?? UNNAMED;
    at += 1;
  }
  return { ...empty, index };
}

function fillCodes(rows: Rows, { fact: { id }, places }: Column): Filled {
  const mask = new Int32Array(rows.length);
  let at = 0;
  for (const row of rows) {
    const value = row[id];
    if (Array.isArray(value)) {
      let bits = KNOWN;
      for (const code of value) bits |= places.get(code) ?? 0;
      mask[at] = bits;
    }
    at += 1;
  }
  return { ...empty, mask };
}

function fillNumbers(rows: Rows, { fact: { id } }: Column): Filled {
  const least = new Float64Array(rows.length);
  let most = least;
  let at = 0;
  for (const row of rows) {
    const value = row[id];
    if (typeof value === 'number') {
      least[at] = value;
      if (most !== least) most[at] = value;
    } else if (isBounds(value)) {
      if (most === least) most = least.slice();
      least[at] = value.least;
      most[at] = value.most;
    } else {
      least[at] = Number.NaN;
      most[at] = Number.NaN;
    }
    at += 1;
  }
  return { ...empty, least, most };
}

function fillDays(rows: Rows, { fact: { id } }: Column): Filled {
  const least = new Float64Array(rows.length);
  let at = 0;
  for (const row of rows) {
    const value = row[id];
    least[at] = typeof value === 'string' ? dayNumber(value) : Number.NaN;
    at += 1;
  }
  return { ...empty, least, most: least };
}

const fills: Readonly<Record<FactType, (rows: Rows, column: Column) => Filled>> = {
  flag: fillFlags,
  code: fillCode,
  codes: fillCodes,
  number: fillNumbers,
  day: fillDays,
};

/** The column of a fact for subjects in their order. */
export function fill(rows: Rows, column: Column): Filled {
  return fills[column.fact.type](rows, column);
}
