import { AccessLine, logPartition } from '../core/access-log.ts';
import { dayOf } from '../core/day.ts';
import { now } from './clock.ts';
import { type Action, putItem } from './dynamo.ts';
import { newId } from './id.ts';

/** Version of the line's shape. */
export const V = 1;

/** What happened; id and instant are added when it is written. */
export type Access = Omit<AccessLine, 'id' | 'at'>;

function itemOf(access: Access): Readonly<Record<string, unknown>> {
  const at = now();
  const id = newId('log');
  const line = AccessLine.parse({ ...access, id, at: at.toISOString() });
  const pk = logPartition(line.area, dayOf(at));
  return { pk, sk: `${line.at}#${id}`, v: V, ...line };
}

/** Writes a line before anything is shown: what is not on record is not answered. */
export async function writeAccess(table: string, access: Access): Promise<void> {
  await putItem(table, itemOf(access));
}

/** The line as part of a transaction. */
export function accessAction(table: string, access: Access): Action {
  return { table, put: itemOf(access) };
}
