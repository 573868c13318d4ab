import type { Day } from './day.ts';
import type { AreaCode } from './division.ts';
import type { PolicyLine } from './policy.ts';
import type { LineNames } from './policy-sentence.ts';
import { lineFenOn } from './rule-line.ts';
import { ruleInForce } from './rule-scope.ts';

/** The line of poverty, which stands in the rulebook and is not set by offices. */
export const POVERTY = 'poverty';

/** Amounts of lines by id, fen; undefined where none is in force: unknown. */
export type LineAmounts = Readonly<Record<string, number | undefined>>;

/** The lines in force in an area on a day: one of each id, the area's own before those of the areas above. */
export function linesInForce<
  Line extends Pick<PolicyLine, 'id' | 'area' | 'validFrom' | 'validTo'>,
>(lines: readonly Line[], onDay: Day, area: AreaCode): readonly Line[] {
  const scoped = lines.map((line) => ({ ...line, scope: line.area }));
  const byId = Map.groupBy(scoped, ({ id }) => id);
  return [...byId.values()].flatMap((all) => ruleInForce(all, onDay, area) ?? []);
}

/** The amounts of the lines in force in an area on a day, with the line of poverty. */
export function lineValues(
  lines: readonly Pick<PolicyLine, 'id' | 'area' | 'validFrom' | 'validTo' | 'fen'>[],
  onDay: Day,
  area: AreaCode,
): LineAmounts {
  const poverty = lineFenOn(onDay);
  return Object.fromEntries([
    ...linesInForce(lines, onDay, area).map(({ id, fen }) => [id, fen] as const),
    ...(poverty === null ? [] : [[POVERTY, poverty] as const]),
  ]);
}

/** What lines are called in an area on a day; one that is not in force by the name it was given last. */
export function lineWords(
  lines: readonly Pick<PolicyLine, 'id' | 'area' | 'validFrom' | 'validTo' | 'name'>[],
  onDay: Day,
  area: AreaCode,
): LineNames {
  const inOrder = lines.toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
  const named = [...inOrder, ...linesInForce(lines, onDay, area)];
  return Object.fromEntries(named.map(({ id, name }) => [id, name]));
}

/** Ids of lines that conditions of an area may name: whatever was set at any time, and the line of poverty. */
export function lineNames(lines: readonly Pick<PolicyLine, 'id'>[]): ReadonlySet<string> {
  return new Set([POVERTY, ...lines.map(({ id }) => id)]);
}
