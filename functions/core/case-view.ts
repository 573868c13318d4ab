import * as z from 'zod';
import { Case, dueOn, nextStep, noticeClock } from './case.ts';
import { isDay } from './day.ts';
import { Procedure, ProcedureStep } from './procedure.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });

/** A case as it may be shown: what it waits for, and how its notice stands. */
export const CaseView = Case.extend({
  awaits: ProcedureStep.nullable().describe('the step that comes next'),
  dueOn: day
    .nullable()
    .describe('first day on which it may be taken, where a notice is waited out'),
  notice: z
    .object({
      step: z.string(),
      postedOn: day,
      days: z.int(),
      paused: z.int().describe('days that did not count because an objection was open'),
      lastDay: day.nullable().describe('null while an objection is open'),
    })
    .nullable(),
});
export type CaseView = z.infer<typeof CaseView>;

/** What taking a step answers: how the case stands now. The whole of it is read by its id. */
export const CaseTaken = CaseView.pick({
  ...{ id: true, version: true, kind: true, subject: true, state: true },
  ...{ awaits: true, dueOn: true, notice: true },
}).extend({ objection: z.string().nullable().describe('the one that was recorded just now') });
export type CaseTaken = z.infer<typeof CaseTaken>;

/** @param before how it stood; undefined where it began just now */
export function caseTaken(before: Case | undefined, found: Case): CaseTaken {
  const { id, version, kind, subject, state, awaits, dueOn: due, notice } = caseView(found);
  const recorded = found.objections.slice(before?.objections.length ?? 0);
  const objection = recorded.at(-1)?.id ?? null;
  return { id, version, kind, subject, state, awaits, dueOn: due, notice, objection };
}

export function caseView(found: Case): CaseView {
  return {
    ...found,
    awaits: nextStep(found) ?? null,
    dueOn: dueOn(found),
    notice: noticeClock(found) ?? null,
  };
}

export const CaseList = z.object({ cases: z.array(CaseView) });

export const ProcedureList = z.object({
  area: z.string(),
  kind: z.string(),
  current: Procedure.describe('what a case that begins today follows'),
  versions: z.array(Procedure),
});
