import type { County } from './county.ts';

/** One figure of a board that names its list. */
export interface Named {
  readonly path: string;
  readonly value: number;
  readonly list: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every figure of a board (its children's apart) together with the list query it names. */
export function figuresOf(node: unknown, path = ''): readonly Named[] {
  if (!isRecord(node)) return [];
  const { lists } = node;
  const own = isRecord(lists)
    ? Object.entries(lists).map(([key, list]) => ({
        path: `${path}.${key}`,
        value: Number(node[key]),
        list: String(list),
      }))
    : [];
  const deeper = Object.entries(node)
    .filter(([key]) => key !== 'lists' && key !== 'children')
    .flatMap(([key, value]) => figuresOf(value, `${path}.${key}`));
  return [...own, ...deeper];
}

/** Members of a list, all its pages read. */
export async function membersOf(
  county: Pick<County, 'ask'>,
  list: string,
  { token, limit = 100 }: { readonly token?: string | undefined; readonly limit?: number } = {},
): Promise<readonly unknown[]> {
  const members: unknown[] = [];
  let cursor: unknown;
  do {
    const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(String(cursor))}`;
    const page = await county.ask(`${list}&limit=${limit}${more}`, token);
    if (!isRecord(page)) throw new Error('a list that is no object');
    members.push(...(Object.values(page).find(Array.isArray) ?? []));
    cursor = page.cursor;
  } while (cursor !== undefined && cursor !== null);
  return members;
}

/** Runs tasks, at most `width` at once. */
export async function inParallel<T>(
  width: number,
  items: readonly T[],
  task: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
