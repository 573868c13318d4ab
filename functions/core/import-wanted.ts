import * as z from 'zod';
import { HouseholdFacts, PersonFacts } from './fact.ts';
import type { WantedHousehold } from './household-wanted.ts';

const text = z.string().nullable();

const Shape = z.object({
  number: z.string(),
  village: z.string(),
  facts: HouseholdFacts.omit({ village: true }).partial(),
  contact: z.object({
    phone: text.optional(),
    bankName: text.optional(),
    bankAccount: text.optional(),
  }),
  members: z.array(
    z.object({
      number: text,
      name: z.string(),
      identity: text,
      sex: z.string(),
      birth: z.string(),
      relation: z.string(),
      facts: PersonFacts.omit({ relation: true }).partial(),
    }),
  ),
});

/** A wanted household as it lies in a staged chunk. Left out is left out there: the text it is kept as knows no `undefined`. */
export const StagedHousehold = z.custom<WantedHousehold>((value) => Shape.safeParse(value).success);
