import * as z from 'zod';
import { outcomes, type Tally, tallyOf } from './import.ts';
import { ImportFault } from './import-reason.ts';

const DateCell = z.object({ day: z.string(), time: z.string().exactOptional() });
const Cell = z.union([z.string(), z.number(), z.boolean(), DateCell]).nullable();

/** A row as it stood in the file, for giving it back. */
export const RawRow = z.object({ sheet: z.string(), row: z.int(), cells: z.array(Cell) });
export type RawRow = z.infer<typeof RawRow>;

/** One household (with all its rows), village or division as the reader staged it; with faults it is refused. */
export const StagedEntry = z.object({
  /** 户编号, or the code of the division. */
  key: z.string(),
  /** Name of the head, the village or the division. */
  label: z.string(),
  /** Code of the village or division; empty where the row names none we know. */
  place: z.string(),
  rows: z.array(RawRow),
  faults: z.array(ImportFault),
  /** What the file wants, in the shape of its kind; absent with faults. */
  wanted: z.unknown().optional(),
});
export type StagedEntry = z.infer<typeof StagedEntry>;

/** A chunk as the reader staged it. Heading rows by sheet go above the rows that are given back. */
export const StagedChunk = z.object({
  headings: z.record(z.string(), z.array(Cell)),
  entries: z.array(StagedEntry),
});
export type StagedChunk = z.infer<typeof StagedChunk>;

const FieldChange = z.object({
  field: z.string(),
  person: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
});

/** What the plan does with an entry. No identity number, phone or account stands here. */
export const PlannedEntry = z.object({
  key: z.string(),
  label: z.string(),
  place: z.string(),
  sheet: z.string(),
  rows: z.array(z.int()),
  outcome: z.enum(outcomes),
  faults: z.array(ImportFault),
  /** Fields that change, masked where they must be. */
  changes: z.array(FieldChange),
  /** Names of members whom the file does not mention; they stay. */
  missing: z.array(z.string()),
  /** Fields known from a later day; they stay. */
  kept: z.array(z.string()),
  /** What is taken all the same, and worth knowing. */
  remarks: z.array(ImportFault).default([]),
  /** Household, village or division it was matched with, and the version the plan saw; 0 where it is new. */
  target: z.object({ id: z.string(), version: z.int() }).optional(),
  /** Person ids of members who were registered before, by place in the household. */
  known: z.record(z.string(), z.string()).optional(),
});
export type PlannedEntry = z.infer<typeof PlannedEntry>;

export const PlannedChunk = z.object({ entries: z.array(PlannedEntry) });
export type PlannedChunk = z.infer<typeof PlannedChunk>;

/** What matching decided about an entry, before its place in the file is added. */
export type Decision = Pick<PlannedEntry, 'outcome'> &
  Partial<
    Pick<PlannedEntry, 'faults' | 'changes' | 'missing' | 'kept' | 'remarks' | 'target' | 'known'>
  >;

/** The entry of the plan for a staged one. */
export function planned(entry: StagedEntry, decision: Decision): PlannedEntry {
  return {
    key: entry.key,
    label: entry.label,
    place: entry.place,
    sheet: entry.rows[0]?.sheet ?? '',
    rows: entry.rows.map((row) => row.row),
    faults: [],
    changes: [],
    missing: [],
    kept: [],
    remarks: [],
    ...decision,
  };
}

/** Counts the entries of a plan and their rows. */
export function tallyEntries(entries: readonly PlannedEntry[]): Tally {
  return tallyOf(entries.map(({ outcome, rows }) => ({ outcome, rows: rows.length })));
}

/** The plan as it came out: what would be written but had changed meanwhile is a conflict. */
export function withLate(
  entries: readonly PlannedEntry[],
  late: readonly number[],
): readonly PlannedEntry[] {
  return entries.map((entry, place) =>
    late.includes(place)
      ? {
          ...entry,
          outcome: 'conflicting',
          faults: [{ code: 'household-changed-meanwhile' }],
        }
      : entry,
  );
}
