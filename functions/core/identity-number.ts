import { type Day, isDay } from './day.ts';
import { type Decided, refuse } from './refusal.ts';

/** What a valid identity number says of its holder. The area prefix is ignored: it is the place of first issue, never residence. */
export interface Identity {
  /** 18 characters, the last a digit or `X`; for a disability card its first 18. */
  readonly number: string;
  readonly birth: Day;
  readonly sex: 'male' | 'female';
  /** Kind (1-7) and grade (1-4) where a 20-digit disability card was given. */
  readonly card: { readonly kind: number; readonly grade: number } | null;
}

/** GB 11643-1999: weights of the first 17 digits and the check characters by remainder. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** 18 digits; then, on a disability card, kind and grade, and `B1`… for a reissued card. */
const SHAPE = /^(\d{17}[\dX])(?:(\d)(\d)(?:B\d{1,2})?)?$/;

/** The check character that belongs to the first 17 digits (GB 11643-1999). */
export function checkCharacter(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(digits[place]), 0);
  return CHECKS.charAt(sum % 11);
}

/** Full-width characters to half-width, letters to capitals, blanks and invisible marks away. */
export function normalizeIdentity(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s'\u200b-\u200f\ufeff-]/g, '')
    .toUpperCase();
}

/**
 * Reads an identity number (18) or a disability card number (20, optionally `B1`), both naming the same person by their first 18.
 * Area codes are not looked up: abolished ones stay valid for life.
 * @param today numbers whose birth date lies after it are refused
 */
export function readIdentity(text: string, today: Day): Decided<Identity> {
  const normal = normalizeIdentity(text);
  if (normal === '') return refuse('identity-missing');
  const match = SHAPE.exec(normal);
  if (!match) return refuse('identity-length');
  const number = normal.slice(0, 18);
  if (checkCharacter(number) !== number[17]) return refuse('identity-checksum');
  const birth = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
  if (!isDay(birth)) return refuse('identity-date');
  if (birth > today) return refuse('identity-future');
  const card = match[2] === undefined ? null : { kind: Number(match[2]), grade: Number(match[3]) };
  if (card && !isCard(card)) return refuse('disability-card-invalid');
  return { ok: { number, birth, sex: Number(number[16]) % 2 === 1 ? 'male' : 'female', card } };
}

function isCard({ kind, grade }: { kind: number; grade: number }): boolean {
  return kind >= 1 && kind <= 7 && grade >= 1 && grade <= 4;
}

/**
 * The number as it may be shown: the area prefix alone, e.g. `350199************`. Birth and sex stand beside it, and with them every
 * further character would narrow the thousand numbers of a day and an area down: the last four leave one. A mask stays as it is.
 */
export function maskIdentity(number: string): string {
  return number.slice(0, 6).padEnd(18, '*');
}
