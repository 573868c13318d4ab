import * as z from 'zod';
import { roles } from './access.ts';
import type { Day } from './day.ts';
import { type AreaCode, ancestorAt, ancestorsOf, levelOf } from './division.ts';

export const accessKinds = [
  'disclosure',
  'lookup',
  'person-elsewhere',
  'refusals',
  'sheet',
] as const;

/** A line of the access log: who looked at, or ran into, whose protected data, and why. Never the data itself. */
export const AccessLine = z.object({
  /** `log_…`. */
  id: z.string(),
  at: z.iso.datetime(),
  kind: z.enum(accessKinds),
  sub: z.string(),
  role: z.enum(roles),
  /** Area whose office may read the line. */
  area: z.string(),
  household: z.string().nullable(),
  person: z.string().nullable(),
  reason: z.string().nullable(),
  /** Number the clerk was given, where a person is registered in another household; the import, where its faulty rows were fetched; the list, where it was drawn as a sheet, and the helper or policy item it is of. */
  reference: z.string().nullable(),
  /** What was shown or asked for: identityNumber, phone, bankAccount. */
  fields: z.array(z.string()),
});
export type AccessLine = z.infer<typeof AccessLine>;

/** Lines lie with the county of their area, under the code of their day; lines of cities and provinces with these. */
export function logPartition(area: AreaCode, day: Day): string {
  return `L#${ancestorAt(area, 'county')}#${day}`;
}

/** The smallest place that contains both; undefined when they share not even the province. */
export function commonArea(one: AreaCode, other: AreaCode): AreaCode | undefined {
  const above = new Set([other, ...ancestorsOf(other)]);
  return [one, ...ancestorsOf(one)].find((area) => levelOf(area) !== undefined && above.has(area));
}
