import * as z from 'zod';
import { type Day, isDay } from './day.ts';
import type { AreaCode } from './division.ts';
import data from './notice-rule.json' with { type: 'json' };
import { procedureKinds } from './procedure-kind.ts';
import { ruleInForce } from './rule-scope.ts';

const words = z.string().min(1).max(100);
const day = z.string().refine(isDay);

/** A telephone line for complaints; its number is null where it is filled in by hand. */
export const ComplaintLine = z.strictObject({
  name: words,
  number: z
    .string()
    .regex(/^[\d-]{3,20}$/)
    .nullable(),
});

const Result = z.strictObject({ title: words, result: words });

/** What notices say in a place and a time: lines for complaints, who signs, and the words of each decision with its document. */
export const NoticeRule = z.strictObject({
  version: z.int().min(1),
  validFrom: day,
  validTo: day.nullable(),
  /** Division to which it applies; null for the whole country. */
  scope: z.string().nullable(),
  source: z.string(),
  complaint: z.array(ComplaintLine).min(1).max(5),
  /** What follows the name of a place where nobody else signs. */
  signers: z.strictObject({ village: words, community: words, town: words, county: words }),
  kinds: z.record(
    z.enum(procedureKinds),
    z.strictObject({ basis: words, notice: Result, announce: Result }),
  ),
});
export type NoticeRule = z.infer<typeof NoticeRule>;

const rules: readonly NoticeRule[] = z.array(NoticeRule).parse(data);

/** The words in force in a place on a day: a county's own before those of the country; null where there are none. */
export function noticeRuleOn(
  day: Day,
  place: AreaCode,
  all: readonly NoticeRule[] = rules,
): NoticeRule | null {
  return ruleInForce(all, day, place);
}
