import type { AreaCode } from '../core/division.ts';
import { type Division, placementRefusal } from '../core/division-register.ts';
import type { Decided } from '../core/refusal.ts';

/** Divisions by code; unknown ones are missing. */
export type DivisionLoader = (
  codes: readonly AreaCode[],
) => Promise<ReadonlyMap<AreaCode, Division>>;

/** Codes that took the place of one, in turn, that are followed at most: a circle of them leads nowhere. */
const MOST_STEPS = 16;

/**
 * Where households that a file places in these villages are placed today: in the village itself or, since it was replaced, in its only
 * successor. Refusals: area-unknown, area-not-village, area-closed (several successors: people must say which).
 */
export async function placementsOf(
  load: DivisionLoader,
  codes: readonly AreaCode[],
): Promise<(code: AreaCode) => Decided<AreaCode>> {
  const known = new Map<AreaCode, Division>();
  let asked = new Set(codes);
  while (asked.size > 0) {
    const found = [...(await load([...asked])).values()];
    for (const division of found) known.set(division.code, division);
    const next = found.flatMap(({ successors }) => successors);
    asked = new Set(next.filter((code) => !known.has(code)));
  }
  const place = (code: AreaCode, steps: number): Decided<AreaCode> => {
    const division = known.get(code);
    const refused = placementRefusal(code, division);
    if (!refused) return { ok: code };
    const [only, ...others] = division?.successors ?? [];
    if (only === undefined || others.length > 0) return refused;
    return steps < MOST_STEPS ? place(only, steps + 1) : refused;
  };
  return (code) => place(code, 0);
}
