import * as z from 'zod';
import type { Access } from '../core/access.ts';
import { HouseholdPath } from '../core/household-path.ts';
import * as input from '../core/life-input.ts';
import type { CapabilitySpec, FunctionSpec, Route } from '../core/spec.ts';

const writers: Access = { office: ['county', 'town', 'village'] };

/** The version a change made. */
const Changed = z.object({ id: z.string(), version: z.int() });
/** What a change made of two households: the one asked about, and the other. */
const ChangedBoth = Changed.extend({ other: Changed });

const change = [
  'not-found',
  'request-invalid',
  'if-match-required',
  'idempotency-key-required',
  'idempotency-key-reused',
  'version-stale',
  'household-too-large',
  'record-too-large',
  'date-future',
  'date-order',
  'above-right',
  'busy',
] as const;
const place = ['village-outside', 'area-unknown', 'area-not-village', 'area-closed'] as const;
const succession = [
  'member-unknown',
  'member-not-live',
  'head-missing',
  'head-twice',
  'head-cannot-leave',
  'head-stays',
] as const;

export const split = {
  id: 'household.split',
  method: 'POST',
  path: '/households/{id}/split',
  summary: {
    zh: '拆户：部分成员另立一户',
    en: 'Split a household: some of its members get one of their own',
  },
  access: writers,
  params: HouseholdPath,
  body: input.SplitRequest,
  response: ChangedBoth,
  status: 201,
  ifMatch: true,
  refusals: [
    ...change,
    ...place,
    ...succession,
    'household-closed',
    'household-number-taken',
    'case-open',
    'split-all',
    'cause-too-many',
    'value-missing',
  ],
} as const satisfies Route;

export const merge = {
  id: 'household.merge',
  method: 'POST',
  path: '/households/{id}/merger',
  summary: {
    zh: '并户：另一户的成员并入本户，另一户注销',
    en: 'Merge another household into this one; the other is struck off',
  },
  access: writers,
  params: HouseholdPath,
  body: input.MergerRequest,
  response: ChangedBoth,
  ifMatch: true,
  refusals: [
    ...change,
    'member-unknown',
    'household-closed',
    'head-twice',
    'person-twice',
    'case-open',
    'merger-same',
  ],
} as const satisfies Route;

export const relocate = {
  id: 'household.relocate',
  method: 'POST',
  path: '/households/{id}/relocation',
  summary: { zh: '整户迁到另一个村', en: 'Move a whole household to another village' },
  access: writers,
  params: HouseholdPath,
  body: input.RelocationRequest,
  response: Changed,
  ifMatch: true,
  refusals: [...change, ...place, 'household-closed', 'case-open', 'village-same'],
} as const satisfies Route;

export const reinstate = {
  id: 'household.reinstate',
  method: 'POST',
  path: '/households/{id}/reinstatement',
  summary: {
    zh: '恢复已注销的户',
    en: 'Put a struck-off household back onto the register',
  },
  access: writers,
  params: HouseholdPath,
  body: input.ReinstatementRequest,
  response: Changed,
  ifMatch: true,
  refusals: [
    ...change,
    ...succession,
    'household-empty',
    'household-live',
    'household-number-taken',
    'person-elsewhere',
    'person-twice',
    'status-transition',
    'void-day',
  ],
} as const satisfies Route;

const api: FunctionSpec = {
  id: 'life',
  entry: 'life/handler.ts',
  purpose: 'splits, merges and moves households and puts them back onto the register',
  tables: { household: 'write', identity: 'write', access: 'write', area: 'read' },
  dataKeys: true,
  routes: [split, merge, relocate, reinstate],
};

export const life: CapabilitySpec = { name: 'life', functions: [api] };
