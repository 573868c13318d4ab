import * as z from 'zod';
import { type Day, isDay } from './day.ts';

/** Decisions that carry their proof; in the order in which figures count open cases (append only). */
export const procedureKinds = [
  'identification',
  'household-exit',
  'return',
  'strike-off',
  'village-exit',
] as const;
export type ProcedureKind = (typeof procedureKinds)[number];

/** What a step is; in the order in which figures count what cases wait for (append only). */
export const stepActs = ['assess', 'confirm', 'notice', 'decide', 'announce', 'mark'] as const;
export type StepAct = (typeof stepActs)[number];

/** The case a household is in, and what it waits for; kept with the household so that boards and lists know it. */
export const OpenCase = z.object({
  /** `cs_…` */
  id: z.string(),
  kind: z.enum(procedureKinds),
  /** Act of the next step. */
  act: z.enum(stepActs),
  /** First day on which the next step may be taken where a public notice runs; null where nothing is waited out. */
  dueOn: z.string().refine(isDay).nullable(),
});
export type OpenCase = {
  readonly id: string;
  readonly kind: ProcedureKind;
  readonly act: StepAct;
  readonly dueOn: Day | null;
};
