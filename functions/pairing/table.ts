import { Helper } from '../core/helper.ts';
import { Pairing } from '../core/pairing.ts';
import { batchGet, queryAll } from '../lib/dynamo.ts';
import { keyOf } from './item.ts';

/** A pairing with its helper. */
export interface Paired {
  readonly helper: Helper;
  readonly pairing: Pairing;
}

/** Helpers by id; unknown ones are missing. */
export async function getHelpers(
  table: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Helper>> {
  const items = await batchGet(table, [...new Set(ids)].map(keyOf.helper), true);
  const helpers = items.map((item) => Helper.parse(item));
  return new Map(helpers.map((helper) => [helper.id, helper]));
}

/** Every pairing, ended ones included, of a household or of a village under the codes it had, in the order in which they were entered. */
export async function pairingsOf(
  table: string,
  ...subjects: readonly string[]
): Promise<readonly Pairing[]> {
  const found: Pairing[] = [];
  for (const subject of subjects)
    for await (const item of queryAll(table, { pk: keyOf.subject(subject), consistent: true }))
      found.push(Pairing.parse(item));
  return found;
}

/** The same with their helpers: `isCurrent(pairing)` tells who helps now. */
export async function helpersOf(
  table: string,
  ...subjects: readonly string[]
): Promise<readonly Paired[]> {
  const pairings = await pairingsOf(table, ...subjects);
  const helpers = await getHelpers(
    table,
    pairings.map(({ helper }) => helper),
  );
  return pairings.flatMap((pairing) => {
    const helper = helpers.get(pairing.helper);
    return helper ? [{ helper, pairing }] : [];
  });
}
