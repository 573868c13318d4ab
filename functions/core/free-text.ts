import * as z from 'zod';

/** Eleven digits or more, however they are spaced: phones have as many, identity numbers and most accounts more. */
const LONG = /\d(?:[\s\p{Pd}]{0,3}\d){10,}/u;

/** Whether a text holds a number that may be somebody's: full-width digits and marks nobody sees make no difference. */
export function hasLongNumber(text: string): boolean {
  return LONG.test(text.normalize('NFKC').replace(/\p{Cf}/gu, ''));
}

/**
 * Words of a clerk. Long numbers do not belong in them: an identity number, phone or account written here would be shown unmasked.
 * @param most letters it may have
 */
export function freeText(most: number, least = 2) {
  return z
    .string()
    .trim()
    .min(least)
    .max(most)
    .refine((text) => !hasLongNumber(text), { error: 'no-long-number' });
}
