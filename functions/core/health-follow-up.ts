import * as z from 'zod';
import { roles } from './access.ts';
import { codesOf } from './code-list.ts';
import { type Day, isDay } from './day.ts';
import { freeText } from './free-text.ts';
import { type HealthContext, type HealthRecord, nextRecord } from './health.ts';
import { type Decided, type Refusal, refuse } from './refusal.ts';

const day = z.string().refine(isDay).meta({ format: 'date' });
const changed = z.object({
  actor: z.string(),
  role: z.enum(roles),
  at: z.iso.datetime(),
  reason: z.string(),
});

/** A follow-up (随访) as it stands: when, by whom, in what way, and the day that was agreed on for the next. */
export const FollowUp = z.object({
  id: z.string(),
  version: z.int().positive().default(1),
  on: day,
  by: z.string(),
  way: z.enum(codesOf('followUpWay')),
  next: day.nullable(),
  /** Who entered it first, and when. */
  actor: z.string(),
  at: z.iso.datetime(),
  /** The correction that made this version; null of the first. */
  corrected: changed.nullable().default(null),
  /** Why it no longer counts: it was none, or was another's. */
  withdrawn: changed.nullable().default(null),
});
export type FollowUp = z.infer<typeof FollowUp>;

export const NewFollowUp = z.strictObject({
  on: day,
  by: freeText(40, 1),
  way: z.enum(codesOf('followUpWay')),
  next: day.exactOptional(),
});
export const FollowUpCorrection = NewFollowUp.extend({ reason: freeText(200) });
export const FollowUpWithdrawal = z.strictObject({ reason: freeText(200) });

export type NewFollowUp = z.infer<typeof NewFollowUp>;
export type FollowUpCorrection = z.infer<typeof FollowUpCorrection>;

/** A follow-up, what it was before, and the record that knows of it. */
export interface FollowUpChange {
  readonly record: HealthRecord;
  readonly followUp: FollowUp;
  /** Undefined of one that is new. */
  readonly was?: FollowUp;
}

type Recorded = HealthRecord & { readonly file: NonNullable<HealthRecord['file']> };

/** The record with the file a follow-up belongs to. Refusals: date-future, date-order, health-file-none, follow-up-before-file. */
function recordFor(
  before: HealthRecord | undefined,
  { on, next }: NewFollowUp,
  today: Day,
): Decided<Recorded> {
  if (on > today) return refuse('date-future', { field: 'on' });
  if (next !== undefined && next <= on) return refuse('date-order', { field: 'next' });
  if (!before?.file) return refuse('health-file-none');
  const { file } = before;
  if (on < file.setUpOn) return refuse('follow-up-before-file', { day: file.setUpOn });
  return { ok: { ...before, file } };
}

/** Enters a follow-up, late ones too. Refusals: date-future, date-order, health-file-none, follow-up-before-file. */
export function addFollowUp(
  of: { readonly before: HealthRecord | undefined; readonly id: string },
  given: NewFollowUp,
  context: HealthContext,
): Decided<FollowUpChange> {
  const found = recordFor(of.before, given, context.today);
  if ('refused' in found) return found;
  const { on, by, way, next = null } = given;
  const { actor, at } = context;
  const entered = { actor, at, corrected: null, withdrawn: null };
  const followUp = { id: of.id, version: 1, on, by, way, next, ...entered };
  const last = found.ok.lastFollowUp;
  const lastFollowUp = last === null || last.on <= on ? { on, next } : last;
  const record = { ...nextRecord(found.ok, found.ok.person, context), lastFollowUp };
  return { ok: { record, followUp } };
}

/** What a follow-up is put right among. */
export interface FollowUpFound {
  readonly before: HealthRecord | undefined;
  readonly was: FollowUp;
  /** Every follow-up of the person. */
  readonly all: readonly FollowUp[];
  /** Whether whoever acts may put right what others entered: offices of towns and above. */
  readonly isOver: boolean;
}

function refuseOther(
  { was, isOver }: FollowUpFound,
  { actor }: HealthContext,
): Refusal | undefined {
  if (was.actor !== actor && !isOver) return refuse('follow-up-not-yours');
  return was.withdrawn ? refuse('follow-up-withdrawn') : undefined;
}

/** The latest that counts; of two of a day the one entered later. */
function latestOf(all: readonly FollowUp[]): HealthRecord['lastFollowUp'] {
  const standing = all.filter(({ withdrawn }) => withdrawn === null);
  const order = ({ on, at }: FollowUp) => `${on} ${at}`;
  const last = standing.toSorted((one, other) => (order(one) < order(other) ? -1 : 1)).at(-1);
  return last ? { on: last.on, next: last.next } : null;
}

function changeOf(
  { all, was }: Pick<FollowUpFound, 'all' | 'was'>,
  to: { readonly record: HealthRecord; readonly followUp: FollowUp },
  context: HealthContext,
): FollowUpChange {
  const { record, followUp } = to;
  const lastFollowUp = latestOf(all.map((one) => (one.id === followUp.id ? followUp : one)));
  return { record: { ...nextRecord(record, record.person, context), lastFollowUp }, followUp, was };
}

/**
 * A follow-up with other content, for a reason; when the next is due follows.
 * Refusals: follow-up-not-yours, follow-up-withdrawn, and those of `addFollowUp`.
 */
export function correctFollowUp(
  found: FollowUpFound,
  { reason, ...given }: FollowUpCorrection,
  context: HealthContext,
): Decided<FollowUpChange> {
  const refused = refuseOther(found, context);
  if (refused) return refused;
  const record = recordFor(found.before, given, context.today);
  if ('refused' in record) return record;
  const { was } = found;
  const { actor, role, at } = context;
  const { on, by, way, next = null } = given;
  const corrected = { actor, role, at, reason };
  const followUp = { ...was, version: was.version + 1, on, by, way, next, corrected };
  return { ok: changeOf(found, { record: record.ok, followUp }, context) };
}

/**
 * A follow-up that was none, or was another person's: it stays to be read, and no longer counts.
 * Refusals: health-file-none, follow-up-not-yours, follow-up-withdrawn.
 */
export function withdrawFollowUp(
  found: FollowUpFound,
  reason: string,
  context: HealthContext,
): Decided<FollowUpChange> {
  const { before, was } = found;
  const refused = refuseOther(found, context);
  if (refused) return refused;
  if (!before) return refuse('health-file-none');
  const { actor, role, at } = context;
  const followUp = { ...was, version: was.version + 1, withdrawn: { actor, role, at, reason } };
  return { ok: changeOf(found, { record: before, followUp }, context) };
}
