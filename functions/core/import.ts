import * as z from 'zod';
import { type Actor, mayEnter } from './access.ts';
import { isDay } from './day.ts';
import { type AreaCode, ancestorsOf, levelOf } from './division.ts';
import { ImportFault } from './import-reason.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

/** What a file holds: divisions first, then the person-per-row ledger and the villages' ledger; then what departments paid or did, and who helps whom. */
export const importKinds = ['divisions', 'registry', 'villages', 'receipts', 'helpers'] as const;
export type ImportKind = (typeof importKinds)[number];

/**
 * The life of an import.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> awaiting: address given
 *   awaiting --> reading: file arrived
 *   reading --> unreadable: file refused whole, or its reader died of it
 *   reading --> matching: rows staged
 *   matching --> planned: plan sealed
 *   planned --> rejected: by a person
 *   planned --> applying: by another person than the uploader
 *   applying --> applied: every chunk written
 * ```
 */
export const importStates = [
  'awaiting',
  'reading',
  'unreadable',
  'matching',
  'planned',
  'rejected',
  'applying',
  'applied',
] as const;
export type ImportState = (typeof importStates)[number];

/** What an import does with one entry: a household with its members, a village, a division or a receipt. */
export const outcomes = ['new', 'changed', 'unchanged', 'conflicting', 'refused'] as const;
export type Outcome = (typeof outcomes)[number];

const count = z.int().nonnegative();
const perOutcome = z.object({
  new: count,
  changed: count,
  unchanged: count,
  conflicting: count,
  refused: count,
});

/** Rows of the file (for a registry: persons) and entries (households, villages, divisions), by outcome. */
export const Tally = z.object({ rows: perOutcome, entries: perOutcome });
export type Tally = z.infer<typeof Tally>;

const nobody = { new: 0, changed: 0, unchanged: 0, conflicting: 0, refused: 0 };
export const emptyTally: Tally = { rows: nobody, entries: nobody };

/** Counts entries and the rows they came from. */
export function tallyOf(entries: readonly { outcome: Outcome; rows: number }[]): Tally {
  const rows = { ...nobody };
  const units = { ...nobody };
  for (const entry of entries) {
    rows[entry.outcome] += entry.rows;
    units[entry.outcome] += 1;
  }
  return { rows, entries: units };
}

/** The sum of two tallies. */
export function addTally(left: Tally, right: Tally): Tally {
  const rows = { ...left.rows };
  const entries = { ...left.entries };
  for (const outcome of outcomes) {
    rows[outcome] += right.rows[outcome];
    entries[outcome] += right.entries[outcome];
  }
  return { rows, entries };
}

/** All rows (or entries) of a tally together. */
export function sumOf(part: Tally['rows']): number {
  return outcomes.reduce((sum, outcome) => sum + part[outcome], 0);
}

const day = z.string().refine(isDay);

/** Header of an import, `I#<import>` / `0`. */
export const Import = z.object({
  id: z.string(),
  /** Grows with every change of state. */
  version: z.int(),
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  fileName: z.string(),
  size: z.int(),
  /** Place the file is for; rows outside it are refused. */
  area: z.string(),
  uploadedBy: z.string(),
  createdAt: z.string(),
  changedAt: z.string(),
  /** Day the ledger's values hold from: as given, else as the sheet says, else the day of the upload. */
  heldOn: day,
  heldOnGiven: z.boolean(),
  /** Year to which the incomes belong, both ends included, where the uploader said so or the sheet does. */
  incomePeriod: z.object({ from: day, to: day }).optional(),
  /** What of the file was passed over: columns whose heading nobody knows, sheets that hold something else. */
  unread: z.object({ columns: z.array(z.string()), sheets: z.array(z.string()) }).optional(),
  /** Which run of the reader staged the chunks; a reader that was overtaken writes where nobody looks. */
  attempt: z.string().optional(),
  chunks: count.optional(),
  /** Why the file was refused whole. */
  fault: ImportFault.optional(),
  /** SHA-256 over the hashes of all chunks; what an approval names. */
  plan: z.string().optional(),
  counts: Tally.optional(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  reason: z.string().optional(),
  /** What became of the plan: as `counts`, with households that changed meanwhile among the conflicting. */
  applied: Tally.optional(),
});
export type Import = z.infer<typeof Import>;

/** Entry of an import in the list of a place, `W#<place>` / `<time>#<import>`. */
export const ImportPointer = z.object({ import: z.string(), area: z.string() });
export type ImportPointer = z.infer<typeof ImportPointer>;

/** Done chunks of a phase and what they add up to, `I#<import>` / `P#<phase>`. */
export const Progress = z.object({ done: count, tally: Tally });
export type Progress = z.infer<typeof Progress>;

/** A matched chunk, `I#<import>` / `C#<chunk>`; `late` are entries (by place) that had changed when the plan was applied. */
export const Chunk = z.object({
  chunk: count,
  key: z.string(),
  hash: z.string(),
  tally: Tally,
  applied: z.object({ tally: Tally, late: z.array(count) }).optional(),
});
export type Chunk = z.infer<typeof Chunk>;

/** Partitions under which an import is listed: its county and every place above it. */
export function listedUnder(area: AreaCode): readonly AreaCode[] {
  return [area, ...ancestorsOf(area)].filter((code) => code.length <= 6);
}

/**
 * Whether somebody may have to do with imports of a kind: offices and auditors with all; a department with what it paid or did, and then
 * with what it uploaded itself alone.
 */
export function mayHandle(
  actor: Actor,
  found: Pick<Import, 'kind'> & Partial<Pick<Import, 'uploadedBy'>>,
): boolean {
  if (actor.role !== 'department') return true;
  const { kind, uploadedBy = actor.sub } = found;
  return kind === 'receipts' && uploadedBy === actor.sub;
}

/** The area an upload is for: as asked, else the actor's only one. */
export function areaOfUpload(actor: Actor, asked: AreaCode | undefined): Decided<AreaCode> {
  const area = asked ?? (actor.areas.length === 1 ? actor.areas[0] : undefined);
  if (area === undefined) {
    return {
      refused: 'request-invalid',
      faults: [{ field: 'area', code: 'value-missing', values: { field: 'area' } }],
    };
  }
  if (!levelOf(area) || !mayEnter(actor, area)) return refuse('not-found');
  return { ok: area };
}

/** Days after which the store takes away an import's file, its plan and its refused rows; the header stays. */
export const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;
/** Days an approved plan may take to be applied, a queue that stands still included. */
const APPLYING_DAYS = 1;

/** Whether what an import was planned from will be gone, counted from its announcement, before which nothing of it was stored. */
function isGone({ createdAt }: Import, now: Date, days = 0): boolean {
  return now.getTime() - Date.parse(createdAt) >= (KEPT_DAYS - days) * DAY_MS;
}

const expired: Refusal = refuse('import-expired', { days: KEPT_DAYS });

function notReady(state: ImportState): Refusal {
  return refuse('import-not-ready', { state });
}

/** What is said to whom has decided the same before. */
function decidedBefore(
  found: Import,
  actor: Actor,
  plan: string | undefined,
): Decided<'decided'> | undefined {
  const states: readonly ImportState[] =
    plan === undefined ? ['rejected'] : ['applying', 'applied'];
  if (!states.includes(found.state) || found.decidedBy !== actor.sub) return undefined;
  const isSame = plan === undefined || plan === found.plan;
  return isSame ? { ok: 'decided' } : refuse('import-plan-changed');
}

/**
 * Whether a person may approve (or, without `plan`, reject) a planned import: not the uploader herself, and only the very
 * plan that was looked at, while what it was made from is still there. An approval said twice is heard once.
 */
export function decide(
  found: Import,
  actor: Actor,
  { now, plan }: { readonly now: Date; readonly plan?: string },
): Decided<'decide' | 'decided'> {
  const again = decidedBefore(found, actor, plan);
  if (again) return again;
  if (found.state !== 'planned') return notReady(found.state);
  if (plan !== undefined && isGone(found, now, APPLYING_DAYS)) return expired;
  if (found.uploadedBy === actor.sub && plan !== undefined) return refuse('import-same-person');
  if (plan !== undefined && plan !== found.plan) return refuse('import-plan-changed');
  return { ok: 'decide' };
}

/** Whether rows and refusals can be looked at: once the plan is sealed, until the store has taken them away. */
export function mayInspect(found: Import, now: Date): Decided<Import> {
  if (found.plan === undefined) return notReady(found.state);
  return isGone(found, now) ? expired : { ok: found };
}
