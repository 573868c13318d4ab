import * as z from 'zod';
import { codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import data from './health-rule.json' with { type: 'json' };
import { ruleInForce } from './rule-scope.ts';

const day = z.string().refine(isDay);

/** How often people with chronic diseases are followed up, as a document has it for a place and a time. */
export const HealthRule = z.strictObject({
  id: z.string(),
  version: z.int().min(1),
  validFrom: day,
  /** Last day on which it is in force; null until another takes over. */
  validTo: day.nullable(),
  /** Division to which it applies; null for the whole country. */
  scope: z.string().nullable(),
  /** Not taken from a document that was seen: to be replaced by the county's own. */
  illustrative: z.boolean(),
  source: z.string(),
  /** Follow-ups a year by disease; one that is left out asks for none. */
  timesAYear: z.partialRecord(z.enum(codesOf('chronicDisease')), z.int().min(1).max(12)),
  /** Days ahead for which a follow-up counts as due. */
  dueWithinDays: z.int().min(0).max(90),
});
export type HealthRule = z.infer<typeof HealthRule>;

const rules: readonly HealthRule[] = z.array(HealthRule).parse(data);

/** The rule in force in a place on a day; null where there is none. */
export function healthRuleOn(
  on: Day,
  place: AreaCode,
  all: readonly HealthRule[] = rules,
): HealthRule | null {
  return ruleInForce(all, on, place);
}
