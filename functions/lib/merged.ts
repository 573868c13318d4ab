import { type Item, queryPage } from './dynamo.ts';

/** Where a page begins, how long it may be, and whether it goes from the last key to the first. */
export interface MergedPage {
  readonly limit: number;
  readonly after?: string;
  readonly reverse?: true;
}

/**
 * A page of several partitions as if they were one, in the order of their sort keys, which differ.
 * @returns `next` as long as any of them has more
 */
export async function mergedPage(
  table: string,
  partitions: readonly string[],
  page: MergedPage,
): Promise<{ readonly items: readonly Item[]; readonly next?: string }> {
  const pages = await Promise.all(partitions.map((pk) => queryPage(table, { pk, ...page })));
  const sign = page.reverse ? -1 : 1;
  const order = (one: string, other: string) => (one < other ? -sign : sign);
  // Behind the place where the first partition was broken off, items of its own may be missing.
  const [end] = pages.flatMap(({ next }) => next ?? []).toSorted(order);
  const known = pages
    .flatMap(({ items }) => items)
    .map((item) => ({ item, key: String(item.sk) }))
    .filter(({ key }) => end === undefined || key === end || order(key, end) < 0)
    .toSorted((one, other) => order(one.key, other.key));
  const taken = known.slice(0, page.limit);
  const next = taken.length < known.length ? taken.at(-1)?.key : end;
  const items = taken.map(({ item }) => item);
  return next === undefined ? { items } : { items, next };
}
