/** Statistical code of a place: province 35, city 3501, county 350122, town 350122101, village 350122101201 (GB/T 2260 and NBS). */
export type AreaCode = string;

export const levels = ['province', 'city', 'county', 'town', 'village'] as const;
export type Level = (typeof levels)[number];

/** Digits of a code at each level. */
const lengths: Readonly<Record<Level, number>> = {
  province: 2,
  city: 4,
  county: 6,
  town: 9,
  village: 12,
};

/** The level a code stands for, or undefined when it is no division code. */
export function levelOf(code: string): Level | undefined {
  if (!/^[1-9]\d+$/.test(code)) return undefined;
  return levels.find((level) => lengths[level] === code.length);
}

/** The code of the place that contains this one at a higher (or the same) level. */
export function ancestorAt(code: AreaCode, level: Level): AreaCode {
  return code.slice(0, lengths[level]);
}

/** The place directly above, undefined for a province. */
export function parentOf(code: AreaCode): AreaCode | undefined {
  const level = levelOf(code);
  const above = level && levels[levels.indexOf(level) - 1];
  return above && ancestorAt(code, above);
}

/** All places above, nearest first. */
export function ancestorsOf(code: AreaCode): readonly AreaCode[] {
  const parent = parentOf(code);
  return parent ? [parent, ...ancestorsOf(parent)] : [];
}

/** Whether `code` is `area` or lies in it. A code of no level contains nothing, so a broken token opens nothing. */
export function liesWithin(code: AreaCode, area: AreaCode): boolean {
  return levelOf(area) !== undefined && code.startsWith(area);
}
