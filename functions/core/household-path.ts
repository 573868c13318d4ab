import * as z from 'zod';
import { isDay } from './day.ts';
import { FIRST_YEAR } from './snapshot.ts';

/** Ids of households and persons, as addresses and bodies name them. */
export const id = z.string().regex(/^[a-z]{2,4}_[0-9a-zA-Z_-]{1,60}$/);

export const HouseholdPath = z.object({ id });
export const MemberPath = z.object({ id, personId: id });

/** The day as of which a file is asked for; now unless told. */
export const AsOfQuery = z.object({
  asOf: z.string().refine(isDay).meta({ format: 'date' }).optional(),
});

/** The same for boards and lists, which may also be asked for in the snapshot of a year. */
export const WhenQuery = AsOfQuery.extend({
  snapshot: z.coerce.number().int().min(FIRST_YEAR).max(2100).optional(),
});

/** The day a criteria sheet is asked for; today unless told. */
export const SheetQuery = z.object({
  on: z.string().refine(isDay).meta({ format: 'date' }).optional(),
});

export const EventsQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
