import type { FactSheet } from './fact.ts';
import { knownLater, sameValue, splitSheet } from './fact-history.ts';
import { current } from './household.ts';

/**
 * The part of a source's entry that may be taken: fields the registry knows from a later day are spared, so that an old ledger does not
 * argue with newer knowledge.
 * @returns what is left to enter, and the spared fields that differ
 */
export function sparingLater<Facts extends object>(
  sheets: readonly FactSheet<Facts>[],
  entry: FactSheet<Facts>,
): { readonly entry: FactSheet<Facts> | undefined; readonly kept: readonly string[] } {
  const known = knownLater(sheets, entry);
  const [spared, left] = splitSheet(entry, (field) => known.includes(field));
  const now = current(sheets);
  const kept = spared ? differing(spared.values, now) : [];
  return { entry: left, kept };
}

function differing(values: object, now: object): readonly string[] {
  const known = new Map(Object.entries(now));
  return Object.entries(values)
    .filter(([field, value]) => !sameValue(value, known.get(field)))
    .map(([field]) => field);
}
