import { type AreaCode, levelOf } from '../core/division.ts';
import { reachOf, type Standing } from '../core/division-scope.ts';

/** Replaces codes of closed divisions by their successors; injected so that tests and the area capability share one seam. */
export type AreaResolver = (codes: readonly AreaCode[]) => Promise<readonly AreaCode[]>;

/** Codes as they are: used until divisions are known. */
export const asGiven: AreaResolver = (codes) => Promise.resolve(codes);

/** Looks up how divisions stand; unknown codes are missing from the answer. */
export type StandingLoader = (
  codes: readonly AreaCode[],
) => Promise<ReadonlyMap<AreaCode, Standing>>;

/** How long a standing is believed, in milliseconds: divisions change a few times a year, tokens arrive many times a second. */
const BELIEVED_MS = 60_000;

/** Standings remembered at most: more than a city has divisions. Codes come from requests, and memory must not grow with those. */
const REMEMBERED = 5000;

interface Believed {
  readonly standing: Standing | null;
  readonly until: number;
}

/**
 * A resolver that remembers how divisions stand for a minute; so long after a change begins, households already moved may be out of sight
 * of tokens with the old code.
 */
export function cachedScope(load: StandingLoader, clock: () => Date): AreaResolver {
  const believed = new Map<AreaCode, Believed>();
  const recall = (code: AreaCode, at: number): Standing | null | undefined => {
    // What no division can be called is not worth asking for.
    if (levelOf(code) === undefined) return null;
    const known = believed.get(code);
    return known && known.until > at ? known.standing : undefined;
  };
  return async (codes) => {
    const at = clock().getTime();
    for (;;) {
      const reach = reachOf(codes, (code) => recall(code, at));
      if (reach.missing.length === 0) return reach.codes;
      const found = await load(reach.missing);
      if (believed.size + reach.missing.length > REMEMBERED) believed.clear();
      for (const code of reach.missing)
        believed.set(code, { standing: found.get(code) ?? null, until: at + BELIEVED_MS });
    }
  };
}
