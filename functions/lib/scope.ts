import type { AreaCode } from '../core/division.ts';

/** Replaces codes of closed divisions by their successors; injected so that tests and the area capability share one seam. */
export type AreaResolver = (codes: readonly AreaCode[]) => Promise<readonly AreaCode[]>;

/** Codes as they are: used until divisions are known. */
export const asGiven: AreaResolver = (codes) => Promise.resolve(codes);
