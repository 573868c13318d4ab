import { createHash } from 'node:crypto';
import type { HealthRecord } from '../core/health.ts';
import type { FollowUp, FollowUpChange } from '../core/health-follow-up.ts';
import {
  type Action,
  absent,
  atVersion,
  batchGet,
  getItem,
  type Item,
  queryAll,
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

/** Where a follow-up stood before its day was put right, nothing stands. */
function followUpOf(item: Item): readonly FollowUp[] {
  if ('movedTo' in item) return [];
  const { v: _, ...followUp } = FollowUpItem.parse(item);
  return [followUp];
}

/** Every follow-up of a person, those withdrawn too, oldest first; consistent. */
export async function followUpsOf(table: string, person: string): Promise<readonly FollowUp[]> {
  const found: FollowUp[] = [];
  const query = { pk: keyOf.person(person), prefix: 'F#', consistent: true };
  for await (const item of queryAll(table, query)) found.push(...followUpOf(item));
  return found;
}

/** What a follow-up said before it was put right or withdrawn, latest first. */
export async function earlierFollowUps(
  table: string,
  { person, id }: { readonly person: string; readonly id: string },
): Promise<readonly FollowUp[]> {
  const found: FollowUp[] = [];
  const query = { pk: keyOf.person(person), prefix: `X#${id}#`, reverse: true };
  for await (const item of queryAll(table, query)) found.push(...followUpOf(item));
  return found;
}

/** A page of a person's follow-ups, latest first; those withdrawn too. */
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
  const followUps = items.flatMap(followUpOf);
  return next === undefined ? { followUps } : { followUps, next };
}

/** The id of a follow-up, the same whenever its request is sent again. */
export function followUpId(request: string): string {
  return `fu_${createHash('sha256').update(request).digest('hex').slice(0, 24)}`;
}

/** The actions that put a follow-up: one that came in, or one that was put right, beside what it was before. */
function followUpActions(
  table: string,
  person: string,
  { followUp, was }: Pick<FollowUpChange, 'followUp' | 'was'>,
): readonly Action[] {
  const v = V.followUp;
  const put = { ...keyOf.followUp(person, followUp), v, ...followUp };
  if (!was) return [{ table, put, when: absent }];
  const { id, version, on: movedTo } = followUp;
  const isMoved = was.on !== movedTo;
  // Whoever was faster has made another version of the record, on which all of this depends.
  return [
    { table, put },
    { table, put: { ...keyOf.earlierFollowUp(person, was), v, ...was } },
    // With a version, so that what is put back from a backup tells which of both is later.
    ...(isMoved
      ? [{ table, put: { ...keyOf.followUp(person, was), v: V.moved, id, version, movedTo } }]
      : []),
  ];
}

/** The actions that put a record on condition of the version it started from, keep what it was, and put a follow-up that came in or changed. */
export function recordActions(
  table: string,
  before: HealthRecord | undefined,
  { record, followUp, was }: Pick<FollowUpChange, 'record' | 'was'> & Partial<FollowUpChange>,
): readonly Action[] {
  const { person } = record;
  const kept = before && { ...keyOf.earlier(person, before.version), v: V.record, ...before };
  const when = before ? atVersion(before.version) : absent;
  return [
    { table, put: { ...keyOf.record(person), v: V.record, ...record }, when },
    ...(kept ? [{ table, put: kept }] : []),
    ...(followUp ? followUpActions(table, person, was ? { followUp, was } : { followUp }) : []),
  ];
}
