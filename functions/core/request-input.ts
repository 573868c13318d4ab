import * as z from 'zod';
import { requestStates } from './change-request.ts';
import type { Day } from './day.ts';
import { freeText } from './free-text.ts';
import * as input from './household-input.ts';
import { id } from './household-path.ts';
import * as life from './life-input.ts';

/** A change that may be asked for: the body of the route that makes it, and which route that is. */
export const AskedChange = z.discriminatedUnion('kind', [
  input.HouseholdChanges.extend({ kind: z.literal('change') }),
  input.NewMember.extend({ kind: z.literal('member-add') }),
  input.MemberEnd.extend({ kind: z.literal('member-end'), personId: id }),
  input.NewHead.extend({ kind: z.literal('head') }),
  input.StrikingOff.extend({ kind: z.literal('strike-off') }),
  life.SplitRequest.extend({ kind: z.literal('split') }),
  life.MergerRequest.extend({ kind: z.literal('merger') }),
  life.RelocationRequest.extend({ kind: z.literal('relocation') }),
  life.ReinstatementRequest.extend({ kind: z.literal('reinstatement') }),
]);
export type AskedChange = z.infer<typeof AskedChange>;

/** The day that is today unless the body tells it. */
const dayFields: Readonly<Record<AskedChange['kind'], string>> = {
  change: 'heldFrom',
  'member-add': 'heldFrom',
  'member-end': 'heldTo',
  head: 'heldFrom',
  'strike-off': 'heldFrom',
  split: 'heldFrom',
  merger: 'heldFrom',
  relocation: 'heldFrom',
  reinstatement: 'heldFrom',
};

/** The change with the day on which it was asked for where it tells none: it means the same whenever it is decided on. */
export function frozen(change: AskedChange, today: Day): AskedChange {
  // A membership that was entered by mistake ends with its first day, whenever that is decided.
  if (change.kind === 'member-end' && change.reason === 'error') return change;
  return AskedChange.parse({ [dayFields[change.kind]]: today, ...change });
}

const words = freeText(200);

export const NewRequest = z.strictObject({
  household: id,
  /** The version of the household that the clerk has read. */
  version: z.int().positive(),
  change: AskedChange,
  /** Why the next level should make it. */
  reason: words,
  note: words.optional(),
});
export type NewRequest = z.infer<typeof NewRequest>;

export const Rejection = z.strictObject({ reason: words });

export const RequestPath = z.object({ id: z.string().regex(/^cr_[0-9a-z]{1,40}$/) });

const PAGE = 50;

export const RequestListQuery = z.object({
  area: z.string().regex(/^[1-9]\d{1,11}$/),
  state: z.enum(requestStates).default('open'),
  limit: z.coerce.number().int().min(1).max(100).default(PAGE),
  cursor: z.string().max(200).optional(),
});
