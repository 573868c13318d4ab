import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import { ruleInForce } from './rule-scope.ts';
import data from './visit-rule.json' with { type: 'json' };

const day = z.string().refine(isDay);

/** How often households are visited, as a document has it for a place and a time. */
export const VisitRule = z.strictObject({
  id: z.string(),
  version: z.int().min(1),
  validFrom: day,
  /** Last day on which it is in force; null until another takes over. */
  validTo: day.nullable(),
  /** Division to which it applies; null for the whole country. */
  scope: z.string().nullable(),
  /** No document says so: an example, to be replaced by the county's own. */
  illustrative: z.boolean(),
  source: z.string(),
  /** Months from one visit to the next by the household's status; a status that is left out asks for no visits. */
  everyMonths: z.partialRecord(z.enum(codesOf('status')), z.int().min(1).max(24)),
  /** From which day a household counts that was never visited: its entry in the register, or its present pairing where that came later. */
  neverVisited: z.enum(['registration', 'pairing']),
  /** Days for which a visit may be entered late. */
  lateDays: z.int().min(0).max(3660),
  photo: z.strictObject({
    /** Photos of one visit. */
    most: z.int().min(0).max(20),
    /** Bytes of one photo. */
    mostBytes: z.int().min(1),
  }),
});
export type VisitRule = z.infer<typeof VisitRule>;

const rules: readonly VisitRule[] = z.array(VisitRule).parse(data);

/** The rule in force in a place on a day; null where there is none. */
export function visitRuleOn(
  on: Day,
  place: AreaCode,
  all: readonly VisitRule[] = rules,
): VisitRule | null {
  return ruleInForce(all, on, place);
}
