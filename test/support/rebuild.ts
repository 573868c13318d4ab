import { identityOf } from './build.ts';

/** Everything in a text that hides a part of itself behind stars. */
function masksIn(text: string): readonly RegExp[] {
  const masks = text.match(/[\dX*]*\*[\dX*]*/g) ?? [];
  return [...new Set(masks)].map((mask) => new RegExp(`^${mask.replace(/\*+/g, '.*')}$`));
}

/** Half of the thousand numbers of a day and an area belong to one sex: all that may be left to guess, and no fewer. */
export const MOST_LEFT = 500;

/**
 * How many numbers somebody who knows birth and sex of a person has left to try after reading a text: those that agree with every mask
 * which the person's own number agrees with. One when the text shows the number in full.
 */
export function numbersLeft(text: string, number: string): number {
  if (text.includes(number)) return 1;
  const masks = masksIn(text).filter((mask) => mask.test(number));
  if (masks.length === 0) return MOST_LEFT;
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  const sex = Number(number[16]) % 2;
  const ofSex = Array.from({ length: MOST_LEFT }, (_, place) => identityOf(birth, 2 * place + sex));
  return ofSex.filter((one) => masks.every((mask) => mask.test(one))).length;
}
