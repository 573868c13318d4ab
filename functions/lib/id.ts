import { randomBytes } from 'node:crypto';
import { now } from './clock.ts';

/** Crockford's letters: no I, L, O, U, so that an id read out on the phone is understood. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LETTERS = 9;
const CHANCE_LETTERS = 13;

function timeText(): string {
  let rest = now().getTime();
  let text = '';
  for (let place = 0; place < TIME_LETTERS; place += 1) {
    text = LETTERS.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** A new id that says what it names and sorts by time, e.g. `hh_1bwqx…`; 65 bits of it are chance. */
export function newId(kind: string): string {
  const chance = Array.from(randomBytes(CHANCE_LETTERS), (byte) => LETTERS.charAt(byte % 32));
  return `${kind}_${timeText()}${chance.join('')}`;
}
