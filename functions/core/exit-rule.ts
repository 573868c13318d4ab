import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import data from './exit-rule.json' with { type: 'json' };
import { ruleInForce } from './rule-scope.ts';

const day = z.string().refine(isDay);
const months = z.int().min(1).max(60);
const age = z.int().min(0).max(30);

/** What a household must show to be lifted off the register, as a document has it for a place and a time. */
export const ExitRule = z.strictObject({
  id: z.string(),
  version: z.int().min(1),
  validFrom: day,
  /** Last day on which it is in force; null until another takes over. */
  validTo: day.nullable(),
  /** Division to which it applies; null for the whole country. */
  scope: z.string().nullable(),
  source: z.string(),
  wording: z.strictObject({ zh: z.string(), en: z.string() }),
  income: z.strictObject({
    /** Net income: costs of the business are taken off, those of transfers are not. */
    formula: z.literal('net'),
    /** Months a period of income has. */
    periodMonths: months,
    /** A period proves nothing when it ended more months than these before the day. */
    endsWithinMonths: months,
  }),
  education: z.strictObject({
    /** Completed years, both included, on the last `ageOn` that is not after the day. */
    fromAge: age,
    toAge: age,
    ageOn: z.string().regex(/^(?:0[1-9]|1[0-2])-[0-3]\d$/),
    /** First words of the codes of schools in which a child is no dropout. */
    schools: z.array(z.string()).min(1),
    /** Reasons for leaving school that excuse it, exactly as they are entered. */
    excuses: z.array(z.string()),
  }),
  medical: z.strictObject({
    /** What every member must have. */
    covers: z.array(z.enum(['basicMedical', 'seriousIllness', 'familyDoctor'])).min(1),
  }),
  housing: z.strictObject({
    safe: z.array(z.enum(codesOf('housingGrade'))).min(1),
    /** Grades of houses that are safe once they were rebuilt or repaired and accepted. */
    renewable: z.array(z.enum(codesOf('housingGrade'))),
  }),
});
export type ExitRule = z.infer<typeof ExitRule>;

const rules: readonly ExitRule[] = z.array(ExitRule).parse(data);

/** The rule in force in a place on a day; null where there is none. */
export function exitRuleOn(
  day: Day,
  place: AreaCode,
  all: readonly ExitRule[] = rules,
): ExitRule | null {
  return ruleInForce(all, day, place);
}
