import { createHash } from 'node:crypto';
import type { FollowUp, HealthRecord } from '../core/health.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  type Item,
  queryPage,
} from '../lib/dynamo.ts';
import { FollowUpItem, keyOf, RecordItem, V } from './item.ts';

function recordOf(item: Item): HealthRecord {
  const { v: _, ...record } = RecordItem.parse(item);
  return record;
}

export async function getRecord(table: string, person: string): Promise<HealthRecord | undefined> {
  const item = await getItem(table, keyOf.record(person));
  return item && recordOf(item);
}

/** Records by person; those with neither contract nor file are missing. */
export async function recordsOf(
  table: string,
  persons: readonly string[],
): Promise<ReadonlyMap<string, HealthRecord>> {
  const items = await batchGet(table, persons.map(keyOf.record));
  return new Map(items.map(recordOf).map((record) => [record.person, record]));
}

/** A page of a person's follow-ups, latest first. */
export async function followUpPage(
  table: string,
  person: string,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly followUps: readonly FollowUp[]; readonly next?: string }> {
  const { items, next } = await queryPage(table, {
    pk: keyOf.person(person),
    prefix: 'F#',
    reverse: true,
    limit: page.limit,
    ...(page.after !== undefined && { after: page.after }),
  });
  const followUps = items.map((item) => {
    const { v: _, ...followUp } = FollowUpItem.parse(item);
    return followUp;
  });
  return next === undefined ? { followUps } : { followUps, next };
}

/** The id of a follow-up, the same whenever its request is sent again. */
export function followUpId(request: string): string {
  return `fu_${createHash('sha256').update(request).digest('hex').slice(0, 24)}`;
}

/** The actions that put a record on condition of the version it started from, keep what it was, and put a follow-up that came in. */
export function recordActions(
  table: string,
  before: HealthRecord | undefined,
  { record, followUp }: { readonly record: HealthRecord; readonly followUp?: FollowUp | undefined },
): readonly Action[] {
  const { person } = record;
  const kept = before && { ...keyOf.earlier(person, before.version), v: V.record, ...before };
  const put = followUp && { ...keyOf.followUp(person, followUp), v: V.followUp, ...followUp };
  return [
    {
      table,
      put: { ...keyOf.record(person), v: V.record, ...record },
      when: before ? atVersion(before.version) : absent,
    },
    ...(kept ? [{ table, put: kept }] : []),
    ...(put ? [{ table, put, when: absent }] : []),
  ];
}
