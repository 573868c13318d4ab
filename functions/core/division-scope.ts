import { type AreaCode, liesWithin } from './division.ts';
import type { Division } from './division-register.ts';

/** What must be known of a division to say who acts for it. */
export type Standing = Pick<Division, 'validTo' | 'successors'>;

/** Standing by code; null: looked up, there is no such division; undefined: not looked up yet. */
export type Standings = (code: AreaCode) => Standing | null | undefined;

export interface Reach {
  /** Codes that are acted as, once `missing` is empty. */
  readonly codes: readonly AreaCode[];
  /** Codes whose standing has to be looked up before the answer is complete. */
  readonly missing: readonly AreaCode[];
}

/**
 * The codes a holder of `codes` acts as. A closed code acts as its successors, theirs in turn; one whose households are being moved acts
 * as itself and its successors, so that nobody loses sight of a household half-way. Unknown codes stay as they are. Cycles end.
 */
export function reachOf(codes: readonly AreaCode[], standings: Standings): Reach {
  const seen = new Set<AreaCode>();
  const acting = new Set<AreaCode>();
  const missing = new Set<AreaCode>();
  const visit = (code: AreaCode): void => {
    if (seen.has(code)) return;
    seen.add(code);
    const standing = standings(code);
    if (standing === undefined) missing.add(code);
    if (!standing || standing.validTo === null || standing.successors.length === 0)
      acting.add(code);
    standing?.successors.forEach(visit);
  };
  codes.forEach(visit);
  const all = [...acting];
  const widest = all.filter(
    (code) => !all.some((other) => other !== code && liesWithin(code, other)),
  );
  return { codes: widest, missing: [...missing] };
}

/** The codes in use today that took the place of a division: itself while it is in use or unknown. */
export function successorsOf(code: AreaCode, standings: Standings): readonly AreaCode[] {
  return reachOf([code], standings).codes;
}

/** A division and those beside it whose place it has taken, theirs in turn: the codes under which what is its own was written. */
export function formerCodes(
  code: AreaCode,
  siblings: readonly Pick<Division, 'code' | 'successors'>[],
): readonly AreaCode[] {
  const codes = new Set([code]);
  for (let size = 0; size < codes.size; ) {
    size = codes.size;
    for (const one of siblings)
      if (one.successors.some((next) => codes.has(next))) codes.add(one.code);
  }
  return [...codes];
}
