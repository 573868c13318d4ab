import { createHash } from 'node:crypto';

/** Changing it makes other fictitious facts of the same people. */
const SEED = '连江样例补充登记 2017-10-23';

/** A number from 0 up to 1 that depends on the key alone: neither on the order of rows nor on what else is drawn. */
export function chance(...key: readonly string[]): number {
  const digest = createHash('sha256')
    .update([SEED, ...key].join('#'))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** One of several by weight; the weights add up to 1, the last takes what is left. */
export function drawn<Value>(
  choices: readonly (readonly [Value, number])[],
  ...key: readonly string[]
): Value {
  let left = chance(...key);
  for (const [value, weight] of choices) {
    if (left < weight) return value;
    left -= weight;
  }
  const last = choices.at(-1);
  if (!last) throw new RangeError('nothing to draw from');
  return last[0];
}

/** A measure between two numbers, to one decimal place. */
export function between(least: number, most: number, ...key: readonly string[]): number {
  return Math.round((least + chance(...key) * (most - least)) * 10) / 10;
}
