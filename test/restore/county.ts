import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { deleteItem, dynamo, type Item, putItem } from '../../functions/lib/dynamo.ts';
import { keyOf, nameOf } from '../../functions/restore/rule.ts';

export const village = '350122101201';

/** Rows of one household as the household table holds them, roster last. */
export function fileOf(id: string, version: number, members = 3): readonly Item[] {
  const pk = `H#${id}`;
  return [
    { pk, sk: '0', v: 1, version, facts: [{ heldFrom: '2016-05-01', values: { village } }] },
    ...Array.from({ length: members }, (_, index) => ({
      pk,
      sk: `1#per_${id}_${index}`,
      v: 1,
      name: `成员${index}`,
      sealed: new Uint8Array([index, version, 7]),
    })),
    ...Array.from({ length: version }, (_, index) => ({
      pk,
      sk: `3#${999_999_998 - index}`,
      v: 1,
      kind: index === 0 ? 'registered' : 'changed',
    })),
    { pk: `V#${village}`, sk: `1#${id}`, v: 1, id, version, village },
  ];
}

/** Locks of one household as the identity table holds them. */
export function locksOf(id: string, members = 3): readonly Item[] {
  return [
    { pk: `N#350122#${id}`, v: 1, household: id, live: true },
    ...Array.from({ length: members }, (_, index) => ({
      pk: `P#hash-of-${id}-${index}`,
      v: 1,
      household: id,
      person: `per_${id}_${index}`,
      live: true,
    })),
  ];
}

export async function putAll(table: string, rows: readonly Item[]): Promise<void> {
  for (let from = 0; from < rows.length; from += 25)
    await Promise.all(rows.slice(from, from + 25).map((row) => putItem(table, row)));
}

/** Everything in a table, by key. */
export async function contents(table: string): Promise<ReadonlyMap<string, Item>> {
  const found: Item[] = [];
  let after: Record<string, AttributeValue> | undefined;
  do {
    const page = new ScanCommand({
      TableName: table,
      ConsistentRead: true,
      ...(after && { ExclusiveStartKey: after }),
    });
    const answer = await dynamo().send(page);
    found.push(...(answer.Items ?? []).map((item) => unmarshall(item)));
    after = answer.LastEvaluatedKey;
  } while (after);
  return new Map(found.map((row) => [nameOf(keyOf(row)), row]));
}

/** The accident. */
export async function lose(table: string, rows: readonly Item[]): Promise<void> {
  for (const row of rows) await deleteItem(table, keyOf(row));
}
