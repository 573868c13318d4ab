import * as z from 'zod';
import type { Role } from './access.ts';
import {
  type Import,
  importKinds,
  importStates,
  outcomes,
  type Progress,
  sumOf,
  Tally,
} from './import.ts';
import { PlannedEntry } from './import-entry.ts';
import { type ImportFault, reasonOf } from './import-reason.ts';

const day = z.iso.date();

/** 64 MB, as much as the reader takes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What the import routes take and give. */
export const ImportPath = z.object({ id: z.string().regex(/^imp_[0-9a-f]{32}$/) });

export const NewImport = z.strictObject({
  kind: z.enum(importKinds),
  fileName: z
    .string()
    .min(5)
    .max(200)
    .regex(/\.(xlsx|csv)$/i),
  /** Exact size in bytes. */
  size: z.int().positive().max(MAX_BYTES),
  /** Day the ledger speaks of; otherwise read from its note row, otherwise today. */
  heldOn: day.optional(),
  /** Year to which the incomes belong; otherwise read from its note row, otherwise the system year before `heldOn`. */
  incomePeriod: z.strictObject({ from: day, to: day }).optional(),
  /** Place the file is for; needed by those who have several. */
  area: z
    .string()
    .regex(/^[1-9]\d{1,11}$/)
    .optional(),
});

export const FaultView = z.object({
  sheet: z.string().optional(),
  row: z.int().optional(),
  field: z.string().optional(),
  code: z.string(),
  reason: z.object({ zh: z.string(), en: z.string() }),
});

/** Rows by outcome (for a registry: persons), and entries: households, villages or divisions. */
const Counts = z.object({
  rows: z.int(),
  ...Tally.shape.rows.shape,
  entries: z.object({ total: z.int(), ...Tally.shape.entries.shape }),
});

export const ImportView = z.object({
  id: z.string(),
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  fileName: z.string(),
  area: z.string(),
  uploadedBy: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  heldOn: z.string(),
  incomePeriod: z.object({ from: z.string(), to: z.string() }).optional(),
  /** Columns and sheets of the file that were passed over, so that nothing is lost unseen. */
  unread: z.object({ columns: z.array(z.string()), sheets: z.array(z.string()) }).optional(),
  /** Chunks done of the phase under way. */
  progress: z.object({ done: z.int(), of: z.int() }).optional(),
  /** Why the file was refused whole. */
  fault: FaultView.optional(),
  counts: Counts.optional(),
  plan: z.string().optional(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  reason: z.string().optional(),
  applied: Counts.optional(),
});

export const NewImportAnswer = ImportView.extend({
  upload: z.object({
    method: z.literal('PUT'),
    url: z.string(),
    /** To be sent as they are: the signature covers them, and a second file under the address is refused (412). */
    headers: z.record(z.string(), z.string()),
    expiresAt: z.string(),
  }),
});

export const ImportListQuery = z.object({
  area: z.string().regex(/^[1-9]\d{1,11}$/),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

export const ImportList = z.object({ imports: z.array(ImportView), cursor: z.string().optional() });

export const ImportRowsQuery = z.object({
  outcome: z.enum(outcomes).optional(),
  cursor: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** One household, village or division of the file and what the plan does with it; the registry's own ids are not told. */
export const EntryView = PlannedEntry.omit({ target: true, known: true }).extend({
  faults: z.array(FaultView),
  /** What is taken all the same, and worth knowing; departments are not told what the registry knows. */
  remarks: z.array(FaultView),
});

export const EntryList = z.object({ rows: z.array(EntryView), cursor: z.string().optional() });

/** A redirect has no body. */
export const Nothing = z.object({});

export const Approval = z.strictObject({ plan: z.string().min(1).max(100) });
export const Rejection = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** A reason as a clerk reads it, with its place in the file. */
export function faultView(fault: ImportFault): z.infer<typeof FaultView> {
  const { values, ...place } = fault;
  return { ...place, reason: reasonOf({ code: fault.code, values }) };
}

function countsView({ rows, entries }: Tally): z.infer<typeof Counts> {
  return { rows: sumOf(rows), ...rows, entries: { total: sumOf(entries), ...entries } };
}

/** An import as the API shows it; the progress is that of the phase under way. */
export function importView(found: Import, progress?: Progress): z.infer<typeof ImportView> {
  const { counts, applied, fault, chunks, ...shown } = found;
  return {
    ...shown,
    ...(progress && chunks !== undefined && { progress: { done: progress.done, of: chunks } }),
    ...(counts && { counts: countsView(counts) }),
    ...(applied && { applied: countsView(applied) }),
    ...(fault && { fault: faultView(fault) }),
  };
}

/** An entry of the plan as the API shows it; a department is told neither remarks nor what is on file, which may be another's. */
export function entryView(entry: PlannedEntry, role: Role): z.infer<typeof EntryView> {
  const faults = entry.faults.map(faultView);
  if (role !== 'department') return { ...entry, faults, remarks: entry.remarks.map(faultView) };
  const changes = entry.changes.map((change) => ({ ...change, before: null }));
  return { ...entry, faults, changes, remarks: [] };
}
