import type { Day } from './day.ts';
import { type AreaCode, ancestorsOf, type Level, levelOf, levels, parentOf } from './division.ts';
import provinces from './division-province.json' with { type: 'json' };
import { type Fault, type Refusal, refuse } from './refusal.ts';

/** A place as the register knows it. Its level and parent follow from its code. */
export interface Division {
  readonly code: AreaCode;
  readonly name: string;
  /** First day under this code; null: since before the register began. */
  readonly validFrom: Day | null;
  /** Last day under this code; null while it is in use. */
  readonly validTo: Day | null;
  /** Codes that took its place. Set while `validTo` is still null: a change is moving its households there. */
  readonly successors: readonly AreaCode[];
  /** Job of the change under way that touches it, null when none does. */
  readonly change: string | null;
  readonly version: number;
}

/** One row of a divisions file as read, before anything is known about it. */
export interface DivisionRow {
  readonly row: number;
  readonly code: string;
  readonly name: string;
  readonly level: string | null;
  readonly parent: string | null;
}

export type DivisionOutcome =
  | {
      readonly row: number;
      readonly outcome: 'new' | 'changed' | 'unchanged';
      readonly division: Division;
    }
  | { readonly row: number; readonly outcome: 'refused'; readonly fault: Fault };

export interface DivisionsPlan {
  /** One per row, in the order of the rows. */
  readonly outcomes: readonly DivisionOutcome[];
  /** Divisions above the file's root that nobody named yet, highest first. */
  readonly ancestors: readonly Division[];
}

/** Words for levels as files write them. */
const levelWords: Readonly<Record<Level, readonly string[]>> = {
  province: ['省', '省级', '自治区', '直辖市'],
  city: ['市', '市级', '地级', '地市', '设区市'],
  county: ['县', '县级', '区', '区县', '县区', '县市区'],
  town: ['乡', '镇', '乡镇', '乡级', '街道', '乡镇街道'],
  village: ['村', '村级', '行政村', '社区', '村社区', '村居'],
};

function levelNamed(word: string): Level | undefined {
  const bare = word.replace(/[\s()（）/、]/g, '').toLowerCase();
  return levels.find((level) => level === bare || levelWords[level].includes(bare));
}

/** A division first heard of: version 1, in use. */
export function newDivision(code: AreaCode, name: string, validFrom: Day | null): Division {
  return { code, name, validFrom, validTo: null, successors: [], change: null, version: 1 };
}

/** Name of a place nobody has named: provinces are known, others are called by their code until a file names them. */
export function nameFromCode(code: AreaCode): string {
  return Object.entries(provinces).find(([known]) => known === code)?.[1] ?? code;
}

/** Whether a division is in use and not about to be replaced: only there may households be placed. */
export function isOpen(division: Pick<Division, 'validTo' | 'successors'>): boolean {
  return division.validTo === null && division.successors.length === 0;
}

/**
 * Why no household may be placed in a village, undefined when it may.
 * Refusals: area-unknown, area-not-village, area-closed (also while a change is moving its households away).
 */
export function placementRefusal(
  code: AreaCode,
  division: Pick<Division, 'validTo' | 'successors'> | undefined,
): Refusal | undefined {
  if (!division) return refuse('area-unknown', { area: code });
  if (levelOf(code) !== 'village') return refuse('area-not-village', { area: code });
  if (isOpen(division)) return undefined;
  return refuse('area-closed', { area: code, successors: division.successors.join('、') });
}

/** What is wrong with a row by itself. */
function rowFault(row: DivisionRow): Fault | undefined {
  const level = levelOf(row.code);
  if (!level) return { row: row.row, code: 'division-code-invalid', values: { code: row.code } };
  if (row.name === '') return { row: row.row, code: 'value-missing', values: { field: 'name' } };
  const levelDiffers = row.level !== null && levelNamed(row.level) !== level;
  const parentDiffers = row.parent !== null && row.parent !== (parentOf(row.code) ?? '');
  if (levelDiffers || parentDiffers)
    return { row: row.row, code: 'division-level-mismatch', values: { code: row.code } };
  return undefined;
}

/** The register while a file is being laid over it. */
interface Laying {
  readonly known: (code: AreaCode) => Division | undefined;
  readonly accepted: Map<AreaCode, Division>;
  /** Length of the codes of the file's root. */
  readonly rootLength: number;
}

function placeFault(row: DivisionRow, laying: Laying): Fault | undefined {
  const earlier = laying.accepted.get(row.code);
  if (earlier && earlier.name !== row.name)
    return { row: row.row, code: 'division-exists', values: { code: row.code } };
  const parent = parentOf(row.code);
  const isRoot = row.code.length === laying.rootLength;
  if (parent && !isRoot && !laying.accepted.has(parent) && !laying.known(parent))
    return { row: row.row, code: 'division-parent-unknown', values: { parent } };
  const stale = [laying.known(row.code), parent && laying.known(parent)].find(
    (division) => division && !isOpen(division),
  );
  if (!stale) return undefined;
  const values = { area: stale.code, successors: stale.successors.join('、') };
  return { row: row.row, code: 'area-closed', values };
}

function layRow(row: DivisionRow, laying: Laying): DivisionOutcome {
  const fault = rowFault(row) ?? placeFault(row, laying);
  if (fault) return { row: row.row, outcome: 'refused', fault };
  const known = laying.accepted.get(row.code) ?? laying.known(row.code);
  const division = known
    ? { ...known, name: row.name, version: known.version + Number(known.name !== row.name) }
    : newDivision(row.code, row.name, null);
  laying.accepted.set(row.code, division);
  if (!known) return { row: row.row, outcome: 'new', division };
  return { row: row.row, outcome: known.name === row.name ? 'unchanged' : 'changed', division };
}

/**
 * What a divisions file would do to the register: each row new, changed (its name), unchanged or refused, and the divisions above the
 * file's root, which come from the code. A code is never moved or closed by a file: that is a division change.
 * Refusals per row: division-code-invalid, division-level-mismatch, division-parent-unknown, division-exists (twice in the file with two
 * names), area-closed, value-missing.
 * @param known the division a code stands for now, closed ones included
 */
export function planDivisions(
  rows: readonly DivisionRow[],
  known: (code: AreaCode) => Division | undefined,
): DivisionsPlan {
  const placed = rows.filter((row) => levelOf(row.code));
  const rootLength = placed.reduce((least, { code }) => Math.min(least, code.length), 12);
  const laying: Laying = { known, accepted: new Map(), rootLength };
  // A file may list a town before its county: laid from the top down, answered in the file's order.
  const laid = rows
    .map((row, index) => ({ row, index }))
    .toSorted((a, b) => a.row.code.length - b.row.code.length)
    .map(({ row, index }) => ({ index, outcome: layRow(row, laying) }))
    .toSorted((a, b) => a.index - b.index);
  const above = new Set<AreaCode>();
  for (const code of laying.accepted.keys()) {
    for (const ancestor of ancestorsOf(code)) above.add(ancestor);
  }
  const ancestors = [...above]
    .filter((code) => !laying.accepted.has(code) && !known(code))
    .sort((a, b) => a.length - b.length)
    .map((code) => newDivision(code, nameFromCode(code), null));
  return { outcomes: laid.map((one) => one.outcome), ancestors };
}
