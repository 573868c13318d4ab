import { addDays, type Day } from './day.ts';

/** What is known of a household without a day of its own, and of a person; birth and sex go with the identity number. */
export const undatedFields = [
  'phone',
  'bankName',
  'bankAccount',
  'name',
  'number',
  'identity',
] as const;
export type UndatedField = (typeof undatedFields)[number];

/** First day whose ledger may say otherwise, by field; a field nobody has stated is missing. */
export type OpenFrom = Readonly<Partial<Record<UndatedField, Day>>>;

/** What is put by hand stands against every ledger of that day or an earlier one; what a ledger puts, against those of earlier days. */
export function openAfter(today: Day): Day {
  return addDays(today, 1);
}

/** Whether a ledger of that day is too old to argue with what is known. */
export function isSettled(openFrom: OpenFrom, field: UndatedField, ledgerDay: Day): boolean {
  return (openFrom[field] ?? '') > ledgerDay;
}

/** The days with those of the fields that were put. */
export function putOpen(openFrom: OpenFrom, fields: readonly UndatedField[], day: Day): OpenFrom {
  return { ...openFrom, ...Object.fromEntries(fields.map((field) => [field, day])) };
}
