import { createHash, randomBytes } from 'node:crypto';
import { now } from './clock.ts';

/** Crockford's letters: no I, L, O, U, so that an id read out on the phone is understood. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LETTERS = 9;
const TURN_LETTERS = 2;
const CHANCE_LETTERS = 11;

let turn = 0;

function lettersOf(value: number, length: number): string {
  let rest = value;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = LETTERS.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/**
 * A new id that says what it names, e.g. `hh_1bwqx…`. Ids sort by time, those of one function and moment in the order they were given out,
 * so that the members of a household keep theirs; 55 bits are chance.
 */
export function newId(kind: string): string {
  turn = (turn + 1) % 32 ** TURN_LETTERS;
  const chance = Array.from(randomBytes(CHANCE_LETTERS), (byte) => LETTERS.charAt(byte % 32));
  const time = lettersOf(now().getTime(), TIME_LETTERS);
  return `${kind}_${time}${lettersOf(turn, TURN_LETTERS)}${chance.join('')}`;
}

/**
 * Ids that follow from another one: as many as are asked for, in the same order the same each time. They sort by the time of that one.
 * @param seed an id of `newId`
 */
export function idsFrom(seed: string): (kind: string) => string {
  const start = seed.indexOf('_') + 1;
  const time = seed.slice(start, start + TIME_LETTERS);
  let count = 0;
  return (kind) => {
    count += 1;
    const bytes = createHash('sha256').update(`${seed} ${kind} ${count}`).digest();
    const rest = Array.from(bytes.subarray(0, CHANCE_LETTERS), (byte) => LETTERS.charAt(byte % 32));
    return `${kind}_${time}${lettersOf(count, TURN_LETTERS)}${rest.join('')}`;
  };
}

/** Letters of an id, 22 as ids have everywhere. */
const LENGTH = 22;

/** An id's letters that follow from a text: the same text is the same thing. */
export function lettersFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, LENGTH);
  return Array.from(bytes, (byte) => LETTERS.charAt(byte % 32)).join('');
}
