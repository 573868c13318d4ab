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
