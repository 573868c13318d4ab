import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { dynamo } from '../lib/dynamo.ts';
import { RateItem, V } from './item.ts';

/** Look-ups allowed in a window of that many seconds. */
export interface Rate {
  readonly limit: number;
  readonly seconds: number;
}

/**
 * Counts one more look-up of a subject in the present window.
 * @returns seconds until the next window when the limit has been passed, undefined while there is room. A lost reply may count one
 *   look-up twice, never one too few.
 */
export async function countLookup(
  table: string,
  sub: string,
  { rate, now }: { readonly rate: Rate; readonly now: Date },
): Promise<number | undefined> {
  const second = Math.floor(now.getTime() / 1000);
  const window = Math.floor(second / rate.seconds);
  const end = (window + 1) * rate.seconds;
  const { Attributes = {} } = await dynamo().send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ pk: `R#${sub}#lookup`, sk: String(window) }),
      UpdateExpression: 'ADD n :one SET v = :v, expiresAt = :end',
      ExpressionAttributeValues: marshall({ ':one': 1, ':v': V, ':end': end + rate.seconds }),
      ReturnValues: 'ALL_NEW',
    }),
  );
  const { n } = RateItem.parse(unmarshall(Attributes));
  return n > rate.limit ? end - second : undefined;
}
