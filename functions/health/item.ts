import * as z from 'zod';
import { FollowUp, HealthRecord } from '../core/health.ts';

/** Stored shapes; a test keeps a fingerprint of each. */
export const V = { record: 1, followUp: 1 } as const;

export const RecordItem = HealthRecord.extend({ v: z.literal(V.record) });
export const FollowUpItem = FollowUp.extend({ v: z.literal(V.followUp) });

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
};
