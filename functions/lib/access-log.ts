import { AccessLine, logPartition } from '../core/access-log.ts';
import { dayOf } from '../core/day.ts';
import { now } from './clock.ts';
import { type Action, putItem } from './dynamo.ts';
import { newId } from './id.ts';

/** Version of the line's shape. */
export const V = 1;

/** What happened; id and instant are added when it is written. */
export type Access = Omit<AccessLine, 'id' | 'at'>;

/** Id and instant of a line that may be written again and must then be the same line. */
export interface Standing {
  readonly id: string;
  readonly at: Date;
}

function itemOf(access: Access, standing?: Standing): Readonly<Record<string, unknown>> {
  const { id, at } = standing ?? { id: newId('log'), at: now() };
  const line = AccessLine.parse({ ...access, id, at: at.toISOString() });
  const pk = logPartition(line.area, dayOf(at));
  return { pk, sk: `${line.at}#${id}`, v: V, ...line };
}

/** Writes a line before anything is shown: what is not on record is not answered. */
export async function writeAccess(
  table: string,
  access: Access,
  standing?: Standing,
): Promise<void> {
  await putItem(table, itemOf(access, standing));
}

/** The line as part of a transaction. */
export function accessAction(table: string, access: Access): Action {
  return { table, put: itemOf(access) };
}
