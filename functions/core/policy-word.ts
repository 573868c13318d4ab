/** Subjects whose answers stand in one word, a bit for each. */
export const WORD = 32;

/** Words for so many answers. */
export function wordsFor(count: number): number {
  return (count + WORD - 1) >> 5;
}

/** The word at a place; nothing stands outside. */
export function intAt(words: Int32Array, at: number): number {
  return words[at] ?? 0;
}

/** The index at a place; outside it is that of "unknown". */
export function indexAt(indexes: Uint16Array, at: number): number {
  return indexes[at] ?? 0;
}

/** The number at a place; outside it is none. */
export function realAt(numbers: Float64Array, at: number): number {
  return numbers[at] ?? Number.NaN;
}

/** How many bits are set in some of the words. */
export function bitsIn(words: Int32Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    let word = intAt(words, at);
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    sum += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return sum;
}
