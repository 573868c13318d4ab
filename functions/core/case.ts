import * as z from 'zod';
import { roles } from './access.ts';
import { addDays, type Day, isDay } from './day.ts';
import { ExitSheetShape } from './exit-sheet.ts';
import { later } from './member.ts';
import { Procedure, ProcedureStep } from './procedure.ts';
import { type OpenCase, procedureKinds, stepActs } from './procedure-kind.ts';

const day = z.string().refine(isDay);
const text = z.string();

/** Who spoke at a meeting: representatives there are, were present, and agreed. */
export const Votes = z.object({
  of: z.int().positive().max(10_000),
  present: z.int().nonnegative().max(10_000),
  agreed: z.int().nonnegative().max(10_000),
});
export type Votes = z.infer<typeof Votes>;

/** One step that was taken; append-only. */
export const StepRecord = z.object({
  step: text,
  act: z.enum(stepActs),
  outcome: z.enum(['passed', 'failed']),
  /** Day it happened. */
  heldOn: day,
  /** Instant it was entered. */
  at: z.iso.datetime(),
  actor: text,
  role: z.enum(roles),
  note: text.nullable(),
  /** Number of the paper that proves it (minutes, photo of the board, decision). */
  document: text.nullable(),
  votes: Votes.nullable(),
  /** Who of the household confirmed: the id of a member. */
  confirmedBy: text.nullable(),
});
export type StepRecord = z.infer<typeof StepRecord>;

/** Somebody objected while a notice hung: until it is settled no day counts. */
export const Objection = z.object({
  id: text,
  raisedOn: day,
  at: z.iso.datetime(),
  actor: text,
  note: text,
  resolvedOn: day.nullable(),
  upheld: z.boolean().nullable(),
  resolution: text.nullable(),
  resolvedBy: text.nullable(),
});
export type Objection = z.infer<typeof Objection>;

/**
 * A decision on its way.
 *
 * ```mermaid
 * stateDiagram-v2
 *   [*] --> open: proposed
 *   open --> open: next step, objection
 *   open --> done: marked
 *   open --> refused: a step failed, an objection was upheld
 *   open --> withdrawn: by who proposed
 * ```
 */
export const caseStates = ['open', 'done', 'refused', 'withdrawn'] as const;

export const Subject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('household'), id: text }),
  z.object({ type: z.literal('village'), code: text }),
]);
export type Subject = z.infer<typeof Subject>;

export const Case = z.object({
  id: text,
  version: z.int().positive(),
  kind: z.enum(procedureKinds),
  subject: Subject,
  /** Code of the village on the day it began; who may see the case is told by where the household lives now. */
  village: text,
  state: z.enum(caseStates),
  openedOn: day,
  openedAt: z.iso.datetime(),
  openedBy: text,
  reason: text,
  /** Why a household is to be struck off; null for other kinds. */
  strikeOff: text.nullable(),
  /** The version of the procedure it began under, with its steps: later versions do not touch it. */
  procedure: Procedure.pick({ version: true, validFrom: true, scope: true, source: true }),
  steps: z.array(ProcedureStep),
  /** Place of the step that comes next. */
  next: z.int().nonnegative(),
  records: z.array(StepRecord),
  objections: z.array(Objection),
  /** The proof as it stood when the decision was taken. */
  sheet: ExitSheetShape.nullable(),
  endedOn: day.nullable(),
});
export type Case = z.infer<typeof Case>;

/** Latest notice of a case with the days its clock has run. */
export interface NoticeClock {
  readonly step: string;
  readonly postedOn: Day;
  readonly days: number;
  /** Days that did not count because an objection was open. */
  readonly paused: number;
  /** Last day on which it hangs; null while an objection is open. */
  readonly lastDay: Day | null;
}

const MS_PER_DAY = 86_400_000;

function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / MS_PER_DAY);
}

/** Days from a posting on that an objection was open, each counted once however many were. */
function pausedDays(objections: readonly Objection[], from: Day, days: number): number {
  let end = from;
  let paused = 0;
  const spans = objections
    .map(({ raisedOn, resolvedOn }) => [raisedOn, resolvedOn ?? raisedOn] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [raised, resolved] of spans) {
    // A notice that has hung all its days is not stopped any more.
    if (raised > addDays(from, days + paused - 1)) break;
    const begin = later(raised, end);
    if (resolved <= begin) continue;
    paused += daysBetween(begin, resolved);
    end = resolved;
  }
  return paused;
}

/**
 * How long one notice of a case hangs; undefined where that step posted none. The day of posting is the first of its days. Objections
 * entered once the next notice hung are about that one.
 */
export function clockOf(found: Case, stepId: string): NoticeClock | undefined {
  const at = found.records.findIndex(({ step, act }) => step === stepId && act === 'notice');
  const record = found.records[at];
  const step = found.steps.find(({ id }) => id === stepId);
  if (!record || !step) return undefined;
  const next = found.records.slice(at + 1).find(({ act }) => act === 'notice');
  const objections = found.objections.filter((one) => !next || one.at <= next.at);
  const { heldOn: postedOn } = record;
  const isPaused = objections.some(({ resolvedOn }) => resolvedOn === null);
  const days = step.days ?? 0;
  const paused = pausedDays(objections, postedOn, days);
  const lastDay = isPaused ? null : addDays(postedOn, days + paused - 1);
  return { step: step.id, postedOn, days, paused, lastDay };
}

/** The notice that was posted last; undefined before the first. */
export function noticeClock(found: Case): NoticeClock | undefined {
  const record = found.records.findLast(({ act }) => act === 'notice');
  return record && clockOf(found, record.step);
}

/** The step that comes next; undefined when all are taken. */
export function nextStep(found: Case): ProcedureStep | undefined {
  return found.state === 'open' ? found.steps[found.next] : undefined;
}

/**
 * First day on which the next step may be taken where a notice is waited out just now, also where an objection entered late made it hang
 * longer; null otherwise and while an objection is open.
 */
export function dueOn(found: Case): Day | null {
  const latest = found.records.at(-1);
  const lastDay = noticeClock(found)?.lastDay ?? null;
  if (!latest || lastDay === null || found.state !== 'open') return null;
  const due = addDays(lastDay, 1);
  return latest.act === 'notice' || due > latest.heldOn ? due : null;
}

/** What the household is told of a case it is in; null once that has ended. */
export function openCaseOf(found: Case): OpenCase | null {
  const step = nextStep(found);
  return step ? { id: found.id, kind: found.kind, act: step.act, dueOn: dueOn(found) } : null;
}
