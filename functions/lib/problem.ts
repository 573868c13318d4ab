import * as z from 'zod';
import type { Fault, Refusal } from '../core/refusal.ts';
import { type Language, statusOf, wordsOf } from '../core/refusal-text.ts';

/** Problem details after RFC 9457, with the stable code and, for input, each fault by field and row. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  errorId: z.string().optional(),
  errors: z
    .array(
      z.object({
        field: z.string().optional(),
        row: z.int().optional(),
        code: z.string(),
        detail: z.string(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof Problem>;

function faultOf(fault: Fault, language: Language) {
  return {
    ...(fault.field !== undefined && { field: fault.field }),
    ...(fault.row !== undefined && { row: fault.row }),
    code: fault.code,
    detail: wordsOf(fault.code, language, fault.values),
  };
}

/** A refusal as the API shows it, in the language asked for. */
export function problemOf(refusal: Refusal, language: Language): Problem {
  return {
    type: `urn:bangfu:problem:${refusal.refused}`,
    title: wordsOf(refusal.refused, language, refusal.values),
    status: statusOf(refusal.refused),
    code: refusal.refused,
    ...(refusal.faults && { errors: refusal.faults.map((fault) => faultOf(fault, language)) }),
  };
}

/** A fault of ours: the id is in the log, so that a clerk's screenshot finds the line. */
export function faultProblem(errorId: string, language: Language): Problem {
  const title =
    language === 'zh'
      ? '系统出错，请把编号告诉管理员。'
      : 'Something went wrong on our side; give the id to your administrator.';
  return { type: 'urn:bangfu:problem:fault', title, status: 500, code: 'fault', errorId };
}

/** Whether a value a handler returned is a refusal. */
export function isRefusal(answer: object): answer is Refusal {
  return 'refused' in answer;
}
