import * as z from 'zod';
import { HealthRecord } from '../core/health.ts';
import { FollowUp } from '../core/health-follow-up.ts';

/** Stored shapes; a test keeps a fingerprint of each. Follow-ups of version 1 could not be put right. */
export const V = { record: 1, followUp: 2, moved: 1 } as const;

export const RecordItem = HealthRecord.extend({ v: z.literal(V.record) });
export const FollowUpItem = FollowUp.extend({ v: z.literal([1, V.followUp]) });

/** What stands under the day a follow-up was first entered for, once that was put right. */
export const MovedItem = z.object({
  ...{ v: z.literal(V.moved), version: z.int().positive(), id: z.string(), movedTo: z.string() },
});

export const keyOf = {
  person: (person: string) => `N#${person}`,
  record: (person: string) => ({ pk: `N#${person}`, sk: '0' }),
  earlier: (person: string, version: number) => ({
    pk: `N#${person}`,
    sk: `W#${String(version).padStart(6, '0')}`,
  }),
  followUp: (person: string, one: { readonly on: string; readonly id: string }) => ({
    pk: `N#${person}`,
    sk: `F#${one.on}#${one.id}`,
  }),
  earlierFollowUp: (person: string, one: { readonly id: string; readonly version: number }) => ({
    pk: `N#${person}`,
    sk: `X#${one.id}#${String(one.version).padStart(6, '0')}`,
  }),
};
